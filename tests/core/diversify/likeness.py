"""Pools with vectors, and what a greedy method must have done with them, worked out the slow way."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from core.pools import Picks, Pools
from core.types import Array, unit_rows
from tests.small_pools import check_picks, pools_of

Gain = Callable[[Array, Array, Array], tuple[Array, Array]]
"""(relevance (m,), cosines (m, s) with the s picks, cosines (s, s) between these) -> value (m,), penalty (m,)."""


def circle(*degrees: float) -> Array:
    """(n, 2) float32 unit rows at these angles."""
    turned = np.radians(degrees)
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


def random_pools(seed: int, n: int = 2, m: int = 12, d: int = 6) -> Pools:
    """n pools of up to m of 30 items; among these five copies of others and two without a vector."""
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(30, d))
    vectors[20:25], vectors[25:27] = vectors[:5], 0
    items = np.stack([rng.permutation(30)[:m] for _ in range(n)])
    for row in range(n):
        items[row, rng.integers(0, m + 1) if seed % 3 == 0 else m :] = -1
    relevance = -np.sort(-rng.integers(0, 9, (n, m)) / 8, axis=1)
    return pools_of(items.tolist(), relevance.tolist(), vectors=unit_rows(vectors.astype(np.float32)))


def check_greedy(pools: Pools, picks: Picks, k: int, gain: Gain) -> None:
    """Each pick had the largest value of all that were left, and the ledger says what these values were."""
    check_picks(pools, picks, k)
    for row, count in enumerate(pools.counts):
        own = pools.vectors[pools.items[row, :count]].astype(np.float64)
        like, relevance = own @ own.T, pools.relevance[row, :count].astype(np.float64)
        list_ = [int(place) for place in picks.places[row] if place >= 0]
        assert len(list_) == min(k, count)
        left = set(range(count))
        for step, pick in enumerate(list_):
            above = list_[:step]
            value, penalty = gain(relevance, like[:, above], like[np.ix_(above, above)])
            assert value[pick] >= max(value[i] for i in left) - 1e-5
            last = sorted(left) if step == len(list_) - 1 else [pick]
            assert picks.value[row, last] == pytest.approx(value[last], abs=2e-5)
            assert picks.penalty[row, last] == pytest.approx(penalty[last], abs=2e-5)
            assert all(picks.cause[row, i] in [*above, -1] for i in last)
            assert all((picks.cause[row, i] >= 0) == (picks.penalty[row, i] > 0) for i in last)
            left.remove(pick)
        assert np.isnan(picks.value[row, count:]).all()
