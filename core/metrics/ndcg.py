"""NDCG@K."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Array
from .judged import Judged
from .running import weighted_hits_at


@dataclass(frozen=True, slots=True)
class Ndcg:
    """Hits discounted by their place, against the best order possible.

    >>> from core.metrics.worked import worked
    >>> worked(Ndcg())
    [[1.0, 0.613, 0.92], [0.0, 0.631, 0.631]]
    """

    key: ClassVar[str] = "ndcg"
    label: ClassVar[str] = "NDCG"
    order: ClassVar[int] = 5
    per_user: ClassVar[bool] = True
    better: ClassVar[str] = "higher"
    formula: ClassVar[str] = (
        "sum of 1 / log2(place + 1) over the hits among the first K / the same sum over places 1 .. min(K, |relevant|)"
    )
    denominator: ClassVar[str] = "the list with min(K, |relevant|) hits first"
    source: ClassVar[str] = "Järvelin and Kekäläinen (2002), gain 1 or 0; trec_eval ndcg_cut_K"

    def __call__(self, judged: Judged, ks: Array) -> Array:
        """(n, n_k) float32, 0 .. 1."""
        discounts = (1 / np.log2(np.arange(2, int(ks[-1]) + 2))).astype(np.float32)
        # Summed as the lists are, one place after another, so that a perfect list gets exactly 1.
        ideal = np.cumsum(discounts, dtype=np.float32)
        best = ideal[np.minimum(ks[:, None], judged.relevant.counts) - 1]
        return np.divide(weighted_hits_at(judged, discounts, ks), best, out=best).T
