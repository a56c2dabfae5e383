"""The space a person is looked at in: that of the strategy, or of the item texts where it has none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..audience import Audience
from ..pipeline import placed_users
from ..recipe import Recipe
from ..serving import has_space, map_space
from ..types import Array, Dataset, Vectors, readonly, unit_rows

MOST_USERS = 20_000
"""Of more users than this, so many, evenly spread over the log, are compared with one."""


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """items: (n_items, d) float32 of length 1, a zero row where an item has no place. others: (m,) user indices to
    compare with, vectors: (m, d) theirs, NaN rows without a place. own: whether it is the strategy's own space."""

    items: Array
    others: Array
    vectors: Array
    own: bool


def looked_at(recipe: Recipe) -> Recipe:
    """The recipe itself where its strategy has a space, else that of the item texts."""
    return recipe if has_space(recipe) else recipe.embedding()


@lru_cache(maxsize=3)
def space(recipe: Recipe, dataset: Dataset, content: Vectors, audience: Audience | None = None) -> Space:
    """content: the item-text vectors of the recipe. Raises InputError as ``core.serving.serving``."""
    seen = looked_at(recipe)
    items = _directions(seen, dataset, content)
    n = dataset.interactions.n_users if audience is None else audience.log.n_users
    others = np.unique(np.linspace(0, max(n - 1, 0), min(n, MOST_USERS)).astype(np.int64))
    placed, _ = placed_users(seen, dataset, content, others, audience)
    return Space(items, readonly(others), readonly(placed.values), has_space(recipe))


@lru_cache(maxsize=3)
def _directions(recipe: Recipe, dataset: Dataset, content: Vectors) -> Array:
    vectors, placed = map_space(recipe, dataset, content)
    values = vectors.values if placed is None else np.where(placed[:, None], vectors.values, 0)
    return values if vectors.unit and placed is None else readonly(unit_rows(values))


def own_vector(
    recipe: Recipe, dataset: Dataset, content: Vectors, user: int, audience: Audience | None = None
) -> Array:
    """(d,) the user in that space, NaN where she has no place in it."""
    placed, _ = placed_users(looked_at(recipe), dataset, content, np.array([user]), audience)
    return placed.values[0]
