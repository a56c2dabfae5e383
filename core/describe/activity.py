"""How much each user did."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import Array
from .bins import Bins, log_bins
from .concentration import gini, top_share

QUANTILES = (0, 10, 25, 50, 75, 90, 99, 100)


@dataclass(frozen=True, slots=True)
class Activity:
    """Interactions per user.

    quantiles: (percent, interactions) pairs, from the least active user (0) over the median (50) to the most active
    one (100), linear between users. mean, gini, and the share of all interactions that the most active 10 % of users
    made. Empty and NaN where there are no users.
    """

    mean: float
    quantiles: tuple[tuple[int, float], ...]
    gini: float
    top_10: float
    per_user: Bins

    def at(self, percent: int) -> float:
        """The quantile of one of QUANTILES; NaN where there are no users."""
        return dict(self.quantiles).get(percent, float("nan"))


def activity(per_user: Array) -> Activity:
    """(n_users,) interactions of each user -> their activity."""
    some = len(per_user) > 0
    levels = np.percentile(per_user, QUANTILES).tolist() if some else []
    return Activity(
        mean=float(per_user.mean()) if some else float("nan"),
        quantiles=tuple(zip(QUANTILES, levels, strict=False)),
        gini=gini(per_user),
        top_10=top_share(np.sort(per_user)[::-1], 10),
        per_user=log_bins(per_user),
    )
