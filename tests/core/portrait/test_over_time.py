"""Periods, drift, last likes, activity: made by hand, with and without times."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.datasets.build import build_dataset
from core.portrait import drift as of_drift
from core.portrait import recent as of_recent
from core.portrait.activity import activity
from core.portrait.drift import DAY, drift, period_sizes
from core.portrait.lifts import MORE
from core.portrait.order import shuffled
from core.portrait.recent import recent
from core.types import Array, Dataset

KINDS = 40


def person(order: list[int], gap_days: float = 20, times: bool = True) -> tuple[Dataset, Array]:
    """One user who likes the given items one after another, in a catalogue of 40 items of kind 0 and 40 of kind 1 that
    point two ways, up to some noise."""
    n = 2 * KINDS
    rows: dict[str, list[float]] = {"user_id": [1] * len(order), "item_id": list(order)}
    if times:
        rows["datetime"] = [1_000_000_000 + int(at * gap_days * DAY) for at in range(len(order))]
    catalogue: dict[str, Any] = {
        "item_id": np.arange(n),
        "title": [f"item {item}" for item in range(n)],
        "category": [[f"kind {item // KINDS}"] for item in range(n)],
    }
    spots = np.random.default_rng(0).normal(0, 0.2, (n, 8))
    spots[:KINDS, 0] += 1
    spots[KINDS:, 1] += 1
    unit = (spots / np.linalg.norm(spots, axis=1)[:, None]).astype(np.float32)
    return build_dataset("p", "P", catalogue, rows), unit


MOVED = [*range(20), *range(40, 60)]
MIXED = [item for pair in zip(range(20), range(40, 60), strict=True) for item in pair]


def test_a_taste_that_moved_is_found_with_where_to_and_when() -> None:
    dataset, spots = person(MOVED)
    found = drift(dataset.interactions, dataset.catalog, 0, spots)
    assert found.why == ""
    assert sum(one.n for one in found.periods) == found.n == 40
    assert found.p == pytest.approx(1 / 200)
    assert found.turn == 1_000_000_000 + 20 * 20 * DAY or found.periods[2].first <= found.turn
    assert [one.name for one in found.changed if one.verdict == MORE] == ["kind 1"]
    assert found.periods[0].cosine < found.periods[0].low
    assert found.periods[0].shares[found.names.index("kind 0")] == 1.0


def test_a_mixed_order_is_no_drift() -> None:
    dataset, spots = person(MIXED)
    found = drift(dataset.interactions, dataset.catalog, 0, spots)
    assert found.p > 0.05
    assert not [one for one in found.changed if one.verdict]
    again = drift(dataset.interactions, dataset.catalog, 0, spots)
    assert (again.p, again.periods) == (found.p, found.periods)


@pytest.mark.parametrize(
    ("order", "gap", "times", "why"),
    [
        (MOVED, 20, False, of_drift.NO_TIMES),
        (MOVED[:15], 20, True, of_drift.TOO_FEW),
        (MOVED, 0.5, True, of_drift.TOO_SHORT),
    ],
)
def test_what_cannot_be_told_is_not_told(order: list[int], gap: float, times: bool, why: str) -> None:
    dataset, spots = person(order, gap, times)
    found = drift(dataset.interactions, dataset.catalog, 0, spots)
    assert found.why == why
    assert found.periods == ()
    assert np.isnan(found.p)


def test_items_without_a_place_say_nothing_about_a_direction() -> None:
    dataset, spots = person(MOVED)
    assert drift(dataset.interactions, dataset.catalog, 0, np.zeros_like(spots)).why == of_drift.NO_VECTORS
    assert recent(dataset.interactions, dataset.catalog, 0, np.zeros_like(spots), 10).why == of_recent.NO_VECTORS


def test_periods_are_whole_days_of_at_least_eight_likes() -> None:
    days = np.repeat([0, 40, 41, 90, 300], [10, 3, 9, 8, 2])
    assert period_sizes(days * DAY) == [10, 12, 10], "the last two likes are too few to stand alone"
    assert period_sizes(np.zeros(30, dtype=np.int64)) == [30]
    assert period_sizes(np.arange(60) * DAY) == [10] * 6


def test_groups_of_opposite_likes_against_the_same_shuffled() -> None:
    spots = np.repeat(np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32), 20, axis=0)
    found = shuffled(spots, np.ones(40), [20, 20])
    np.testing.assert_allclose(found.cosines, [0, 0], atol=1e-6)
    assert (found.low > 0.5).all()
    assert found.p == pytest.approx(1 / 200)
    same = shuffled(np.ones((40, 2), dtype=np.float32) / np.sqrt(2).astype(np.float32), np.ones(40), [20, 20])
    assert same.p == 1.0


def test_last_likes_that_differ_and_what_would_rise() -> None:
    dataset, spots = person([*range(30), *range(40, 46)])
    found = recent(dataset.interactions, dataset.catalog, 0, spots, 6)
    assert found.why == ""
    assert (found.n, found.last) == (36, 6)
    assert found.cosine < found.low
    assert [one.name for one in found.changed if one.verdict == MORE] == ["kind 1"]
    assert found.risers
    assert all(one.item >= 46 and one.rank < one.before for one in found.risers)
    assert found.last_at == 1_000_000_000 + 35 * 20 * DAY


def test_last_likes_need_an_order_and_enough_before_them() -> None:
    dataset, spots = person(MIXED[:12])
    assert recent(dataset.interactions, dataset.catalog, 0, spots, 10).why == of_recent.TOO_FEW
    loose, _ = person(MIXED, times=False)
    assert not loose.interactions.ordered
    assert recent(loose.interactions, loose.catalog, 0, spots, 10).why == of_recent.NO_ORDER


def test_activity_by_hand() -> None:
    """1 January 1970 was a Thursday; the same hour a week later, and 3 March at 13 h, a Tuesday."""
    rows: dict[str, Any] = {
        "user_id": [1, 1, 1],
        "item_id": [0, 1, 2],
        "datetime": [1, 7 * DAY + 3_599, (31 + 28 + 2) * DAY + 13 * 3_600],
    }
    catalogue: dict[str, Any] = {"item_id": [0, 1, 2], "title": ["a", "b", "c"], "category": [[]] * 3}
    found = activity(build_dataset("a", "A", catalogue, rows).interactions, 0)
    assert found is not None
    assert (found.n, found.days, found.unit) == (3, 3, "month")
    assert found.starts == ("1970-01-01", "1970-02-01", "1970-03-01")
    assert found.counts.tolist() == [2, 0, 1]
    assert found.week[3, 0] == 2
    assert found.week[1, 13] == 1
    assert found.week.sum() == 3
    dataset, _ = person(MOVED, times=False)
    assert activity(dataset.interactions, 0) is None
    long, _ = person(MOVED, gap_days=60)
    yearly = activity(long.interactions, 0)
    assert yearly is not None
    assert yearly.unit == "year"
