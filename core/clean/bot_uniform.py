"""Bot-like users: uniform ratings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import knob
from .state import Finding, Log, counted, nothing


@dataclass(frozen=True, slots=True)
class BotUniform:
    """Many ratings, all the same.

    With share p of the log's ratings at that value, n draws all give it with chance p^n; a user is found where that
    times the number of users (Bonferroni) is below ``chance``. So in a log where nine of ten ratings are 5 stars it
    takes far more than 30 of them.
    """

    key: ClassVar[str] = "bot_uniform"
    label: ClassVar[str] = "Always the same rating"
    help: ClassVar[str] = "Users who gave many ratings, all the same, while the others vary."
    order: ClassVar[int] = 13
    table: ClassVar[str] = "interactions"
    mode: ClassVar[str] = "look"

    least: int = knob(30, "a user with fewer ratings is never too uniform", low=5, high=10000)
    chance: float = knob(0.01, "how likely one such user in the whole log may be by chance", low=1e-9, high=0.5)

    def __call__(self, log: Log) -> Finding:
        """Rows of users with one value only, where drawing from the log's ratings would hardly give that."""
        if log.feedback != "rating" or log.values is None:
            return nothing(log, "Not looked at: the log has no ratings.")
        rated = (log.users >= 0) & np.isfinite(log.values)
        users, values = log.users[rated], log.values[rated]
        n_users = len(log.user_ids)
        counts = np.bincount(users, minlength=n_users)
        only = np.zeros(n_users)
        only[users] = values  # any one of the user's values: if all are the same it does not matter which
        others = np.bincount(users[values != only[users]], minlength=n_users)
        uniform = np.flatnonzero((counts >= self.least) & (others == 0))
        distinct, ratings = np.unique(values, return_counts=True)
        shares = ratings / max(len(values), 1)
        own = shares[np.searchsorted(distinct, only[uniform])]
        rare = counts[uniform] * np.log(own) + np.log(max((counts > 0).sum(), 1)) < np.log(self.chance)
        found = uniform[rare]
        mask = np.zeros(n_users + 1, dtype=bool)
        mask[found] = True
        touched = mask[log.users]
        rule = f"{self.least:,} ratings or more, all the same (less than {self.chance:.2g} likely anywhere in this log)"
        if not len(found):
            return Finding(touched, f"No user gave {rule}.")
        found = found[np.argsort(-counts[found], kind="stable")]
        lines = [f"user {log.user_ids[u]}: {counts[u]:,} ratings, every one {only[u]:g}" for u in found[:5]]
        return Finding(touched, f"{counted(len(found), 'user')} gave {rule}.", tuple(lines))
