"""Figures of all lists together, with and without each group of users, in one pass over the places."""

from __future__ import annotations

import numpy as np

from ..evaluate.intervals import GROUPS, groups_of
from ..metrics.gini import unequal
from ..metrics.judged import Judged
from ..types import Array

EXPOSURE = ("coverage", "gini")


def exposure(judged: Judged, name: str) -> Array:
    """(1 + GROUPS,) float64: one of EXPOSURE of all lists, then without each group of users; NaN there with fewer users
    than GROUPS. The same as the metric of that name says (core/metrics), at the full depth of the lists."""
    n, rankable = len(judged.items), judged.world.rankable
    out = np.full(1 + GROUPS, np.nan)
    if not n:
        return out
    whole = _shown(judged.items, len(rankable))
    out[0] = _figure(name, whole[rankable])
    if n < GROUPS:
        return out
    group = groups_of(n)
    for number in range(GROUPS):
        rest = whole - _shown(judged.items[group == number], len(rankable))
        out[1 + number] = _figure(name, rest[rankable])
    return out


def _figure(name: str, shown: Array) -> float:
    """shown: (n_rankable,) in how many lists each item stands."""
    if name == "gini":
        return unequal(shown)
    return float(np.count_nonzero(shown) / len(shown)) if len(shown) else float("nan")


def _shown(items: Array, n_items: int) -> Array:
    return np.bincount(items.ravel() + 1, minlength=n_items + 1)[1:]
