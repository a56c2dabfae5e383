"""Ratios of shares by hand, their tests against counting, and a world in which nothing is to be found."""

from __future__ import annotations

from math import comb, inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.build import build_dataset
from core.portrait.against import against_others
from core.portrait.lifts import LESS, MORE, UNSURE, adjusted, exact, interval, lifts, wilson
from core.types import Dataset

NAMES = ("Comedy", "Drama", "Horror")


def test_a_lift_by_hand() -> None:
    """8 of 20 against 100 of 1000 is four times as often; 2 of 20 against the same is exactly as often."""
    found = {one.name: one for one in lifts(NAMES, np.array([8, 2, 0]), 20, np.array([100, 100, 5]), 1000)}
    assert set(found) == {"Comedy", "Drama"}, "five likes of others are too few to compare with"
    assert found["Comedy"].lift == pytest.approx(4.0)
    assert found["Comedy"].verdict == MORE
    assert found["Comedy"].low > 1
    assert found["Drama"].lift == pytest.approx(1.0)
    assert (found["Drama"].verdict, found["Drama"].p) == (UNSURE, 1.0)
    assert found["Drama"].low < 1 < found["Drama"].high


def test_what_she_never_likes_is_found_as_well_and_stands_behind_what_she_likes() -> None:
    found = lifts(NAMES, np.array([30, 0, 10]), 40, np.array([300, 400, 300]), 1000)
    assert [(one.name, one.verdict) for one in found] == [("Comedy", MORE), ("Drama", LESS), ("Horror", UNSURE)]
    assert (found[1].lift, found[1].low) == (0.0, 0.0)
    assert 0 < found[1].high < 1


def test_what_nobody_else_likes_is_infinitely_often_but_not_without_a_lower_end() -> None:
    (found,) = lifts(("A",), np.array([12]), 20, np.array([0]), 500)
    assert (found.lift, found.high, found.verdict) == (inf, inf, MORE)
    assert 10 < found.low < inf


def test_nothing_to_compare() -> None:
    nothing = np.zeros(3, dtype=int)
    assert lifts(NAMES, nothing, 0, np.array([10, 10, 10]), 30) == ()
    assert lifts(NAMES, np.array([1, 1, 1]), 3, nothing, 0) == ()


def test_only_more_leaves_out_the_rest_and_halves_what_is_needed() -> None:
    hers, others = np.array([8, 2, 5]), np.array([100, 400, 100])
    both = {one.name: one for one in lifts(NAMES, hers, 20, others, 1000, least=3)}
    more = {one.name: one for one in lifts(NAMES, hers, 20, others, 1000, least=3, only_more=True)}
    assert set(both) == set(more) == {"Comedy", "Horror"}
    assert more["Horror"].p == pytest.approx(both["Horror"].p / 2)
    assert more["Comedy"].q == pytest.approx(more["Comedy"].p * 3), "the one left out was looked at"


@settings(deadline=None)  # the first example imports scipy
@given(st.integers(1, 30), st.integers(1, 60), st.data())
def test_the_test_is_fishers(of: int, of_others: int, data: st.DataObject) -> None:
    hers = data.draw(st.integers(0, of))
    others = data.draw(st.integers(0, of_others))
    have, without = hers + others, of + of_others - hers - others
    ways = [comb(have, drawn) * comb(without, of - drawn) for drawn in range(of + 1)]
    expected = min(1.0, 2 * min(sum(ways[: hers + 1]), sum(ways[hers:])) / comb(of + of_others, of))
    assert exact(np.array([hers]), of, np.array([others]), of_others)[0] == pytest.approx(expected, abs=1e-9)


@given(st.integers(1, 200), st.integers(50, 2000), st.data())
def test_the_interval_holds_the_ratio(of: int, of_others: int, data: st.DataObject) -> None:
    hers, others = data.draw(st.integers(0, of)), data.draw(st.integers(0, of_others))
    low, high = interval(np.array([hers]), of, np.array([others]), of_others)
    ratio = (hers / of) / (others / of_others) if others else inf
    assert 0 <= low[0] <= ratio <= high[0]


def test_wilson_by_hand() -> None:
    """Of 10 of 100: 0.0552 to 0.1744 (Wilson 1927)."""
    low, high = wilson(np.array([10]), 100)
    assert (round(float(low[0]), 4), round(float(high[0]), 4)) == (0.0552, 0.1744)


def test_benjamini_and_hochberg_by_hand() -> None:
    """0.01, 0.02, 0.04 of four tests: 0.04, 0.04, 0.0533; order does not matter."""
    np.testing.assert_allclose(adjusted(np.array([0.04, 0.01, 0.02]), 4), [0.16 / 3, 0.04, 0.04])
    assert len(adjusted(np.empty(0), 4)) == 0


def world(seed: int, favourite: bool) -> Dataset:
    """60 users like 25 of 120 items in six categories, at random; with a favourite, user 0 likes two kinds as one."""
    rng = np.random.default_rng(seed)
    users, items = [], []
    for user in range(60):
        odds = np.ones(120)
        if favourite and user == 0:
            odds[np.arange(120) % 6 == 2] = 8
        users += [user] * 25
        items += rng.choice(120, 25, replace=False, p=odds / odds.sum()).tolist()
    catalogue: dict[str, Any] = {
        "item_id": np.arange(120),
        "title": [f"item {item}" for item in range(120)],
        "category": [[f"kind {item % 6}"] for item in range(120)],
    }
    return build_dataset("w", "W", catalogue, {"user_id": users, "item_id": items})


def test_a_favourite_is_found_with_everybody_elses_likes_as_the_measure() -> None:
    dataset = world(1, favourite=True)
    found = against_others(dataset.interactions, dataset.catalog, 0)
    assert (found.n, found.n_others, found.n_users) == (25, 59 * 25, 59)
    assert [one.name for one in found.categories if one.verdict == MORE] == ["kind 2"]
    assert found.categories[0].share == found.categories[0].count / 25


def test_where_nothing_is_to_be_found_nearly_nobody_is_told_anything() -> None:
    dataset = world(2, favourite=False)
    told = [
        any(one.verdict for one in against_others(dataset.interactions, dataset.catalog, user).categories)
        for user in range(60)
    ]
    assert sum(told) <= 6
