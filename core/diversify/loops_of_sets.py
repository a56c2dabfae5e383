"""Further loops that ``kernels`` compiles: DPP, max-sum distance and similarity cap. Arguments as in ``loops``."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..types import Array
from .loops import Ledger, cosine, cosines_with, largest, of_user, opened

FLOOR = 1e-5
"""Squared distance from the span of the picks below which float32 cannot tell a candidate from a copy of them."""


def dpp_project(
    step: int, count: int, root: Any, places: Array, cause: Array, rest: Array, share: Array, row: Array, parts: Array
) -> None:
    """Take from each open candidate what it has in common with pick ``step`` and with none of those before it.

    row: (m,) cosines with that pick, overwritten. parts: (k, m) Cholesky factor so far, one row a pick.
    """
    pick, own = places[step], parts[step]
    for t in range(step):
        factor, earlier = parts[t, pick], parts[t]
        for i in range(count):
            row[i] -= factor * earlier[i]
    for i in range(count):
        own[i] = row[i] / root
        row[i] = own[i] * own[i]
        rest[i] -= row[i]
    for i in range(count):
        if row[i] > share[i]:
            share[i], cause[i] = row[i], pick


def dpp_lost(i: int, diversity: float, rest: Array) -> Any:
    """Candidate i's penalty, a copy of the picks counting as FLOOR away from them."""
    return -diversity * np.log(max(rest[i], np.float32(FLOOR)))


def dpp_list(items: Array, relevance: Array, vectors: Array, ledger: Ledger, diversity: float) -> None:
    """Greedy determinantal point process; see ``dpp.Dpp``."""
    places, value, penalty, cause, _ = ledger
    m = len(items)
    base, bound, rest, done = np.empty(m), np.empty(m), np.ones(m, np.float32), np.zeros(m, np.bool_)
    share, row, parts = np.zeros(m, np.float32), np.empty(m, np.float32), np.empty((len(places), m), np.float32)
    count = opened(items, relevance, 1 - diversity, base, ledger)
    bound[:count] = base[:count]
    picks = min(count, len(places))
    for step in range(picks):
        at = largest(bound, count)
        best = bound[at] = base[at] - dpp_lost(at, diversity, rest)
        for i in range(count):
            # Logarithms are dear: only of what could still win by the one it had.
            if bound[i] > best or (bound[i] == best and i < at):
                bound[i] = base[i] - dpp_lost(i, diversity, rest)
                if bound[i] > best or (bound[i] == best and i < at):
                    best, at = bound[i], i
        places[step], value[at], penalty[at] = at, best, dpp_lost(at, diversity, rest)
        bound[at], done[at], share[at] = -np.inf, True, np.inf
        if step < picks - 1 and rest[at] > FLOOR:
            root = np.float32(np.sqrt(rest[at]))
            cosines_with(vectors, items, count, at, row)
            dpp_project(step, count, root, places, cause, rest, share, row, parts)
        else:
            parts[step] = 0
    for i in range(count):
        if not done[i]:
            penalty[i] = dpp_lost(i, diversity, rest)
            value[i] = base[i] - penalty[i]
        if penalty[i] == 0:
            cause[i] = -1


def max_sum_list(items: Array, relevance: Array, vectors: Array, ledger: Ledger, diversity: float) -> None:
    """Max-sum distance; see ``max_sum.MaxSum``."""
    places, value, penalty, cause, _ = ledger
    m = len(items)
    base, bound, total, near = np.empty(m), np.empty(m), np.zeros(m), np.zeros(m, np.float32)
    row, done = np.empty(m, np.float32), np.zeros(m, np.bool_)
    count = opened(items, relevance, 1 - diversity, base, ledger)
    bound[:count] = base[:count]
    picks = min(count, len(places))
    for step in range(picks):
        if step:
            cosines_with(vectors, items, count, places[step - 1], row)
            for i in range(count):
                if not done[i]:
                    total[i] += row[i]
                    bound[i] = base[i] + diversity * (1 - total[i] / step)
                    penalty[i] = diversity * max(total[i] / step, 0.0)
                    if row[i] > near[i]:
                        near[i], cause[i] = row[i], places[step - 1]
        at = largest(bound, count)
        places[step], value[at] = at, bound[at]
        bound[at], done[at] = -np.inf, True
    for i in range(count):
        if not done[i]:
            value[i] = bound[i]
        if penalty[i] == 0:
            cause[i] = -1


def cap_nearest(
    i: int, taken: int, items: Array, vectors: Array, places: Array, cause: Array, near: Array, seen: Array
) -> float:
    """The largest cosine of candidate i with the picks so far, within [-1, 1]; -1 where there are none."""
    while seen[i] < taken:
        pick = places[seen[i]]
        like = min(cosine(vectors, items[i], items[pick]), np.float32(1))
        if like > near[i] or seen[i] == 0:
            near[i], cause[i] = max(like, np.float32(-1)), pick
        seen[i] += 1
    return near[i]


def cap_list(items: Array, relevance: Array, vectors: Array, ledger: Ledger, highest: float, relax: bool) -> None:
    """Similarity cap; see ``similarity_cap.SimilarityCap``."""
    places, value, penalty, cause, barred = ledger
    m = len(items)
    base, near, seen = np.empty(m), np.full(m, np.float32(-1)), np.zeros(m, np.int64)
    count = opened(items, relevance, 1.0, base, ledger)
    taken = 0
    for i in range(count):
        if taken == len(places):
            break
        if cap_nearest(i, taken, items, vectors, places, cause, near, seen) < highest or taken == 0:
            places[taken], seen[i], cause[i] = i, m, -1
            taken += 1
        else:
            barred[i] = True
    while relax and taken < min(count, len(places)):
        at, least = -1, np.inf
        for i in range(count):
            if seen[i] < m and cap_nearest(i, taken, items, vectors, places, cause, near, seen) < least:
                at, least = i, near[i]
        places[taken], seen[at] = at, m
        taken += 1
    for i in range(count):
        if barred[i]:
            penalty[i] = near[i] - highest
        value[i] = base[i] - penalty[i]


def dpp(items: Array, relevance: Array, vectors: Array, ledger: Ledger, diversity: float) -> None:
    """``dpp_list`` for n users: one row each."""
    for u in range(len(items)):
        dpp_list(items[u], relevance[u], vectors, of_user(ledger, u), diversity)


def max_sum(items: Array, relevance: Array, vectors: Array, ledger: Ledger, diversity: float) -> None:
    """``max_sum_list`` for n users: one row each."""
    for u in range(len(items)):
        max_sum_list(items[u], relevance[u], vectors, of_user(ledger, u), diversity)


def cap(items: Array, relevance: Array, vectors: Array, ledger: Ledger, highest: float, relax: bool) -> None:
    """``cap_list`` for n users: one row each."""
    for u in range(len(items)):
        cap_list(items[u], relevance[u], vectors, of_user(ledger, u), highest, relax)
