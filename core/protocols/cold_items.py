"""Cold items: some items lose their whole history, and only those are ranked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import knob
from ..splits import COLD_ITEMS, Cut, Split, owners, positives, rows_of
from ..types import Array, Interactions
from .assemble import assemble, usable


@dataclass(frozen=True, slots=True)
class ColdItems:
    """Items drawn at random have no rows in training; users with enough positives left are asked which of the drawn
    items they liked. Repeated with the seeds seed, seed + 1, ...: one split each."""

    key: ClassVar[str] = "cold-items"
    label: ClassVar[str] = "Cold items: items without a history"
    order: ClassVar[int] = 3

    cold_share: float = knob(0.2, "part of the items that loses its history", low=0.01, high=0.9, step=0.05)
    cold_seeds: int = knob(5, "how often the draw is repeated", low=1, high=50, step=1)
    cold_fewest: int = knob(5, "positives a user must have left to be tested", low=1, high=1000, step=1)

    def __call__(self, log: Interactions, known: Array, seed: int) -> Cut:
        """One split a seed. known: (n_items,) bool, the items drawn from."""
        log = usable(log, known)
        return Cut(tuple(self._split(log, known, seed, number) for number in range(self.cold_seeds)))

    def _split(self, log: Interactions, known: Array, seed: int, number: int) -> Split:
        among = np.flatnonzero(known)
        n_drawn = min(len(among), max(1, round(self.cold_share * len(among))))
        drawn = np.zeros(len(known), dtype=bool)
        drawn[np.random.default_rng(seed + number).choice(among, n_drawn, replace=False)] = True
        cold, liked = drawn[log.items], positives(log)
        left = np.bincount(owners(log)[liked & ~cold], minlength=log.n_users)
        return assemble(
            log,
            rows_of(log, ~cold),
            np.flatnonzero(left >= self.cold_fewest),
            test=liked & cold,
            history=~cold,
            hidden=None,
            rankable=drawn,
            known=known & ~drawn,
            label=f"seed {seed + number}",
            task=COLD_ITEMS,
        )
