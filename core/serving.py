"""A recipe's strategy at work on the whole data set: fitted once, asked for any user.

A strategy with vectors ranks like content does, by the recipe's metric, threshold and length, in its own space; any
other ranks by its own scores, and the metric plays no part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar, Protocol

import numpy as np

from . import kept_fits
from .asking import world
from .errors import IntegrityError
from .moved import load_moved, moved_stamp
from .recipe import Recipe
from .registry import stage
from .splits import Fitted, Training
from .types import Affine, Array, Dataset, Vectors, readonly, unit_rows
from .vectors import embed_items

Progress = Callable[[int, int, float], None]
LEARNED = "everywhere"
"""Live feedback that strategies learn from as well; otherwise it shapes no strategy."""
MOVABLE, MOVES = "two-tower", "lists"
"""The strategy that live feedback moves in small steps, and where it counts for that: a recipe in which it counts
everywhere learns from it in full."""
CONTENT = "content"
"""The strategy whose vectors are those of the item texts; it needs no fitting."""
KEPT = 4
"""Fitted strategies kept in memory."""
KEPT_USERS = 4
"""Users whose scores are kept in memory: a slider step does not ask a strategy again what it has just said."""
BLOCK = 512
"""Users scored at once, which bounds memory."""
QUICK_ROWS, QUICK_SIDE = 500_000, 2_000
"""Up to so many interactions, and users or items (the fewer of them), a quick strategy is fitted in well under a
second, and is not worth a file."""


class Scale(Protocol):
    """How scores are said: the part of a Scorer that needs no vectors."""

    key: ClassVar[str]
    label: ClassVar[str]
    unit: ClassVar[str]
    keeps: ClassVar[str]

    def native(self, scores: Array) -> Array: ...
    def from_native(self, value: float) -> float: ...


@dataclass(frozen=True, slots=True)
class OwnScore:
    """The scale of a strategy without a space: its scores as they are."""

    key: ClassVar[str] = "own"
    label: ClassVar[str] = "the strategy's own score"
    unit: ClassVar[str] = "score"
    keeps: ClassVar[str] = "above"

    def native(self, scores: Array) -> Array:
        """The same."""
        return scores

    def from_native(self, value: float) -> float:
        """The same."""
        return value


@dataclass(frozen=True, slots=True, eq=False)
class Serving:
    """A fitted strategy. vectors: its own items as points, scaled as the recipe says; None where it has no space.

    placed: (n_items,) bool, the items that have a place in that space. notices: what had to be repaired.
    """

    fitted: Fitted
    vectors: Vectors | None
    placed: Array
    notices: tuple[str, ...] = ()


def has_space(recipe: Recipe) -> bool:
    """Whether the strategy's users and items are points: then metric, threshold, map and neighbours work on them."""
    return bool(stage("strategies").get(recipe.strategy).embedded)


def needs_fitting(recipe: Recipe) -> bool:
    """Whether the strategy is anything but the item texts themselves."""
    return recipe.strategy != CONTENT


def scale_of(recipe: Recipe) -> Scale:
    """What a score of this recipe's lists means: the metric's value, or the strategy's own."""
    if not has_space(recipe):
        return OwnScore()
    scorer: Scale = recipe.build("score")
    return scorer


def is_quick(recipe: Recipe, dataset: Dataset) -> bool:
    """Whether fitting takes well under a second, whatever the strategy's knobs are."""
    side = min(dataset.interactions.n_users, len(dataset.catalog))
    small = len(dataset.interactions) <= QUICK_ROWS and side <= QUICK_SIDE
    return small and bool(getattr(stage("strategies").get(recipe.strategy), "quick", False))


def is_fitted(recipe: Recipe, dataset: Dataset, content: Vectors) -> bool:
    """Whether the strategy can be had at once: it needs no fitting, is quick to fit, or is kept on disk."""
    if not needs_fitting(recipe) or is_quick(recipe, dataset):
        return True
    return kept_fits.path_of(fit_key(recipe, dataset, content)).is_file()


def fit_key(recipe: Recipe, dataset: Dataset, content: Vectors) -> str:
    """The key under which the recipe's fitted strategy is kept. content: the item-text vectors."""
    there = world(recipe, dataset)
    return kept_fits.key_of(learning(recipe), there, _learned_from(recipe, there, content))


def serving(recipe: Recipe, dataset: Dataset, content: Vectors) -> Serving:
    """The recipe's strategy, fitted on all that happened up to its moment: from memory, from disk, or fitted now
    and kept.

    content: the item-text vectors. Raises InputError where there is nothing to learn from.
    """
    there = world(recipe, dataset)
    return _served(fitting(recipe), there, _learned_from(recipe, there, content), _moved(recipe, there, content))


def prepare(recipe: Recipe, dataset: Dataset, content: Vectors, progress: Progress | None = None) -> tuple[str, ...]:
    """Fit and keep what is not kept yet; returns what is to be said about it. progress: steps done, of, seconds left.

    Raises InputError as ``serving``.
    """
    there = world(recipe, dataset)
    return _fitted(learning(recipe), there, _learned_from(recipe, there, content), progress)[1]


def reads_space(recipe: Recipe) -> bool:
    """Whether the strategy looks at the item vectors as the recipe ranks them: post-processed, and scaled or not."""
    return bool(getattr(stage("strategies").get(recipe.strategy), "reads_space", False))


