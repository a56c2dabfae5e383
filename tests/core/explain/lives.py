"""A small world to explain, and the plain way to get what explanations say in closed form: making the run again."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.audience import Audience
from core.pipeline import recall
from core.recipe import Recipe
from core.splits import rows_of
from core.types import Array, Catalog, Dataset, Interactions, Vectors, readonly
from tests.worlds import vectors_of

N_USERS, N_ITEMS, WIDTH = 12, 20, 5
SMALL: dict[str, Any] = {
    "als_factors": 3,
    "als_rounds": 2,
    "bpr_factors": 3,
    "bpr_rounds": 2,
    "easef_directions": 3,
    "ridge_factors": 4,
    "tower_epochs": 1,
    "tower_dim": 4,
    "tower_refit": False,
    "interests_count": 2,
}
"""Knobs that make a strategy quick."""
CHANNELS = "ease=1, popularity=0.5, als=0.3, content-nearest=0.7"


def life(seed: int = 0, *, twice: bool = False) -> Dataset:
    """Users of two tastes with eight rows each, one in four a dislike; ``twice``: an item stands in a history again."""
    rng = np.random.default_rng(seed)
    rows = [rng.permutation(np.arange(user % 2 * 6, user % 2 * 6 + 14))[:8] for user in range(N_USERS)]
    if twice:
        rows = [np.append(row, row[0]) for row in rows]
    flat = np.concatenate(rows)
    log = Interactions(
        user_ids=readonly(np.arange(N_USERS)),
        indptr=readonly(np.arange(N_USERS + 1) * len(rows[0])),
        items=readonly(flat.astype(np.int32)),
        weights=readonly(rng.choice([1.0, 3.5, 4.0, 5.0], len(flat)).astype(np.float32)),
        times=readonly(10**9 + 86_400 * np.arange(len(flat))),
        positive_from=3.0,
    )
    titles = np.array([f"Item {item}" for item in range(N_ITEMS)], dtype=object)
    years = np.array([str(1980 + item) for item in range(N_ITEMS)], dtype=object)
    named = tuple(("odd",) if item % 2 else ("even", "round") for item in range(N_ITEMS))
    fields = {"title": titles, "category": np.array(["|".join(names) for names in named], dtype=object), "year": years}
    items = Catalog(readonly(np.arange(N_ITEMS)), titles, named, fields)
    vectors = rng.normal(size=(N_ITEMS, WIDTH)).astype(np.float32)
    fingerprint = f"{seed:015x}{int(twice)}"
    return Dataset("life", "Life", items, log, fingerprint, own_vectors=readonly(vectors))


def content_of(dataset: Dataset, *, unit: bool = True) -> Vectors:
    """Its own vectors as they are ranked."""
    assert dataset.own_vectors is not None
    return vectors_of(dataset.own_vectors, unit=unit)


def recipe_of(**choices: Any) -> Recipe:
    """A recipe on plain vectors, with quick knobs."""
    return Recipe.from_flat({"postprocess": "none", "k": N_ITEMS, **SMALL, **choices})


def whole_list(
    recipe: Recipe, dataset: Dataset, content: Vectors, user: int, log: Interactions | None = None
) -> tuple[list[int], Array]:
    """A user's list of all candidates and their scores, made by a run."""
    audience = None if log is None else Audience(log)
    run = recall(recipe.replace(k=N_ITEMS, pool=0), dataset, np.array([user]), vectors=content, audience=audience)
    items, scores = run.selected.items[0], run.selected.scores[0]
    return [int(item) for item in items if item >= 0], scores[items >= 0]


def again(
    recipe: Recipe, dataset: Dataset, content: Vectors, user: int, target: int, gone: list[int]
) -> tuple[int, float]:
    """Rank and score of the target in a run without some items of the history, which stay out of the list; 0 and NaN
    where it has none."""
    log = dataset.interactions
    keep = np.ones(len(log), dtype=bool)
    rows = log.history(user)
    keep[rows] = ~np.isin(log.items[rows], gone)
    items, scores = whole_list(recipe, dataset, content, user, rows_of(log, keep))
    left = [(item, score) for item, score in zip(items, scores, strict=True) if item not in gone]
    place = next((place for place, (item, _) in enumerate(left) if item == target), -1)
    return (place + 1, float(left[place][1])) if place >= 0 else (0, float("nan"))
