"""Categories per list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Array
from .judged import Judged
from .running import user_batches


@dataclass(frozen=True, slots=True)
class Categories:
    """How many categories a list touches.

    >>> from core.metrics.worked import worked
    >>> worked(Categories())
    [[1.0, 2.0, 2.0], [0.0, 1.0, 1.0]]
    """

    key: ClassVar[str] = "categories"
    label: ClassVar[str] = "Categories per list"
    order: ClassVar[int] = 17
    per_user: ClassVar[bool] = True
    better: ClassVar[str] = ""
    formula: ClassVar[str] = "distinct categories of the items among the first K"
    denominator: ClassVar[str] = "none: it is a count; an item counts for each of its categories"
    source: ClassVar[str] = "Zhai, Cohen and Lafferty (2003), subtopics covered, not divided by their number"

    def __call__(self, judged: Judged, ks: Array) -> Array:
        """(n, n_k) float32, from 0 up; never falls as K grows; NaN where no item of the catalogue has a category."""
        deepest, categories = int(ks[-1]), judged.world.categories
        out = np.full((len(judged.items), len(ks)), np.nan, dtype=np.float32)
        if not categories.any():
            return out
        # The last row takes the padding, and has no category.
        padded = np.vstack([categories, np.zeros((1, categories.shape[1]), dtype=bool)])
        for users in user_batches(judged, 2 * deepest * categories.shape[1]):
            found = np.logical_or.accumulate(padded[judged.items[users, :deepest]], axis=1)
            out[users] = found[:, ks - 1].sum(axis=2)
        return out
