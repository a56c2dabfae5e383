"""Bursts on one item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import knob
from ..types import Array
from .robust import MIN_COMPARED, spread
from .state import NO_TIME, Finding, Log, counted, nothing
from .timeline import LATEST, clip, timeline

HOUR = 3600
LEAST = 5
"""An item with fewer interactions has a busiest window that says nothing."""
PACE = 10
FLOOR = 0.05
"""Least deviation of a share."""


@dataclass(frozen=True, slots=True)
class ItemBurst:
    """Most of an item's interactions in one short window, from a crowd, against the pace of the log.

    An item is found where its busiest window holds ``share`` of its interactions, that share lies above what the
    log's items show (median + robust deviations, as Iglewicz & Hoaglin 1993 do), ``crowd`` different users
    made them, and everything else in the log was at most a tenth as dense then. A new item that people like for weeks
    stays below, and where every item lives for a day, as news do, none stands out.
    """

    key: ClassVar[str] = "item_burst"
    label: ClassVar[str] = "Burst on one item"
    help: ClassVar[str] = "Items that got most of their interactions within a short time, unlike the other items."
    order: ClassVar[int] = 14
    table: ClassVar[str] = "interactions"
    mode: ClassVar[str] = "look"

    hours: int = knob(24, "length of the time window", low=1, high=720, unit="hours")
    share: float = knob(0.5, "share of the item's interactions that fall into the window", low=0.1, high=1.0, step=0.05)
    crowd: int = knob(30, "different users who must take part", low=5, high=100000, unit="users")
    deviations: float = knob(3.5, "how far above the log's items, in robust deviations", low=2, high=20, step=0.5)

    def __call__(self, log: Log) -> Finding:
        """Rows of such an item inside its busiest window."""
        if log.times is None:
            return nothing(log, "Not looked at: the log has no times.")
        counts = np.bincount(log.items[(log.items >= 0) & (log.times != NO_TIME)], minlength=len(log.item_ids))
        compared = np.flatnonzero(counts >= LEAST)
        if len(compared) < MIN_COMPARED:
            return nothing(
                log, f"Not looked at: it takes {MIN_COMPARED} items with {LEAST} interactions to know what is usual."
            )
        peaks, starts = self._peaks(log, log.times, counts >= LEAST, compared)
        # 0 where no two interactions come together, however few there are
        shares = (peaks - 1) / (counts[compared] - 1)
        median, usual = spread(shares)
        limit = max(self.share, median + self.deviations * max(usual, FLOOR))
        ahead = (
            (shares >= limit)
            & (peaks >= self.crowd)
            & (shares >= PACE * self._pace(log.times, peaks, starts, counts[compared]))
        )
        found = compared[ahead]
        touched, crowds = self._rows(log, log.times, found, starts[ahead])
        full = crowds >= self.crowd
        dropped = np.zeros(len(log.item_ids) + 1, dtype=bool)
        dropped[found[~full]] = True
        touched &= ~dropped[log.items]
        rule = (
            f"{100 * min(limit, 1):.0f} % or more of their interactions within {self.hours} hours, from {self.crowd} "
            f"users or more (usual: {100 * median:.0f} %)"
        )
        if not full.any():
            return Finding(
                touched, f"No item got {rule}." if limit <= 1 else "No item stands out: bursts are usual in this log."
            )
        rows = np.flatnonzero(ahead)[full]
        rows = rows[np.argsort(-peaks[rows], kind="stable")]
        users = dict(zip(found.tolist(), crowds.tolist(), strict=True))
        lines = [
            f"item {log.item_ids[compared[at]]}: {peaks[at]:,} of {counts[compared[at]]:,} interactions, by "
            f"{users[int(compared[at])]:,} users, within {self.hours} hours from {_date(starts[at])}"
            for at in rows[:5]
        ]
        return Finding(touched, f"{counted(len(rows), 'item')} got {rule}.", tuple(lines))

    def _peaks(self, log: Log, times: Array, enough: Array, compared: Array) -> tuple[Array, Array]:
        """(m,) most interactions of each compared item within a window, and when that window starts."""
        window = HOUR * self.hours
        rows = np.append(enough, False)[log.items]
        keys, span, start = timeline(log.items, times, rows, window)
        inside = np.searchsorted(keys, keys + window) - np.arange(len(keys))
        first = np.searchsorted(keys, compared * span)
        peaks = np.maximum.reduceat(inside, first)
        at_peak = np.flatnonzero(inside == np.repeat(peaks, np.diff(first, append=len(keys))))
        begin = at_peak[np.searchsorted(at_peak, first)]
        return peaks, keys[begin] - compared * span + start

    def _pace(self, times: Array, peaks: Array, starts: Array, counts: Array) -> Array:
        """(m,) share of everything else in the log that falls into the same windows."""
        times = np.sort(clip(times[times != NO_TIME]))
        inside = np.searchsorted(times, starts + HOUR * self.hours) - np.searchsorted(times, starts)
        return (inside - peaks) / np.maximum(len(times) - counts, 1)

    def _rows(self, log: Log, times: Array, found: Array, starts: Array) -> tuple[Array, Array]:
        """The rows (n,) inside the windows of the items found, and how many different users made them."""
        begin = np.full(len(log.item_ids) + 1, LATEST + 1)
        begin[found] = starts
        begin = begin[log.items]
        touched = (times >= begin) & (times < begin + HOUR * self.hours) & (times != NO_TIME)
        pairs = np.unique(np.stack([log.items[touched], log.users[touched]]), axis=1)
        return touched, np.bincount(pairs[0], minlength=len(log.item_ids))[found]


def _date(seconds: int) -> str:
    return str(np.datetime64(int(seconds), "s").astype("datetime64[m]")).replace("T", " ") + " UTC"
