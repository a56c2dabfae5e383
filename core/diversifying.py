"""From a pool to a list: diversify, then spacing, then exploration, each only where the recipe asks for it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from .errors import InputError
from .metrics.calibration import liked_mixes, shares
from .pools import DIVERSIFY, EXPLORATION, SPACING, Diversified, Pools, Step, at_places, relevance_of
from .recipe import Recipe
from .registry import stage
from .serving import has_space, needs_fitting, serving, text_vectors
from .splits import positives, rows_of, users_of
from .strategies.item_features import category_rows
from .types import Array, Candidates, Catalog, Dataset, Interactions, Vectors, readonly, unit_rows


def takes_part(recipe: Recipe) -> bool:
    """Whether anything is put into another order: where the threshold alone decides, all that pass are shown."""
    return recipe.rearranges and "k" in stage("select").get(recipe.select).uses


def diversified(recipe: Recipe, pools: Pools, candidates: Candidates) -> Diversified:
    """Lists of up to k from pools, which ``pools_for`` made of these candidates (n, m); scores go along unchanged."""
    steps: list[Step] = []
    m = candidates.items.shape[1]
    places = np.where(candidates.items >= 0, np.arange(m, dtype=np.int32), np.int32(-1))
    asked = _asked(recipe)
    for name, key in asked:
        # A step that others follow orders all it has: they choose from what it leaves.
        k = recipe.k if name == asked[-1][0] else m
        method = recipe.build(name)
        picks = method(pools, k, recipe.diversity) if name == DIVERSIFY else method(pools, k)
        steps.append(Step(name, key, pools, picks))
        places = at_places(places, picks.places, np.int32(-1))
        pools = pools.picked(picks.places)
    places = readonly(places[:, : recipe.k])
    lists = Candidates(
        readonly(at_places(candidates.items, places, np.int32(-1))),
        readonly(at_places(candidates.scores, places, np.float64(np.nan))),
    )
    return Diversified(lists, places, tuple(steps))


def _asked(recipe: Recipe) -> list[tuple[str, str]]:
    """(step, method) of what takes part, in order."""
    found = [(DIVERSIFY, recipe.diversify)] if recipe.diversity > 0 else []
    return found + [
        (name, key) for name, key in ((SPACING, recipe.spacing), (EXPLORATION, recipe.exploration)) if key != "none"
    ]


def pools_for(
    recipe: Recipe,
    dataset: Dataset,
    content: Vectors,
    users: Array,
    candidates: Candidates,
    asked: Interactions | None = None,
) -> Pools:
    """The candidates of users (n,) as the steps see them, from all that happened. content: the item-text vectors.

    asked: the log that tells what the users like, which may know more or other people than the data set's own; None =
    that one.
    """
    log, catalog = dataset.interactions, dataset.catalog
    vectors, popularity = likeness_vectors(recipe, dataset, content), log_popularity(log, len(catalog))
    if asked is None or asked is log:
        wanted = wanted_mixes(log, catalog)[users]
    else:
        wanted = wanted_mixes_of(users_of(asked, users), catalog)
    return assemble(recipe, catalog, vectors, popularity, users, wanted, candidates)


def assemble(
    recipe: Recipe, catalog: Catalog, vectors: Array, popularity: Array, users: Array, wanted: Array, lists: Candidates
) -> Pools:
    """Pools of what is given; see ``core.pools.Pools`` for the shapes."""
    return Pools(
        users=users,
        items=readonly(lists.items),
        relevance=relevance_of(lists.scores, recipe.relevance_scale),
        vectors=vectors,
        mixes=category_mixes(catalog),
        wanted=readonly(wanted),
        popularity=popularity,
        seed=recipe.seed,
    )


def likeness_vectors(recipe: Recipe, dataset: Dataset, content: Vectors) -> Array:
    """(n_items, d) float32 unit rows of the space in which likeness is measured.

    "ranked": where the strategy ranks, the texts as the recipe ranks them where it has no space; "text": the item
    texts before any post-processing.
    """
    if recipe.diversity_space == "text":
        return _text_rows(_text_shape(recipe), dataset)
    if needs_fitting(recipe) and has_space(recipe):
        own = serving(recipe, dataset, content).vectors
        if own is None:
            raise InputError(f"{recipe.strategy} has no space of its own: use diversity_space=text")
        return _unit(own)
    return _unit(content)


@lru_cache(maxsize=64)
def _text_shape(recipe: Recipe) -> Recipe:
    """What decides the item texts' vectors. Kept: working it out takes longer than a list."""
    return recipe.embedding().replace(postprocess="none")


@lru_cache(maxsize=4)
def _text_rows(shape: Recipe, dataset: Dataset) -> Array:
    return readonly(text_vectors(shape, dataset))


@lru_cache(maxsize=4)
def _unit(vectors: Vectors) -> Array:
    return vectors.values if vectors.unit else readonly(unit_rows(vectors.values))


@lru_cache(maxsize=4)
def category_mixes(catalog: Catalog) -> Array:
    """(n_items, n_categories) float32, names in ascending order: each item shared out among its categories."""
    return readonly(shares(category_rows(catalog).T))


@lru_cache(maxsize=4)
def wanted_mixes(log: Interactions, catalog: Catalog) -> Array:
    """(n_users, n_categories) float32: the category mix of what each user of a log liked, adding up to 1 or 0."""
    return wanted_mixes_of(log, catalog)


def wanted_mixes_of(log: Interactions, catalog: Catalog) -> Array:
    """The same, made now; what is no item of the catalogue (``Audience.extra``) has no category."""
    real = log.items < len(catalog)
    sums = liked_mixes(log if real.all() else rows_of(log, real), category_mixes(catalog))
    total = sums.sum(axis=1, keepdims=True)
    return readonly(np.divide(sums, total, out=np.zeros_like(sums), where=total > 0).astype(np.float32))


@lru_cache(maxsize=4)
def log_popularity(log: Interactions, n_items: int) -> Array:
    """(n_items,) float32 in [0, 1]: rows of the log that like the item / those of the most liked one."""
    counts = np.bincount(log.items[positives(log)], minlength=n_items).astype(np.float32)
    return readonly(counts / max(float(counts.max(initial=0)), 1.0))
