"""Intra-list diversity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Array
from .judged import Judged
from .running import lengths_at, picked, share, user_batches


@dataclass(frozen=True, slots=True)
class IntraListDiversity:
    """How far the items of one list lie from each other, in the space of the item texts.

    >>> from core.metrics.worked import worked
    >>> worked(IntraListDiversity())
    [[nan, 1.0, 0.667], [nan, 0.4, 0.4]]
    """

    key: ClassVar[str] = "ild"
    label: ClassVar[str] = "Diversity (ILD)"
    order: ClassVar[int] = 10
    per_user: ClassVar[bool] = True
    better: ClassVar[str] = "higher"
    formula: ClassVar[str] = "mean of 1 - cosine over all pairs among the first K"
    denominator: ClassVar[str] = "K (K - 1) / 2 pairs; those of the filled places where the list is shorter"
    source: ClassVar[str] = "Smyth and McClave (2001); Ziegler et al. (2005)"

    def __call__(self, judged: Judged, ks: Array) -> Array:
        """(n, n_k) float32, 0 .. 2; NaN with fewer than two items, so at K = 1."""
        deepest = int(ks[-1])
        vectors = judged.world.vectors
        lengths = lengths_at(judged, ks)
        pairs = lengths * (lengths - 1) // 2
        alike = np.zeros((deepest, len(judged.items)), dtype=np.float32)
        for users in user_batches(judged, 2 * 4 * deepest * vectors.shape[1]):
            places = judged.items[users, :deepest]
            lists = vectors[places]
            lists[places < 0] = 0
            # Below the diagonal of a list's Gram matrix, row k holds the cosines with all that stand before k.
            new = np.tril(lists @ lists.transpose(0, 2, 1), -1).sum(axis=2)
            alike[:, users] = np.cumsum(new, axis=1, dtype=np.float64).T
        return np.clip(1 - share(picked(alike, ks), pairs), 0, 2).T
