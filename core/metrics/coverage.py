"""Catalogue coverage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Array
from .judged import Judged


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the catalogue is shown to anybody at all.

    >>> from core.metrics.worked import worked
    >>> worked(Coverage())
    [0.5, 0.75, 1.0]
    """

    key: ClassVar[str] = "coverage"
    label: ClassVar[str] = "Coverage"
    order: ClassVar[int] = 9
    per_user: ClassVar[bool] = False
    better: ClassVar[str] = "higher"
    formula: ClassVar[str] = "distinct items in all first K places / rankable items"
    denominator: ClassVar[str] = "all items that can be recommended"
    source: ClassVar[str] = "Ge, Delgado-Battenfeld and Jannach (2010)"

    def __call__(self, judged: Judged, ks: Array) -> Array:
        """(n_k,) float64, 0 .. 1; NaN without lists or rankable items."""
        rankable = judged.world.rankable
        n_rankable = int(rankable.sum())
        if not len(judged.items) or not n_rankable:
            return np.full(len(ks), np.nan)
        deepest = int(ks[-1])
        # The last cell takes the padding; the earliest place is written last and stays.
        first = np.full(len(rankable) + 1, deepest, dtype=np.int64)
        for place in range(deepest - 1, -1, -1):
            first[judged.items[:, place]] = place
        new = np.bincount(first[:-1][rankable], minlength=deepest + 1)
        return np.cumsum(new)[ks - 1] / n_rankable
