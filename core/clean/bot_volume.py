"""Bot-like users: volume."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import knob
from .robust import MIN_COMPARED, upper_limit
from .state import Finding, Log, counted, nothing


@dataclass(frozen=True, slots=True)
class BotVolume:
    """Far more interactions than the log's own spread explains.

    Counts are compared as logarithms, because activity is skewed: a user stands out above the median plus as many
    robust deviations as hardly any honest log of that size reaches (Iglewicz & Hoaglin 1993; see robust.upper_limit).
    """

    key: ClassVar[str] = "bot_volume"
    label: ClassVar[str] = "Unusually many"
    help: ClassVar[str] = "Users with far more interactions than the log's own spread explains."
    order: ClassVar[int] = 11
    table: ClassVar[str] = "interactions"
    mode: ClassVar[str] = "look"

    chance: float = knob(0.01, "how likely an honest log of that size may have such a user", low=1e-6, high=0.5)
    least: int = knob(200, "a user with fewer interactions is never too active", low=10, high=100000)

    def __call__(self, log: Log) -> Finding:
        """Rows of users whose number of interactions lies above the limit."""
        users = log.users[log.users >= 0]
        counts = np.bincount(users, minlength=len(log.user_ids))
        active = counts[counts > 0]
        if len(active) < MIN_COMPARED:
            return nothing(log, f"Not looked at: it takes {MIN_COMPARED} users to know what is usual.")
        limit = upper_limit(active, self.chance)
        bound = max(limit.value, self.least - 1)
        mask = np.append(counts > bound, False)
        touched = mask[log.users]
        found = np.flatnonzero(mask)
        reached = f"median {limit.median:,.0f} + {limit.deviations:.1f} robust deviations"
        rule = f"more than {bound:,.0f} interactions ({reached})"
        if limit.value < self.least:
            rule = f"{self.least:,} or more interactions, the fewest this rule looks at"
        if not len(found):
            return Finding(touched, f"No user made {rule}.")
        found = found[np.argsort(-counts[found], kind="stable")]
        lines = [
            f"user {log.user_ids[u]}: {counts[u]:,} interactions, the median user {limit.median:,.0f}"
            for u in found[:5]
        ]
        return Finding(touched, f"{counted(len(found), 'user')} made {rule}.", tuple(lines))
