"""Sides compared over all test people: the sentence on top, the overlap, and the table of figures with verdicts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from core.compare.everybody import Everybody, Pair, Verdict, check_alike, everybody
from core.errors import InputError
from core.evaluate.report import SURE
from core.evaluate.types import Measure
from core.recipe import Recipe
from core.registry import stage
from core.tradeoff.population import Population, population, ready
from core.types import Dataset

from . import compare_job, resources
from .aligned import Figure, figure_table
from .blocks import error_card
from .compare_lists import Agreement
from .compare_sides import letter
from .text import plain_markdown, t, words

HEADLINE = ("ndcg", "ild")
"""The figures that the sentence on top names: what a list is worth, and how varied it is."""
DECIMALS = {"categories": 2, "novelty": 2}


@dataclass(frozen=True, slots=True)
class Found:
    """The comparison; or the side whose people have to be prepared first; or the problem in a sentence."""

    compared: Everybody | None = None
    waits_for: str = ""
    problem: str = ""


def found(dataset: Dataset, sides: dict[str, Recipe], p: float) -> Found:
    """All sides on the same test people, where they can be had at once. Vectors must be ready. p: of RBO."""
    named = {letter(side): recipe for side, recipe in sides.items()}
    try:
        check_alike(named)
        for side, recipe in sides.items():
            if not ready(recipe, dataset, resources.vectors(recipe)):
                return Found(waits_for=side)
        with st.spinner(t("compare.measuring"), show_time=False):
            people = tuple(population(recipe, dataset, resources.vectors(recipe)) for recipe in named.values())
            return Found(_compared(tuple(named.items()), people, p))
    except InputError as error:
        return Found(problem=str(error))


@lru_cache(maxsize=4)
def _compared(sides: tuple[tuple[str, Recipe], ...], people: tuple[Population, ...], p: float) -> Everybody:
    return everybody(dict(sides), dict(zip((side for side, _ in sides), people, strict=True)), p)


def headlines(agreements: Sequence[Agreement], compared: Everybody | None) -> list[str]:
    """ "A and B share 4 of 10 items (RBO .52). B beats A on NDCG by .021 (.010 to .032); ILD not distinguishable."

    One for each side against A; how others stand to each other is said by the table.
    """
    said = []
    for one in agreements:
        if one.a != agreements[0].a:
            continue
        agree = "" if math.isnan(one.rbo) else t("compare.rbo", rbo=short(one.rbo, 2))
        line = (
            t("compare.share_one" if one.k == 1 else "compare.share", a=one.a, b=one.b, n=one.shared, of=one.k)
            + agree
            + "."
        )
        pair = next((pair for pair in compared.pairs if (pair.a, pair.b) == (one.a, one.b)), None) if compared else None
        if pair is not None:
            line += " " + "; ".join(_clause(verdict, pair) for verdict in _named(pair, HEADLINE)) + "."
        said.append(line)
    return said


def _named(pair: Pair, names: Sequence[str]) -> list[Verdict]:
    return [verdict for name in names for verdict in pair.verdicts if verdict.metric == name]


def _clause(one: Verdict, pair: Pair) -> str:
    label = _short_label(one.metric)
    if not one.better:
        return t("compare.alike_on", metric=label)
    loser = pair.a if one.better == pair.b else pair.b
    return t("compare.beats", better=one.better, other=loser, metric=label, **_size(one))


def _size(one: Verdict) -> dict[str, str]:
    """A difference without its sign, and its interval in the same direction."""
    low, high = (one.low, one.high) if one.delta > 0 else (-one.high, -one.low)
    return {name: short(value) for name, value in (("by", abs(one.delta)), ("low", low), ("high", high))}


def _short_label(metric: str) -> str:
    return words().get(f"compare.metric_{metric}", str(stage("metrics").get(metric).label))


def short(value: float, decimals: int = 3) -> str:
    """A number below 1 without its zero: ".021"; one more decimal where it would be all zeros."""
    if math.isnan(value):
        return "–"
    more = decimals + (0 < abs(value) < 0.5 * 10**-decimals)
    text = f"{abs(value):.{more}f}"
    text = text[1:] if text.startswith("0.") else text
    return f"{'−' if value < 0 and text.strip('.0') else ''}{text}"


def draw(dataset: Dataset, sides: dict[str, Recipe], what: Found) -> None:
    """The part of the page that speaks of everybody."""
    st.markdown(f"## {t('compare.everybody')}")
    if what.problem:
        error_card(what.problem)
        return
    if what.compared is None:
        compare_job.offer(sides, dataset, what.waits_for)
        return
    compared = what.compared
    for pair in compared.pairs:
        st.markdown(_overlap(pair, compared))
    figure_table(
        list(compared.measures),
        [t("compare.against", a=pair.a, b=pair.b) for pair in compared.pairs],
        [_figure(metric, compared) for metric in next(iter(compared.measures.values()))],
        key="compare-figures",
    )
    st.caption(t("compare.figures_caption", n=f"{compared.n:,}", k=compared.k))
    for notice in compared.notices:
        st.caption(f":material/info: {plain_markdown(notice)}")


def _overlap(pair: Pair, compared: Everybody) -> str:
    said = {name: _with_interval(getattr(pair, name), 2) for name in ("jaccard", "rbo")}
    shared = f"{pair.shared.mean:.1f}"
    return t("compare.overlap", n=f"{compared.n:,}", a=pair.a, b=pair.b, shared=shared, k=compared.k, **said)


def _with_interval(one: Measure, decimals: int) -> str:
    return f"{short(one.mean, decimals)} {_interval(one, decimals)}".strip()


def _interval(one: Measure, decimals: int) -> str:
    if math.isnan(one.low):
        return ""
    return t("compare.interval", low=short(one.low, decimals), high=short(one.high, decimals))


def _figure(metric: str, compared: Everybody) -> Figure:
    decimals = DECIMALS.get(metric, 3)
    measures = [own[metric] for own in compared.measures.values()]
    verdicts = [next(one for one in pair.verdicts if one.metric == metric) for pair in compared.pairs]
    return Figure(
        label=str(stage("metrics").get(metric).label),
        note=words().get(f"compare.note_{metric}", ""),
        values=tuple((short(one.mean, decimals), _interval(one, decimals)) for one in measures),
        verdicts=tuple(_verdict(one, pair) for one, pair in zip(verdicts, compared.pairs, strict=True)),
        best=best(metric, compared),
    )


def best(metric: str, compared: Everybody) -> str:
    """The side that does better than every other one beyond doubt, "" where none does."""
    for side in compared.measures:
        own = [pair for pair in compared.pairs if side in (pair.a, pair.b)]
        if all(one.better == side for pair in own for one in pair.verdicts if one.metric == metric):
            return side
    return ""


def _verdict(one: Verdict, pair: Pair) -> tuple[str, str]:
    if one.verdict == "none":
        interval = {"low": short(one.low), "high": short(one.high)}
        if math.isnan(one.low):
            return t("compare.unknown"), "none"
        return t("compare.none_corrected" if one.p < SURE else "compare.none", **interval), "none"
    if one.better:
        return t("compare.better", side=one.better, **_size(one)), "sure"
    more = pair.b if one.delta > 0 else pair.a
    return t("compare.higher", side=more, **_size(one)), "sure"
