"""A user is the weighted mean of the items of her history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import knob
from ..types import Array, Interactions, UserVectors

SECONDS_PER_DAY = 86_400.0
MIN_LENGTH = 1e-6
"""A mean shorter than this times the typical item length has no direction: its items cancel out."""


@dataclass(frozen=True, slots=True)
class WeightedMean:
    """u = sum_i w_i v_i / sum_i w_i, with w_i = weight_i ** weight_power * 0.5 ** (age_i / half_life).

    Interactions below the log's ``positive_from`` weigh nothing. Without times, age plays no part.
    The age of an interaction is counted back from the user's own latest one, in days. Item vectors in, user
    vectors in the same space out; scaled to length 1 where the items are.
    """

    key: ClassVar[str] = "weighted_mean"
    label: ClassVar[str] = "Weighted mean of the history"

    half_life: float = knob(
        0.0,
        "days after which an interaction counts half; 0 = age does not matter",
        low=0,
        high=3650,
        step=30,
        unit="days",
        needs="times",
    )
    weight_power: float = knob(
        1.0,
        "how strongly a rating or count weighs: 0 = all interactions alike, 1 = in proportion, 2 = squared",
        low=0,
        high=4,
        step=0.5,
    )

    def weights(self, interactions: Interactions, user: int) -> Array:
        """(len(history),) float64 weights of one user's interactions, summing to 1; all 0 where none is liked."""
        rows = interactions.history(user)
        given = interactions.weights[rows]
        weights = np.where(given >= interactions.positive_from, given.astype(np.float64) ** self.weight_power, 0.0)
        if self.half_life > 0 and interactions.times is not None and len(weights):
            times = interactions.times[rows]
            weights *= 0.5 ** ((times.max() - times) / SECONDS_PER_DAY / self.half_life)
        total = weights.sum()
        return weights / total if total > 0 else weights

    def __call__(self, interactions: Interactions, items: Array, users: Array, *, unit: bool) -> UserVectors:
        """users: (n,) user indices; items: (n_items, d) -> vectors (n, d), NaN rows for users without a direction."""
        values = np.full((len(users), items.shape[1]), np.nan, dtype=np.float32)
        known, has_history = np.zeros(len(users), dtype=bool), np.zeros(len(users), dtype=bool)
        for row, user in enumerate(users):
            weights = self.weights(interactions, int(user))
            has_history[row] = weights.any()
            if not has_history[row]:
                continue
            history = items[interactions.items[interactions.history(int(user))]][weights > 0]
            mean = weights[weights > 0] @ history.astype(np.float64)
            length = float(np.sqrt(mean @ mean))
            typical = float(np.sqrt(np.mean(np.einsum("nd,nd->n", history, history, dtype=np.float64))))
            if length <= MIN_LENGTH * typical or length == 0.0:
                continue
            values[row] = mean / length if unit else mean
            known[row] = True
        return UserVectors(users=np.asarray(users), values=values, known=known, has_history=has_history)
