"""From a pool's vectors to a list, against pyversity and the bare product. ``python -m benchmarks.diversify``

One list first: ours with the whole ledger (what was held against each candidate, and by which pick), pyversity's
indices, and numpy's Gram matrix of the pool once, which picks nothing yet. Then the lists of all users, against the
Gram matrices of all pools. Medians in milliseconds of the same run, one after the other, at diversity .5 and 384
dimensions; limits where there are any. Exit code 1 above a limit.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import numpy as np
from pyversity.strategies import dpp, mmr, msd

from benchmarks.ranking import clock
from core.diversify.warming import warm_up
from core.pools import Pools
from core.registry import stage
from core.types import Array, readonly, unit_rows

DIMENSIONS, DIVERSITY, N_ITEMS, ROUNDS, BATCH_ROUNDS, TURN = 384, 0.5, 9_066, 20, 5, 3
SIZES = ((100, 10), (1_000, 20), (1_000, 100), (500, 10))
MMR_LIMITS = {(100, 10): 0.02, (1_000, 20): 0.35, (1_000, 100): 1.5}
PEERS: dict[str, Callable[..., Any]] = {"mmr": mmr, "dpp": dpp, "max-sum": msd}
USERS, POOL, K, BATCH_LIMIT = 625, 50, 10, 15.0


def pools_of(items: Array, vectors: Array, rng: np.random.Generator) -> Pools:
    """Pools (n, m) with random relevance, best first; nothing known of categories and popularity."""
    n, none = len(items), np.zeros((0, 0), dtype=np.float32)
    return Pools(
        users=np.arange(n),
        items=readonly(items.astype(np.int32)),
        relevance=readonly(-np.sort(-rng.random(items.shape, dtype=np.float32), axis=1)),
        vectors=readonly(vectors),
        mixes=none,
        wanted=none,
        popularity=none.ravel(),
    )


def side_by_side(rounds: int, *calls: Any) -> list[float]:
    """Median milliseconds of each call; they take turns, so that all see the same machine, TURN calls at a time, so
    that none pays for what another did to the processor's cache."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for call, found in zip(calls, times, strict=True):
            call()
            found += [clock(call) for _ in range(TURN)]
    return [median(found) for found in times]


def one_list(key: str, m: int, k: int, rng: np.random.Generator) -> bool:
    """Whether it took no longer than it may."""
    vectors = unit_rows(rng.normal(size=(m, DIMENSIONS)).astype(np.float32))
    pools = pools_of(np.arange(m)[None], vectors, rng)
    ours = partial(stage("diversify").get(key)(), pools, k, DIVERSITY)
    theirs = partial(PEERS[key], vectors, pools.relevance[0], k, DIVERSITY)
    mine, peer, bare = side_by_side(ROUNDS, ours, theirs, lambda: vectors @ vectors.T)
    limit = MMR_LIMITS.get((m, k)) if key == "mmr" else None
    said = f"   limit {limit:g}" if limit else ""
    print(
        f"{key:14} {m:5,} -> {k:3}   ours {mine:7.3f}   pyversity {peer:7.3f}   ratio {mine / peer:.2f}"
        f"   bare Gram {bare:6.3f}   ratio {mine / bare:5.2f}{said}"
    )
    return mine <= (limit or peer)


def all_users(key: str, rng: np.random.Generator) -> bool:
    """Whether the lists of everybody took no longer than they may."""
    vectors = unit_rows(rng.normal(size=(N_ITEMS, DIMENSIONS)).astype(np.float32))
    items = np.stack([rng.permutation(N_ITEMS)[:POOL] for _ in range(USERS)])
    pools = pools_of(items, vectors, rng)
    own = vectors[items]
    ours = partial(stage("diversify").get(key)(), pools, K, DIVERSITY)
    mine, bare = side_by_side(BATCH_ROUNDS, ours, lambda: own @ own.transpose(0, 2, 1))
    print(f"{key:14} ours {mine:6.1f}   bare Grams {bare:6.1f}   ratio {mine / bare:.2f}   limit {BATCH_LIMIT:g}")
    return mine <= BATCH_LIMIT


def main() -> int:
    """Every size, then everybody."""
    warm_up()
    rng = np.random.default_rng(0)
    print(f"one list, medians of {ROUNDS * TURN} in ms, diversity {DIVERSITY}, {DIMENSIONS} dimensions")
    kept = [one_list(key, m, k, rng) for key in PEERS for m, k in SIZES]
    print(f"{USERS} users, pools of {POOL}, lists of {K}, medians of {BATCH_ROUNDS * TURN} in ms")
    methods = [key for key in stage("diversify").names() if stage("diversify").get(key).against == "similarity"]
    kept += [all_users(key, rng) for key in methods]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
