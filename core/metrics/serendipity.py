"""Serendipity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Array
from .judged import Judged
from .running import picked


@dataclass(frozen=True, slots=True)
class Serendipity:
    """Hits that a list of the most popular items would have brought less readily.

    >>> from core.metrics.worked import worked
    >>> worked(Serendipity())
    [[0.0, 0.0, 0.167], [0.0, 0.0, 0.0]]
    """

    key: ClassVar[str] = "serendipity"
    label: ClassVar[str] = "Serendipity"
    order: ClassVar[int] = 15
    per_user: ClassVar[bool] = True
    better: ClassVar[str] = "higher"
    formula: ClassVar[str] = (
        "sum over the hits of max(0, p - q) / K; p = (n + 1 - place) / n, "
        "q = (n + 1 - popularity rank) / n, q = 0 for items nobody liked"
    )
    denominator: ClassVar[str] = (
        "K, also where the list is shorter; n is the number of rankable items, items liked equally often share a rank"
    )
    source: ClassVar[str] = "Murakami, Mori and Orihara (2008); with ranks as probabilities as in RecTools"

    def __call__(self, judged: Judged, ks: Array) -> Array:
        """(n, n_k) float32, 0 .. 1."""
        deepest = int(ks[-1])
        n_items = max(int(judged.world.rankable.sum()), 1)
        expected = np.append(expectedness(judged.world.popularity, judged.world.rankable), 1).astype(np.float32)
        own = ((n_items + 1 - np.arange(1, deepest + 1)) / n_items).astype(np.float32)
        gains = np.maximum(own[:, None] - expected[judged.items[:, :deepest].T], 0)
        gains *= judged.hits.T[:deepest]
        sums = np.cumsum(gains, axis=0, dtype=np.float32)
        return (picked(sums, ks) / ks[:, None].astype(np.float32)).T


def expectedness(popularity: Array, rankable: Array) -> Array:
    """(n_items,) float64, 0 .. 1: how readily anybody would be shown the item; 1 for the most popular rankable one."""
    n_items = max(int(rankable.sum()), 1)
    liked = np.unique(popularity[rankable & (popularity > 0)])
    rank = len(liked) - np.searchsorted(liked, popularity)
    return np.where((popularity > 0) & rankable, (n_items + 1 - rank) / n_items, 0.0)
