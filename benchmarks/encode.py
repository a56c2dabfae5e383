"""How fast is the catalogue encoded, beside the plain library call of the same run? ``python -m benchmarks.encode``.

Texts: all items of movielens-small through the default template. Ours: tokenising, batches by length and token
budget, precision as ``auto`` resolves here, raw vectors. Plain: ``SentenceTransformer(folder).encode(texts)``, fp32.
Neighbours: share of each item's 10 nearest (cosine, centred) that both find, over 1,000 items drawn with seed 0.
Each round times both, one after the other; the ratio is the median of the rounds' ratios. Processor seconds stand
beside it, since other work on the machine distorts wall time: believe the ratio when both kinds agree.
Options: --texts N encodes the first N items only; --rounds R.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np

from core import Recipe, load_dataset
from core.embed.encoder import Encoder, resolve_precision
from core.embed.loading import load_model
from core.embed.models import DEFAULT_MODEL, resolve
from core.types import Array, unit_rows
from core.vectors import item_texts

GOAL = 2.0
WARM_UP = 64


def timed(work: Callable[[], Array]) -> tuple[Array, tuple[float, float]]:
    """The result, its wall seconds and the processor seconds it took (all threads)."""
    wall, processor = time.perf_counter(), time.process_time()
    result = work()
    return result, (time.perf_counter() - wall, time.process_time() - processor)


def same_neighbours(one: Array, other: Array, k: int = 10) -> float:
    """Share of shared nearest neighbours, mean over up to 1,000 items."""
    rows = np.random.default_rng(0).choice(len(one), min(1_000, len(one)), replace=False)

    def nearest(vectors: Array) -> Array:
        unit = unit_rows(unit_rows(vectors) - unit_rows(vectors).mean(axis=0))
        scores = unit[rows] @ unit.T
        scores[np.arange(len(rows)), rows] = -np.inf
        return np.argpartition(-scores, k, axis=1)[:, :k]

    pairs = zip(nearest(one), nearest(other), strict=True)
    return float(np.mean([len(np.intersect1d(a, b)) / k for a, b in pairs]))


def main() -> None:
    """Print texts per second, the ratio and the agreement."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    recipe = Recipe()
    texts = item_texts(recipe, load_dataset(recipe.dataset))[: options.texts or None]
    source, precision = resolve(recipe.model or DEFAULT_MODEL), resolve_precision("auto")
    ours, plain = Encoder(source, precision), load_model(source)
    ours.encode_raw(texts[:WARM_UP])
    plain.encode(texts[:WARM_UP], show_progress_bar=False)
    rounds = []
    for _ in range(options.rounds):
        mine, ours_took = timed(lambda: ours.encode_raw(texts))
        theirs, plain_took = timed(lambda: plain.encode(texts, show_progress_bar=False))
        rounds.append((ours_took, plain_took))
    seconds = np.array(rounds)
    wall, processor = np.median(seconds[:, 1] / seconds[:, 0], axis=0)
    print(f"{len(texts):,} texts, median of {options.rounds} rounds, precision {precision}")
    for name, (took, worked) in zip(("ours", "plain"), np.median(seconds, axis=0), strict=True):
        print(f"{name:6} {len(texts) / took:8.0f} texts/s  {took:7.1f} s  {worked:7.1f} processor seconds")
    print(f"ratio  {wall:8.2f} wall, {processor:.2f} processor  (goal {GOAL:g})")
    print(f"same 10 nearest neighbours: {same_neighbours(mine, theirs):.1%}")


if __name__ == "__main__":
    main()
