"""The outcome of an evaluation in one sentence: who wins, by how much, and whom it cannot be told from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from core.evaluate.types import Comparison, Measure

from .figures.evaluate_board import ranking
from .figures.evaluate_look import figure_of, name_of
from .text import t

MOST_NAMED = 3


def verdict(measures: Mapping[str, Measure], comparisons: Sequence[Comparison], metric: str) -> str:
    """The sentence, as markdown. measures: one metric by strategy. comparisons: of that metric, every pair once."""
    defined = [key for key in ranking(measures) if not math.isnan(measures[key].mean)]
    if not defined:
        return t("evaluate.verdict_nothing", metric=metric)
    first, others = defined[0], defined[1:]
    best = measures[first]
    facts = {
        "name": name_of(first),
        "metric": metric,
        "mean": figure_of(best.mean),
        "low": figure_of(best.low),
        "high": figure_of(best.high),
    }
    if not others:
        return t("evaluate.verdict_alone", **facts)
    behind = {other: lead for other in others if (lead := _lead(first, other, comparisons)) is not None}
    even = [name_of(other) for other in others if other not in behind]
    if not behind:
        return t("evaluate.verdict_even", **facts, even=_listed(even))
    leads = [t("evaluate.verdict_by", name=name_of(other), delta=figure_of(lead)) for other, lead in behind.items()]
    if even:
        return t("evaluate.verdict_first", **facts, behind=_listed(leads), even=_listed(even))
    return t("evaluate.verdict_wins", **facts, behind=_listed(leads))


def width(measures: Mapping[str, Measure]) -> str:
    """How wide the interval of the best is, as a sentence; "" where it has none."""
    best = ranking(measures)[0]
    one = measures[best]
    if not one.mean or math.isnan(one.high - one.low):
        return ""
    return t(
        "evaluate.width",
        name=name_of(best),
        n=f"{one.n:,}",
        width=figure_of(one.high - one.low),
        share=f"{(one.high - one.low) / one.mean:.0%}",
    )


def _lead(first: str, other: str, comparisons: Sequence[Comparison]) -> float | None:
    """How far the first is ahead of the other; None where the test cannot tell them apart."""
    for one in comparisons:
        if (one.a, one.b) == (first, other) and one.verdict == "a":
            return one.delta
        if (one.a, one.b) == (other, first) and one.verdict == "b":
            return -one.delta
    return None


def _listed(names: Sequence[str]) -> str:
    if len(names) > MOST_NAMED:
        return t("evaluate.verdict_more", names=", ".join(names[:MOST_NAMED]), n=len(names) - MOST_NAMED)
    return ", ".join(names)
