"""The candidates: each user's best unseen items, exactly, for many users at once.

One matrix product in float32 finds who may be in the pool; the few who may are scored again, each by itself, so
that a list does not depend on how many users were asked together, on where an item stands, or on the processor's
way of splitting a product. Equal items get equal bits, and ties go to the smaller item id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..types import Array, Candidates, readonly

BLOCK_BYTES = 64 * 2**20
GROUP = 16
"""Items whose maximum stands for them while the bar is looked for."""
FLOAT32_STEP = 2.0**-24


class Measure(Protocol):
    """The part of a scorer that ranking needs."""

    def kernel(self, user: Array, items: Array) -> Array: ...
    def finish(self, kernels: Array, user_lengths: Array, item_lengths: Array) -> Array: ...
    def inner(self, items: Array, lengths: Array) -> tuple[Array, Array | None]: ...
    def cut(self, score: float, users: Array) -> Array: ...


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Item vectors made ready for one scorer; build it once, rank many times.

    items: (n_items, d) float32. lengths: (n_items,) float32. matrix: (n_items, d) float32, or (n_items, d + 1) where
    the measure has an offset: it is the last column, and users get a 1 there. The order of ``users @ matrix.T`` is the
    order of the scores, up to ``slack`` times the user's length plus ``offset_slack``.
    """

    measure: Measure
    items: Array
    lengths: Array
    matrix: Array
    slack: float
    offset_slack: float


def build_index(measure: Measure, items: Array) -> Index:
    """Make item vectors (n_items, d) ready for ranking by ``measure``."""
    items = np.asarray(items, dtype=np.float32)
    lengths = np.sqrt(np.vecdot(items, items))
    matrix, offset = measure.inner(items, lengths)
    rounding = (items.shape[1] + 8) * FLOAT32_STEP + 2e-6  # a float32 sum of d products, and rows unit only nearly
    longest = 1.0 if matrix is not items else float(lengths.max(initial=0.0))
    reach = float(np.abs(offset).max(initial=0.0)) if offset is not None else 0.0
    if offset is not None:
        matrix = np.column_stack((matrix, offset.astype(np.float32)))
    return Index(measure, items, lengths, matrix, rounding * longest, rounding * reach)


