"""Whether the order in which things were liked means anything: groups in time against the same likes, shuffled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import Array

SHUFFLES = 199
BLOCK = 25
"""Shuffles worked on at once, which bounds memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Shuffled:
    """Groups of likes beside the likes outside of each: cosine of the two mean vectors.

    cosines: (g,). low, high: (g,) the middle 95 % of what shuffled likes give groups of that size. p: how often
    shuffled groups are as far apart as these, on average; small = the order means something. NaN where undefined.
    """

    cosines: Array
    low: Array
    high: Array
    p: float


def shuffled(spots: Array, weights: Array, sizes: list[int], seed: int = 0) -> Shuffled:
    """spots: (n, d) of likes, in their order, of length 1. weights: (n,) > 0. sizes: of groups that follow
    each other from the first like on; likes behind the last
    group belong to none. Deterministic with the seed."""
    rows = spots * np.asarray(weights, dtype=np.float32)[:, None]
    n, groups = len(rows), len(sizes)
    member = np.zeros((groups, n), dtype=np.float32)
    edges = np.concatenate(([0], np.cumsum(sizes)))
    for group in range(groups):
        member[group, edges[group] : edges[group + 1]] = 1
    whole = rows.sum(axis=0, dtype=np.float64)
    seen = _to_the_rest(member @ rows, whole)
    rng = np.random.default_rng(seed)
    drawn = np.concatenate(
        [_drawn(member, rows, whole, rng, min(BLOCK, SHUFFLES - start)) for start in range(0, SHUFFLES, BLOCK)]
    )
    low, high = np.percentile(drawn, (2.5, 97.5), axis=0)
    extreme = int((drawn.mean(axis=1) <= seen.mean() + 1e-12).sum())
    p = (1 + extreme) / (1 + SHUFFLES) if np.isfinite(seen).all() else float("nan")
    return Shuffled(seen, low, high, p)


def _drawn(member: Array, rows: Array, whole: Array, rng: np.random.Generator, count: int) -> Array:
    """(count, g) cosines of shuffled groups."""
    mixed = np.concatenate([member[:, rng.permutation(member.shape[1])] for _ in range(count)])
    return _to_the_rest(mixed @ rows, whole).reshape(count, len(member))


def _to_the_rest(sums: Array, whole: Array) -> Array:
    """(m,) cosine of each sum (m, d) with what is left of the whole without it."""
    some = sums.astype(np.float64)
    rest = whole - some
    lengths = np.linalg.norm(some, axis=1) * np.linalg.norm(rest, axis=1)
    return np.divide((some * rest).sum(axis=1), lengths, out=np.full(len(some), np.nan), where=lengths > 1e-9)
