"""Popularity: the same list for everybody, the items that most users liked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..splits import People, Training
from ..types import Array, readonly
from .matrices import column_counts, training_matrix


@dataclass(frozen=True, slots=True)
class Popularity:
    """score = number of users who liked the item. The rival that every other strategy has to beat."""

    key: ClassVar[str] = "popularity"
    label: ClassVar[str] = "Popularity"
    order: ClassVar[int] = 1
    embedded: ClassVar[bool] = False
    quick: ClassVar[bool] = True

    def fit(self, training: Training) -> FittedPopularity:
        """Count. Raises InputError where nothing is liked."""
        counts = column_counts(training_matrix(training, self.label))
        return FittedPopularity(same_for_all(counts, training.known))


@dataclass(frozen=True, slots=True, eq=False)
class FittedPopularity:
    """scores: (n_items,) float32, NaN for items that nobody liked."""

    scores: Array

    def score(self, people: People) -> Array:
        """(n_people, n_items) float32; people without a history get the list as well."""
        return np.tile(self.scores, (len(people), 1))


def same_for_all(counts: Array, known: Array) -> Array:
    """(n_items,) float32 read-only: counts, NaN where there are none or the item is not known."""
    return readonly(np.where((counts > 0) & known, counts, np.nan).astype(np.float32))
