"""The long tail: how unevenly the interactions fall on the items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import Array
from .bins import Bins, log_bins
from .concentration import gini, top_share

POINTS = 100
TOPS = (1, 10, 20)


@dataclass(frozen=True, slots=True)
class LongTail:
    """Items by popularity, the most popular first.

    items, share: at most 101 points of the concentration curve: ``share`` of all interactions falls on the top
    ``items`` (both in [0, 1]). It is the Lorenz curve turned by 180 degrees, and holds the same areas.
    gini: over all items of the catalogue, those without interactions as well; gini_touched: over items with any.
    top_1, top_10, top_20: share of the interactions on so many percent of all items (rounded up to whole items).
    half_items: how many items, the most popular ones, make half of all interactions. per_item: interactions an item.
    Shares and coefficients are NaN, the curve empty, for an empty log.
    """

    n_items: int
    n_touched: int
    items: tuple[float, ...]
    share: tuple[float, ...]
    gini: float
    gini_touched: float
    top_1: float
    top_10: float
    top_20: float
    half_items: int
    per_item: Bins


def long_tail(per_item: Array) -> LongTail:
    """(n_items,) interactions of each item -> the long tail."""
    descending = np.sort(per_item)[::-1]
    reached = np.concatenate([[0], np.cumsum(descending)])
    n, total = len(descending), int(reached[-1])
    places = np.unique(np.linspace(0, n, POINTS + 1).round().astype(np.int64)) if total else np.empty(0, np.int64)
    tops = [top_share(descending, percent) for percent in TOPS]
    return LongTail(
        n_items=n,
        n_touched=int((descending > 0).sum()),
        items=tuple((places / max(n, 1)).tolist()),
        share=tuple((reached[places] / max(total, 1)).tolist()),
        gini=gini(descending),
        gini_touched=gini(descending[descending > 0]),
        top_1=tops[0],
        top_10=tops[1],
        top_20=tops[2],
        half_items=int(np.searchsorted(2 * reached, total)),
        per_item=log_bins(per_item),
    )
