"""MRR@K."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Array
from .judged import Judged
from .running import first_hits


@dataclass(frozen=True, slots=True)
class ReciprocalRank:
    """How early the first hit comes.

    >>> from core.metrics.worked import worked
    >>> worked(ReciprocalRank())
    [[1.0, 1.0, 1.0], [0.0, 0.5, 0.5]]
    """

    key: ClassVar[str] = "mrr"
    label: ClassVar[str] = "MRR"
    order: ClassVar[int] = 7
    per_user: ClassVar[bool] = True
    better: ClassVar[str] = "higher"
    formula: ClassVar[str] = "1 / place of the first hit, 0 where it is not among the first K"
    denominator: ClassVar[str] = "the place of the first hit"
    source: ClassVar[str] = "Voorhees (1999); trec_eval recip_rank, cut at K"

    def __call__(self, judged: Judged, ks: Array) -> Array:
        """(n, n_k) float32, 0 .. 1; its mean over users is the MRR."""
        first = first_hits(judged)
        return np.where(first <= ks[:, None], (1 / first).astype(np.float32), np.float32(0)).T
