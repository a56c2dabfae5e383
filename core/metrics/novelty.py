"""Novelty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Array
from .judged import Judged
from .running import mean_of_items


@dataclass(frozen=True, slots=True)
class Novelty:
    """How few users knew the items of a list, in bits. An item that nobody liked counts as liked by one user.

    >>> from core.metrics.worked import worked
    >>> worked(Novelty())
    [[0.0, 0.5, 1.0], [2.0, 1.0, 1.0]]
    """

    key: ClassVar[str] = "novelty"
    label: ClassVar[str] = "Novelty"
    order: ClassVar[int] = 11
    per_user: ClassVar[bool] = True
    better: ClassVar[str] = ""
    formula: ClassVar[str] = "mean of -log2(max(1, users who liked the item) / training users) over the first K"
    denominator: ClassVar[str] = "K, or the filled places where the list is shorter"
    source: ClassVar[str] = "Zhou et al. (2010); Vargas and Castells (2011)"

    def __call__(self, judged: Judged, ks: Array) -> Array:
        """(n, n_k) float32, from 0 up; NaN for an empty list or without training users."""
        n_users = judged.world.n_train_users
        if n_users < 1:
            return np.full((len(judged.items), len(ks)), np.nan, dtype=np.float32)
        return mean_of_items(judged, np.log2(n_users / np.maximum(judged.world.popularity, 1)), ks)
