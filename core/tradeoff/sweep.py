"""The trade-off curve: relevance against diversity over strength x K x method, for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import product

from ..recipe import Recipe
from ..registry import stage
from ..store.prune import prune
from ..types import Dataset, Vectors
from .figures import compared, figures, plain
from .kept import append, path_of, read_points
from .points import Point, corrected
from .population import DEPTH, Population, Progress, population

STRENGTHS = tuple(round(step * 0.05, 2) for step in range(21))
N_KS, N_METHODS = 3, 4
PREFERRED = ("mmr", "dpp", "max-sum", "calibration")
"""Methods to set beside each other: what they aim at differs most."""
MEASURED = ("ndcg", "recall", "ild", "categories")
MOST_KEPT, MOST_BYTES = 100, 50_000_000
"""Files of sweeps in the folder, and their size together."""
Place = tuple[str, int, float]


def places(recipe: Recipe, n_items: int) -> tuple[Place, ...]:
    """(method, K, diversity) of every point, in the order in which a picture is of use soonest: the ends and the middle
    of a curve first, then between; the present method and K a step ahead of the others."""
    found = list(product(methods(recipe), ks(recipe, n_items), STRENGTHS))
    return tuple(sorted(found, key=lambda place: _turn(recipe, *place)))


def _turn(recipe: Recipe, method: str, k: int, diversity: float) -> tuple[int, int, float]:
    step = round(diversity * 20)
    level = next(level for level, every in enumerate((10, 5, 2, 1)) if step % every == 0)
    others = (method != recipe.diversify) + (k != recipe.k)
    return level + (others > 0), others, diversity


def methods(recipe: Recipe) -> tuple[str, ...]:
    """The present method and others, PREFERRED ones first, up to N_METHODS."""
    known = stage("diversify").names()
    ordered = dict.fromkeys((recipe.diversify, *(name for name in PREFERRED if name in known), *known))
    return tuple(ordered)[:N_METHODS]


def ks(recipe: Recipe, n_items: int) -> tuple[int, ...]:
    """Half of K, K, and twice K, within 1 .. DEPTH and the catalogue; fewer where these are alike."""
    deepest = min(DEPTH, n_items)
    return tuple(sorted({min(max(1, k), deepest) for k in (recipe.k // 2, recipe.k, 2 * recipe.k)}))


def sweep_total(recipe: Recipe, n_items: int) -> int:
    """How many points a whole sweep has."""
    return len(methods(recipe)) * len(ks(recipe, n_items)) * len(STRENGTHS)


def kept_points(recipe: Recipe, dataset: Dataset, content: Vectors) -> tuple[Point, ...]:
    """The points of the sweep that are there so far, in its order, ``real`` among them. Cheap: nothing is computed."""
    found = read_points(path_of(recipe, dataset, content))
    wanted = places(recipe, len(dataset.catalog))
    return corrected(found[place] for place in wanted if place in found)


def sweep(
    recipe: Recipe, dataset: Dataset, content: Vectors, progress: Progress | None = None
) -> Iterator[tuple[Point, bool]]:
    """Every point of the sweep, each with whether it was kept already; new ones are kept as they are made.

    ``real`` is not yet set: it depends on the whole curve, see ``points.corrected``. progress: as ``population``.
    Raises InputError as ``population``.
    """
    path = path_of(recipe, dataset, content)
    found = read_points(path)
    people: Population | None = None
    for place in places(recipe, len(dataset.catalog)):
        if place in found:
            yield found[place], True
            continue
        if people is None:
            people = population(recipe, dataset, content, progress)
        found[place] = point = point_at(people, at(recipe, *place))
        with suppress(OSError):  # a full disk: the points are still told, and made again next time
            append(path, point)
        yield point, False
    prune(path.parent, "*.jsonl", MOST_KEPT, MOST_BYTES)


def at(recipe: Recipe, method: str, k: int, diversity: float) -> Recipe:
    """The recipe at a point of its sweep; a pool that was chosen is never smaller than K."""
    pool = max(recipe.pool, k) if recipe.pool else 0
    return recipe.replace(diversify=method, k=k, diversity=diversity, pool=pool)


def point_at(people: Population, recipe: Recipe) -> Point:
    """One point, computed now."""
    now, before = figures(people, recipe, MEASURED), figures(people, plain(recipe), MEASURED)
    found = {one.metric: one for one in compared(now, before)}
    ndcg, recall, ild, categories = (found[name] for name in MEASURED)
    return Point(
        *(recipe.diversify, recipe.k, recipe.diversity),
        *(ndcg.now, recall.now, ild.now, categories.now),
        ndcg_delta=ndcg.delta,
        ndcg_low=ndcg.low,
        ndcg_high=ndcg.high,
        recall_delta=recall.delta,
        recall_low=recall.low,
        recall_high=recall.high,
        p=ndcg.p,
    )
