"""Personalization."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Array
from .judged import Judged
from .running import exposures


@dataclass(frozen=True, slots=True)
class Personalization:
    """How different the lists of different users are.

    Exact over all pairs of users, through how often each item is shown.

    >>> from core.metrics.worked import worked
    >>> worked(Personalization())
    [1.0, 0.5, 0.667]
    """

    key: ClassVar[str] = "personalization"
    label: ClassVar[str] = "Personalization"
    order: ClassVar[int] = 14
    per_user: ClassVar[bool] = False
    better: ClassVar[str] = "higher"
    formula: ClassVar[str] = "1 - mean over pairs of users of (items both have in their first K) / K"
    denominator: ClassVar[str] = "n (n - 1) / 2 pairs of users, times K, also where lists are shorter"
    source: ClassVar[str] = "Zhou et al. (2010), inter-user distance"

    def __call__(self, judged: Judged, ks: Array) -> Array:
        """(n_k,) float64, 0 .. 1; NaN with fewer than two lists."""
        n = len(judged.items)
        if n < 2:
            return np.full(len(ks), np.nan)
        shared = np.array([int((shown * (shown - 1)).sum()) for shown in exposures(judged, ks)], dtype=np.float64)
        return 1 - shared / (n * (n - 1) * ks)
