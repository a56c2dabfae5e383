"""HitRate@K."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Array
from .judged import Judged
from .running import first_hits


@dataclass(frozen=True, slots=True)
class HitRate:
    """Whether anything in the first K was looked for.

    >>> from core.metrics.worked import worked
    >>> worked(HitRate())
    [[1.0, 1.0, 1.0], [0.0, 1.0, 1.0]]
    """

    key: ClassVar[str] = "hit_rate"
    label: ClassVar[str] = "Hit rate"
    order: ClassVar[int] = 8
    per_user: ClassVar[bool] = True
    better: ClassVar[str] = "higher"
    formula: ClassVar[str] = "1 where a hit is among the first K, else 0"
    denominator: ClassVar[str] = "users"
    source: ClassVar[str] = "Deshpande and Karypis (2004); trec_eval success_K"

    def __call__(self, judged: Judged, ks: Array) -> Array:
        """(n, n_k) float32, 0 or 1."""
        return (first_hits(judged) <= ks[:, None]).astype(np.float32).T
