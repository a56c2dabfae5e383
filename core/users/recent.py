"""Short-term: a user is what she liked last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..audience import Taste
from ..types import Array, Interactions
from .weighing import Asked, power, recent_places, recent_time


@dataclass(frozen=True, slots=True)
class Recent:
    """w_i = weight_i ** weight_power for the last ``recent_items`` likes that are at most ``recent_days`` older than
    the latest, scaled to a sum of 1; 0 for the rest. Without an order, or times, that limit plays no part."""

    key: ClassVar[str] = "recent"
    label: ClassVar[str] = "Short-term: what was liked last"
    order: ClassVar[int] = 2

    recent_items: int = recent_places()
    recent_days: int = recent_time()
    weight_power: float = power()

    def row_weights(self, asked: Asked) -> Array:
        """(m,) float64 weights of the rows asked about, summing to 1 for each user, or all 0."""
        recent = asked.recent(self.recent_items, self.recent_days)
        return asked.shared(np.where(recent, asked.given(self.weight_power), 0.0))

    def __call__(
        self, log: Interactions, users: Array, items: Array, emphasis: Array | None = None
    ) -> tuple[Taste, ...]:
        """As ``core.audience.UserModel``."""
        asked = Asked.of(log, users, emphasis)
        return asked.tastes(self.row_weights(asked))
