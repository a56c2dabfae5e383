"""What she liked last against what she liked before: categories, direction, and what would rank higher."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import Array, Catalog, Interactions
from .attributes import categories
from .drift import LEAST_MIX
from .lifts import Lift, lifts
from .likes import liked_rows
from .order import shuffled

NO_ORDER, TOO_FEW, NO_VECTORS = "no_order", "too_few", "no_vectors"
LEAST_EARLIER = 5
"""Likes before the last ones that make a comparison."""
DEPTH = 50
"""Risers are sought among the first so many of the list that the last likes alone would give."""


@dataclass(frozen=True, slots=True)
class Riser:
    """An item she does not have: its place by the last likes alone, and by all of them; 1 = first."""

    item: int
    rank: int
    before: int


@dataclass(frozen=True, slots=True)
class Recent:
    """why: "" or why nothing can be said (NO_ORDER, TOO_FEW, NO_VECTORS).

    last: how many of ``n`` likes are the last ones. first_at: unix seconds of the oldest of these, None without times.
    cosine: of the last with the earlier ones, and low to high the middle 95 % of as many likes at random. p: how often
    those are as far from the rest. changed: categories of the last against the earlier. risers: largest rise first.
    """

    why: str
    n: int
    last: int
    first_at: int | None = None
    last_at: int | None = None
    cosine: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    p: float = float("nan")
    changed: tuple[Lift, ...] = ()
    risers: tuple[Riser, ...] = ()


def recent(
    log: Interactions, catalog: Catalog, user: int, spots: Array, last: int, *, most: int = 8, seed: int = 0
) -> Recent:
    """spots: (n_items, d) of length 1, zero rows for items without a place. last: how many likes count as recent."""
    rows = liked_rows(log, user, len(catalog))
    if not log.ordered:
        return Recent(NO_ORDER, len(rows), last)
    if len(rows) < last + LEAST_EARLIER:
        return Recent(TOO_FEW, len(rows), last)
    rows = rows[::-1]  # the newest first, so that the last likes are the first group
    items, weights = log.items[rows], log.weights[rows]
    placed = np.any(spots[items] != 0, axis=1)
    if not placed[:last].any() or not placed[last:].any():
        return Recent(NO_VECTORS, len(rows), last)
    weights = weights if (weights > 0).all() else np.ones(len(weights))
    found = shuffled(spots[items[placed]], weights[placed], [int(placed[:last].sum())], seed)
    kinds = categories(catalog)
    times = None if log.times is None else log.times[rows]
    return Recent(
        why="",
        n=len(rows),
        last=last,
        first_at=None if times is None else int(times[last - 1]),
        last_at=None if times is None else int(times[0]),
        cosine=float(found.cosines[0]),
        low=float(found.low[0]),
        high=float(found.high[0]),
        p=found.p,
        changed=lifts(
            kinds.names,
            kinds.counts(items[:last]),
            last,
            kinds.counts(items[last:]),
            len(items) - last,
            least_others=LEAST_MIX,
        ),
        risers=_risers(spots, log.items[log.history(user)], items, weights, last, most),
    )


def _risers(spots: Array, seen: Array, items: Array, weights: Array, last: int, most: int) -> tuple[Riser, ...]:
    there = np.any(spots != 0, axis=1)
    there[seen[seen < len(spots)]] = False
    candidates = np.flatnonzero(there)
    now = _ranks(spots, candidates, weights[:last] @ spots[items[:last]])
    all_along = _ranks(spots, candidates, weights @ spots[items])
    near = np.flatnonzero(now <= DEPTH)
    rise = all_along[near] - now[near]
    order = near[np.lexsort((now[near], -rise))][:most]
    return tuple(
        Riser(int(candidates[at]), int(now[at]), int(all_along[at])) for at in order if all_along[at] > now[at]
    )


def _ranks(spots: Array, candidates: Array, direction: Array) -> Array:
    """(m,) places, from 1, by cosine; equal ones by item."""
    order = np.argsort(-(spots[candidates] @ direction), kind="stable")
    ranks = np.empty(len(candidates), dtype=np.int64)
    ranks[order] = np.arange(1, len(candidates) + 1)
    return ranks
