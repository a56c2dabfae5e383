"""Precision@K."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Array
from .judged import Judged
from .running import hits_at


@dataclass(frozen=True, slots=True)
class Precision:
    """How much of the first K was looked for. A list shorter than K is judged as if it were filled up with misses.

    >>> from core.metrics.worked import worked
    >>> worked(Precision())
    [[1.0, 0.5, 0.667], [0.0, 0.5, 0.333]]
    """

    key: ClassVar[str] = "precision"
    label: ClassVar[str] = "Precision"
    order: ClassVar[int] = 2
    per_user: ClassVar[bool] = True
    better: ClassVar[str] = "higher"
    formula: ClassVar[str] = "hits among the first K / K"
    denominator: ClassVar[str] = "K, also where the list is shorter"
    source: ClassVar[str] = "Cleverdon, Mills and Keen (1966); trec_eval P_K"

    def __call__(self, judged: Judged, ks: Array) -> Array:
        """(n, n_k) float32, 0 .. 1."""
        return np.divide(hits_at(judged, ks), ks[:, None].astype(np.float32), dtype=np.float32).T
