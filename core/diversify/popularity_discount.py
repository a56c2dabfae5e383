"""Popularity discount: what everybody knows counts for less."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..pools import Picks, Pools
from ..types import Array, readonly

DECADES = 100.0
"""Popularity is measured in steps of the same factor down to 1 / DECADES of the most liked item's likes."""


@dataclass(frozen=True, slots=True)
class PopularityDiscount:
    """The largest (1 - d) relevance - d * popularity, d = diversity; see :func:`logarithmic` for the measure.

    Logarithmic, since likes are spread so unevenly that their bare number would only tell the few best known items
    from all others. No item bears on another, so this is one sort; ties go to the more relevant, at d = 1 as well.
    """

    key: ClassVar[str] = "popularity-discount"
    label: ClassVar[str] = "Popularity discount: what fewer know"
    order: ClassVar[int] = 6
    against: ClassVar[str] = "popularity"

    def __call__(self, pools: Pools, k: int, diversity: float) -> Picks:
        """As ``core.pools.Diversifier``; penalty = d * popularity, which no single pick causes."""
        n, m = pools.items.shape
        given = pools.items >= 0
        penalty = np.where(given, diversity * logarithmic(pools.popularity)[np.maximum(pools.items, 0)], 0)
        value = np.where(given, (1 - diversity) * pools.relevance - penalty, np.nan).astype(np.float32)
        order = np.argsort(np.where(given, -value, np.inf), axis=1, kind="stable")[:, : min(k, m)]
        places = np.where(np.take_along_axis(given, order, axis=1), order, -1)
        return Picks(
            places=readonly(places.astype(np.int32)),
            value=readonly(value),
            penalty=readonly(penalty.astype(np.float32)),
            cause=readonly(np.full((n, m), -1, dtype=np.int32)),
            barred=readonly(np.zeros((n, m), dtype=bool)),
        )


def logarithmic(popularity: Array) -> Array:
    """Share of the most liked item's likes, in [0, 1] -> ln(1 + 99 share) / ln 100, in [0, 1]: 0 for none, 1 / 2 for
    9 % of its likes, 1 for the most liked one."""
    return np.log1p((DECADES - 1) * popularity) / np.log(DECADES)
