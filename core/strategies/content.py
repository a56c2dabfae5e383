"""Content: the nearest items to the weighted mean of the history, by what their texts say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import stage
from ..splits import HistorySide, People, Training
from ..types import Array, UserVectors
from ..users.placing import placed


@dataclass(frozen=True, slots=True)
class Content:
    """score = cos(u, v) with u the weighted mean of the liked items' text vectors (core/users/weighted_mean.py)."""

    key: ClassVar[str] = "content"
    label: ClassVar[str] = "Content: mean of the history"
    order: ClassVar[int] = 3
    embedded: ClassVar[bool] = True
    reads_space: ClassVar[bool] = True

    def fit(self, training: Training) -> FittedContent:
        """Nothing is learned: the vectors are there."""
        return FittedContent(training.vectors.values, training.vectors.unit)


@dataclass(frozen=True, slots=True, eq=False)
class FittedContent:
    """items: (n_items, d) float32 as ranked; unit: whether their rows have length 1."""

    items: Array
    unit: bool

    def item_vectors(self) -> Array:
        """(n_items, d) float32."""
        return self.items

    def history_side(self, people: People) -> HistorySide:
        """The item vectors themselves: how they are weighed is left to a user model."""
        return HistorySide.plain(self.items)

    def user_vectors(self, people: People) -> UserVectors:
        """By the default user model, of length 1 where the items are."""
        model = stage("users").get("weighted_mean")()
        rows = np.arange(len(people))
        found = placed(model, people.histories, rows, self.history_side(people), unit=self.unit)
        return UserVectors(people.users, found.values, found.known, found.has_history)

    def score(self, people: People) -> Array:
        """(n_people, n_items) float32; NaN rows for people without a direction."""
        return self.user_vectors(people).values @ self.items.T
