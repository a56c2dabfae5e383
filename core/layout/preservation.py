"""How far a picture may be trusted: what became of each item's neighbourhood on the way to two dimensions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..types import Array, unit_rows
from .neighbours import BLOCK_CELLS, nearest

NEIGHBOURS = 15
EXACT_UP_TO = 10_000
"""Items up to which trustworthiness is taken over all of them; above it over a seeded sample of SAMPLE items."""
SAMPLE = 2_000


def neighbourhood(n: int, k: int = NEIGHBOURS) -> int:
    """The neighbourhood size used for n items: k, but less than half of the items; 0 (undefined) below 3 items.

    With n/2 neighbours or more every picture would look faithful, and trustworthiness is not defined.
    """
    return max(0, min(k, (n - 1) // 2))


def preservation(
    vectors: Array,
    xy: Array,
    k: int = NEIGHBOURS,
    *,
    unit: bool = False,
    on_block: Callable[[float], None] | None = None,
) -> Array:
    """Share of each item's true nearest neighbours that are also among its nearest in the picture.

    vectors: (n, d) the original space, compared by cosine. xy: (n, dims), compared by straight distance.
    -> (n,) float32 in [0, 1]: |true k nearest  AND  drawn k nearest| / k, with k from :func:`neighbourhood`; NaN
    below 3 items. Its mean is the picture's neighbourhood preservation. unit, on_block: as in ``nearest``.
    """
    n = len(vectors)
    k = neighbourhood(n, k)
    if k < 1:
        return np.full(n, np.nan, dtype=np.float32)
    true, _ = nearest(vectors, vectors, k, unit=unit, exclude_self=np.arange(n), on_block=on_block)
    return shared(true, drawn_neighbours(xy, k))


def shared(true: Array, drawn: Array) -> Array:
    """(n, k) and (n, k) index lists without repeats -> (n,) float32 share of the first found in the second."""
    both = np.sort(np.concatenate((true, drawn), axis=1), axis=1)
    hits = ((both[:, 1:] == both[:, :-1]) & (both[:, 1:] >= 0)).sum(axis=1)
    return (hits / true.shape[1]).astype(np.float32)


def drawn_neighbours(xy: Array, k: int) -> Array:
    """(n, k) int64: the k nearest other points of each point of the picture, nearest first; needs k < n."""
    from scipy.spatial import cKDTree

    n = len(xy)
    _, found = cKDTree(xy).query(xy, k=k + 1)
    own = found == np.arange(n)[:, None]
    # Among coincident points a point may be missing from its own list: then the farthest one goes instead.
    own[~own.any(axis=1), -1] = True
    return found[~own].reshape(n, k).astype(np.int64)


def trustworthiness(
    vectors: Array, xy: Array, k: int = NEIGHBOURS, *, sample: int | None = None, seed: int = 0, unit: bool = False
) -> float:
    """Trustworthiness of a picture, in [0, 1]: 1 = nobody is drawn near who is not near.

    T(k) = 1 - 2 / (n k (2n - 3k - 1)) * sum_i sum_{j in drawn k nearest of i} max(0, r(i, j) - k), where r(i, j) is
    the rank of j among the true neighbours of i (1 = nearest, by cosine; equal similarities share the better rank).
    Venna & Kaski 2001. NaN below 3 items. sample: take the sum over that many items, drawn with ``seed``; None = all
    up to EXACT_UP_TO items, else SAMPLE of them.
    """
    n = len(vectors)
    k = neighbourhood(n, k)
    if k < 1:
        return float("nan")
    size = min(n, sample or (n if n <= EXACT_UP_TO else SAMPLE))
    chosen = np.arange(n) if size == n else np.sort(np.random.default_rng(seed).choice(n, size, replace=False))
    drawn = drawn_neighbours(xy, k)[chosen]
    rows = vectors if unit else unit_rows(vectors)
    penalty = 0
    step = max(1, BLOCK_CELLS // n)
    for start in range(0, size, step):
        part = chosen[start : start + step]
        products = rows[part] @ rows.T
        products[np.arange(len(part)), part] = np.inf
        ranks = _ranks(products, drawn[start : start + step])
        penalty += int(np.maximum(0, ranks - k).sum())
    return 1.0 - penalty * 2.0 / (size * k * (2.0 * n - 3.0 * k - 1.0))


def _ranks(products: Array, columns: Array) -> Array:
    """(m, n) similarities, each row's own entry infinite, and (m, k) columns -> (m, k) rank, 1 = nearest other."""
    ranks = np.empty(columns.shape, dtype=np.int64)
    for position in range(columns.shape[1]):
        column = columns[:, position, None]
        value = np.take_along_axis(products, column, axis=1)
        ranks[:, position] = (products > value).sum(axis=1)
    return ranks
