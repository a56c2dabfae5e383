"""Centring: take out what all items have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Affine, Array


@dataclass(frozen=True, slots=True)
class Centre:
    """x' = x - mean. The vectors of a language model share one large direction, which says nothing about an item
    but makes all cosines high; without it, cosines spread out. Mu & Viswanath 2018, "All-but-the-top", first step.
    """

    key: ClassVar[str] = "centre"
    label: ClassVar[str] = "Centre"
    order: ClassVar[int] = 2

    def __call__(self, items: Array) -> Affine:
        """items: (n, d) -> the subtraction of their mean."""
        if not len(items):
            return Affine()
        return Affine(mean=np.asarray(items, dtype=np.float64).mean(axis=0))
