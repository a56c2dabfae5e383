"""One list from several interests: each item by the interest it is nearest to, or places shared out among them."""

from __future__ import annotations

import numpy as np

from ..types import Array, Candidates

BEST, QUOTA = "best", "quota"


def best_of(scores: Array, owners: Array, n: int) -> Array:
    """(q, n_items) scores of interests -> (n, n_items): the highest over the interests of each owner.

    owners: (q,) ascending. Rows of owners without an interest are -inf.
    """
    out = np.full((n, scores.shape[1]), -np.inf, dtype=scores.dtype)
    if len(owners):
        starts = np.flatnonzero(np.diff(owners, prepend=-1))
        out[owners[starts]] = np.maximum.reduceat(scores, starts, axis=0)
    return out


def by_quota(pools: Candidates, owners: Array, shares: Array, n: int, size: int) -> Candidates:
    """The lists of interests (q, m) -> (n, size): places go to interests in proportion to their shares, from the top.

    The next place goes to the interest with the largest share / (places so far + 1), equal ones to the first, and takes
    its best item that is not there yet (d'Hondt's method, which keeps proportions at every length). Scores are those
    the bringing interest gives, so that they need not fall from place to place.
    """
    items, scores = np.full((n, size), -1, dtype=np.int32), np.full((n, size), np.nan)
    starts = np.flatnonzero(np.diff(owners, prepend=-1)) if len(owners) else np.empty(0, dtype=np.int64)
    for start, stop in zip(starts, np.append(starts[1:], len(owners)), strict=True):
        owner = int(owners[start])
        lists = [pools.items[row][pools.items[row] >= 0].tolist() for row in range(start, stop)]
        picked = shared_out(lists, shares[start:stop], size)
        for place, (interest, at) in enumerate(picked):
            items[owner, place] = pools.items[start + interest, at]
            scores[owner, place] = pools.scores[start + interest, at]
    return Candidates(items, scores)


def shared_out(lists: list[list[int]], shares: Array, size: int) -> list[tuple[int, int]]:
    """(list, place in it) of each of up to ``size`` picks, in order; no item comes twice."""
    at, won, taken, out = [0] * len(lists), [0] * len(lists), set[int](), list[tuple[int, int]]()
    while len(out) < size:
        for one, items in enumerate(lists):
            while at[one] < len(items) and items[at[one]] in taken:
                at[one] += 1
        left = [one for one in range(len(lists)) if at[one] < len(lists[one])]
        if not left:
            break
        turn = max(left, key=lambda one: (float(shares[one]) / (won[one] + 1), -one))
        out.append((turn, at[turn]))
        taken.add(lists[turn][at[turn]])
        won[turn] += 1
    return out
