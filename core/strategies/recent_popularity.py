"""Recent popularity: likes count less the older they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import knob
from ..splits import Training, owners, positives
from ..types import Array, Interactions
from .matrices import column_counts, training_matrix
from .popularity import FittedPopularity, same_for_all

SECONDS_PER_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class RecentPopularity:
    """score = sum over the users who liked the item of 0.5 ** (age / half-life), age in days before the last event.

    Each user counts once an item, by her latest like. Without times this is plain popularity.
    """

    key: ClassVar[str] = "recent-popularity"
    label: ClassVar[str] = "Recent popularity"
    order: ClassVar[int] = 2
    embedded: ClassVar[bool] = False
    quick: ClassVar[bool] = True

    recent_half_life: float = knob(
        365.0,
        "days after which a like counts half towards popularity; 0 = age does not matter",
        low=0,
        high=3650,
        step=5,
        unit="days",
        needs="times",
    )

    def fit(self, training: Training) -> FittedPopularity:
        """Count. Raises InputError where nothing is liked."""
        log, n_items = training.interactions, len(training.catalog)
        matrix = training_matrix(training, self.label)
        if log.times is None or self.recent_half_life <= 0:
            return FittedPopularity(same_for_all(column_counts(matrix), training.known))
        return FittedPopularity(same_for_all(faded_counts(log, n_items, self.recent_half_life), training.known))


def faded_counts(log: Interactions, n_items: int, half_life: float) -> Array:
    """(n_items,) float64: likes that fade with a half-life in days; the log has times."""
    rows = np.flatnonzero(positives(log))[::-1]
    _, latest = np.unique(owners(log)[rows] * n_items + log.items[rows], return_index=True)
    rows = rows[latest]
    times = np.asarray(log.times)
    # An age whose weight falls below the smallest float would make a liked item look as if nobody liked it.
    halvings = np.minimum((times.max() - times[rows]) / SECONDS_PER_DAY / half_life, 100.0)
    return np.bincount(log.items[rows], weights=0.5**halvings, minlength=n_items)
