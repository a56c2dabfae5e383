"""What every selection rule must keep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.registry import stage
from core.types import Candidates

SELECTORS = [stage("select").get(key)() for key in stage("select").names()]
each = pytest.mark.parametrize("selector", SELECTORS, ids=lambda selector: selector.key)


def pool(seed: int, n: int, m: int) -> Candidates:
    rng = np.random.default_rng(seed)
    items = np.stack([rng.permutation(1000)[:m] for _ in range(n)]).astype(np.int32)
    scores = -np.sort(-rng.normal(size=(n, m)).astype(np.float32).astype(np.float64), axis=1)
    holes = rng.integers(0, m + 1, size=n)
    for row, filled in enumerate(holes):
        items[row, filled:], scores[row, filled:] = -1, np.nan
    return Candidates(items, scores)


@each
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 9999), n=st.integers(1, 4), m=st.integers(1, 30), k=st.integers(1, 40), at=st.floats(-2, 2))
def test_lists_are_a_start_of_the_pool(selector: Any, seed: int, n: int, m: int, k: int, at: float) -> None:
    candidates = pool(seed, n, m)
    before = candidates.items.copy()
    chosen = selector(candidates, k, at)
    np.testing.assert_array_equal(candidates.items, before)
    for row in range(n):
        count = int(chosen.counts[row])
        np.testing.assert_array_equal(chosen.items[row, :count], candidates.items[row, :count])
        assert (chosen.items[row, count:] == -1).all()
        assert np.isnan(chosen.scores[row, count:]).all()
        available = int(candidates.counts[row])
        passing = int((candidates.scores[row, :available] >= at).sum())
        limits = [available]
        if "k" in selector.uses:
            limits.append(k)
        if "threshold" in selector.uses:
            limits.append(passing)
        assert count == min(limits)


@each
def test_without_a_threshold_everything_passes(selector: Any) -> None:
    candidates = pool(1, 3, 10)
    chosen = selector(candidates, 10, None)
    np.testing.assert_array_equal(chosen.items, candidates.items)
