"""Cold users: people nobody trained on, met after 0, 1, 3, 5 and 10 positives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..errors import InputError
from ..registry import knob
from ..splits import COLD_USERS, Cut, owners, positives, rows_of
from ..types import Array, Interactions
from .assemble import assemble, usable
from .tail import place_among_positives

NO_ORDER = "The log has no order, so the first positives of a user are those that come first in it."


@dataclass(frozen=True, slots=True)
class ColdUsers:
    """Users drawn at random have no rows in training. One split for each n: the history is every row up to the n-th
    positive. Asked are the positives after the 10th, and no candidates are the rows up to it, for every n alike, so
    that the curve compares like with like. All splits share one training log."""

    key: ClassVar[str] = "cold-users"
    label: ClassVar[str] = "Cold users: people without a history"
    order: ClassVar[int] = 4
    counts: ClassVar[tuple[int, ...]] = (0, 1, 3, 5, 10)

    newcomers_share: float = knob(0.2, "part of the users that is taken out", low=0.01, high=0.9, step=0.05)

    def __call__(self, log: Interactions, known: Array, seed: int) -> Cut:
        """One split for each n of ``counts``. Raises InputError for a log without rows."""
        log = usable(log, known)
        active = np.flatnonzero(np.diff(log.indptr) > 0)
        if not len(active):
            raise InputError("the cold-users protocol needs rows, and this log has none")
        n_drawn = max(1, round(self.newcomers_share * len(active)))
        drawn = np.zeros(log.n_users, dtype=bool)
        drawn[np.random.default_rng(seed).choice(active, n_drawn, replace=False)] = True
        place, n_positives = place_among_positives(log)
        most = max(self.counts)
        train = rows_of(log, ~drawn[owners(log)])
        users = np.flatnonzero(drawn & (n_positives > most))
        splits = tuple(
            assemble(
                log,
                train,
                users,
                test=positives(log) & (place >= most),
                history=place < n,
                hidden=place < most,
                rankable=known,
                known=known,
                label=f"n={n}",
                task=COLD_USERS,
            )
            for n in self.counts
        )
        return Cut(splits, () if log.ordered else (NO_ORDER,))
