"""Top-100 for every user, against the bare product and partition of the same shape. ``python -m benchmarks.ranking``

Prints medians in milliseconds and the ratio; the limit is 1.3. Ours hides seen items, ranks exactly and sorts; the
bare version (numpy matmul + argpartition) does none of these.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter

import numpy as np

from core import Recipe, load_dataset
from core.asking import asking
from core.candidates import allowance, score_pool
from core.pipeline import placed_users
from core.vectors import embed_items

K, ROUNDS, LIMIT = 100, 15, 1.3


def clock(work: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def main() -> None:
    """Measure each metric in turn with the bare version, so that both see the same machine."""
    base = Recipe(k=K, pool=K)
    dataset = load_dataset(base.dataset)
    vectors = embed_items(base, dataset)
    everybody = np.arange(dataset.interactions.n_users)
    users, _ = placed_users(base, dataset, vectors, everybody)
    allowed = allowance(base, dataset, asking(base, dataset), everybody, None)
    items, matrix = vectors.values, users.values

    def bare() -> object:
        return np.argpartition(matrix @ items.T, len(items) - K, axis=1)[:, len(items) - K :]

    print(
        f"top-{K} for {len(matrix)} users over {len(items):,} items, {items.shape[1]} dimensions, medians of {ROUNDS}"
    )
    for metric in ("cosine", "euclidean", "dot"):
        recipe = base.replace(metric=metric)
        ranked = partial(score_pool, recipe, vectors, users, allowed)
        pairs = [(clock(ranked), clock(bare)) for _ in range(ROUNDS + 2)][2:]
        ours, plain = median(a for a, _ in pairs), median(b for _, b in pairs)
        ratio = median(a / b for a, b in pairs)
        print(f"{metric:10} ours {ours:7.1f} ms   bare {plain:7.1f} ms   ratio {ratio:.2f}   limit {LIMIT}")


if __name__ == "__main__":
    main()
