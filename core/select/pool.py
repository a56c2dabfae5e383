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
FLOAT32_STEP = 2.0**-24


class Measure(Protocol):
    """The part of a scorer that ranking needs."""

    def pairs(self, user: Array, items: Array, lengths: Array) -> Array: ...
    def inner(self, items: Array, lengths: Array) -> tuple[Array, Array | None]: ...
    def cut(self, score: float, users: Array) -> Array: ...


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Item vectors made ready for one scorer; build it once, rank many times.

    items, matrix: (n_items, d) float32. offset: (n_items,) float32 or None. lengths: (n_items,) float32.
    The order of ``users @ matrix.T + offset`` is the order of the scores, up to ``slack`` times the user's length.
    """

    measure: Measure
    items: Array
    lengths: Array
    matrix: Array
    offset: Array | None
    slack: float
    offset_slack: float


def build_index(measure: Measure, items: Array) -> Index:
    """Make item vectors (n_items, d) ready for ranking by ``measure``."""
    items = np.asarray(items, dtype=np.float32)
    lengths = np.sqrt(np.einsum("nd,nd->n", items, items))
    matrix, offset = measure.inner(items, lengths)
    if offset is not None:
        offset = offset.astype(np.float32)
    rounding = (items.shape[1] + 8) * FLOAT32_STEP + 2e-6  # a float32 sum of d products, and rows unit only nearly
    longest = 1.0 if matrix is not items else float(lengths.max(initial=0.0))
    reach = float(np.abs(offset).max(initial=0.0)) if offset is not None else 0.0
    return Index(measure, items, lengths, matrix, offset, rounding * longest, rounding * reach)


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
    order = np.argsort(hidden[0], kind="stable")
    hidden_rows, hidden_items = hidden[0][order], hidden[1][order]
    for start in range(0, n, block):
        stop = min(start + block, n)
        here = slice(*np.searchsorted(hidden_rows, (start, stop)))
        values = _values(index, users[start:stop], hidden_rows[here] - start, hidden_items[here])
        slack = index.slack * np.sqrt(np.einsum("nd,nd->n", users[start:stop], users[start:stop])) + index.offset_slack
        items, scores = _best(index, users[start:stop], values, slack, size)
        out_items[start:stop], out_scores[start:stop] = items, scores
        passing[start:stop] = _count(index, users[start:stop], values, slack, threshold)
    return Candidates(readonly(out_items), readonly(out_scores)), passing


def _values(index: Index, users: Array, hidden_rows: Array, hidden_items: Array) -> Array:
    """The quick product (n, n_items), -inf for hidden items."""
    values = users @ index.matrix.T
    if index.offset is not None:
        values += index.offset
    values[hidden_rows, hidden_items] = -np.inf
    return values


def _best(index: Index, users: Array, values: Array, slack: Array, size: int) -> tuple[Array, Array]:
    """The exact best ``size`` of each row: whoever could be among them by the quick value is scored again."""
    n, n_items = values.shape
    last = np.partition(values, n_items - size, axis=1)[:, n_items - size]
    floor = np.where(np.isfinite(last), last - 2 * slack, np.finfo(np.float32).min)
    flat = np.flatnonzero(values >= floor[:, None].astype(np.float32))
    ends = np.searchsorted(flat, np.arange(1, n + 1) * n_items)
    items = np.full((n, size), -1, dtype=np.int32)
    scores = np.full((n, size), np.nan)
    start = 0
    for row, end in enumerate(ends):
        candidates = flat[start:end] - row * n_items
        exact = index.measure.pairs(users[row], index.items[candidates], index.lengths[candidates])
        best = np.argsort(-exact, kind="stable")[:size]  # candidates ascend, so ties keep the smaller id first
        items[row, : len(best)], scores[row, : len(best)] = candidates[best], exact[best]
        start = end
    return items, scores


def _count(index: Index, users: Array, values: Array, slack: Array, threshold: float | None) -> Array:
    """(n,) how many candidates pass: clear cases by the quick value, close ones exactly."""
    if threshold is None:
        return np.isfinite(values).sum(axis=1)
    cut = index.measure.cut(threshold, users)
    clear = (values > (cut + 2 * slack)[:, None]).sum(axis=1)
    close_rows, close_items = np.nonzero(np.abs(values - cut[:, None]) <= (2 * slack)[:, None])
    for row in np.unique(close_rows):
        near = close_items[close_rows == row]
        exact = index.measure.pairs(users[row], index.items[near], index.lengths[near])
        clear[row] += int((exact >= threshold).sum())
    return clear
