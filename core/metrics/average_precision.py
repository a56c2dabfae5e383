"""MAP@K."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Array
from .judged import Judged
from .running import hit_sums, picked


@dataclass(frozen=True, slots=True)
class AveragePrecision:
    """The precision at each hit among the first K, averaged over as many hits as there could be.

    >>> from core.metrics.worked import worked
    >>> worked(AveragePrecision())
    [[1.0, 0.5, 0.833], [0.0, 0.5, 0.5]]
    """

    key: ClassVar[str] = "map"
    label: ClassVar[str] = "MAP"
    order: ClassVar[int] = 6
    per_user: ClassVar[bool] = True
    better: ClassVar[str] = "higher"
    formula: ClassVar[str] = "sum of precision at each hit among the first K / min(K, |relevant|)"
    denominator: ClassVar[str] = (
        "min(K, |relevant|), so that a perfect list gets 1 at every K; trec_eval map_cut_K divides by |relevant|"
    )
    source: ClassVar[str] = (
        "Buckley and Voorhees (2000); cut as in the Million Song Dataset Challenge, McFee et al. (2012)"
    )

    def __call__(self, judged: Judged, ks: Array) -> Array:
        """(n, n_k) float32, 0 .. 1; its mean over users is the MAP."""
        hits, counts = judged.hits.T, hit_sums(judged, int(ks[-1]))
        sums = np.zeros(counts.shape, dtype=np.float32)
        for place in range(len(counts)):
            np.multiply(counts[place], hits[place], out=sums[place], dtype=np.float32)
            sums[place] /= place + 1
            if place:
                sums[place] += sums[place - 1]
        most = np.minimum(ks[:, None], judged.relevant.counts).astype(np.float32)
        return np.divide(picked(sums, ks), most, out=most).T
