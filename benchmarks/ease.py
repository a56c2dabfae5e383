"""EASE, fitted and everybody scored, against the plain item x item solve. ``python -m benchmarks.ease [--plain N]``

Ours solves the smaller system, as many rows as there are users. The plain version inverts the item x item matrix; by
default it is measured once in full, ``--plain 3000`` measures the first 3,000 items and extrapolates with the cube.
Exit code 1 above the limit.
"""

from __future__ import annotations

import argparse
import sys
from statistics import median
from time import perf_counter

import numpy as np

from core import Recipe, load_dataset
from core.splits import Training, everybody
from core.strategies.ease import Ease
from core.strategies.matrices import Sparse, liked_matrix
from core.types import Array
from core.vectors import embed_items

ROUNDS, LIMIT_S = 5, 1.0


def ours(training: Training) -> float:
    """Seconds of one fit and one score of everybody."""
    start = perf_counter()
    Ease().fit(training).score(everybody(training.interactions))
    return perf_counter() - start


def plain(rows: Sparse, l2: float) -> float:
    """Seconds of the textbook version: invert, divide by the diagonal, multiply."""
    start = perf_counter()
    found = np.linalg.inv((rows.T @ rows).toarray() + l2 * np.eye(rows.shape[1]))
    weights: Array = -found / np.diagonal(found)
    np.fill_diagonal(weights, 0.0)
    rows @ weights
    return perf_counter() - start


def main() -> int:
    """Print seconds and the ratio."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--plain", type=int, default=0, help="items of the plain solve; 0 = all")
    asked = parser.parse_args().plain
    base = Recipe()
    dataset = load_dataset(base.dataset)
    vectors = embed_items(base, dataset)
    n_items = len(dataset.catalog)
    training = Training(dataset.catalog, dataset.interactions, vectors, vectors.values, np.ones(n_items, dtype=bool))
    ours(training)
    fast = median(ours(training) for _ in range(ROUNDS))
    size = min(asked or n_items, n_items)
    rows = liked_matrix(dataset.interactions, n_items)[:, :size]
    slow = plain(rows, Ease().ease_l2) * (n_items / size) ** 3
    how = "measured once" if size == n_items else f"extrapolated from {size:,} items"
    print(f"{dataset.interactions.n_users} users, {n_items:,} items, {rows.nnz:,} likes in the plain solve")
    print(
        f"ours {fast:.3f} s (limit {LIMIT_S:g}, ratio {fast / LIMIT_S:.2f})   "
        f"plain {slow:.1f} s ({how}), {slow / fast:.0f} times ours"
    )
    return 0 if fast <= LIMIT_S else 1


if __name__ == "__main__":
    sys.exit(main())
