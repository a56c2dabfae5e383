"""Gini index of exposure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Array
from .judged import Judged
from .running import exposures


@dataclass(frozen=True, slots=True)
class Gini:
    """How unequally the places are dealt out among the items: 0 all alike, near 1 a few items take all.

    >>> from core.metrics.worked import worked
    >>> worked(Gini())
    [0.5, 0.375, 0.15]
    """

    key: ClassVar[str] = "gini"
    label: ClassVar[str] = "Gini of exposure"
    order: ClassVar[int] = 12
    per_user: ClassVar[bool] = False
    better: ClassVar[str] = ""
    formula: ClassVar[str] = (
        "sum of (2 i - n - 1) x_i / (n sum of x), x ascending: in how many first K places item i stands"
    )
    denominator: ClassVar[str] = "all n rankable items, those never shown among them"
    source: ClassVar[str] = "Gini (1912); Shani and Gunawardana (2011)"

    def __call__(self, judged: Judged, ks: Array) -> Array:
        """(n_k,) float64, 0 .. 1; NaN where nothing is shown."""
        rankable = judged.world.rankable
        return np.array([unequal(shown[rankable]) for shown in exposures(judged, ks)], dtype=np.float64)


def unequal(counts: Array) -> float:
    """Gini index of (n,) counts, by how often each count occurs instead of by sorting; NaN where all are 0."""
    n, total = len(counts), int(counts.sum())
    if not total:
        return float("nan")
    times = np.bincount(counts).astype(np.float64)
    # Alike counts hold the places a + 1 .. a + m; their weights 2 i - n - 1 add up to m (2 a + m - n).
    before = np.cumsum(times) - times
    return float((np.arange(len(times)) * times * (2 * before + times - n)).sum() / (n * total))
