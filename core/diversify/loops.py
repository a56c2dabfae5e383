"""The loops of the methods that measure likeness, as plain functions that ``kernels`` compiles together.

Arguments they share, of one user's pool of ``count`` candidates: items (m,) int32, -1 padded at the end; relevance
(m,) float32; vectors (n_items, d) float32 unit or zero rows; the ledger to fill. Values are float64, cosines float32.

A candidate's value under MMR and the DPP only falls as the list grows. So each one keeps the value it had when it was
last looked at, and is looked at again only where that could still win (lazy greedy: Minoux 1978). Under MMR that saves
most of the cosines of the picking; the rest of the ledger is then completed in blocks of BLOCK x BLOCK cosines.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..types import Array

Ledger = tuple[Array, Array, Array, Array, Array]
"""places, value, penalty, cause, barred, as ``core.pools.Picks`` describes them, to be filled."""
State = tuple[Array, Array, Array, Array]
"""base, bound, near, seen: value without penalty, value when last looked at, largest cosine with the picks looked at,
how many those are."""
BLOCK = 4


def cosine(vectors: Array, one: int, other: int) -> Any:
    """Of two rows. Copies of a row get the very same number: ties stay ties."""
    a, b = vectors[one], vectors[other]
    total = np.float32(0)
    for t in range(vectors.shape[1]):
        total += a[t] * b[t]
    return total


def cosines(vectors: Array, items: Array, count: int, places: Array, first: int, last: int, tile: Array) -> None:
    """tile[j, i] = cosine of candidate i with pick first + j, for BLOCK picks below ``last``; beyond it, the last."""
    p0, p1 = vectors[items[places[first]]], vectors[items[places[min(first + 1, last - 1)]]]
    p2, p3 = vectors[items[places[min(first + 2, last - 1)]]], vectors[items[places[min(first + 3, last - 1)]]]
    for i0 in range(0, count, BLOCK):
        i1, i2, i3 = min(i0 + 1, count - 1), min(i0 + 2, count - 1), min(i0 + 3, count - 1)
        a, b, c, d = vectors[items[i0]], vectors[items[i1]], vectors[items[i2]], vectors[items[i3]]
        a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = np.float32(0)
        c0 = c1 = c2 = c3 = d0 = d1 = d2 = d3 = np.float32(0)
        for t in range(vectors.shape[1]):
            a0 += a[t] * p0[t]
            a1 += a[t] * p1[t]
            a2 += a[t] * p2[t]
            a3 += a[t] * p3[t]
            b0 += b[t] * p0[t]
            b1 += b[t] * p1[t]
            b2 += b[t] * p2[t]
            b3 += b[t] * p3[t]
            c0 += c[t] * p0[t]
            c1 += c[t] * p1[t]
            c2 += c[t] * p2[t]
            c3 += c[t] * p3[t]
            d0 += d[t] * p0[t]
            d1 += d[t] * p1[t]
            d2 += d[t] * p2[t]
            d3 += d[t] * p3[t]
        tile[0, i0], tile[1, i0], tile[2, i0], tile[3, i0] = a0, a1, a2, a3
        tile[0, i1], tile[1, i1], tile[2, i1], tile[3, i1] = b0, b1, b2, b3
        tile[0, i2], tile[1, i2], tile[2, i2], tile[3, i2] = c0, c1, c2, c3
        tile[0, i3], tile[1, i3], tile[2, i3], tile[3, i3] = d0, d1, d2, d3


def cosines_with(vectors: Array, items: Array, count: int, pick: int, row: Array) -> None:
    """row[i] = cosine of candidate i with the pick at this pool place."""
    p = vectors[items[pick]]
    for i0 in range(0, count, BLOCK):
        i1, i2, i3 = min(i0 + 1, count - 1), min(i0 + 2, count - 1), min(i0 + 3, count - 1)
        a, b, c, d = vectors[items[i0]], vectors[items[i1]], vectors[items[i2]], vectors[items[i3]]
        w = x = y = z = np.float32(0)
        for t in range(vectors.shape[1]):
            w += a[t] * p[t]
            x += b[t] * p[t]
            y += c[t] * p[t]
            z += d[t] * p[t]
        row[i0], row[i1], row[i2], row[i3] = w, x, y, z


def of_user(ledger: Ledger, u: int) -> Ledger:
    """One row of each array."""
    places, value, penalty, cause, barred = ledger
    return places[u], value[u], penalty[u], cause[u], barred[u]


def opened(items: Array, relevance: Array, share: float, base: Array, ledger: Ledger) -> int:
    """How many candidates there are; base (m,) float64 = share * relevance. The ledger starts empty."""
    places, value, penalty, cause, barred = ledger
    places[:], penalty[:], cause[:], barred[:] = -1, 0, -1, False
    count = 0
    for i in range(len(items)):
        if items[i] < 0:
            value[i] = np.nan
        else:
            base[i] = 0.0 if np.isnan(relevance[i]) else share * relevance[i]
            count += 1
    return count


def largest(values: Array, count: int) -> int:
    """The first place of the largest."""
    at = 0
    for i in range(1, count):
        if values[i] > values[at]:
            at = i
    return at


def mmr_bound(
    i: int, step: int, best: float, d: float, items: Array, vectors: Array, places: Array, cause: Array, state: State
) -> float:
    """Compare candidate i with further picks, until all ``step`` are done or it cannot reach ``best`` any more."""
    base, bound, near, seen = state
    while seen[i] < step and bound[i] >= best:
        pick = places[seen[i]]
        like = cosine(vectors, items[i], items[pick])
        if like > near[i]:
            near[i], cause[i] = like, pick
        bound[i] = base[i] - d * near[i]
        seen[i] += 1
    return bound[i]


def mmr_list(items: Array, relevance: Array, vectors: Array, ledger: Ledger, diversity: float) -> None:
    """Maximal marginal relevance; see ``mmr.Mmr``."""
    places, value, penalty, cause, _ = ledger
    m = len(items)
    base, bound, near, seen = np.empty(m), np.empty(m), np.zeros(m, np.float32), np.zeros(m, np.int64)
    tile, state = np.empty((BLOCK, m), np.float32), (base, bound, near, seen)
    count = opened(items, relevance, 1 - diversity, base, ledger)
    bound[:count] = base[:count]
    picks = min(count, len(places))
    for step in range(picks):
        at = largest(bound, count)
        best = mmr_bound(at, step, -np.inf, diversity, items, vectors, places, cause, state)
        for i in range(count):
            if bound[i] > best or (bound[i] == best and i < at):
                new = mmr_bound(i, step, best, diversity, items, vectors, places, cause, state)
                if seen[i] == step and (new > best or (new == best and i < at)):
                    best, at = new, i
        places[step], value[at], penalty[at] = at, best, diversity * max(near[at], np.float32(0))
        if step == 0 and picks > 1:
            cosines_with(vectors, items, count, at, near)
            bound[:count], seen[:], cause[:count] = base[:count] - diversity * near[:count], 1, at
        bound[at], near[at] = -np.inf, np.inf  # what comes below is not held against it
    for first in range(1, picks - 1, BLOCK):
        cosines(vectors, items, count, places, first, picks - 1, tile)
        for j in range(min(BLOCK, picks - 1 - first)):
            pick, row = places[first + j], tile[j]
            for i in range(count):
                if row[i] > near[i]:
                    near[i], cause[i] = row[i], pick
    for i in range(count):
        if near[i] < np.inf:
            value[i] = base[i] - diversity * near[i]
            penalty[i] = diversity * max(near[i], np.float32(0))
        if penalty[i] == 0:
            cause[i] = -1


def mmr(items: Array, relevance: Array, vectors: Array, ledger: Ledger, diversity: float) -> None:
    """``mmr_list`` for n users: one row each."""
    for u in range(len(items)):
        mmr_list(items[u], relevance[u], vectors, of_user(ledger, u), diversity)
