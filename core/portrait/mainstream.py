"""How popular the items are that somebody likes, beside what everybody else likes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..types import Array, Interactions, readonly
from .likes import item_likes, likes

DRAWS = 400


@dataclass(frozen=True, slots=True)
class Mainstream:
    """mean: by what share of all other users the items she likes are liked, on average. percentile: share of users
    with likes whose mean is smaller (equal ones count half), in [0, 1]; low to high: 95 % over resampled likes."""

    mean: float
    percentile: float
    low: float
    high: float


def mainstream(log: Interactions, n_items: int, user: int, seed: int = 0) -> Mainstream | None:
    """None where she likes nothing, or nobody else does. Deterministic with the seed."""
    hers = likes(log, n_items).of(user)
    means = _means(log, n_items)
    others = np.sort(np.delete(means, user)[np.isfinite(np.delete(means, user))])
    if not len(hers) or not len(others):
        return None
    popularity = (item_likes(log, n_items)[hers] - 1) / max(log.n_users - 1, 1)
    draws = np.random.default_rng(seed).integers(0, len(hers), (DRAWS, len(hers)))
    low, high = np.percentile(_percentile(popularity[draws].mean(axis=1), others), (2.5, 97.5))
    at = float(_percentile(means[user : user + 1], others)[0])
    return Mainstream(float(popularity.mean()), at, min(float(low), at), max(float(high), at))


@lru_cache(maxsize=4)
def _means(log: Interactions, n_items: int) -> Array:
    """(n_users,) each user's mean popularity of what she likes, her own like not counted; NaN where there is none."""
    liked = likes(log, n_items)
    rows, items = liked.pairs()
    popularity = (item_likes(log, n_items)[items] - 1) / max(log.n_users - 1, 1)
    sums, n = np.bincount(rows, weights=popularity, minlength=len(liked)), liked.counts
    return readonly(np.divide(sums, n, out=np.full(len(liked), np.nan), where=n > 0))


def _percentile(values: Array, ordered: Array) -> Array:
    left, right = np.searchsorted(ordered, values, "left"), np.searchsorted(ordered, values, "right")
    out: Array = (left + right) / 2 / len(ordered)
    return out