def rank(
    index: Index, users: Array, size: int, hidden: tuple[Array, Array], threshold: float | None
) -> tuple[Candidates, Array]:
    """Each user's ``size`` best items, and how many of the whole catalogue pass the threshold.

    users: (n, d) float32, no NaN. size: >= 1. hidden: (rows, items) pairs never to be recommended (seen items).
    threshold: a score, or None (then every candidate counts as passing).
    Returns Candidates (n, min(size, n_items)) and counts (n,) int64.
    """
    n, n_items = len(users), len(index.items)
    size = min(size, n_items)
    out_items = np.full((n, size), -1, dtype=np.int32)
    out_scores = np.full((n, size), np.nan)
    passing = np.zeros(n, dtype=np.int64)
    block = max(1, BLOCK_BYTES // max(1, 4 * n_items))
    keys = _distinct(hidden[0] * n_items + hidden[1])
    for start in range(0, n, block):
        stop = min(start + block, n)
        here = keys[slice(*np.searchsorted(keys, (start * n_items, stop * n_items)))] - start * n_items
        some = _Block(index, users[start:stop], here)
        out_items[start:stop], out_scores[start:stop] = some.best(size)
        passing[start:stop] = some.passing(threshold)
    return Candidates(readonly(out_items), readonly(out_scores)), passing


def exact(measure: Measure, user: Array, items: Array, lengths: Array) -> Array:
    """user (d,), items (m, d), their lengths (m,) -> scores (m,), the same bits for a pair in any company."""
    own = np.sqrt(np.vecdot(user, user))
    return measure.finish(measure.kernel(user, items.copy()), np.broadcast_to(own, lengths.shape), lengths)


def _with_ones(users: Array) -> Array:
    return np.concatenate((users, np.ones((len(users), 1), dtype=users.dtype)), axis=1)


def _distinct(keys: Array) -> Array:
    """Ascending, each key once."""
    keys = np.sort(keys.astype(np.int64))
    return keys[np.concatenate(([True], keys[1:] != keys[:-1]))] if len(keys) else keys


class _Block:
    """Some users against the whole catalogue: the quick product, and what it leaves to be scored exactly."""

    def __init__(self, index: Index, users: Array, hidden: Array) -> None:
        self.index, self.users, self.hidden = index, users, hidden
        lifted = users if index.matrix.shape[1] == users.shape[1] else _with_ones(users)
        self.values = lifted @ index.matrix.T
        self.values.ravel()[hidden] = -np.inf
        self.lengths = np.sqrt(np.vecdot(users, users))
        self.slack = 2 * (index.slack * self.lengths + index.offset_slack)

    def best(self, size: int) -> tuple[Array, Array]:
        """(n, size) items and scores: whoever could be among the best by the quick value is scored again."""
        n, n_items = self.values.shape
        floor = bar(self.values, size) - self.slack
        floor = np.where(np.isfinite(floor), floor, np.finfo(np.float32).min).astype(np.float32)
        flat = np.flatnonzero(self.values >= floor[:, None])
        counts = np.diff(np.searchsorted(flat, np.arange(n + 1) * n_items))
        rows = np.repeat(np.arange(n), counts)
        candidates = flat - rows * n_items
        return sorted_pairs(rows, counts, candidates, self._exact(rows, counts, candidates), size)

    def _exact(self, rows: Array, counts: Array, candidates: Array) -> Array:
        """(p,) the exact scores of (row, candidate) pairs, rows ascending."""
        measure, items = self.index.measure, self.index.items
        kernels = np.empty(len(candidates), dtype=np.float32)
        start = 0
        for user, count in zip(self.users, counts.tolist(), strict=True):
            stop = start + count
            kernels[start:stop] = measure.kernel(user, items.take(candidates[start:stop], axis=0))
            start = stop
        return measure.finish(kernels, self.lengths[rows], self.index.lengths[candidates])

    def passing(self, threshold: float | None) -> Array:
        """(n,) how many candidates pass: clear cases by the quick value, close ones exactly."""
        n, n_items = self.values.shape
        if threshold is None:
            return n_items - np.bincount(self.hidden // n_items, minlength=n)
        cut = self.index.measure.cut(threshold, self.users)
        clear = (self.values > (cut + self.slack)[:, None]).sum(axis=1)
        rows, items = np.nonzero(np.abs(self.values - cut[:, None]) <= self.slack[:, None])
        scores = self._exact(rows, np.bincount(rows, minlength=n), items)
        return clear + np.bincount(rows[scores >= np.float32(threshold)], minlength=n)


def bar(values: Array, size: int) -> Array:
    """(n,) a value that at least ``size`` of each row reach: the size-th largest of the maxima of small groups.

    Never above the true size-th largest, seldom far below it, and several times faster to find.
    """
    n, n_items = values.shape
    groups = n_items // GROUP
    if groups <= 2 * size:
        return np.partition(values, n_items - size, axis=1)[:, n_items - size]
    maxima = np.maximum.reduce(values[:, : groups * GROUP].reshape(n, GROUP, groups), axis=1)
    return np.partition(maxima, groups - size, axis=1)[:, groups - size]


def sorted_pairs(rows: Array, counts: Array, candidates: Array, scores: Array, size: int) -> tuple[Array, Array]:
    """Ragged pairs, ascending by (row, candidate) -> (n, size) items and scores, best first, ties by candidate."""
    n, width = len(counts), max(int(counts.max(initial=0)), size)
    starts = np.cumsum(counts) - counts
    place = np.arange(len(rows)) - np.repeat(starts, counts)
    bits = (scores + np.float32(0)).astype(np.float32).view(np.int32)  # adding 0 makes -0.0 equal to 0.0
    ascending = (bits ^ ((bits >> 31) & 0x7FFFFFFF)).astype(np.int64)
    keys = np.full((n, width), np.iinfo(np.int64).max)
    keys[rows, place] = (~ascending << 32) | place  # one whole number that sorts by score, then by place
    keys.sort(axis=1)
    keys = keys[:, :size]
    filled = keys != np.iinfo(np.int64).max
    source = np.where(filled, starts[:, None] + (keys & 0xFFFFFFFF), 0)
    if not len(candidates):
        return np.full((n, size), -1, dtype=np.int32), np.full((n, size), np.nan)
    return np.where(filled, candidates[source], -1).astype(np.int32), np.where(filled, scores[source], np.nan)
