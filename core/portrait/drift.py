"""How a taste moved: periods of a history, how like the rest each is, and which categories came and went."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import Array, Catalog, Interactions
from .attributes import categories
from .lifts import Lift, lifts
from .likes import liked_rows
from .order import Shuffled, shuffled

DAY = 86_400
LEAST_LIKES = 8
"""Likes that a period holds at least."""
MOST_PERIODS = 6
LEAST_DAYS = 30
"""From the first to the last like: below, a change is a mood and not a drift."""
LEAST_MIX = 5
"""Likes with a category, early and late together, that make it worth comparing."""
NO_TIMES, TOO_FEW, TOO_SHORT, NO_VECTORS = "no_times", "too_few", "too_short", "no_vectors"


@dataclass(frozen=True, slots=True)
class Period:
    """Unix seconds of its first and last like, how many there are, its cosine with the rest, and the middle 95 % of
    what shuffled likes would give. shares: by category, in the order of ``Drift.names``."""

    first: int
    last: int
    n: int
    cosine: float
    low: float
    high: float
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """why: "" or why nothing can be said (NO_TIMES, TOO_FEW, TOO_SHORT, NO_VECTORS), and then there are no periods.

    n: likes. days: from the first to the last. p: see ``order.Shuffled``. names: categories, the commonest of hers
    first. turn: unix seconds at which the later half begins. changed: categories of the later half against the
    earlier one, the surest first; its ``others`` is the earlier share.
    """

    why: str
    n: int
    days: float
    periods: tuple[Period, ...] = ()
    p: float = float("nan")
    names: tuple[str, ...] = ()
    turn: int = 0
    changed: tuple[Lift, ...] = ()


def drift(log: Interactions, catalog: Catalog, user: int, spots: Array, seed: int = 0) -> Drift:
    """spots: (n_items, d) of length 1; a zero row = an item without a place: part of the mix, not of the cosines."""
    rows = liked_rows(log, user, len(catalog))
    if log.times is None:
        return Drift(NO_TIMES, len(rows), float("nan"))
    times = log.times[rows]
    days = float(times[-1] - times[0]) / DAY if len(rows) else 0.0
    if len(rows) < 2 * LEAST_LIKES:
        return Drift(TOO_FEW, len(rows), days)
    sizes = period_sizes(times)
    if days < LEAST_DAYS or len(sizes) < 2:
        return Drift(TOO_SHORT, len(rows), days)
    items, weights = log.items[rows], log.weights[rows]
    seen = _by_vectors(spots[items], weights, sizes, seed)
    if seen is None:
        return Drift(NO_VECTORS, len(rows), days)
    return _told(catalog, items, times, sizes, seen, days)


def period_sizes(times: Array) -> list[int]:
    """Lengths of periods for likes at ``times`` (n,) ascending: whole days, about as many likes each, at least
    LEAST_LIKES."""
    target = max(LEAST_LIKES, -(-len(times) // MOST_PERIODS))
    ends = np.flatnonzero(np.diff(times // DAY)) + 1
    cuts = [0]
    for end in (*ends.tolist(), len(times)):
        if end - cuts[-1] >= target:
            cuts.append(end)
    if cuts[-1] != len(times):
        if len(times) - cuts[-1] >= LEAST_LIKES:
            cuts.append(len(times))
        else:
            cuts[-1] = len(times) if len(cuts) > 1 else 0
    return [int(size) for size in np.diff(cuts)]


def _by_vectors(spots: Array, weights: Array, sizes: list[int], seed: int) -> Shuffled | None:
    """None where items without a place leave a period without a direction."""
    placed = np.any(spots != 0, axis=1)
    ends = np.cumsum(sizes)
    kept = [int(placed[end - size : end].sum()) for size, end in zip(sizes, ends, strict=True)]
    if min(kept) == 0:
        return None
    found = shuffled(spots[placed], _usable(weights[placed]), kept, seed)
    return found if np.isfinite(found.p) else None


def _usable(weights: Array) -> Array:
    """Weights of likes, all of them counting: where some are 0, all alike."""
    return weights if (weights > 0).all() else np.ones(len(weights), dtype=np.float32)


def _told(catalog: Catalog, items: Array, times: Array, sizes: list[int], seen: Shuffled, days: float) -> Drift:
    kinds, ends = categories(catalog), np.cumsum(sizes)
    order = np.argsort(-kinds.counts(items), kind="stable")
    periods = []
    for at, (size, end) in enumerate(zip(sizes, ends, strict=True)):
        span = slice(end - size, end)
        shares = kinds.counts(items[span])[order] / size
        figures = (float(seen.cosines[at]), float(seen.low[at]), float(seen.high[at]))
        first, last = int(times[span][0]), int(times[span][-1])
        periods.append(Period(first, last, size, *figures, tuple(float(share) for share in shares)))
    cut = int(ends[np.argmin(np.abs(ends[:-1] - len(items) / 2))])
    early, late = kinds.counts(items[:cut]), kinds.counts(items[cut:])
    changed = lifts(kinds.names, late, len(items) - cut, early, cut, least_others=LEAST_MIX)
    names = tuple(kinds.names[code] for code in order)
    return Drift("", len(items), days, tuple(periods), seen.p, names, int(times[cut]), changed)
