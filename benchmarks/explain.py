"""Explanations, against making the run again. ``python -m benchmarks.explain [strategy ...]``

Prints medians in milliseconds: the attribution of a whole top-100 (limit 10 ms), and the score and rank of one item
without each item of a history of about 500 (limit 50 ms). The peer gets the same ranks by making the run again without
each item; it is measured on every 25th of them, which are checked to be the same, and told for all.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter

import numpy as np

from core import Recipe, load_dataset
from core.audience import Audience
from core.explain.attribution import attribute
from core.explain.counterfactual import removals
from core.pipeline import recall
from core.splits import rows_of
from core.types import Dataset, Vectors
from core.vectors import embed_items

K, HISTORY, ROUNDS, EVERY = 100, 500, 9, 25
LIMITS = {"attribution": 10.0, "removals": 50.0}


def clock(work: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def again(recipe: Recipe, dataset: Dataset, content: Vectors, user: int, row: int, target: int) -> int:
    """The target's rank in a run without one row of the history, the item of that row left out of the list."""
    log = dataset.interactions
    keep = np.ones(len(log), dtype=bool)
    place = log.history(user).start + row
    keep[place] = False
    whole = recipe.replace(k=len(dataset.catalog), pool=0)
    run = recall(whole, dataset, np.array([user]), vectors=content, audience=Audience(rows_of(log, keep)))
    items = run.selected.items[0]
    items = items[items != log.items[place]]
    return int(np.flatnonzero(items == target)[0]) + 1


def measure(strategy: str, dataset: Dataset, user: int, n: int) -> None:
    """Measure one strategy, and print."""
    recipe = Recipe(strategy=strategy, k=K)
    content = embed_items(recipe, dataset)
    items = recall(recipe, dataset, np.array([user]), vectors=content).selected.items[0]
    target = int(items[2])
    found = removals(recipe, dataset, content, user, target)
    work: dict[str, Callable[[], object]] = {
        "attribution": lambda: attribute(recipe, dataset, content, user, items),
        "removals": lambda: removals(recipe, dataset, content, user, target),
    }
    ours = {name: median(clock(one) for _ in range(ROUNDS)) for name, one in work.items()}
    for name, took in ours.items():
        print(f"{strategy:16} {name:12} {took:8.1f} ms   limit {LIMITS[name]:g}   ratio {took / LIMITS[name]:.2f}")
    times, alike = [], 0
    for row in range(0, n, EVERY):
        start = perf_counter()
        rank = again(recipe, dataset, content, user, row, target)
        times.append((perf_counter() - start) * 1000)
        alike += int(found.rank[row]) == rank
    every = median(times) * n
    print(f"{strategy:16} made again   {every:8.0f} ms   {every / ours['removals']:.0f} times as long")
    print(f"{strategy:16} {alike} of {len(times)} ranks the same as made again")


def main() -> None:
    """Measure each strategy named, content where none is."""
    dataset = load_dataset("movielens-small")
    lengths = np.diff(dataset.interactions.indptr)
    user = int(np.argmin(np.abs(lengths - HISTORY)))
    print(f"top-{K} and a history of {lengths[user]} over {len(dataset.catalog):,} items, medians of {ROUNDS}")
    for strategy in sys.argv[1:] or ["content"]:
        measure(strategy, dataset, user, int(lengths[user]))


if __name__ == "__main__":
    main()
