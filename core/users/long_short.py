"""Long- and short-term taste blended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..audience import Taste
from ..registry import knob
from ..types import Array, Interactions
from .recent import Recent
from .weighing import Asked, half_life_days, half_life_places, power, recent_places, recent_time
from .weighted_mean import WeightedMean


@dataclass(frozen=True, slots=True)
class LongShort:
    """w = (1 - short_share) * long + short_share * short: the weights of ``weighted_mean`` and of ``recent``."""

    key: ClassVar[str] = "long_short"
    label: ClassVar[str] = "Blend of long- and short-term"
    order: ClassVar[int] = 3

    short_share: float = knob(
        0.75, "how much what was liked last counts: 0 = long-term taste only, 1 = short-term only", low=0, high=1,
        step=0.05,
    )  # fmt: skip
    recent_items: int = recent_places()
    recent_days: int = recent_time()
    half_life: float = half_life_days()
    half_life_items: float = half_life_places()
    weight_power: float = power()

    def row_weights(self, asked: Asked) -> Array:
        """(m,) float64 weights of the rows asked about, summing to 1 for each user, or all 0."""
        long = WeightedMean(self.half_life, self.half_life_items, self.weight_power).row_weights(asked)
        short = Recent(self.recent_items, self.recent_days, self.weight_power).row_weights(asked)
        return (1 - self.short_share) * long + self.short_share * short

    def __call__(
        self, log: Interactions, users: Array, items: Array, emphasis: Array | None = None
    ) -> tuple[Taste, ...]:
        """As ``core.audience.UserModel``."""
        asked = Asked.of(log, users, emphasis)
        return asked.tastes(self.row_weights(asked))
