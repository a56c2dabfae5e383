"""How long the default two-tower takes, and what it recalls: ``python -m benchmarks.two_tower``.

Default set, warm protocol, test part; trained as the strategy does (validation inside training, then on everything).
Prints seconds, the limit, their ratio, processor seconds and recall@10; exit code 1 above the limit.
"""

from __future__ import annotations

import sys
from time import perf_counter, process_time

import numpy as np

from core import Recipe, embed_items, load_dataset
from core.protocols.warm import Warm
from core.splits import Training
from core.strategies.two_tower import TwoTower
from core.train.loop import recall_at
from core.types import readonly

LIMIT_S = 60.0


def main() -> int:
    """Train once and print one line."""
    dataset = load_dataset("movielens-small")
    recipe = Recipe()
    vectors = embed_items(recipe, dataset)
    text = embed_items(recipe.replace(postprocess="none"), dataset).values
    split = Warm()(dataset.interactions, readonly(np.ones(len(dataset.catalog), dtype=bool)), 0).splits[0]
    training = Training(dataset.catalog, split.train, vectors, text, split.known, split.task, 0)
    wall, processor = perf_counter(), process_time()
    fitted = TwoTower().fit(training)
    wall, processor = perf_counter() - wall, process_time() - processor
    model = fitted.model
    recall = recall_at(split, model.items, model.history, model.settings.half_life)
    print(
        f"two-tower: {wall:.1f} s, limit {LIMIT_S:.0f} s, ratio {wall / LIMIT_S:.2f}, "
        f"{processor:.1f} processor seconds, {len(model.epochs)} epochs, warm test recall@10 {recall:.4f}"
    )
    return 0 if wall <= LIMIT_S else 1


if __name__ == "__main__":
    sys.exit(main())
