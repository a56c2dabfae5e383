"""Negative feedback: likes draw, dislikes push away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..audience import Taste
from ..registry import knob
from ..types import Array, Interactions
from .weighing import Asked, half_life_days, half_life_places, power
from .weighted_mean import WeightedMean


@dataclass(frozen=True, slots=True)
class Negative:
    """w_i of likes as ``weighted_mean``; dislikes share -dislike_strength in proportion to how bad they are.

    How bad: (positive_from - weight_i) / positive_from, fading as likes do, for weights below the log's
    ``positive_from`` that are at most ``disliked_upto``. So both sides count as means, however many dislikes there are
    (Rocchio, "Relevance Feedback in Information Retrieval", in: The SMART Retrieval System, 1971). A log in which all
    counts as liked has no dislikes.
    """

    key: ClassVar[str] = "negative"
    label: ClassVar[str] = "Likes minus dislikes"
    order: ClassVar[int] = 5

    dislike_strength: float = knob(
        0.1, "how strongly dislikes push away; 0 = not at all, 1 = as strongly as likes draw", low=0, high=2, step=0.05
    )
    disliked_upto: float = knob(
        0.0, "the highest rating or count that is a dislike; 0 = every one below what counts as liked", low=0,
        high=1000, step=0.5,
    )  # fmt: skip
    half_life: float = half_life_days()
    half_life_items: float = half_life_places()
    weight_power: float = power()

    def row_weights(self, asked: Asked) -> Array:
        """(m,) float64 weights of the rows asked about; all 0 for users without likes."""
        likes = WeightedMean(self.half_life, self.half_life_items, self.weight_power).row_weights(asked)
        drawn = np.bincount(asked.owner, likes, minlength=len(asked))[asked.owner] > 0
        dislikes = np.where(drawn, self.badness(asked), 0.0) * asked.fading(self.half_life, self.half_life_items)
        return likes - self.dislike_strength * asked.shared(dislikes)

    def badness(self, asked: Asked) -> Array:
        """(m,) float64 in [0, 1]: 0 for what is no dislike, times emphasis."""
        bar, given = asked.log.positive_from, asked.log.weights.astype(np.float64)
        if bar <= 0:
            return np.zeros(len(given))
        disliked = (given < bar) & ((given <= self.disliked_upto) if self.disliked_upto > 0 else True)
        return np.where(disliked, (bar - given) / bar, 0.0) * asked.emphasis

    def __call__(
        self, log: Interactions, users: Array, items: Array, emphasis: Array | None = None
    ) -> tuple[Taste, ...]:
        """As ``core.audience.UserModel``."""
        asked = Asked.of(log, users, emphasis)
        return asked.tastes(self.row_weights(asked))
