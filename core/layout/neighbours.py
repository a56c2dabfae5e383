"""The true nearest neighbours of a vector, by cosine in the original space, exact and never as an n x n matrix."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..errors import OutOfRangeError
from ..types import Array, unit_rows

BLOCK_CELLS = 8_000_000
"""Similarities held at a time (32 MB)."""
GROUP = 64
"""Similarities whose maximum stands for them while the bar a neighbour must reach is set."""
MARGIN = 4e-6
"""Two float32 similarities this near each other may be equal: such pairs are compared in float64."""
SPARE = 256
"""Candidates beyond k that are compared in float64 for one query; more than that are equal to float32's last bits."""


def nearest(
    vectors: Array,
    queries: Array,
    k: int,
    *,
    unit: bool = False,
    exclude_self: Array | None = None,
    on_block: Callable[[float], None] | None = None,
) -> tuple[Array, Array]:
    """The k rows of ``vectors`` (n, d) most similar to each of ``queries`` (m, d), best first.

    -> indices (m, k) int64 and cosine similarities (m, k) float64 in [-1, 1]; -1 and NaN where there are fewer than k
    rows, and for a query that holds NaN. A vector without length has similarity 0 to everything. Ties go to the
    smaller index, and a pair's value does not depend on what else is asked, so the answer is the same in any batch.

    unit: the rows of ``vectors`` are known to have length 1 (saves a pass over them). exclude_self: (m,) the row each
    query is, left out of its own list; -1 = none. on_block: called with the share that is done after
    each block of queries, and may raise to stop. Raises OutOfRangeError for k < 1.
    """
    if k < 1:
        raise OutOfRangeError("k", k, "a whole number of at least 1")
    n, m = len(vectors), len(queries)
    indices = np.full((m, k), -1, dtype=np.int64)
    similarities = np.full((m, k), np.nan)
    known = np.flatnonzero(np.isfinite(queries).all(axis=1)) if n else np.zeros(0, dtype=np.int64)
    lengths = None if unit else _lengths(vectors)
    rows_at_once = max(1, BLOCK_CELLS // max(1, n))
    for start in range(0, len(known), rows_at_once):
        rows = known[start : start + rows_at_once]
        products = unit_rows(queries[rows]) @ vectors.T
        if lengths is not None:
            products /= lengths
        own = np.full(len(rows), -1) if exclude_self is None else np.asarray(exclude_self)[rows]
        found, value = _best(products, vectors, queries[rows], k, own)
        indices[rows, : found.shape[1]] = found
        similarities[rows, : value.shape[1]] = value
        if on_block is not None:
            on_block(min(1.0, (start + rows_at_once) / len(known)))
    return indices, similarities


def _lengths(vectors: Array) -> Array:
    """(n,) float32 lengths, infinite for a vector without one, whose products then become 0."""
    lengths = np.sqrt(np.einsum("nd,nd->n", vectors, vectors))
    lengths[lengths == 0] = np.inf
    return lengths


def _best(products: Array, vectors: Array, queries: Array, k: int, own: Array) -> tuple[Array, Array]:
    """A bar from float32 products (m, n), which are used up, then the exact order of the few that reach it."""
    m, n = products.shape
    width = min(k, n)
    named = np.flatnonzero(own >= 0)
    products[named, own[named]] = -np.inf
    bar = _bar(products, width)
    row, column = np.nonzero(products >= bar[:, None] - MARGIN)
    counts = np.bincount(row, minlength=m)
    if counts.max(initial=0) > 2 * width + SPARE:
        keep = _thin(products[row, column], counts, width)
        row, column = row[keep], column[keep]
    exact = _exact(vectors, queries, row, column)
    exact[column == own[row]] = -np.inf
    order = np.lexsort((column, -exact, row))
    row, column, exact = row[order], column[order], exact[order]
    rank = np.arange(len(row)) - np.searchsorted(row, np.arange(m))[row]
    listed = (rank < width) & np.isfinite(exact)
    indices = np.full((m, width), -1, dtype=np.int64)
    values = np.full((m, width), np.nan)
    indices[row[listed], rank[listed]] = column[listed]
    values[row[listed], rank[listed]] = exact[listed]
    return indices, values


def _bar(products: Array, k: int) -> Array:
    """(m,) a value that at least k of each row reach: the k-th largest of the maxima of small groups.

    Several times faster than a full partition of every row, and seldom much lower than the true k-th largest.
    """
    m, n = products.shape
    groups = n // GROUP
    if groups < 4 * k:
        return np.partition(products, n - k, axis=1)[:, n - k]
    tops = products[:, : groups * GROUP].reshape(m, groups, GROUP).max(axis=2)
    return np.partition(tops, groups - k, axis=1)[:, groups - k]


def _thin(products: Array, counts: Array, k: int) -> Array:
    """Positions to keep where a row has very many candidates: its best ones, the smaller index among near equals.

    products: (pairs,) candidates row after row; counts: (m,) how many each row has.
    """
    kept = []
    for end, count in zip(np.cumsum(counts), counts, strict=True):
        positions = np.arange(end - count, end)
        if count > 2 * k + SPARE:
            own = products[positions]
            bar = np.partition(own, count - k)[count - k]
            sure = np.flatnonzero(own > bar + MARGIN)
            level = np.flatnonzero(np.abs(own - bar) <= MARGIN)[: 2 * k + SPARE - len(sure)]
            positions = positions[np.sort(np.concatenate((sure, level)))]
        kept.append(positions)
    return np.concatenate(kept)


def _exact(vectors: Array, queries: Array, row: Array, column: Array) -> Array:
    """(pairs,) float64 cosine of each pair, computed by itself; 0 where one has no length."""
    out = np.zeros(len(row))
    step = max(1, BLOCK_CELLS // 4 // max(1, vectors.shape[1]))
    for start in range(0, len(row), step):
        part = slice(start, start + step)
        left, right = queries[row[part]].astype(np.float64), vectors[column[part]].astype(np.float64)
        dots = np.einsum("pd,pd->p", left, right)
        lengths = np.sqrt(np.einsum("pd,pd->p", left, left) * np.einsum("pd,pd->p", right, right))
        np.divide(dots, lengths, out=out[part], where=lengths > 0)
    return np.clip(out, -1.0, 1.0)
