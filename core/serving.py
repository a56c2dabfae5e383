"""A recipe's strategy at work on the whole data set: fitted once, asked for any user.

A strategy with vectors ranks like content does, by the recipe's metric, threshold and length, in its own space; any
other ranks by its own scores, and the metric plays no part.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .recipe import Recipe
from .registry import stage
from .select.scored import rank_scores
from .splits import Fitted, Training, everybody, liked_counts
from .types import Affine, Array, Candidates, Dataset, UserVectors, Vectors, readonly, unit_rows
from .vectors import embed_items

CONTENT = "content"
"""The strategy whose vectors are those of the item texts; it needs no fitting."""
KEPT = 2
"""Fitted strategies kept in memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Serving:
    """A fitted strategy. vectors: its own items as points, scaled as the recipe says; None where it has no space.

    placed: (n_items,) bool, the items that have a place in that space.
    """

    fitted: Fitted
    vectors: Vectors | None
    placed: Array


def has_space(recipe: Recipe) -> bool:
    """Whether the strategy's users and items are points: then metric, threshold, map and neighbours work on them."""
    return bool(stage("strategies").get(recipe.strategy).embedded)


def needs_fitting(recipe: Recipe) -> bool:
    """Whether the strategy is anything but the item texts themselves."""
    return recipe.strategy != CONTENT


def serving(recipe: Recipe, dataset: Dataset, content: Vectors) -> Serving:
    """The recipe's strategy, fitted on all that happened. content: the item-text vectors. Raises InputError."""
    return _fitted(_fitting(recipe), dataset, content)


def _fitting(recipe: Recipe) -> Recipe:
    """The same choices where they shape what is learned, defaults elsewhere: equal ones share a fitted strategy."""
    names = {"strategy", *(spec.name for spec in stage("strategies").knobs(recipe.strategy))}
    flat = {name: value for name, value in recipe.to_flat().items() if name in names}
    return Recipe.from_flat(recipe.embedding().to_flat() | flat)


@lru_cache(maxsize=KEPT)
def _fitted(recipe: Recipe, dataset: Dataset, content: Vectors) -> Serving:
    fitted = recipe.build("strategies").fit(training_of(recipe, dataset, content))
    n_items = len(dataset.catalog)
    if not has_space(recipe):
        return Serving(fitted, None, np.ones(n_items, dtype=bool))
    raw = fitted.item_vectors()
    placed = np.isfinite(raw).all(axis=1)
    values = np.where(placed[:, None], raw, 0).astype(np.float32)
    key = hashlib.sha256(json.dumps([repr(recipe), dataset.fingerprint, content.fingerprint]).encode()).hexdigest()[:16]
    own = unit_rows(values) if recipe.normalize else values
    return Serving(fitted, Vectors(readonly(own), recipe.normalize, Affine(), recipe.strategy, "fp32", key), placed)


def training_of(recipe: Recipe, dataset: Dataset, content: Vectors) -> Training:
    """Everything that happened, as a strategy learns from it."""
    known = readonly(np.ones(len(dataset.catalog), dtype=bool))
    return Training(
        dataset.catalog, dataset.interactions, content, text_vectors(recipe, dataset), known, seed=recipe.seed
    )


def text_vectors(recipe: Recipe, dataset: Dataset) -> Array:
    """(n_items, d) float32 unit rows: the item texts before any post-processing."""
    return unit_rows(embed_items(recipe.replace(postprocess="none"), dataset).values)


def own_users(found: Serving, dataset: Dataset, users: Array) -> UserVectors:
    """Users (n,) as points of the strategy's space, scaled as its items are."""
    people = everybody(dataset.interactions).take(users)
    placed: UserVectors = found.fitted.user_vectors(people)  # type: ignore[attr-defined]
    values = placed.values
    if found.vectors is not None and found.vectors.unit:
        values = np.where(placed.known[:, None], unit_rows(np.nan_to_num(values)), np.nan).astype(np.float32)
    return UserVectors(users, readonly(values), placed.known, placed.has_history)


def own_scores(
    found: Serving, dataset: Dataset, users: Array, hidden: tuple[Array, Array], size: int, threshold: float | None
) -> tuple[UserVectors, Candidates, Array]:
    """Rank by the strategy's own scores. hidden: (row, item) pairs. -> users without a place, pool, passing counts."""
    people = everybody(dataset.interactions).take(users)
    scores = np.array(found.fitted.score(people), dtype=np.float32)
    known = np.logical_not(np.isnan(scores).all(axis=1))
    scores[hidden] = np.nan
    pool, passing = rank_scores(scores, size, threshold)
    return (
        UserVectors(
            users, np.full((len(users), 0), np.nan, dtype=np.float32), known, liked_counts(people.histories) > 0
        ),
        pool,
        passing,
    )


def channels_of(found: Serving, dataset: Dataset, users: Array, items: Array) -> dict[str, Array]:
    """What each channel of a merged list ranks the items (n, m) at; {} where nothing was merged."""
    if not hasattr(found.fitted, "channels"):
        return {}
    return dict(found.fitted.channels(everybody(dataset.interactions).take(users), items))
