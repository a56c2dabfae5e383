"""Where lists meet what was relevant: the hits that most metrics read."""

from __future__ import annotations

import numpy as np

from ..splits import ItemLists
from ..types import Array, readonly
from .judged import Judged, World

TABLE_BYTES = 8_000_000
"""Users are looked up in batches whose membership table has about this size, so that it stays in the cache."""


def judge(items: Array, relevant: ItemLists, n_candidates: Array, world: World) -> Judged:
    """Mark the relevant items of each list.

    items: (n, depth) int32, best first, -1 behind the last where a list is short. relevant: n sets, none of them
    empty. n_candidates: (n,) int64, what each list was chosen from. Time grows with n x depth, memory beyond the
    result is one table of bools.
    """
    n, depth = items.shape
    width = len(world.rankable) + 1
    batch = max(1, min(n, TABLE_BYTES // width))
    table = np.zeros(batch * width, dtype=bool)
    # Column by column, as the running sums over the places of a list go through them.
    hits = np.zeros((depth, n), dtype=bool)
    starts = np.arange(batch, dtype=np.int64)[:, None] * width
    for low in range(0, n, batch):
        high = min(low + batch, n)
        rows, liked = relevant_pairs(relevant, low, high)
        table[rows * width + liked] = True
        # Padding (-1) reads the last cell of the row before, which no item owns.
        hits[:, low:high] = table.take(starts[: high - low] + items[low:high]).T
        table[rows * width + liked] = False
    hits.setflags(write=False)
    return Judged(readonly(items), hits.T, relevant, readonly(n_candidates), world)


def relevant_pairs(relevant: ItemLists, low: int, high: int) -> tuple[Array, Array]:
    """(row, item) of the sets low .. high - 1, rows counted from low."""
    counts = np.diff(relevant.indptr[low : high + 1])
    return np.repeat(np.arange(high - low), counts), relevant.items[relevant.indptr[low] : relevant.indptr[high]]
