"""Gini, entropy and the concentration curve: known values, and what must not change them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.describe.concentration import entropy_share, gini, top_share
from core.describe.long_tail import long_tail
from core.types import Array

COUNTS = arrays(np.int64, st.integers(1, 60), elements=st.integers(0, 1_000)).filter(lambda counts: counts.sum() > 0)


def test_gini_by_hand() -> None:
    assert gini(np.array([1, 2, 3])) == pytest.approx(2 / 9)  # (-2*1 + 0*2 + 2*3) / (3*6)


@pytest.mark.parametrize("n", [1, 2, 7, 100])
def test_equal_amounts_have_no_inequality_and_one_takes_all_the_most(n: int) -> None:
    assert gini(np.full(n, 3)) == 0
    one = np.zeros(n)
    one[-1] = 5
    assert gini(one) == pytest.approx((n - 1) / n)


@pytest.mark.parametrize("nothing", [[], [0], [0, 0, 0]])
def test_nothing_to_share_out_is_undefined(nothing: list[int]) -> None:
    assert np.isnan(gini(np.array(nothing, dtype=float)))
    assert np.isnan(top_share(np.array(nothing, dtype=float), 10))


@given(COUNTS, st.integers(2, 9))
def test_gini_is_a_share_that_scale_order_and_copies_leave_alone(counts: Array, times: int) -> None:
    value = gini(counts)
    assert 0 <= value <= (len(counts) - 1) / len(counts) + 1e-12
    assert gini(times * counts) == pytest.approx(value)
    assert gini(counts[::-1]) == pytest.approx(value)
    assert gini(np.tile(counts, times)) == pytest.approx(value)


@given(COUNTS)
def test_gini_is_the_mean_difference_over_twice_the_mean(counts: Array) -> None:
    differences = np.abs(counts[:, None] - counts[None, :]).mean()
    assert gini(counts) == pytest.approx(differences / (2 * counts.mean()), abs=1e-12)


@given(COUNTS)
def test_moving_one_from_poor_to_rich_never_evens_things_out(counts: Array) -> None:
    poorest = int(np.argmin(np.where(counts > 0, counts, counts.max() + 1)))
    richest = int(counts.argmax())
    moved = counts.copy()
    moved[poorest] -= 1
    moved[richest] += 1
    assert gini(moved) >= gini(counts) - 1e-12


def test_evenness_by_hand() -> None:
    assert entropy_share(np.array([5, 5, 5, 5])) == pytest.approx(1)
    assert entropy_share(np.array([5, 0, 5])) == pytest.approx(1), "what does not occur has no part"
    quarters = -(0.25 * np.log(0.25) + 0.75 * np.log(0.75)) / np.log(2)
    assert entropy_share(np.array([1, 3])) == pytest.approx(quarters)
    assert np.isnan(entropy_share(np.array([4])))
    assert np.isnan(entropy_share(np.array([])))


def test_the_top_is_rounded_up_to_whole_members() -> None:
    assert top_share(np.array([6, 3, 1]), 1) == 0.6
    assert top_share(np.full(70, 1), 10) == 0.1, "7 of 70, whatever 0.1 x 70 is in binary"


def test_the_long_tail_by_hand() -> None:
    counts = np.array([0, 6, 1, 3, 0, 0, 0, 0, 0, 0])
    tail = long_tail(counts)
    assert (tail.n_items, tail.n_touched, tail.half_items) == (10, 3, 1)
    assert (tail.top_1, tail.top_10, tail.top_20) == (0.6, 0.6, 0.9)
    assert tail.items == tuple(np.arange(11) / 10)
    assert tail.share == pytest.approx([0, 0.6, 0.9, 1, 1, 1, 1, 1, 1, 1, 1])
    assert tail.gini_touched == pytest.approx(gini(np.array([6, 3, 1])))
    assert tail.gini == pytest.approx((9 * 6 + 7 * 3 + 5 * 1) / (10 * 10))
    assert (tail.per_item.labels, tail.per_item.counts) == (("0", "1", "2–4", "5–9"), (7, 1, 1, 1))


@given(COUNTS)
def test_the_curve_rises_bends_down_and_holds_the_gini(counts: Array) -> None:
    tail = long_tail(counts)
    x, y = np.array(tail.items), np.array(tail.share)
    assert (x[0], y[0], x[-1]) == (0, 0, 1)
    assert y[-1] == pytest.approx(1)
    slopes = np.diff(y) / np.diff(x)
    assert (slopes >= 0).all()
    assert (np.diff(slopes) <= 1e-9).all()
    assert len(x) <= 101
    assert 2 * np.trapezoid(y, x) - 1 == pytest.approx(tail.gini, abs=1e-9), "all points are there up to 100 items"


@given(COUNTS)
def test_half_of_everything_is_reached_by_no_fewer_items(counts: Array) -> None:
    tail, descending = long_tail(counts), np.sort(counts)[::-1]
    assert 2 * descending[: tail.half_items].sum() >= counts.sum()
    assert 2 * descending[: tail.half_items - 1].sum() < counts.sum()


def test_an_untouched_catalogue_has_no_curve() -> None:
    tail = long_tail(np.zeros(5, dtype=np.int64))
    assert tail.items == tail.share == ()
    assert np.isnan([tail.gini, tail.gini_touched, tail.top_1, tail.top_20]).all()
    assert (tail.half_items, tail.n_touched) == (0, 0)
