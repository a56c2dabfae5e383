"""How sure a mean over users is, and whether two strategies differ on the same users."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from ..types import Array, readonly

DRAWS = 1_000
FLIPS = 10_000
LEVEL = 0.95
SEED = 20_161_101
BLOCK = 1_000
"""Draws made at once, which bounds memory."""


def interval(values: Array) -> tuple[float, float]:
    """Percentile bootstrap over users (Efron & Tibshirani 1993), 95 %. values: (n,), NaN left out.

    NaN, NaN where fewer than two values are defined.
    """
    low, high = intervals(values[:, None])
    return float(low[0]), float(high[0])


def intervals(values: Array) -> tuple[Array, Array]:
    """:func:`interval` of each column of (n, m) -> low (m,), high (m,)."""
    low, high = np.full(values.shape[1], np.nan), np.full(values.shape[1], np.nan)
    defined = ~np.isnan(values)
    whole = defined.all(axis=0)
    if whole.any() and len(values) > 1:
        low[whole], high[whole] = _bounds(values[:, whole])
    for column in np.flatnonzero(~whole & (defined.sum(axis=0) > 1)):
        own = _bounds(values[defined[:, column], column][:, None])
        low[column], high[column] = own[0][0], own[1][0]
    return low, high


def _bounds(values: Array) -> Array:
    """values: (n, m), all defined -> (2, m): low and high."""
    means = _draws(len(values)) @ values / len(values)
    bounds: Array = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return bounds


@lru_cache(maxsize=2)
def _draws(n: int) -> Array:
    """(DRAWS, n) float32: how often each of n users is drawn. Kept, since every metric is asked on the same users."""
    counts = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), DRAWS)
    return readonly(counts.astype(np.float32))


def sign_flip(differences: Array, flips: int = FLIPS) -> float:
    """p of a paired permutation test that the mean difference is 0, two-sided: each user's difference may as well have
    had the other sign (Fisher 1935). differences: (n,), NaN left out; 1 where none is left.

    The observed signs count as one of the permutations, so p is never 0 (Phipson & Smyth 2010).
    """
    given = differences[~np.isnan(differences)]
    if not given.any():
        return 1.0
    rng = np.random.default_rng(SEED)
    observed, extreme = abs(given.sum()), 0
    for at in range(0, flips, BLOCK):
        signs = rng.integers(0, 2, (min(BLOCK, flips - at), len(given)), dtype=np.int8) * 2.0 - 1.0
        extreme += int((np.abs(signs @ given) >= observed * (1 - 1e-12)).sum())
    return (extreme + 1) / (flips + 1)


def holm(p: Sequence[float]) -> list[float]:
    """p values corrected for their number: step-down, never below a smaller one's (Holm 1979)."""
    order = sorted(range(len(p)), key=lambda place: p[place])
    corrected, highest = [1.0] * len(p), 0.0
    for step, place in enumerate(order):
        highest = max(highest, min(1.0, (len(p) - step) * p[place]))
        corrected[place] = highest
    return corrected
