"""Sums over the first K places of many lists, for every K at once.

Everything here is laid out (places, users): place by place, one addition serves all users, and no K costs a pass of
its own. A metric turns its result round at the end.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..types import Array
from .judged import Judged

BATCH_BYTES = 4_000_000
"""Metrics that need more than a number a place go through the users in batches of about this size: small enough to stay
in the cache."""


def picked(sums: Array, ks: Array) -> Array:
    """(places, n) sums -> (n_k, n), those up to each K; no copy where ks is 1, 2, 3 ..."""
    return sums[: len(ks)] if int(ks[-1]) == len(ks) else sums[ks - 1]


def hit_sums(judged: Judged, deepest: int) -> Array:
    """(deepest, n) unsigned integers: hits among the first 1, 2, 3 ... places."""
    hits = judged.hits.T[:deepest].view(np.uint8)
    sums = np.empty(hits.shape, dtype=np.uint8 if deepest < 256 else np.uint32)
    sums[:1] = hits[:1]
    for place in range(1, deepest):
        np.add(sums[place - 1], hits[place], out=sums[place])
    return sums


def hits_at(judged: Judged, ks: Array) -> Array:
    """(n_k, n) unsigned integers: hits among the first K places."""
    return picked(hit_sums(judged, int(ks[-1])), ks)


def weighted_hits_at(judged: Judged, weights: Array, ks: Array) -> Array:
    """(n_k, n) float32: the weights of the places among the first K that hold a hit. weights: (depth,) float32."""
    hits = judged.hits.T[: int(ks[-1])].view(np.uint8)
    sums = np.empty(hits.shape, dtype=np.float32)
    gain = np.empty(hits.shape[1], dtype=np.float32)
    np.multiply(hits[0], weights[0], out=sums[0])
    for place in range(1, len(hits)):
        np.multiply(hits[place], weights[place], out=gain)
        np.add(sums[place - 1], gain, out=sums[place])
    return picked(sums, ks)


def first_hits(judged: Judged) -> Array:
    """(n,) int64: place of the first hit counted from 1, or one more than the depth where there is none."""
    hits = judged.hits.T
    if not len(hits):
        return np.ones(hits.shape[1], dtype=np.int64)
    first = hits.argmax(axis=0)
    return np.where(np.take_along_axis(hits, first[None], axis=0)[0], first, len(hits)) + 1


def lengths_at(judged: Judged, ks: Array) -> Array:
    """(n_k, n) int64: how many of the first K places are filled."""
    return np.minimum(ks[:, None], (judged.items >= 0).sum(axis=1)[None])


def mean_of_items(judged: Judged, values: Array, ks: Array) -> Array:
    """(n, n_k) float32: the mean of (n_items,) values over the first K places that are filled, NaN where none is."""
    places = judged.items[:, : int(ks[-1])].T
    padded = np.append(values, 0).astype(np.float32)
    sums = np.cumsum(padded[places], axis=0, dtype=np.float32)
    return share(picked(sums, ks), lengths_at(judged, ks)).T


def share(part: Array, whole: Array) -> Array:
    """part / whole in float32, NaN where the whole is 0."""
    empty = np.full(np.broadcast_shapes(part.shape, whole.shape), np.nan, dtype=np.float32)
    return np.divide(part, whole, out=empty, where=whole > 0, casting="same_kind")


def exposures(judged: Judged, ks: Array) -> Iterator[Array]:
    """For each K in turn (n_items,) int64: in how many lists an item is among the first K. One array, changed in
    place."""
    shown = np.zeros(len(judged.world.rankable) + 1, dtype=np.int64)
    before = 0
    for k in ks.tolist():
        places = judged.items[:, before:k].ravel()
        shown += np.bincount(places + 1, minlength=len(shown))
        before = k
        yield shown[1:]


def user_batches(judged: Judged, bytes_per_user: int) -> Iterator[slice]:
    """Slices of users that need about ``BATCH_BYTES`` at a time."""
    n, size = len(judged.items), max(1, BATCH_BYTES // max(bytes_per_user, 1))
    for low in range(0, n, size):
        yield slice(low, min(low + size, n))
