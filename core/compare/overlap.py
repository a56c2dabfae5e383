"""How far two rankings agree, for many users at once: Jaccard over what they hold, RBO over their order."""

from __future__ import annotations

import numpy as np

from ..errors import OutOfRangeError
from ..types import Array

PERSISTENCE = 0.9
"""Usual p of RBO: the first ten places then carry 86 % of the weight."""
BLOCK = 2_000
"""Users compared at once, which bounds memory."""


def shared(a: Array, b: Array) -> Array:
    """(n,) int64: how many items two lists have in common. a: (n, k), b: (n, m) item indices, -1 padded at the end."""
    found = [_matches(one, other).sum(axis=(1, 2)) for one, other in _blocks(a, b)]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def jaccard(a: Array, b: Array) -> Array:
    """(n,) float64 in [0, 1]: shared items / items of either list; NaN where both are empty."""
    both = shared(a, b)
    either = (a >= 0).sum(axis=1) + (b >= 0).sum(axis=1) - both
    return np.divide(both, either, out=np.full(len(both), np.nan), where=either > 0)


def rbo(a: Array, b: Array, p: float = PERSISTENCE) -> Array:
    """(n,) float64 in [0, 1]: rank-biased overlap, extrapolated; NaN where both lists are empty, 0 where one is.

    With X_d the items that the first d places have in common, s and l the shorter and the longer length:

        RBO_ext = (1 - p)/p * (sum_{d=1..l} X_d/d p^d + sum_{d=s+1..l} X_s (d - s)/(s d) p^d)
                  + ((X_l - X_s)/l + X_s/s) p^l

    (Webber, Moffat & Zobel 2010, eq. 32). A reader goes on to the next place with probability p; what lies below the
    lists is taken to agree as much as their ends do, so equal lists have 1. Raises OutOfRangeError unless 0 < p < 1.
    """
    check_persistence(p)
    found = [_rbo(one, other, p) for one, other in _blocks(a, b)]
    return np.concatenate(found) if found else np.zeros(0)


def check_persistence(p: float) -> None:
    """Raises OutOfRangeError where p is no probability strictly between 0 and 1."""
    if not 0 < p < 1:
        raise OutOfRangeError("p", f"{p:g}", "a number above 0 and below 1")


def _rbo(a: Array, b: Array, p: float) -> Array:
    n, width = len(a), max(a.shape[1], b.shape[1])
    in_a, in_b = (a >= 0).sum(axis=1), (b >= 0).sum(axis=1)
    short, long = np.minimum(in_a, in_b), np.maximum(in_a, in_b)
    if width == 0:
        return np.full(n, np.nan)
    depth = np.arange(1, width + 1)
    common = _common(a, b, width)
    rows = np.arange(n)
    at_short = np.where(short > 0, common[rows, np.maximum(short - 1, 0)], 0)
    at_long = np.where(long > 0, common[rows, np.maximum(long - 1, 0)], 0)
    end = at_short / np.maximum(short, 1)
    beyond = end[:, None] * np.maximum(depth - short[:, None], 0) / depth
    agreement = np.where(depth <= long[:, None], common / depth + beyond, 0.0)
    tail = ((at_long - at_short) / np.maximum(long, 1) + end) * p ** long.astype(np.float64)
    value = (1 - p) / p * (agreement @ p ** depth.astype(np.float64)) + tail
    return np.where(long == 0, np.nan, np.where(short == 0, 0.0, np.clip(value, 0.0, 1.0)))


def _common(a: Array, b: Array, width: int) -> Array:
    """(n, width) int64: X_d, the items that the first d places of both lists hold."""
    row, left, right = np.nonzero(_matches(a, b))
    met = np.zeros((len(a), width), dtype=np.int64)
    np.add.at(met, (row, np.maximum(left, right)), 1)  # an item is common from the deeper of its two places on
    return met.cumsum(axis=1)


def _matches(a: Array, b: Array) -> Array:
    """(n, k, m) bool: the same item at a place of a and a place of b."""
    found: Array = (a[:, :, None] == b[:, None, :]) & (a >= 0)[:, :, None]
    return found


def _blocks(a: Array, b: Array) -> list[tuple[Array, Array]]:
    return [(a[at : at + BLOCK], b[at : at + BLOCK]) for at in range(0, len(a), BLOCK)]
