"""What a setting of the sliders does to all test users: figures with their interval, and their change."""

from __future__ import annotations

import math
from dataclasses import dataclass

import streamlit as st

from core.errors import InputError
from core.evaluate.types import Measure
from core.recipe import Recipe
from core.registry import stage
from core.tradeoff import figures, population
from core.tradeoff.figures import Effect
from core.types import Dataset

from . import diversity_job, diversity_lists, resources
from .blocks import error_card
from .channels import channel_name
from .diversity_headline import setting, size
from .diversity_lists import Tile
from .text import plain_markdown, t

SHARES = ("coverage",)
"""Figures that are shown in percent; their changes are in points."""
DECIMALS = {"categories": 2, "novelty": 2}
FINER = {"recall": 4, "ndcg": 4, "gini": 4}
"""Decimals of changes, where they are finer than those of the figure."""


@dataclass(frozen=True, slots=True)
class Everybody:
    """The figures of n test users at a setting, or the problem in a sentence, where nobody can be tested."""

    effects: tuple[Effect, ...]
    n: int
    notices: tuple[str, ...] = ()
    problem: str = ""


def effects(dataset: Dataset, recipe: Recipe) -> Everybody | None:
    """The figures at once, None where their people have to be prepared first. Vectors must be ready."""
    content = resources.vectors(recipe)
    try:
        if not population.ready(recipe, dataset, content):
            return None
        people = population.population(recipe, dataset, content)
        return Everybody(figures.effects(people, recipe), len(people), (*people.notices, *figures.said(recipe)))
    except InputError as error:
        return Everybody((), 0, problem=str(error))


def draw(dataset: Dataset, recipe: Recipe, found: Everybody | None) -> None:
    """The tiles; or the job that prepares them; or why there are none."""
    st.markdown(f"## {t('diversity.everybody')}")
    if found is None:
        diversity_job.wait(recipe, dataset)
        return
    if found.problem:
        error_card(found.problem)
        return
    tiles = [_tile(effect, recipe) for effect in found.effects]
    diversity_lists.tiles(tiles, setting(recipe), key="diversity-tiles")
    st.caption(t("diversity.measured", n=f"{found.n:,}", strategy=plain_markdown(channel_name(recipe.strategy))))
    if not any(dataset.catalog.categories):
        st.caption(t("diversity.no_categories"))
    for notice in found.notices:
        st.caption(f":material/info: {plain_markdown(notice)}")


def _tile(effect: Effect, recipe: Recipe) -> Tile:
    compared = recipe.rearranges and math.isfinite(effect.delta)
    kind = kind_of(effect) if compared else diversity_lists.ALONE
    return Tile(
        label=t(f"diversity.figure_{effect.metric}", k=recipe.k),
        value=figure(effect.metric, effect.now.mean),
        interval=_interval(effect.metric, effect.now),
        share=size(effect) if compared else "",
        change=change(effect) if compared else "",
        kind=kind,
        said=t(f"diversity.verdict_{kind}") if compared else "",
        about=t(f"diversity.about_{effect.metric}"),
    )


def kind_of(effect: Effect) -> str:
    """Whether a change is for the better, where the figure has a better side."""
    if effect.verdict == "none":
        return diversity_lists.UNSURE
    better = str(stage("metrics").get(effect.metric).better)
    if not better:
        return diversity_lists.OTHERWISE
    return diversity_lists.BETTER if (effect.verdict == "more") == (better == "higher") else diversity_lists.WORSE


def figure(metric: str, value: float) -> str:
    """A value as it is read: "0.123", "12.3 %"."""
    if not math.isfinite(value):
        return "–"
    return f"{100 * value:.1f} %" if metric in SHARES else f"{value:.{DECIMALS.get(metric, 3)}f}"


def change(effect: Effect) -> str:
    """A difference with its interval: "+0.012 (+0.008 to +0.016)"."""
    delta, low, high = (_signed(effect.metric, value) for value in (effect.delta, effect.low, effect.high))
    unit = t("diversity.points") if effect.metric in SHARES else ""
    return t("diversity.change", delta=delta, low=low, high=high, unit=unit) if low else delta + unit


def _signed(metric: str, value: float) -> str:
    """A difference as it is read, in points where the figure is a share; "" where there is none."""
    if not math.isfinite(value):
        return ""
    decimals = 1 if metric in SHARES else FINER.get(metric, DECIMALS.get(metric, 3))
    text = f"{100 * value if metric in SHARES else value:+.{decimals}f}"
    return (text if text.strip("+-0.") else text[1:]).replace("-", "−")


def _interval(metric: str, one: Measure) -> str:
    if not math.isfinite(one.low):
        return ""
    return f"{figure(metric, one.low)} – {figure(metric, one.high)}"
