"""Plackett-Luce: an order drawn by chance, in which what stands first tends to stay there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..pools import Picks, Pools, unchanged
from ..registry import knob
from ..types import readonly
from .draws import uniform


@dataclass(frozen=True, slots=True)
class PlackettLuce:
    """Draw the list item by item without putting back, each with a chance that falls with its place in the order of the
    step before: weight place^(-1 / T), T = ``explore_temperature`` (Plackett 1975, Luce 1959).

    T = 0 keeps the order; at T = 1 the second is half as likely as the first to be drawn first; as T grows, all become
    equally likely. Drawn at once as the largest of -ln(place) / T + Gumbel noise (Kool et al. 2019). The noise belongs
    to seed, user and item: a list does not depend on company, and moving another slider moves it no more than it must.
    """

    explore_temperature: float = knob(
        0.25, "how much chance decides: 0 = not at all, the larger the more", low=0, high=5, step=0.05
    )

    key: ClassVar[str] = "plackett-luce"
    label: ClassVar[str] = "Plackett-Luce: an order drawn by chance"
    order: ClassVar[int] = 2

    def __call__(self, pools: Pools, k: int) -> Picks:
        """As ``core.pools.Arranger``; value = -ln(place) + T * noise; nothing is held against anybody."""
        if self.explore_temperature == 0:
            return unchanged(pools, k)
        m = pools.items.shape[1]
        given = pools.items >= 0
        noise = -np.log(-np.log(uniform(pools.seed, pools.users[:, None], pools.items)))
        value = np.where(given, self.explore_temperature * noise - np.log(np.arange(1, m + 1)), np.nan)
        order = np.argsort(np.where(given, -value, np.inf), axis=1, kind="stable")[:, : min(k, m)]
        places = np.where(np.take_along_axis(given, order, axis=1), order, -1)
        kept = unchanged(pools, k)
        return Picks(
            places=readonly(places.astype(np.int32)),
            value=readonly(value.astype(np.float32)),
            penalty=kept.penalty,
            cause=kept.cause,
            barred=kept.barred,
        )
