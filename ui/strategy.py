"""A recipe's strategy, fitted: whether it can be had at once, and the vectors that go with it."""

from __future__ import annotations

from core.recipe import Recipe
from core.serving import Serving, is_fitted, needs_fitting, serving
from core.types import Dataset, Vectors

from . import live, resources


def ready(recipe: Recipe) -> bool:
    """True when the strategy can be had at once; only to be asked for when the item vectors are ready."""
    return is_fitted(recipe, _learned_from(recipe), resources.vectors(recipe))


def served(recipe: Recipe) -> Serving:
    """The fitted strategy; only to be asked for when ``ready``. The engine keeps those used last in memory."""
    return serving(recipe, _learned_from(recipe), resources.vectors(recipe))


def _learned_from(recipe: Recipe) -> Dataset:
    return live.learned(resources.dataset(recipe.dataset)[0], recipe)


def space(recipe: Recipe) -> Vectors | None:
    """The item vectors that the strategy ranks with: those of the texts, its own, or None where it has no space."""
    return served(recipe).vectors if needs_fitting(recipe) else resources.vectors(recipe)


def explaining(recipe: Recipe) -> Vectors:
    """The item vectors that explain a list: the strategy's own, or those of the texts where it has no space."""
    own = space(recipe)
    return resources.vectors(recipe) if own is None else own
