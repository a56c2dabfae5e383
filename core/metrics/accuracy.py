"""Accuracy@K."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Array
from .judged import Judged
from .running import hits_at, lengths_at, share


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How many candidates are on the right side: recommended if relevant, else left out.

    Close to 1 for any short list.

    >>> from core.metrics.worked import worked
    >>> worked(Accuracy())
    [[0.75, 0.5, 0.75], [0.5, 0.75, 0.75]]
    """

    key: ClassVar[str] = "accuracy"
    label: ClassVar[str] = "Accuracy"
    order: ClassVar[int] = 4
    per_user: ClassVar[bool] = True
    better: ClassVar[str] = "higher"
    formula: ClassVar[str] = "(TP + TN) / candidates = 1 - (misses shown + relevant not shown) / candidates"
    denominator: ClassVar[str] = "all candidates of the user"
    source: ClassVar[str] = "Herlocker, Konstan, Terveen and Riedl (2004), from the confusion matrix"

    def __call__(self, judged: Judged, ks: Array) -> Array:
        """(n, n_k) float32, 0 .. 1. Only filled places count as recommended; NaN without candidates."""
        hits = hits_at(judged, ks).astype(np.int64)
        wrong = lengths_at(judged, ks) + judged.relevant.counts - 2 * hits
        return share(judged.n_candidates - wrong, judged.n_candidates).T
