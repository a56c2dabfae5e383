"""Random: some positives of each user, whenever they were. For comparison with published tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from ..registry import knob
from ..splits import Cut, owners, rows_of
from ..types import Array, Interactions
from .assemble import assemble, drawn_rows, usable
from .tail import n_tested

NO_TIME = "Positives were held back at random: a strategy knows what a user did later, so these numbers flatter."


@dataclass(frozen=True, slots=True)
class RandomSplit:
    """max(1, floor(share * n)) of each user's positives, drawn at random; all other rows are known and seen."""

    key: ClassVar[str] = "random"
    label: ClassVar[str] = "Random: a quarter of each history"
    order: ClassVar[int] = 5

    random_share: float = knob(0.25, "part of each user's positives that is held back", low=0.01, high=0.9, step=0.05)
    random_fewest: int = knob(2, "positives a user must have to be tested", low=2, high=1000, step=1)

    def __call__(self, log: Interactions, known: Array, seed: int) -> Cut:
        """One split."""
        log = usable(log, known)
        test = drawn_rows(log, partial(n_tested, share=self.random_share, fewest=self.random_fewest), seed)
        users = np.unique(owners(log)[test])
        train = rows_of(log, ~test)
        split = assemble(log, train, users, test=test, history=~test, hidden=~test, rankable=known, known=known)
        return Cut((split,), (NO_TIME,))
