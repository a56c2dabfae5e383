"""Everybody's lists under a recipe, measured, beside those of the same recipe without diversity.

The unit is the user; intervals and tests are those of the page Evaluate (core/evaluate/intervals.py). Coverage and Gini
belong to all lists together: their intervals leave out one group of users after another, and p comes from Student's t.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..candidates import score_threshold
from ..counting import in_context
from ..diversifying import assemble, diversified, takes_part
from ..errors import OutOfRangeError
from ..evaluate.intervals import GROUPS, around, holm, intervals, jackknife_error, sign_flips
from ..evaluate.report import SURE, column_means
from ..evaluate.types import Measure
from ..metrics.judged import Judged, World
from ..metrics.judging import judge
from ..pools import Diversified
from ..recipe import Recipe
from ..registry import stage
from ..select.threshold import Threshold
from ..serving import LEARNED, has_space, needs_fitting
from ..types import Array, Candidates, readonly
from .exposure import EXPOSURE, exposure
from .population import DEPTH, Population
from .remembered import remembered

FIGURES = ("recall", "ndcg", "ild", "categories", "coverage", "novelty", "gini", "calibration")
CORRECTION = "Holm, over the figures of one setting"
MORE, LESS, NONE = "more", "less", "none"


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """FIGURES of everybody's lists. values: metric -> (n,) float64, one a user, NaN where undefined; or (1 + GROUPS,)
    for those of all lists together: the figure, and then without each group of users."""

    values: Mapping[str, Array]
    n: int

    def measures(self) -> dict[str, Measure]:
        """Means with 95 % intervals."""
        return _measures(self)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a setting does to one figure.

    now, before: with it, and at diversity 0 without spacing and exploration. delta: mean of now - before over the same
    users, with its 95 % interval; share: delta / before. p: two-sided; p_holm: corrected over FIGURES.
    verdict: "more", "less" or "none" (not distinguishable from no change).
    """

    metric: str
    now: Measure
    before: Measure
    delta: float
    low: float
    high: float
    p: float
    p_holm: float
    verdict: str
    share: float


@remembered(8)
def lists_of(population: Population, recipe: Recipe) -> Diversified:
    """Everybody's lists: pool, threshold, diversity, spacing and exploration as ``core.pipeline.listed`` applies them.

    Lists of the threshold alone are cut to K, since figures are at K. Raises OutOfRangeError for K above DEPTH.
    """
    if not takes_part(recipe):
        lists = _first(population, recipe.k, score_threshold(recipe))
        return Diversified(lists, _own_places(lists), ())
    check_k(recipe.k)
    passing = _cut(_passing(population, score_threshold(recipe)), recipe.pool_size)
    pools = assemble(
        *(recipe, population.catalog, population.vectors, population.popularity),
        *(population.split.people.users, population.wanted, passing),
    )
    return diversified(recipe, pools, passing)


def check_k(k: int) -> None:
    """Raises OutOfRangeError for lists longer than pools are kept deep."""
    if k > DEPTH:
        raise OutOfRangeError("k", k, f"between 1 and {DEPTH} (pools for everybody are kept this deep)")


def _passing(population: Population, threshold: float | None) -> Candidates:
    return population.pool if threshold is None else Threshold()(population.pool, DEPTH, threshold)


def _first(population: Population, k: int, threshold: float | None) -> Candidates:
    """The first K that pass."""
    check_k(k)
    return _cut(_passing(population, threshold), k)


def plain(recipe: Recipe) -> Recipe:
    """The same recipe at diversity 0, without spacing and exploration."""
    return recipe.replace(diversity=0.0, spacing="none", exploration="none")


def said(recipe: Recipe) -> tuple[str, ...]:
    """Choices that the figures read otherwise than the list on the page."""
    found = []
    if takes_part(recipe) and recipe.pool_size > DEPTH:
        found.append(f"the pool of {recipe.pool_size:,} is cut to {DEPTH} for everybody")
    if recipe.rearranges and not takes_part(recipe):
        found.append(f"diversity plays no part with select={recipe.select}, and lists are cut to {recipe.k}")
    if needs_fitting(recipe) and has_space(recipe) and (recipe.metric != "dot" or recipe.normalize):
        found.append(
            f"{recipe.strategy} is ranked by {recipe.metric} here, as its lists are; Evaluate ranks by its own score"
        )
    if not recipe.exclude_seen:
        found.append("what users have already is left out for everybody: it could not be found again")
    if recipe.events == LEARNED:
        found.append("live feedback is kept apart here: everybody is measured on the log as it is; Evaluate can use it")
    if context := [*in_context(recipe), *(["rules"] if recipe.rules.strip() else [])]:
        parts = "plays no part" if len(context) == 1 else "play no part"
        found.append(f"{', '.join(context)} {parts} for everybody: tests cut the log by themselves, and rank all items")
    return tuple(found)


