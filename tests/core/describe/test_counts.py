"""Bins, activity, cold start, time and weights, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.datasets.build import build_dataset
from core.describe.activity import activity
from core.describe.bins import log_bins
from core.describe.cold_start import cold_start
from core.describe.summary import summarise
from core.describe.timeline import timeline
from core.describe.weights import as_given, weights_of
from core.types import Array, Dataset

DAY = 86_400


def log_of(weights: list[float], *, feedback: str = "rating", times: list[int] | None = None) -> Dataset:
    """One user per interaction, all of the same item."""
    rows: dict[str, list[float]] = {"user_id": list(range(len(weights))), "item_id": [1] * len(weights)}
    rows["weight"] = weights
    if times is not None:
        rows["datetime"] = list(times)
    return replace(build_dataset("t", "T", {"item_id": [1]}, rows), feedback=feedback)


@pytest.mark.parametrize(
    ("number", "label"),
    [
        (0, "0"),
        (1, "1"),
        (2, "2–4"),
        (4, "2–4"),
        (5, "5–9"),
        (10, "10–19"),
        (49, "20–49"),
        (352_698, "200,000–499,999"),
    ],
)
def test_every_number_has_its_bin(number: int, label: str) -> None:
    bins = log_bins(np.array([number]))
    assert (bins.labels, bins.counts) == ((label,), (1,))


@given(arrays(np.int64, st.integers(1, 50), elements=st.integers(0, 10**7)))
def test_bins_follow_each_other_and_lose_nothing(numbers: Array) -> None:
    bins = log_bins(numbers)
    assert sum(bins.counts) == len(numbers)
    assert bins.low[0] <= numbers.min()
    assert bins.high[-1] >= numbers.max()
    assert all(low == high + 1 for low, high in zip(bins.low[1:], bins.high[:-1], strict=True))
    for low, high, count in zip(bins.low, bins.high, bins.counts, strict=True):
        assert count == ((numbers >= low) & (numbers <= high)).sum()


def test_activity_by_hand() -> None:
    found = activity(np.array([1, 2, 3, 4, 90]))
    assert (found.mean, found.at(0), found.at(50), found.at(100)) == (20, 1, 3, 90)
    assert found.top_10 == 0.9
    assert found.per_user.counts == (1, 3, 0, 0, 0, 1)
    nobody = activity(np.array([], dtype=np.int64))
    assert np.isnan([nobody.mean, nobody.at(50), nobody.gini, nobody.top_10]).all()
    assert nobody.per_user.counts == ()


def test_cold_users_and_items_by_hand() -> None:
    found = cold_start(per_user=np.array([1, 4, 5, 100]), per_item=np.array([0, 0, 1, 4, 5]))
    assert (found.few, found.users, found.users_share) == (5, 2, 0.5)
    assert (found.items, found.items_share, found.near_items, found.near_items_share) == (2, 0.4, 2, 0.4)
    assert np.isnan(cold_start(np.array([]), np.array([])).users_share)


@pytest.mark.parametrize(
    ("days", "unit", "starts", "counts"),
    [
        ([0, 0, 2], "day", ("1970-01-01", "1970-01-02", "1970-01-03"), (2, 0, 1)),
        ([0, 3, 4, 100], "week", ("1969-12-29", "1970-01-05", "1970-01-12"), (2, 1, 0)),
        ([30, 31, 800], "month", ("1970-01-01", "1970-02-01", "1970-03-01"), (1, 1, 0)),
        ([364, 365, 5_000], "year", ("1970-01-01", "1971-01-01", "1972-01-01"), (1, 1, 0)),
    ],
)
def test_bins_of_time_follow_the_span(
    days: list[int], unit: str, starts: tuple[str, ...], counts: tuple[int, ...]
) -> None:
    line = timeline(log_of([1.0] * len(days), times=[DAY * day + 5 for day in days]).interactions)
    assert line is not None
    assert (line.unit, line.starts[:3], line.counts[:3]) == (unit, starts, counts)
    assert sum(line.counts) == len(days)
    assert len(line.starts) == len(line.counts)


def test_times_that_are_far_off_make_no_endless_row() -> None:
    line = timeline(log_of([1.0, 1.0], times=[0, 2**55]).interactions)
    assert line is not None
    assert (line.unit, line.counts) == ("year", (1, 1))


def test_no_times_no_line() -> None:
    assert timeline(log_of([1.0]).interactions) is None
    assert timeline(log_of([], times=[]).interactions) is None


def test_users_of_a_single_day() -> None:
    rows = {"user_id": [1, 1, 2, 2, 3], "item_id": [1, 2, 1, 2, 1], "datetime": [0, DAY - 1, 0, DAY, 7]}
    line = timeline(build_dataset("t", "T", {"item_id": [1, 2]}, rows).interactions)
    assert line is not None
    assert line.one_day_users == 0.5, "of the two users with two interactions; the third has only one"
    alone = timeline(log_of([1.0], times=[5]).interactions)
    assert alone is not None
    assert np.isnan(alone.one_day_users)


def test_ratings_by_hand() -> None:
    dataset = log_of([1, 2, 4, 4, 4, 5, 5, 5])
    log = replace(dataset.interactions, positive_from=4.0)
    found = weights_of(replace(dataset, interactions=log))
    assert found.scale is not None
    assert (found.scale.values, found.scale.counts) == ((1, 2, 4, 5), (1, 1, 3, 3))
    assert (found.low, found.median, found.high, found.below_positive) == (1, 4, 5, 0.25)
    assert (found.scale.commonest, found.scale.commonest_share, found.scale.top_quarter) == (4, 0.375, 0.75)
    assert found.scale.top_from == 4
    assert 0 < found.scale.evenness < 1


def test_tenths_are_shown_as_they_were_written() -> None:
    scale = weights_of(log_of([0.1, 0.7])).scale
    assert scale is not None
    assert scale.values == (0.1, 0.7)


def test_the_upper_quarter_begins_where_a_reader_would_say() -> None:
    scale = weights_of(log_of([0.1, 0.3, 0.7, 0.9])).scale
    assert scale is not None
    assert (scale.top_from, scale.top_quarter) == (0.7, 0.5), "0.1 + 0.75 x 0.8, whatever it is in binary"


def test_a_fine_scale_is_counted_in_equal_bins() -> None:
    scale = weights_of(log_of([float(value) for value in range(101)])).scale
    assert scale is not None
    assert (len(scale.values), scale.width, sum(scale.counts)) == (20, 5, 101)
    assert scale.counts == (5,) * 19 + (6,), "the largest value belongs to the last bin"


def test_one_value_has_no_evenness() -> None:
    found = weights_of(log_of([1.0, 1.0], feedback="none"))
    assert found.scale is not None
    assert np.isnan([found.scale.evenness, found.scale.top_quarter]).all()
    assert found.scale.commonest_share == 1


@given(st.lists(st.integers(0, 400_000), min_size=1, max_size=30))
def test_counts_come_back_from_their_log_scale(counts: list[int]) -> None:
    found = weights_of(log_of(list(np.log2(1 + np.array(counts, dtype=float))), feedback="count"))
    assert (found.low, found.high) == (min(counts), max(counts))
    assert found.counts is not None
    assert found.counts.counts == log_bins(np.array(counts)).counts
    assert found.scale is None
    assert found.orders == pytest.approx(np.log10(max(found.high, 1) / max(found.low, 1)))


def test_parts_of_a_count_are_shown_as_they_were() -> None:
    hours = [0.1, 0.75, 1.5, 12.25, 30, 1234.5]
    found = weights_of(log_of(list(np.log2(1 + np.array(hours))), feedback="count"))
    assert (found.low, found.median, found.high) == (0.1, 6.875, 1234.5)
    assert found.counts is not None
    assert found.counts.labels[:3] == ("<1", "1–<2", "2–<5")
    assert (found.counts.counts[:2], sum(found.counts.counts)) == ((2, 1), 6)
    logs = np.log2(1 + np.array(hours)).astype(np.float32)
    assert as_given(logs, "count").tolist() == hours


@pytest.mark.parametrize("weight", [63.0, 64.0, 3e38])
@pytest.mark.parametrize("feedback", ["count", "amount", "rating"])
def test_weights_of_any_size_are_counted(weight: float, feedback: str) -> None:
    found = weights_of(log_of([0.0, weight, *np.linspace(1, 2, 60)], feedback=feedback))
    counted = found.counts or found.scale
    assert counted is not None
    assert sum(counted.counts) == 62


def test_ratings_that_were_moved_up_are_shown_where_they_were() -> None:
    given = [-9.5, -0.1, 0.3, 7.7, 7.7]
    dataset = replace(log_of([rating + 10 for rating in given]), origin={"shift": 10.0})
    found = weights_of(replace(dataset, interactions=replace(dataset.interactions, positive_from=10.3)))
    assert (found.low, found.median, found.high, found.positive_from) == (-9.5, 0.3, 7.7, 0.3)
    assert found.scale is not None
    assert (found.scale.values, found.below_positive) == ((-9.5, -0.1, 0.3, 7.7), 0.4)
    assert summarise(dataset).mean_weight == pytest.approx(np.mean(given), abs=1e-6)
    assert float(as_given(10.3, "rating", shift=10.0)) == 0.3


def test_the_threshold_of_counts_is_a_count() -> None:
    dataset = log_of(list(np.log2(1 + np.array([1.0, 3, 9]))), feedback="count")
    found = weights_of(replace(dataset, interactions=replace(dataset.interactions, positive_from=2.0)))
    assert found.positive_from == 3
    assert found.below_positive == pytest.approx(1 / 3)
