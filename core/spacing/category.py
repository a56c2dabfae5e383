"""Category spacing: items of one category do not stand too close, and no category takes the whole list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..pools import Picks, Pools
from ..registry import knob
from ..types import Array, readonly

ALL, RAREST = "all", "rarest"


@dataclass(frozen=True, slots=True)
class CategorySpacing:
    """At most ``spacing_most`` items of one category among any ``spacing_window`` in a row, and at most
    ``spacing_quota`` in the list. As many as the window is long never stand too close.

    Which categories of an item count: all it has, since all are shown with it, or only the rarest of them, the most
    telling one (fewest items of the catalogue; of equally rare ones the first by name). Items without one always fit.
    Place by place, the first item of the order that fits; where none does, the one that breaks the fewest rules, a rule
    being one category that is full, by window or by quota; ties go to the earlier one.
    """

    spacing_most: int = knob(2, "items of one category in a row of that length, at most", low=1, high=50, step=1)
    spacing_window: int = knob(3, "length of the row that is looked at", low=2, high=50, step=1, unit="items")
    spacing_quota: int = knob(
        0, "items of one category in the whole list, at most; 0 = any number", low=0, high=1000, step=1, unit="items"
    )
    spacing_counts: str = knob(
        ALL, "which categories of an item count: all it has, or only its rarest", choices=(ALL, RAREST)
    )

    key: ClassVar[str] = "category"
    label: ClassVar[str] = "Category: kept apart, and a quota"
    order: ClassVar[int] = 2

    def __call__(self, pools: Pools, k: int) -> Picks:
        """As ``core.pools.Arranger``. value: the relevance. penalty: how many rules the item broke as it was placed.
        barred: had to wait at least once, or breaks a rule where it stands; cause: the last pick of the window that
        shares a full category with it, from the last time it was barred; -1 where only the quota barred it.
        """
        n, m = pools.items.shape
        here, open_ = np.arange(n), pools.items >= 0
        own = self._counted(pools)
        state = _Placed(n, own.shape[1], self.spacing_most, self.spacing_window, self.spacing_quota)
        bits = _bits(own)[np.maximum(pools.items, 0)]
        places = np.full((n, min(k, m)), -1, dtype=np.int32)
        penalty, cause = np.zeros((n, m), dtype=np.float32), np.full((n, m), -1, dtype=np.int32)
        barred = np.zeros((n, m), dtype=bool)
        for rank in range(places.shape[1]):
            broken = _common(bits, _bits(state.near_full), _bits(state.all_full))
            best = np.where(open_, broken, np.iinfo(np.int32).max).argmin(axis=1)  # the first of the fewest
            some = open_[here, best]
            waiting = open_ & (broken > 0) & (np.arange(m) <= best[:, None]) & some[:, None]
            rows, columns = np.nonzero(waiting)
            barred[rows, columns] = True
            cause[rows, columns] = state.latest(rows, own[pools.items[rows, columns]], places[:, :rank])
            penalty[here[some], best[some]] = broken[here[some], best[some]]
            places[some, rank] = best[some]
            open_[here, best] = False
            state.place(np.where(some[:, None], own[np.maximum(pools.items[here, best], 0)], False))
        return Picks(
            places=readonly(places),
            value=pools.relevance,
            penalty=readonly(penalty),
            cause=readonly(cause),
            barred=readonly(barred),
        )

    def _counted(self, pools: Pools) -> Array:
        """(n_items, n_categories) bool: the categories that count."""
        has = pools.mixes > 0
        if self.spacing_counts == ALL or not has.size:
            return has
        rarest = np.where(has, has.sum(axis=0), np.iinfo(np.int64).max).argmin(axis=1)
        return has & (np.arange(has.shape[1]) == rarest[:, None])


class _Placed:
    """What stands in n lists so far, by category."""

    def __init__(self, n: int, n_categories: int, most: int, window: int, quota: int) -> None:
        self._most, self._reach, self._quota = most, window - 1, quota
        self._near = np.zeros((n, n_categories), dtype=np.int32)
        self._all = np.zeros((n, n_categories), dtype=np.int32)
        self._picks: list[Array] = []

    @property
    def near_full(self) -> Array:
        """(n, n_categories) bool: as many as may be stand in the window already."""
        return self._near >= self._most

    @property
    def all_full(self) -> Array:
        """(n, n_categories) bool: the quota is used up."""
        return self._all >= self._quota if self._quota else np.zeros(self._all.shape, dtype=bool)

    def place(self, categories: Array) -> None:
        """One more pick in each list; categories (n, n_categories) bool."""
        self._picks.append(categories)
        self._near += categories
        self._all += categories
        if len(self._picks) > self._reach:
            self._near -= self._picks[-1 - self._reach]

    def latest(self, rows: Array, categories: Array, places: Array) -> Array:
        """(p,) places of the latest picks in the window that share a category, full there, with items of lists
        ``rows`` (p,) that have ``categories`` (p, n_categories); -1 where there is none. places: (n, so far)."""
        held = categories & self.near_full[rows]
        found = np.full(len(rows), -1, dtype=np.int32)
        for back in range(1, min(self._reach, len(self._picks)) + 1):
            hit = (found < 0) & (held & self._picks[-back][rows]).any(axis=1)
            found[hit] = places[rows[hit], -back]
        return found


def _bits(flags: Array) -> Array:
    """(n, g) bool -> (n, words) uint64, a bit each."""
    n, g = flags.shape
    words = max(-(-g // 64), 1)
    padded = np.zeros((n, words * 8), dtype=np.uint8)
    packed = np.packbits(flags, axis=1)
    padded[:, : packed.shape[1]] = packed
    return padded.view(np.uint64)


def _common(bits: Array, *full: Array) -> Array:
    """bits (n, m, words), each of full (n, words) -> (n, m) int32: how many bits they share, summed over ``full``."""
    out = np.zeros(bits.shape[:2], dtype=np.int32)
    for one in full:
        if one.any():
            for word in range(bits.shape[2]):
                out += np.bitwise_count(bits[:, :, word] & one[:, word, None])
    return out
