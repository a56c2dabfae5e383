"""Where a user or a phrase belongs in a finished picture: among its nearest items, in the best of their islands."""

from __future__ import annotations

import numpy as np

from ..types import Array
from .neighbours import nearest

SAME = 1e-6
"""1 - cosine up to which a query is the item itself."""
REACH = 1.5
WIDEST = 0.25
"""An island reaches REACH times the spacing n ** (-1 / dims) of n points in the frame, at most WIDEST."""


def place(vectors: Array, layout: Array, queries: Array, k: int = 15, *, unit: bool = False) -> Array:
    """Put queries (m, d) into a picture: (n, d) vectors drawn at ``layout`` (n, dims) -> (m, dims) float32.

    A query's k nearest items by cosine in the original space, each weighted by 1 / (1 - cosine), vote for the place:
    the neighbour with the most weight close to it in the picture wins, and the query goes to the weighted mean of
    what lies close to that one. So someone whose neighbours are in two islands is put into the stronger island, never
    into the void between them, and a query equal to an item lands exactly on it (on the first, of equal items).

    layout: in the frame of ``umap_layout.framed``. unit: ``vectors`` has unit rows, which saves a pass. A query with
    NaN, or without length, has no place: a row of NaN. Left-out items so placed keep as much of their neighbourhood
    as the picture's own points do, and four times as much as in the plain mean (benchmarks/layout.py).
    """
    n, dims = layout.shape
    out = np.full((len(queries), dims), np.nan, dtype=np.float32)
    found, similarity = nearest(vectors, queries, min(k, max(1, n)), unit=unit)
    known = np.flatnonzero((found[:, 0] >= 0) & np.any(queries != 0, axis=1))
    if not len(known):
        return out
    found, gap = found[known], 1.0 - similarity[known]
    spots = layout[found].astype(np.float64)
    weights = 1.0 / np.maximum(gap, SAME)
    reach = min(WIDEST, REACH * float(n) ** (-1.0 / dims))
    apart = np.square(spots[:, :, None, :] - spots[:, None, :, :]).sum(axis=3)
    close = np.exp(-apart / (2.0 * reach**2))
    strongest = np.einsum("mij,mj->mi", close, weights).argmax(axis=1)
    share = weights * close[np.arange(len(known)), strongest]
    share /= share.sum(axis=1, keepdims=True)
    out[known] = np.where(gap[:, :1] <= SAME, spots[:, 0], np.einsum("mk,mkd->md", share, spots))
    return out
