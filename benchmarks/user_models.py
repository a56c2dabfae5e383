"""Which user model ranks best? Measured on validation rows only: ``python -m benchmarks.user_models [--strategy S]``

The protocol "warm" is applied twice: what its first cut tests is let go of, and the second one, inside training, holds
back each user's last likes. Each line is a strategy asked by way of one user model: Recall@10 and NDCG@10 over all
users, beside the long-term mean with default knobs: ratio, and the 95 % interval of the paired difference (bootstrap
over users, 2,000 draws, seed 0). Also printed: how long everybody's vectors take, for one user of the data set and for
a made-up log of 100,000 users.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from time import perf_counter
from typing import Any

import numpy as np

from core import Recipe, embed_items, load_dataset
from core.evaluate.judge import judged, ranked_of, world_of
from core.evaluate.run import splits_of
from core.evaluate.types import Plan, Ranked
from core.metrics.judged import World
from core.modelled import with_user_model
from core.registry import stage
from core.serving import text_vectors
from core.splits import Fitted, HistorySide, Split, Training
from core.types import Array, Interactions, readonly, unit_rows
from core.users.placing import placed

DRAWS, K = 2_000, 10
MANY, LIKES, N_ITEMS, WIDTH = 100_000, 30, 10_000, 64
VARIANTS: tuple[Mapping[str, Any], ...] = (
    {"user_model": "weighted_mean", "weight_power": 0.0},
    *({"user_model": "weighted_mean", "half_life_items": n} for n in (5.0, 10.0, 25.0, 50.0, 100.0)),
    *({"user_model": "weighted_mean", "half_life": n} for n in (30.0, 180.0, 720.0)),
    *({"user_model": "recent", "recent_items": n} for n in (3, 5, 10, 20, 40)),
    {"user_model": "recent", "recent_items": 0, "recent_days": 30},
    *(
        {"user_model": "long_short", "short_share": s, "recent_items": n}
        for n in (5, 10, 20)
        for s in (0.25, 0.5, 0.75)
    ),
    *({"user_model": "interests", "interests_most": n} for n in (2, 4, 8, 12)),
    {"user_model": "interests", "half_life_items": 10.0},
    {"user_model": "interests", "merge_interests": "quota"},
    {"user_model": "interests", "merge_interests": "quota", "half_life_items": 10.0},
    *({"user_model": "negative", "dislike_strength": s} for s in (0.05, 0.1, 0.2, 0.5, 1.0)),
    {"user_model": "negative", "dislike_strength": 0.1, "disliked_upto": 2.0},
    {"user_model": "negative", "dislike_strength": 0.1, "half_life_items": 5.0},
)


class Bench:
    """A strategy fitted on the inner training part, and whom it is asked about."""

    def __init__(self, strategy: str) -> None:
        self.recipe = Recipe(strategy=strategy)
        dataset = load_dataset(self.recipe.dataset)
        outer = splits_of(Plan((), "warm"), dataset)[0][0]
        self.split: Split = stage("protocols").get("warm")()(outer.train, outer.known, 0).splits[0]
        text, vectors = text_vectors(self.recipe, dataset), embed_items(self.recipe, dataset)
        training = Training(dataset.catalog, self.split.train, vectors, text, self.split.known)
        self.items = vectors.values
        self.world: World = world_of(self.split, dataset.catalog, text)
        self.fitted: Fitted = self.recipe.build("strategies").fit(training)

    def figures(self, knobs: Mapping[str, Any]) -> tuple[Array, float]:
        """(n_people, 2) recall and NDCG of everybody's first K, and the seconds it took."""
        began = perf_counter()
        fitted = with_user_model(self.recipe.replace(**knobs), self.fitted)
        found = Ranked(**ranked_of(fitted, self.split), fit_s=0.0, score_s=0.0, channels={})
        lists = judged(found, self.split, self.world)
        metrics = (stage("metrics").get(name)() for name in ("recall", "ndcg"))
        return np.hstack([metric(lists, np.array([K])) for metric in metrics]), perf_counter() - began


def quality(strategy: str) -> None:
    """Print a line for each variant."""
    bench = Bench(strategy)
    base, _ = bench.figures({})
    draws = np.random.default_rng(0).integers(0, len(base), (DRAWS, len(base)))
    print(f"{strategy}: {len(base)} users, validation rows of the protocol warm, K = {K}")
    print(f"{'':52}{'recall':>8} ratio  minus mean, 95 %      {'ndcg':>8} ratio  minus mean, 95 %      seconds")
    print(f"{'weighted_mean':52}{base[:, 0].mean():8.4f}{'':31}{base[:, 1].mean():8.4f}")
    for knobs in VARIANTS:
        values, seconds = bench.figures(knobs)
        cells = []
        for column in range(2):
            difference = (values - base)[:, column]
            low, high = np.quantile(difference[draws].mean(axis=1), [0.025, 0.975])
            mean = values[:, column].mean()
            cells.append(f"{mean:8.4f} {mean / base[:, column].mean():5.2f}  [{low:+.4f}, {high:+.4f}]    ")
        name = " ".join(str(value) if key == "user_model" else f"{key}={value}" for key, value in knobs.items())
        print(f"{name:52}{cells[0]}  {cells[1]}{seconds:9.2f}", flush=True)


def many() -> Interactions:
    """A log of 100,000 users with 30 rated items each."""
    rng = np.random.default_rng(0)
    n = MANY * LIKES
    return Interactions(
        user_ids=readonly(np.arange(MANY)),
        indptr=readonly(np.arange(MANY + 1) * LIKES),
        items=readonly(rng.integers(0, N_ITEMS, n).astype(np.int32)),
        weights=readonly(rng.integers(1, 6, n).astype(np.float32)),
        times=readonly(np.sort(rng.integers(0, 10**8, (MANY, LIKES)), axis=1).ravel()),
        positive_from=4.0,
    )


def speed(n_users: int) -> None:
    """Print how long vectors take."""
    log = many()
    side = HistorySide.plain(unit_rows(np.random.default_rng(1).normal(size=(N_ITEMS, WIDTH))))
    for name in stage("users").names():
        model = stage("users").get(name)()
        users = np.arange(n_users if name != "interests" else n_users // 10)
        timings = []
        for some in (users[:1], users[:1], users):
            began = perf_counter()
            placed(model, log, some, side, unit=True)
            timings.append(perf_counter() - began)
        print(f"{name:16} one user {1000 * timings[1]:8.2f} ms   {len(users):,} users {timings[2]:8.2f} s", flush=True)


def main() -> None:
    """Quality, then speed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--strategy", default="content", help="an embedded strategy")
    parser.add_argument("--speed", action="store_true", help="speed only")
    options = parser.parse_args()
    if not options.speed:
        quality(options.strategy)
    speed(MANY)


if __name__ == "__main__":
    main()
