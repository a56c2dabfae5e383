"""Calibration: the list has the categories in the shares that the user's own history has them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import numpy as np

from ..pools import Picks, Pools, first_places
from ..types import Array, readonly
from .compiling import compiled

ALPHA = 0.01
"""Share of the wanted mix that is blended into the list's, as in the metric of this name."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Pick, again and again, the item with which the list has the largest (1 - d) * sum of relevance - d * KL(p || q~)
    (Steck 2018, d = diversity). p: the wanted mix. q~ = 0.99 q + 0.01 p, q: the mix of the list, to which each item
    brings 1, shared out among its categories. A list without any category has q = 0: KL = -ln 0.01, the largest there
    is. The first pick at d = 1 is the item whose own mix is nearest to p. Ties go to the more relevant. A user whose
    wanted mix is not known keeps the order of the pool."""

    key: ClassVar[str] = "calibration"
    label: ClassVar[str] = "Calibration: categories as in the user's own history"
    order: ClassVar[int] = 5
    against: ClassVar[str] = "category"

    def __call__(self, pools: Pools, k: int, diversity: float) -> Picks:
        """As ``core.pools.Diversifier``; value = (1 - d) * relevance - d * KL of the list with the item; penalty = the
        second term, which no single pick causes."""
        n, m = pools.items.shape
        places = np.array(first_places(pools, k))
        value = np.array(pools.relevance, dtype=np.float32)
        penalty = np.zeros((n, m), dtype=np.float32)
        if places.size:
            items = np.ascontiguousarray(pools.items, dtype=np.int32)
            relevance = np.ascontiguousarray(pools.relevance, dtype=np.float32)
            wanted = np.ascontiguousarray(pools.wanted, dtype=np.float64)
            given = (items, relevance, wanted, *parts_of(pools.mixes, items))
            kernel()(*given, float(diversity), places, value, penalty)
        return Picks(
            places=readonly(places),
            value=readonly(value),
            penalty=readonly(penalty),
            cause=readonly(np.full((n, m), -1, dtype=np.int32)),
            barred=readonly(np.zeros((n, m), dtype=bool)),
        )


def parts_of(mixes: Array, items: Array) -> tuple[Array, Array, Array, Array]:
    """What items (any shape, -1 padded) bring to which category, each distinct pair of category and share once.

    Returns starts (n_items + 1,): item i has ``parts[starts[i]:starts[i + 1]]``, none where it is not asked for; parts
    (n,), places in the pairs; their columns (n_pairs,) and shares (n_pairs,) float64. There are few pairs, as most
    items have few categories, so a logarithm for each pair serves all candidates.
    """
    asked = np.zeros(len(mixes), dtype=bool)
    asked[items[items >= 0]] = True
    of = np.flatnonzero(asked)
    rows, columns = np.nonzero(mixes[of])
    sizes, size_of = np.unique(mixes[of[rows], columns], return_inverse=True)
    pairs, parts = np.unique(columns * len(sizes) + size_of, return_inverse=True)
    starts = np.searchsorted(of[rows], np.arange(len(mixes) + 1))
    n_sizes = max(len(sizes), 1)
    return starts, parts, pairs // n_sizes, sizes[pairs % n_sizes].astype(np.float64)


@cache
def kernel() -> Any:
    """The loop over users, compiled by the first call and kept on disk; fills ``places``, ``value``, ``penalty``."""
    from numba import types

    def given(kind: Any, n: int) -> Any:
        return types.Array(kind, n, "C", readonly=True)

    def filled(kind: Any) -> Any:
        return types.Array(kind, 2, "C")

    whole, real, single = types.int64, types.float64, types.float32
    pools = (given(types.int32, 2), given(single, 2), given(real, 2))
    parts_in = (given(whole, 1), given(whole, 1), given(whole, 1), given(real, 1))
    out = (filled(types.int32), filled(single), filled(single))

    def choose(
        items: Array,
        relevance: Array,
        wanted: Array,
        starts: Array,
        parts: Array,
        columns: Array,
        shares: Array,
        diversity: float,
        places: Array,
        value: Array,
        penalty: Array,
    ) -> None:
        n_categories, m = wanted.shape[1], items.shape[1]
        fixed, brings = np.empty(n_categories), np.empty(len(columns))
        for user in range(len(items)):
            p = wanted[user]
            if p.sum() <= 0:
                continue
            entropy = 0.0
            for c in range(n_categories):
                if p[c] > 0:
                    entropy += p[c] * np.log(p[c])
            sums, total, so_far = np.zeros(n_categories), 0.0, -np.log(ALPHA)
            open_ = items[user] >= 0
            # Only the pairs of this pool, of categories that count.
            here = np.zeros(len(columns), np.bool_)
            for at in range(m):
                if open_[at]:
                    for part in range(starts[items[user, at]], starts[items[user, at] + 1]):
                        here[parts[part]] = p[columns[parts[part]]] > 0
            pairs = np.flatnonzero(here)
            brings[:] = 0
            for rank in range(places.shape[1]):
                # KL = sum p ln p - sum p ln q~; of the second sum, an item changes the terms of its own categories.
                base = entropy + np.log(total + 1)
                for c in range(n_categories):
                    fixed[c] = (1 - ALPHA) * sums[c] + ALPHA * p[c] * (total + 1)
                    if p[c] > 0:
                        base -= p[c] * np.log(fixed[c])
                for pair in pairs:
                    c = columns[pair]
                    brings[pair] = p[c] * np.log(1 + (1 - ALPHA) * shares[pair] / fixed[c])
                best, highest, nearest = -1, -np.inf, 0.0
                for at in range(m):
                    if not open_[at]:
                        continue
                    item = items[user, at]
                    away = so_far
                    if starts[item + 1] > starts[item]:
                        away = base
                        for part in range(starts[item], starts[item + 1]):
                            away -= brings[parts[part]]
                        away = max(away, 0.0)
                    found = (1 - diversity) * relevance[user, at] - diversity * away
                    value[user, at] = found
                    penalty[user, at] = diversity * away
                    if found > highest:
                        best, highest, nearest = at, found, away
                places[user, rank] = best
                if best < 0:
                    break
                open_[best] = False
                so_far = nearest
                item = items[user, best]
                for part in range(starts[item], starts[item + 1]):
                    sums[columns[parts[part]]] += shares[parts[part]]
                if starts[item + 1] > starts[item]:
                    total += 1

    return compiled(choose, types.void(*pools, *parts_in, real, *out), nogil=True)