def fitting(recipe: Recipe) -> Recipe:
    """The same choices where they shape the strategy and its space, defaults elsewhere: equal ones share them."""
    names = {"strategy", "as_of", *(spec.name for spec in stage("strategies").knobs(recipe.strategy))}
    if recipe.events == LEARNED:
        names.add("events")
    flat = {name: value for name, value in recipe.to_flat().items() if name in names}
    shape = recipe.embedding().to_flat()
    if not reads_space(recipe):
        for name in ("postprocess", *(spec.name for spec in stage("postprocess").knobs(recipe.postprocess))):
            del shape[name]
    return Recipe.from_flat(shape | flat)


def learning(recipe: Recipe) -> Recipe:
    """As ``fitting``, for what is learned alone: whether learned vectors are scaled to length 1 is decided later."""
    shape = fitting(recipe)
    return shape if reads_space(recipe) else shape.replace(normalize=Recipe.default_of("normalize"))


def _learned_from(recipe: Recipe, dataset: Dataset, content: Vectors) -> Vectors:
    """The item-text vectors that go with ``learning``, where ``content`` are those of the recipe."""
    shape = learning(recipe).embedding()
    return content if shape == recipe.embedding() else _plain_vectors(shape, dataset)


@lru_cache(maxsize=2)
def _plain_vectors(shape: Recipe, dataset: Dataset) -> Vectors:
    return embed_items(shape, dataset)


def _moved(recipe: Recipe, dataset: Dataset, content: Vectors) -> str:
    """Tells the model that live feedback has moved, where there is one and feedback counts; "" otherwise."""
    if recipe.strategy != MOVABLE or recipe.events != MOVES or recipe.as_of:
        return ""
    return moved_stamp(fit_key(recipe, dataset, content), dataset.name)


@lru_cache(maxsize=KEPT)
def _served(recipe: Recipe, dataset: Dataset, content: Vectors, moved: str = "") -> Serving:
    fitted, notices = _fitted(learning(recipe), dataset, content)
    if moved and (model := load_moved(kept_fits.key_of(learning(recipe), dataset, content))) is not None:
        fitted = replace(fitted, model=model)  # type: ignore[type-var]
    n_items = len(dataset.catalog)
    if not has_space(recipe):
        return Serving(fitted, None, readonly(np.ones(n_items, dtype=bool)), notices)
    raw = fitted.item_vectors()  # type: ignore[attr-defined]
    placed = np.isfinite(raw).all(axis=1)
    values = np.where(placed[:, None], raw, 0).astype(np.float32)
    own = unit_rows(values) if recipe.normalize else values
    key = kept_fits.key_of(recipe, dataset, content, moved)  # of the space: tells raw vectors from those of length 1
    vectors = Vectors(readonly(own), recipe.normalize, Affine(), recipe.strategy, "fp32", key)
    return Serving(fitted, vectors, readonly(placed), notices)


def _fitted(
    recipe: Recipe, dataset: Dataset, content: Vectors, progress: Progress | None = None
) -> tuple[Fitted, tuple[str, ...]]:
    """The fitted strategy, and what is to be said about its file."""
    key = kept_fits.key_of(recipe, dataset, content)
    said, kept = [], not is_quick(recipe, dataset)
    if kept:
        try:
            if (found := kept_fits.load(key)) is not None:
                return found, ()
        except IntegrityError as error:
            said.append(f"The kept {recipe.strategy} could not be used and was fitted again: {error}.")
    strategy, training = recipe.build("strategies"), training_of(recipe, dataset, content)
    watched = progress is not None and hasattr(strategy, "fit_watched")
    fitted: Fitted = strategy.fit_watched(training, progress) if watched else strategy.fit(training)
    if kept:
        try:
            kept_fits.keep(key, fitted)
        except OSError as error:
            said.append(f"The fitted {recipe.strategy} could not be kept in the cache: {error.strerror or error}.")
    return fitted, tuple(said)


def map_recipe(recipe: Recipe) -> Recipe:
    """The same choices where they shape the map: equal ones share it."""
    return fitting(recipe) if needs_fitting(recipe) and has_space(recipe) else recipe.embedding()


def map_space(recipe: Recipe, dataset: Dataset, content: Vectors) -> tuple[Vectors, Array | None]:
    """The item vectors that the map shows, and which items have a place there (n_items,), None = all.

    The strategy's own vectors, or those of the item texts where it has none. Raises InputError as ``serving``.
    """
    if not needs_fitting(recipe) or not has_space(recipe):
        return content, None
    # A few steps of live feedback hardly move an item: the map stays, and need not be laid out at every click.
    found = serving(recipe.replace(events="off") if recipe.events == MOVES else recipe, dataset, content)
    assert found.vectors is not None
    return found.vectors, found.placed


def training_of(recipe: Recipe, dataset: Dataset, content: Vectors) -> Training:
    """Everything that happened, as a strategy learns from it."""
    known = readonly(np.ones(len(dataset.catalog), dtype=bool))
    return Training(
        dataset.catalog, dataset.interactions, content, text_vectors(recipe, dataset), known, seed=recipe.seed
    )


def text_vectors(recipe: Recipe, dataset: Dataset) -> Array:
    """(n_items, d) float32 unit rows: the item texts before any post-processing."""
    return unit_rows(embed_items(recipe.replace(postprocess="none"), dataset).values)
