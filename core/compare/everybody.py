"""Recipes measured on the same test people: figures side by side, and differences paired by user.

Sides are read to the same depth, the smallest of their K, since a figure at 10 and one at 20 are two questions. The
first side's text vectors measure the likeness in all lists, so that no side is judged by a ruler of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from ..errors import InputError
from ..evaluate.intervals import holm
from ..evaluate.report import SURE, measured
from ..evaluate.types import Measure
from ..metrics.judged import World
from ..recipe import Recipe
from ..registry import stage
from ..tradeoff.figures import LESS, MORE, NONE, Effect, Figures, compared, lists_of, said
from ..tradeoff.figures import measured as figures_of
from ..tradeoff.population import Population
from ..tradeoff.remembered import remembered
from ..types import Array
from .overlap import PERSISTENCE, jaccard, rbo, shared

CORRECTION = "Holm, over all figures and pairs"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How side b differs from side a on one figure.

    delta: mean of b - a over the same users with its 95 % interval. p: two-sided, p_holm corrected over all figures and
    pairs. verdict: "more", "less" or "none" (not distinguishable). better: the side that does better, "" where there is
    no difference to speak of or the figure has no better end.
    """

    metric: str
    delta: float
    low: float
    high: float
    p: float
    p_holm: float
    verdict: str
    better: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Side b against side a. shared, jaccard, rbo: means over all test users, lists read to one depth."""

    a: str
    b: str
    shared: Measure
    jaccard: Measure
    rbo: Measure
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Everybody:
    """Sides compared on n test users at the first k places. measures: side -> metric -> measure."""

    n: int
    k: int
    measures: Mapping[str, Mapping[str, Measure]]
    pairs: tuple[Pair, ...]
    notices: tuple[str, ...]


def check_alike(sides: Mapping[str, Recipe]) -> None:
    """Raises InputError where sides cannot be measured on the same people."""
    seeds = {side: recipe.seed for side, recipe in sides.items()}
    if len(set(seeds.values())) > 1:
        given = ", ".join(f"{side} has {seed}" for side, seed in seeds.items())
        raise InputError(f"the seed decides who is tested, and it differs ({given}): give all sides the same seed")


def everybody(sides: Mapping[str, Recipe], people: Mapping[str, Population], p: float = PERSISTENCE) -> Everybody:
    """Compare two or more sides. people: the population of each side's recipe. p: of RBO.

    Raises InputError where seeds differ, OutOfRangeError for p or a K that is deeper than pools are kept.
    """
    check_alike(sides)
    k = min(recipe.k for recipe in sides.values())
    world = next(iter(people.values())).world
    lists = {side: _lists(people[side], recipe, k) for side, recipe in sides.items()}
    found = {side: _figures(people[side], recipe, world, k) for side, recipe in sides.items()}
    measures = {side: one.measures() for side, one in found.items()}
    names = list(combinations(sides, 2))
    effects = [compared(found[b], found[a]) for a, b in names]
    corrected = iter(holm([effect.p for one in effects for effect in one]))
    pairs = tuple(
        Pair(
            *(a, b),
            measured(shared(lists[a], lists[b]).astype(np.float64)),
            measured(jaccard(lists[a], lists[b])),
            measured(rbo(lists[a], lists[b], p)),
            tuple(_verdict(effect, next(corrected), a, b) for effect in one),
        )
        for (a, b), one in zip(names, effects, strict=True)
    )
    n = len(next(iter(people.values())))
    return Everybody(n, k, measures, pairs, _notices(sides, people, k))


def _lists(people: Population, recipe: Recipe, k: int) -> Array:
    """(n, <= k) item indices."""
    items: Array = lists_of(people, recipe).lists.items[:, :k]
    return items


@remembered(8)
def _figures(people: Population, recipe: Recipe, world: World, k: int) -> Figures:
    return figures_of(people, lists_of(people, recipe).lists, k, world=world)


def _verdict(effect: Effect, p_holm: float, a: str, b: str) -> Verdict:
    sure = p_holm < SURE and effect.delta != 0
    verdict = NONE if not sure else MORE if effect.delta > 0 else LESS
    wanted = stage("metrics").get(effect.metric).better
    better = ""
    if verdict != NONE and wanted:
        better = b if (verdict == MORE) == (wanted == "higher") else a
    return Verdict(effect.metric, effect.delta, effect.low, effect.high, effect.p, p_holm, verdict, better)


def _notices(sides: Mapping[str, Recipe], people: Mapping[str, Population], k: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for one in people.values():
        found |= dict.fromkeys(one.notices)
    for side, recipe in sides.items():
        found |= dict.fromkeys(f"{side}: {what}" for what in said(recipe))
    if len({recipe.k for recipe in sides.values()}) > 1:
        found[f"lists of different length are compared over their first {k} places"] = None
    rulers = {_ruler(recipe) for recipe in sides.values()}
    if len(rulers) > 1:
        found[f"diversity (ILD) is measured by the item texts and model of {next(iter(sides))} for all sides"] = None
    return tuple(found)


def _ruler(recipe: Recipe) -> Recipe:
    """What decides the text vectors by which likeness in a list is measured."""
    return recipe.embedding().replace(postprocess="none", normalize=True)


def in_words(verdict: Verdict, a: str, b: str, k: int) -> str:
    """A verdict as a sentence: "B beats A on ndcg@10 by 0.0213 (0.0102 to 0.0324)"."""
    what = f"{verdict.metric}@{k}"
    if verdict.verdict == NONE:
        found = f"{verdict.delta:+.4f} ({verdict.low:+.4f} to {verdict.high:+.4f})"
        return f"{a} and {b} are not distinguishable on {what}: {found}"
    up = replace(verdict, delta=-verdict.delta, low=-verdict.high, high=-verdict.low)
    size = verdict if verdict.delta > 0 else up
    by = f"by {size.delta:.4f} ({size.low:.4f} to {size.high:.4f})"
    if not verdict.better:
        more, less = (b, a) if verdict.verdict == MORE else (a, b)
        return f"{more} has more {what} than {less} {by}"
    loser = a if verdict.better == b else b
    less_is_better = ", where less is better," if stage("metrics").get(verdict.metric).better == "lower" else ""
    return f"{verdict.better} beats {loser} on {what}{less_is_better} {by}"
