"""Several interests: a user is as many directions as her likes fall into."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import numpy as np

from ..audience import Taste
from ..registry import knob
from ..types import Array, Interactions, readonly, unit_rows
from .groups import groups_of
from .weighing import Asked, half_life_days, half_life_places, power
from .weighted_mean import WeightedMean


@dataclass(frozen=True, slots=True)
class Interests:
    """One direction for each group of liked items (core/users/groups.py), weighed within it as ``weighted_mean``.

    How many groups there are is found from the items, up to ``interests_most``. An interest's share is its part of the
    weight of the history, so that all of them together are the long-term mean.
    """

    key: ClassVar[str] = "interests"
    label: ClassVar[str] = "Several interests"
    order: ClassVar[int] = 4

    interests_most: int = knob(8, "how many interests are looked for at most; 1 = the mean of all", low=1, high=20)
    merge_interests: str = knob(
        "best",
        "how one list is made: best = an item counts by the interest it is nearest to, quota = each interest gets "
        "places in proportion to its share",
        choices=("best", "quota"),
    )
    half_life: float = half_life_days()
    half_life_items: float = half_life_places()
    weight_power: float = power()

    def __call__(
        self, log: Interactions, users: Array, items: Array, emphasis: Array | None = None
    ) -> tuple[Taste, ...]:
        """As ``core.audience.UserModel``."""
        asked = Asked.of(log, users, emphasis)
        weights = WeightedMean(self.half_life, self.half_life_items, self.weight_power).row_weights(asked)
        ends = asked.log.indptr
        rows = (slice(int(start), int(stop)) for start, stop in pairwise(ends))
        return tuple(self._one(weights[mine], asked.log.items[mine], items) for mine in rows)

    def _one(self, weights: Array, history: Array, items: Array) -> Taste:
        """weights: (m,) of one history (m,), summing to 1 or all 0."""
        spoken = np.flatnonzero(weights > 0)
        if not len(spoken):
            return Taste(np.zeros((0, len(weights))), np.zeros(0))
        # Read from the end, so that a long history is grouped by what is new in it.
        distinct, which = np.unique(history[spoken][::-1], return_inverse=True)
        first = np.full(len(distinct), len(which))
        np.minimum.at(first, which, np.arange(len(which)))
        order = np.argsort(first)
        groups = np.empty(len(distinct), dtype=np.int64)
        groups[order] = groups_of(unit_rows(items[distinct[order]]), self.interests_most)
        mine = groups[which][::-1]
        shares = np.bincount(mine, weights[spoken])
        lines = np.zeros((len(shares), len(weights)))
        lines[mine, spoken] = weights[spoken] / shares[mine]
        largest = np.argsort(-shares, kind="stable")
        return Taste(readonly(lines[largest]), readonly(shares[largest] / shares.sum()))
