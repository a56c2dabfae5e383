"""Intervals and paired tests: by hand, and against what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evaluate.intervals import holm, interval, sign_flip


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
