"""Recall@K."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Array
from .judged import Judged
from .running import hits_at


@dataclass(frozen=True, slots=True)
class Recall:
    """How much of what was looked for stands in the first K.

    >>> from core.metrics.worked import worked
    >>> worked(Recall())
    [[0.5, 0.5, 1.0], [0.0, 1.0, 1.0]]
    """

    key: ClassVar[str] = "recall"
    label: ClassVar[str] = "Recall"
    order: ClassVar[int] = 1
    per_user: ClassVar[bool] = True
    better: ClassVar[str] = "higher"
    formula: ClassVar[str] = "hits among the first K / |relevant|"
    denominator: ClassVar[str] = "all relevant items of the user, also where there are more of them than K"
    source: ClassVar[str] = "Cleverdon, Mills and Keen (1966); trec_eval recall_K"

    def __call__(self, judged: Judged, ks: Array) -> Array:
        """(n, n_k) float32, 0 .. 1; never falls as K grows."""
        counts = judged.relevant.counts.astype(np.float32)
        return np.divide(hits_at(judged, ks), counts, dtype=np.float32).T
