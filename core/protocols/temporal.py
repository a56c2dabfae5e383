"""Temporal: one moment for everybody; nothing after it is learned from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..errors import InputError
from ..registry import knob
from ..splits import Cut, owners, rows_of
from ..types import Array, Interactions
from .assemble import assemble, usable
from .tail import tail_rows


@dataclass(frozen=True, slots=True)
class Temporal:
    """Training ends at T, a quantile of all times. Users whose last positives (as in the warm protocol) reach past T
    are folded in with what they did before those, and asked for those after T. What they did up to T, and what they
    were folded in with, is no candidate."""

    key: ClassVar[str] = "temporal"
    label: ClassVar[str] = "Temporal: nothing after one moment is known"
    order: ClassVar[int] = 2

    temporal_quantile: float = knob(0.9, "part of all rows before the moment", low=0.1, high=0.99, step=0.01)
    temporal_share: float = knob(0.2, "part of each user's positives that is held back", low=0.01, high=0.9, step=0.05)
    temporal_fewest: int = knob(10, "positives a user must have to be tested", low=2, high=1000, step=1)

    def __call__(self, log: Interactions, known: Array, seed: int) -> Cut:
        """One split; nothing is random. Raises InputError for a log without times."""
        if log.times is None:
            raise InputError("the temporal protocol needs times, and this log has none: use warm or random")
        log = usable(log, known)
        times = log.times
        if times is None or not len(times):
            raise InputError("the temporal protocol needs rows, and this log has none")
        early = times <= np.quantile(times, self.temporal_quantile)
        tail, before = tail_rows(log, self.temporal_share, self.temporal_fewest)
        test = tail & ~early
        users = np.unique(owners(log)[test])
        split = assemble(
            log,
            rows_of(log, early),
            users,
            test=test,
            history=before,
            hidden=early | before,
            rankable=known,
            known=known,
        )
        n = len(split.people)
        said = f"{n:,} {'user is' if n == 1 else 'users are'} tested: with so few, read the interval before the mean."
        return Cut((split,), (said,) if n < 200 else ())
