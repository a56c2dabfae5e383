"""Miscalibration of the categories."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from ..splits import owners, positives
from ..types import Array, Interactions
from .judged import Judged, World
from .running import picked, user_batches

ALPHA = 0.01


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far the list's mix of categories is from that of what the user liked. Smoothed with 1 % of the latter.

    >>> from core.metrics.worked import worked
    >>> worked(Calibration())
    [[0.0, 0.683, 0.683], [nan, nan, nan]]
    """

    key: ClassVar[str] = "calibration"
    label: ClassVar[str] = "Miscalibration (KL)"
    order: ClassVar[int] = 16
    per_user: ClassVar[bool] = True
    better: ClassVar[str] = "lower"
    formula: ClassVar[str] = (
        "sum over categories of p log(p / (0.99 q + 0.01 p)); p: mix of the liked history, q: of the first K"
    )
    denominator: ClassVar[str] = "items that have a category; an item shares itself out among its categories equally"
    source: ClassVar[str] = "Steck (2018), Kullback-Leibler divergence in nats, alpha = 0.01"

    def __call__(self, judged: Judged, ks: Array) -> Array:
        """(n, n_k) float32, from 0 up; NaN where the liked history or the list has no category."""
        deepest = int(ks[-1])
        mixes, wanted = _mixes(judged.world)
        padded = np.vstack([mixes, np.zeros((1, mixes.shape[1]), dtype=np.float32)])
        out = np.full((len(ks), len(judged.items)), np.nan, dtype=np.float32)
        for users in user_batches(judged, 4 * 4 * deepest * max(mixes.shape[1], 1)):
            sums = picked(np.cumsum(padded[judged.items[users, :deepest].T], axis=0, dtype=np.float32), ks)
            out[:, users] = divergence(wanted[users], sums)
        return out.T


@lru_cache(maxsize=2)
def _mixes(world: World) -> tuple[Array, Array]:
    """The mix of each item and what each user likes; kept, since the same users meet many lists."""
    mixes = shares(world.categories)
    return mixes, liked_mixes(world.histories, mixes).astype(np.float32)


def shares(categories: Array) -> Array:
    """(n_items, n_categories) float32: rows that add up to 1, or to 0 for items without a category."""
    counts = categories.sum(axis=1, keepdims=True)
    return np.divide(categories, np.maximum(counts, 1), dtype=np.float32)


def liked_mixes(log: Interactions, mixes: Array) -> Array:
    """(n_users, n_categories) float64: what the liked items of each user add up to, not yet divided by their sum."""
    liked = positives(log)
    rows, items = owners(log)[liked], log.items[liked]
    n = log.n_users
    columns = [np.bincount(rows, weights=mixes[items, column], minlength=n) for column in range(mixes.shape[1])]
    return np.stack(columns, axis=1) if columns else np.zeros((n, 0))


def divergence(wanted: Array, sums: Array) -> Array:
    """wanted (n, g), sums (n_k, n, g), neither divided by its sum -> (n_k, n) KL, NaN where a sum is 0."""
    totals, wanted_total = sums.sum(axis=-1), wanted.sum(axis=-1)
    p = wanted / np.where(wanted_total > 0, wanted_total, 1)[:, None]
    q = sums / np.where(totals > 0, totals, 1)[:, :, None]
    q *= 1 - ALPHA
    q += ALPHA * p
    ratio = np.divide(p, q, out=np.ones_like(q), where=np.broadcast_to(p > 0, q.shape))
    found = np.maximum(np.vecdot(np.log(ratio), p), 0)
    return np.where((totals > 0) & (wanted_total > 0), found, np.nan)
