"""An evaluation from the data set to the table of figures. ``python -m benchmarks.evaluate [--small]``

Three strategies on the default set, then three on a made-up log of 1,000,000 rows (20,000 users, 10,000 items, random
vectors), warm protocol, nothing kept from before. Prints seconds (fit and lists of each strategy, the rest, all), the
users tested and the peak of resident memory so far. ``--small`` leaves the large log out.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any
from unittest.mock import patch

import numpy as np

from core import Recipe, load_dataset
from core.datasets.build import build_dataset
from core.evaluate import run
from core.evaluate.plain import as_json
from core.evaluate.types import Plan
from core.types import Affine, Dataset, Vectors, readonly, unit_rows
from core.vectors import embed_items

N_ROWS, N_USERS, N_ITEMS, WIDTH, N_GROUPS = 1_000_000, 20_000, 10_000, 64, 20
DEFAULT = ("popularity", "ease", "content-nearest")
LARGE = ("popularity", "content", "item-knn")


def large_log() -> Dataset:
    """Items are liked by their group and by rank (Zipf); users differ in activity and prefer a group."""
    rng = np.random.default_rng(0)
    activity = rng.lognormal(0, 1, N_USERS)
    users = rng.choice(N_USERS, N_ROWS, p=activity / activity.sum())
    groups = np.where(rng.random(N_ROWS) < 0.7, users % N_GROUPS, rng.integers(0, N_GROUPS, N_ROWS))
    ranks = (N_ITEMS // N_GROUPS) ** rng.random(N_ROWS)
    items: dict[str, Any] = {
        "item_id": np.arange(N_ITEMS),
        "title": [f"Item {item}" for item in range(N_ITEMS)],
        "category": [(f"Group {item % N_GROUPS}",) for item in range(N_ITEMS)],
    }
    rows = {
        "user_id": users,
        "item_id": (ranks.astype(np.int64) - 1) * N_GROUPS + groups,
        "weight": rng.integers(1, 6, N_ROWS).astype(np.float64),
        "datetime": 1_000_000_000 + rng.integers(0, 100_000_000, N_ROWS),
    }
    return build_dataset("large", "Large", items, rows, positive_from=3.0)


def random_vectors(n: int) -> Vectors:
    """Unit rows of no meaning."""
    values = readonly(unit_rows(np.random.default_rng(1).normal(size=(n, WIDTH))))
    return Vectors(values, True, Affine(), "random", "fp32", "0" * 16)


def measure(dataset: Dataset, vectors: Vectors, text: Vectors, strategies: tuple[str, ...]) -> None:
    """Evaluate once with an empty folder for results, and print."""
    plan = Plan(tuple(Recipe(strategy=name) for name in strategies), "warm")
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(run, "cache_dir", lambda: Path(folder)),
        patch.object(run, "embed_items", lambda *args: vectors),
        patch.object(run, "text_vectors", lambda *args: text.values),
    ):
        began = perf_counter()
        found = run.evaluate(plan, dataset)
        answered = perf_counter() - began
        table = as_json(found, 10)
        total = perf_counter() - began
    log, spent = dataset.interactions, 0.0
    n_tested = table["protocol"]["n_users"]
    print(f"{log.n_users:,} users, {len(dataset.catalog):,} items, {len(log):,} rows; {n_tested:,} tested")
    for name in strategies:
        (ranked,) = found.ranked[name]
        spent += ranked.fit_s + ranked.score_s
        recall = table["strategies"][name]["recall"]["mean"]
        print(f"  {name:<16} fit {ranked.fit_s:6.2f} s   lists {ranked.score_s:6.2f} s   recall@10 {recall:.4f}")
    print(
        f"  split and files {answered - spent:.2f} s   17 metrics, intervals, comparisons {total - answered:.2f} s"
        f"   all {total:.2f} s   peak memory so far {peak_gb():.2f} GB"
    )


def peak_gb() -> float:
    """The most memory this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e9


def main() -> None:
    """Both sizes, the small one first."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", action="store_true", help="the default set only")
    small = parser.parse_args().small
    base, dataset = Recipe(), load_dataset("movielens-small")
    vectors, text = embed_items(base, dataset), embed_items(base.replace(postprocess="none"), dataset)
    measure(dataset, vectors, text, DEFAULT)
    if not small:
        large, placed = large_log(), random_vectors(N_ITEMS)
        measure(large, placed, placed, LARGE)


if __name__ == "__main__":
    main()
