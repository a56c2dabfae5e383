"""How fast is the catalogue encoded, beside the plain library call of the same run? ``python benchmarks/encode.py``.

Texts: all items of movielens-small through the default template. Ours: tokenising, batches by length and token
budget, precision as ``auto`` resolves here, raw vectors. Plain: ``SentenceTransformer(folder).encode(texts)``, fp32.
Neighbours: share of each item's 10 nearest (cosine, centred) that both find, over 1,000 items drawn with seed 0.
Options: --texts N encodes the first N items only; --rounds R takes the best of R alternating rounds.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from core import Recipe, load_dataset
from core.embed.encoder import Encoder, resolve_precision
from core.embed.loading import load_model
from core.embed.models import resolve
from core.types import Array, unit_rows
from core.vectors import item_texts

GOAL = 2.0
WARM_UP = 64


def timed(work: Callable[[], Array]) -> tuple[Array, float]:
    """The result and its seconds."""
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


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
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    recipe = Recipe()
    texts = item_texts(recipe, load_dataset(recipe.dataset))[: options.texts or None]
    source, precision = resolve(recipe.model), resolve_precision("auto")
    ours, plain = Encoder(source, precision), load_model(source)
    ours.encode_raw(texts[:WARM_UP])
    plain.encode(texts[:WARM_UP], show_progress_bar=False)
    seconds: dict[str, list[float]] = {"ours": [], "plain": []}
    for _ in range(options.rounds):
        mine, took = timed(lambda: ours.encode_raw(texts))
        seconds["ours"].append(took)
        theirs, took = timed(lambda: plain.encode(texts, show_progress_bar=False))
        seconds["plain"].append(took)
    best = {name: min(values) for name, values in seconds.items()}
    print(f"{len(texts):,} texts, best of {options.rounds}, precision {precision}")
    print(f"ours   {len(texts) / best['ours']:8.0f} texts/s  {best['ours']:7.1f} s")
    print(f"plain  {len(texts) / best['plain']:8.0f} texts/s  {best['plain']:7.1f} s")
    print(f"ratio  {best['plain'] / best['ours']:8.2f}  (goal {GOAL:g})")
    print(f"same 10 nearest neighbours: {same_neighbours(mine, theirs):.1%}")


if __name__ == "__main__":
    main()
