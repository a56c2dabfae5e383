"""Four metrics at K = 1 .. 100, against the bare running sum of the same hits. ``python -m benchmarks.metrics``

Prints medians in milliseconds for 671 and for 100,000 users: judging the lists, the metrics, both, the limit and its
ratio, and numpy's cumulative sum of the hits once, which yields no metric yet.
Exit code 1 above a limit.
"""

from __future__ import annotations

import sys
from functools import partial
from statistics import median

import numpy as np

from benchmarks.ranking import clock
from core.metrics.judged import DEPTH, Judged, Metric, World
from core.metrics.judging import judge
from core.registry import stage
from core.splits import ItemLists
from core.types import Array, Interactions

SIZES = ((671, 5.0, 31), (100_000, 400.0, 7))
METRICS = ("recall", "precision", "ndcg", "map")
N_ITEMS, N_RELEVANT = 9_000, 16


def lists(n: int) -> tuple[Array, ItemLists, Array, World]:
    """n random lists and sets, as ``judge`` takes them."""
    rng = np.random.default_rng(0)
    starts = rng.integers(0, N_ITEMS, (n, 1), dtype=np.int32)
    items = ((starts + 7 * np.arange(DEPTH, dtype=np.int32)) % N_ITEMS).astype(np.int32)
    rows = np.repeat(np.arange(n), N_RELEVANT)
    relevant = ItemLists.from_pairs(rows, rng.integers(0, N_ITEMS, len(rows)), n, N_ITEMS)
    none = np.zeros(0)
    empty = Interactions(np.arange(n), np.zeros(n + 1, dtype=np.int64), none.astype(np.int32), none, None)
    world = World(np.ones(N_ITEMS), np.ones((N_ITEMS, 1)), np.ones((N_ITEMS, 1)), empty, np.ones(N_ITEMS, bool), n)
    return items, relevant, np.full(n, N_ITEMS), world


def measure(metrics: list[Metric], judged: Judged) -> list[Array]:
    """Each metric at every K."""
    ks = np.arange(1, DEPTH + 1)
    return [metric(judged, ks) for metric in metrics]


def main() -> int:
    """Measure ours and the bare sum in turn, so that both see the same machine."""
    metrics = [stage("metrics").get(key)() for key in METRICS]
    missed = False
    print(f"{', '.join(METRICS)} at K = 1 .. {DEPTH}, medians in ms")
    for n, limit, rounds in SIZES:
        given = lists(n)
        judged = judge(*given)
        hits = np.ascontiguousarray(judged.hits)
        judging_them = partial(judge, *given)
        measuring_them = partial(measure, metrics, judged)
        bare_sum = partial(np.cumsum, hits, axis=1, dtype=np.float32)
        times = [(clock(judging_them), clock(measuring_them), clock(bare_sum)) for _ in range(rounds + 2)][2:]
        judging, measuring, bare = (median(column) for column in zip(*times, strict=True))
        both = median(a + b for a, b, _ in times)
        missed |= both > limit
        print(
            f"{n:7,} users   judging {judging:6.1f}   metrics {measuring:6.1f}   both {both:6.1f}   limit {limit:5.0f}"
            f"   ratio {both / limit:.2f}   bare np.cumsum {bare:6.1f}"
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