def figures(population: Population, recipe: Recipe, names: tuple[str, ...] = FIGURES) -> Figures:
    """FIGURES, or some of them, of everybody's lists at K. Raises OutOfRangeError as :func:`lists_of`."""
    if not takes_part(recipe):
        return _undiversified(population, recipe.k, score_threshold(recipe), names)
    return measured(population, lists_of(population, recipe).lists, recipe.k, names)


@remembered(24)
def _undiversified(population: Population, k: int, threshold: float | None, names: tuple[str, ...]) -> Figures:
    return measured(population, _first(population, k, threshold), k, names)


def measured(
    population: Population, lists: Candidates, k: int, names: tuple[str, ...] = FIGURES, world: World | None = None
) -> Figures:
    """FIGURES, or some of them, of lists (n, m) at K, one for each of the population. world: what metrics compare lists
    with; None = the population's own."""
    judged = judged_lists(population, lists, k, world)
    ks = np.array([min(k, judged.items.shape[1])])
    values = {
        name: readonly(
            exposure(judged, name)
            if name in EXPOSURE
            else np.asarray(stage("metrics").get(name)()(judged, ks)[:, 0], dtype=np.float64)
        )
        for name in names
    }
    return Figures(values, len(population))


def judged_lists(population: Population, lists: Candidates, k: int, world: World | None = None) -> Judged:
    """The lists with their hits; world as :func:`measured`."""
    split = population.split
    return judge(lists.items[:, :k], split.relevant, split.n_candidates, world or population.world)


@remembered(16)
def effects(population: Population, recipe: Recipe) -> tuple[Effect, ...]:
    """What the recipe does to each of FIGURES, in their order. Raises OutOfRangeError as :func:`lists_of`."""
    return compared(figures(population, recipe), figures(population, plain(recipe)))


def compared(now: Figures, before: Figures) -> tuple[Effect, ...]:
    """Two sets of figures of the same users."""
    names = tuple(now.values)
    deltas = _deltas(now, before)
    p = dict(zip(names, holm([deltas[name][3] for name in names]), strict=True))
    one, other = now.measures(), before.measures()
    return tuple(_effect(name, one[name], other[name], deltas[name], p[name]) for name in names)


def _effect(
    name: str, now: Measure, before: Measure, found: tuple[float, float, float, float], p_holm: float
) -> Effect:
    delta, low, high, p = found
    verdict = NONE if not p_holm < SURE or delta == 0 else MORE if delta > 0 else LESS
    share = delta / before.mean if before.mean else math.nan
    return Effect(name, now, before, delta, low, high, p, p_holm, verdict, share)


def _deltas(now: Figures, before: Figures) -> dict[str, tuple[float, float, float, float]]:
    """metric -> delta, low, high, p."""
    own = [name for name in now.values if name not in EXPOSURE]
    differences = np.stack([now.values[name] - before.values[name] for name in own], axis=1)
    low, high = intervals(differences)
    columns = zip(column_means(differences).tolist(), low.tolist(), high.tolist(), sign_flips(differences), strict=True)
    found = {name: (mean, lo, hi, float(p)) for name, (mean, lo, hi, p) in zip(own, columns, strict=True)}
    for name in set(now.values) - set(own):
        found[name] = _delta_of_all(now.values[name] - before.values[name])
    return found


def _delta_of_all(found: Array) -> tuple[float, float, float, float]:
    """found: (1 + GROUPS,) differences -> delta, low, high, p; p by Student's t with GROUPS - 1 degrees of freedom."""
    from scipy.special import stdtr

    whole = float(found[0])
    if np.isnan(found).any():
        return whole, math.nan, math.nan, 1.0
    error = jackknife_error(found[1:])
    if error == 0:
        return whole, whole, whole, 1.0 if whole == 0 else 0.0
    return whole, *around(whole, found[1:]), float(2 * stdtr(GROUPS - 1, -abs(whole) / error))


@lru_cache(maxsize=64)
def _measures(found: Figures) -> dict[str, Measure]:
    own = [name for name in found.values if name not in EXPOSURE]
    values = np.stack([found.values[name] for name in own], axis=1)
    low, high = intervals(values)
    counts = (~np.isnan(values)).sum(axis=0)
    means = column_means(values)
    out = {
        name: Measure(float(means[at]), float(low[at]), float(high[at]), int(counts[at])) for at, name in enumerate(own)
    }
    for name in set(found.values) - set(own):
        whole, rest = float(found.values[name][0]), found.values[name][1:]
        bounds = (math.nan, math.nan) if np.isnan(rest).any() else around(whole, rest)
        out[name] = Measure(whole, *bounds, found.n)
    return {name: out[name] for name in found.values}


def _cut(pool: Candidates, size: int) -> Candidates:
    width = min(size, pool.items.shape[1])
    return Candidates(readonly(pool.items[:, :width]), readonly(pool.scores[:, :width]))


def _own_places(lists: Candidates) -> Array:
    return readonly(np.where(lists.items >= 0, np.arange(lists.items.shape[1], dtype=np.int32), np.int32(-1)))
