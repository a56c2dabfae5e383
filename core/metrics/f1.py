"""F1@K."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Array
from .judged import Judged
from .running import hits_at


@dataclass(frozen=True, slots=True)
class F1:
    """The harmonic mean of precision and recall of one user; 0 where there is no hit.

    >>> from core.metrics.worked import worked
    >>> worked(F1())
    [[0.667, 0.5, 0.8], [0.0, 0.667, 0.5]]
    """

    key: ClassVar[str] = "f1"
    label: ClassVar[str] = "F1"
    order: ClassVar[int] = 3
    per_user: ClassVar[bool] = True
    better: ClassVar[str] = "higher"
    formula: ClassVar[str] = "2 P R / (P + R) = 2 hits / (K + |relevant|)"
    denominator: ClassVar[str] = "K + |relevant|, for each user; the mean over users comes after"
    source: ClassVar[str] = "van Rijsbergen (1979), with equal weights"

    def __call__(self, judged: Judged, ks: Array) -> Array:
        """(n, n_k) float32, 0 .. 1."""
        both = np.add(ks[:, None], judged.relevant.counts, dtype=np.float32)
        return np.divide(hits_at(judged, ks), both / 2, dtype=np.float32).T
