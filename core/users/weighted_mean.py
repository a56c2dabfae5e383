"""Long-term: a user is the weighted mean of all that she liked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..audience import Taste
from ..types import Array, Interactions
from .weighing import Asked, half_life_days, half_life_places, power


@dataclass(frozen=True, slots=True)
class WeightedMean:
    """w_i = weight_i ** weight_power * 0.5 ** (days_i / half_life + newer_i / half_life_items), scaled to a sum of 1.

    Interactions below the log's ``positive_from`` weigh nothing. days: from the interaction to the user's own latest
    liked one; newer: how many liked ones came after it. Without times, or an order, the half-life plays no part.
    """

    key: ClassVar[str] = "weighted_mean"
    label: ClassVar[str] = "Long-term: weighted mean of the history"
    order: ClassVar[int] = 1

    half_life: float = half_life_days()
    half_life_items: float = half_life_places()
    weight_power: float = power()

    def weights(self, interactions: Interactions, user: int) -> Array:
        """(len(history),) float64 weights of one user's interactions, summing to 1; all 0 where none is liked."""
        return self.row_weights(Asked.of(interactions, np.array([user]), None))

    def row_weights(self, asked: Asked) -> Array:
        """(m,) float64 weights of the rows asked about, summing to 1 for each user, or all 0."""
        return asked.shared(asked.given(self.weight_power) * asked.fading(self.half_life, self.half_life_items))

    def __call__(
        self, log: Interactions, users: Array, items: Array, emphasis: Array | None = None
    ) -> tuple[Taste, ...]:
        """As ``core.audience.UserModel``."""
        asked = Asked.of(log, users, emphasis)
        return asked.tastes(self.row_weights(asked))
