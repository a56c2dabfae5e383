"""Bot-like users: speed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import knob
from .robust import MIN_COMPARED
from .state import NO_TIME, Finding, Log, counted, nothing
from .timeline import are_coarse, timeline

HABIT = 0.1


@dataclass(frozen=True, slots=True)
class BotSpeed:
    """Faster than a person can choose, for long.

    One a second, two hundred times on end, is above what people do who tick long lists on a rating site: the
    fastest 200 of MovieLens small took 13 minutes, though 100 came within one second. Where more than a tenth of the
    users with that many interactions are so fast, it is the log that writes them in batches.
    """

    key: ClassVar[str] = "bot_speed"
    label: ClassVar[str] = "Unusually fast"
    help: ClassVar[str] = "Users who go on and on faster than a person can choose."
    order: ClassVar[int] = 12
    table: ClassVar[str] = "interactions"
    mode: ClassVar[str] = "look"

    run: int = knob(200, "how many interactions on end must be that fast", low=20, high=10000)
    per_minute: int = knob(60, "interactions a minute, kept up for the whole stretch", low=1, high=6000)

    def __call__(self, log: Log) -> Finding:
        """Rows of users with ``run`` interactions on end at ``per_minute`` or more."""
        if log.times is None:
            return nothing(log, "Not looked at: the log has no times.")
        if are_coarse(log.times):
            return nothing(log, "Not looked at: the times are no finer than a minute.")
        counts = np.bincount(log.users[(log.users >= 0) & (log.times != NO_TIME)], minlength=len(log.user_ids))
        long = np.append(counts >= self.run, False)
        seconds = 60 * self.run // self.per_minute
        keys, span, _ = timeline(log.users, log.times, long[log.users], seconds)
        took = keys[self.run - 1 :] - keys[: max(len(keys) - self.run + 1, 0)]
        starts = np.flatnonzero(took <= seconds)
        found, first = np.unique(keys[starts] // span, return_index=True)
        rule = f"{self.run:,} interactions on end within {seconds:,} seconds"
        if not len(found):
            return nothing(log, f"No user made {rule}.")
        if long.sum() >= MIN_COMPARED and len(found) > HABIT * long.sum():
            return nothing(
                log,
                f"{counted(len(found), 'user')} of {long.sum():,} made {rule}: that is "
                "usual in this log, so it tells nothing.",
            )
        fastest = np.minimum.reduceat(took[starts], first)
        mask = np.zeros(len(log.user_ids) + 1, dtype=bool)
        mask[found] = True
        lines = [
            f"user {log.user_ids[found[at]]}: {counts[found[at]]:,} interactions, {self.run:,} of them within "
            f"{counted(int(fastest[at]) + 1, 'second')}"
            for at in np.argsort(fastest, kind="stable")[:5]
        ]
        return Finding(mask[log.users], f"{counted(len(found), 'user')} made {rule}.", tuple(lines))
