"""Intervals and paired tests: by hand, and against what they promise."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evaluate import intervals as module
from core.evaluate.intervals import GROUPS, holm, interval, intervals, left_out, sign_flip, sign_flips
from core.types import Array


def test_holm_by_hand() -> None:
    """Sorted .01 .02 .04 with 3, 2, 1 times: .03 .04 .04; the largest is never below a smaller one's."""
    assert holm([0.04, 0.01, 0.02]) == pytest.approx([0.04, 0.03, 0.04])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_sign_flip_by_hand() -> None:
    """Four equal differences: only all-plus and all-minus are as extreme, 2 of 16."""
    assert sign_flip(np.ones(4)) == pytest.approx(2 / 16, abs=0.015)
    assert sign_flip(np.zeros(5)) == 1.0
    assert sign_flip(np.array([np.nan])) == 1.0
    assert sign_flip(np.full(40, 0.1)) == pytest.approx(1 / 10_001)
    assert sign_flip(np.array([1.0, -1.0])) == 1.0


def test_an_interval_holds_the_mean_and_covers_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(200):
        low, high = interval(rng.normal(5, 2, 60))
        held += low <= 5 <= high
    assert 0.88 <= held / 200 <= 0.99


@given(st.lists(st.floats(0, 1), min_size=2, max_size=30))
def test_an_interval_is_ordered_seeded_and_blind_to_undefined_values(values: list[float]) -> None:
    low, high = interval(np.array(values))
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9
    assert interval(np.array([np.nan, *values])) == (low, high)


def test_one_value_has_no_interval() -> None:
    assert np.isnan(interval(np.array([0.5, np.nan]))).all()


def test_columns_are_tested_as_if_alone() -> None:
    rng = np.random.default_rng(3)
    differences = rng.normal(0.2, 1, (30, 4))
    differences[::3, 2] = np.nan
    assert sign_flips(differences) == pytest.approx([sign_flip(column) for column in differences.T])
    assert sign_flips(np.zeros((5, 2))).tolist() == [1.0, 1.0]


def test_a_true_null_is_rejected_as_seldom_as_it_says() -> None:
    p = sign_flips(np.random.default_rng(7).normal(0, 1, (40, 400)))
    assert 0.02 <= (p < 0.05).mean() <= 0.08


def test_many_users_have_the_same_figures_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    """Redrawn and flipped, against the normal limit, on the same skewed values of 900 users."""
    rng = np.random.default_rng(5)
    values = rng.beta(0.4, 3, (900, 4)) * np.array([1.0, 1.0, -1.0, 0.0]) + rng.normal(0, 0.2, (900, 4))
    shifted = values - values.mean(axis=0) + np.array([0.0, 0.01, 0.02, 0.0])
    shifted[:, 3] = 0.0
    low, high = intervals(values)
    p = sign_flips(shifted)
    monkeypatch.setattr(module, "LARGE", 899)
    fast_low, fast_high = intervals(values)
    assert fast_high - fast_low == pytest.approx(high - low, rel=0.08)
    assert fast_low == pytest.approx(low, abs=0.1 * (high - low).max())
    assert sign_flips(shifted) == pytest.approx(p, abs=0.015)
    assert sign_flips(shifted)[3] == 1.0


def test_a_figure_of_all_users_has_an_interval_that_covers() -> None:
    """How many of 300 items anybody is shown, 60 users with 10 each: over 150 crowds drawn anew, the interval of each
    holds the mean over crowds as often as it says, or more."""
    rng = np.random.default_rng(2)
    chance = 1 / np.arange(3, 303)
    crowds = [
        np.stack([rng.choice(300, 10, replace=False, p=chance / chance.sum()) for _ in range(60)]) for _ in range(150)
    ]

    def shown(lists: Array) -> float:
        return len(np.unique(lists)) / 300

    def shown_without(lists: Array, gone: Array) -> float:
        return shown(lists[~gone])

    truth, held = np.mean([shown(lists) for lists in crowds]), 0
    for lists in crowds:
        low, high = left_out(shown(lists), 60, partial(shown_without, lists))
        held += int(low <= truth <= high)
    assert held / 150 >= 0.93


def test_too_few_users_leave_no_interval_for_all_of_them() -> None:
    assert np.isnan(left_out(0.5, GROUPS - 1, lambda gone: 0.5)).all()
    assert np.isnan(left_out(float("nan"), 100, lambda gone: 0.5)).all()
    assert left_out(0.5, 100, lambda gone: 0.5) == (0.5, 0.5)


@pytest.mark.parametrize("n", [1, 7, 300])
def test_kept_signs_count_as_drawn_ones_do(n: int) -> None:
    """Whole numbers and thirds make many ties, which float32 alone would count either way."""
    rng = np.random.default_rng(n)
    whole = rng.integers(-2, 3, (n, 3)).astype(np.float64)
    differences = np.hstack((whole, whole / 3, rng.normal(0.02, 1, (n, 2)), 1e-9 * whole + 0.1))
    observed = np.abs(differences.sum(axis=0))
    drawn = module._extreme_drawn(differences, observed)
    assert module._extreme_kept(differences, observed).tolist() == drawn.tolist()
