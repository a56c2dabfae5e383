"""Warm: the last positives of known users, to be found among everything they had not seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from ..registry import knob
from ..splits import Cut, owners, rows_of
from ..types import Array, Interactions
from .assemble import assemble, drawn_rows, usable
from .tail import n_tested, tail_rows

LATER_EVENTS = "Later events of other users are in training: a model may know what became popular after the cut."
NO_ORDER = "The log has no order, so the held-back positives were drawn at random instead of taken from the end."


@dataclass(frozen=True, slots=True)
class Warm:
    """Users with enough positives; the last max(1, floor(share * n)) of them are asked.

    Rows are in the log's own order: user, time, item id. What counts as seen is every row up to the last training
    positive in that order, whatever its weight; the rest of a tested user's rows are not used at all.
    """

    key: ClassVar[str] = "warm"
    label: ClassVar[str] = "Warm: the last part of each history"
    order: ClassVar[int] = 1

    warm_share: float = knob(0.2, "part of each user's positives that is held back", low=0.01, high=0.9, step=0.05)
    warm_fewest: int = knob(10, "positives a user must have to be tested", low=2, high=1000, step=1)

    def __call__(self, log: Interactions, known: Array, seed: int) -> Cut:
        """One split. known: (n_items,) bool, items that may be used; seed: used only where the log has no order."""
        log = usable(log, known)
        if log.ordered:
            test, kept = tail_rows(log, self.warm_share, self.warm_fewest)
            notices: tuple[str, ...] = (LATER_EVENTS,)
        else:
            test = drawn_rows(log, partial(n_tested, share=self.warm_share, fewest=self.warm_fewest), seed)
            kept, notices = ~test, (NO_ORDER,)
        users = np.unique(owners(log)[test])
        train = rows_of(log, kept)
        split = assemble(log, train, users, test=test, history=kept, hidden=kept, rankable=known, known=known)
        return Cut((split,), notices)
