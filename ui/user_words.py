"""The person in one sentence, and in a row of figures: from numbers, by templates, and only what is sure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from core.portrait.drift import Drift
from core.portrait.lifts import LESS, MORE, Lift
from core.portrait.mainstream import Mainstream
from core.portrait.order import SHUFFLES

from .figures.user_lifts import times
from .figures.user_time import day_of
from .text import plain_markdown, t
from .user_facts import Facts

MOST, FEWEST = 2, 1
"""Categories of the sentence: over- and under-represented ones."""
LITTLE = 5
"""Fewer likes than this are too few to tell anybody by."""
SURE = 0.05
NO_FIGURE = "–"


def sentence(facts: Facts, placed: bool) -> str:
    """Who this is, in markdown. placed: whether the space is there; without it nothing is said of drift."""
    n = len(facts.liked)
    if n < LITTLE:
        return t(f"user.say_little_{min(n, 2)}", n=n)
    parts = [_taste(facts)]
    if placed and (moved := _moved(facts.drift)):
        parts.append(moved)
    if facts.mainstream is not None:
        parts.append(_mainstream(facts.mainstream))
    return ("; ".join(parts) + ".").replace(" %", "\u00a0%")


def _taste(facts: Facts) -> str:
    found = facts.against.categories
    more = [one for one in named(found, MORE) if math.isfinite(one.lift)][:MOST]
    less = named(found, LESS)[:FEWEST]
    if not found:
        return t("user.say_no_categories", n=f"{len(facts.liked):,}")
    if not more and not less:
        return t("user.say_like_others", n=f"{len(facts.liked):,}")
    if more and less:
        return t("user.say_both", more=_listed(more), less=_listed(less))
    return t("user.say_more", more=_listed(more)) if more else t("user.say_less", less=_listed(less))


def named(found: Sequence[Lift], verdict: str) -> list[Lift]:
    """Those of a verdict, the surest first."""
    return [one for one in found if one.verdict == verdict]


def by_change(found: Sequence[Lift]) -> list[Lift]:
    """The largest change of share first: a ratio alone makes much of what was rare."""
    return sorted(found, key=lambda one: (-abs(one.share - one.others), one.name))


def _listed(found: Sequence[Lift]) -> str:
    return t("user.say_and").join(f"{plain_markdown(one.name)} {times(one.lift)}" for one in found)


def _moved(found: Drift) -> str:
    if found.why or not found.p < SURE:
        return ""
    rising = by_change([one for one in found.changed if one.verdict == MORE])
    year = day_of(found.turn, "%Y")
    if rising:
        return t("user.say_moved", name=plain_markdown(rising[0].name), year=year)
    return t("user.say_changed")


def _mainstream(found: Mainstream) -> str:
    return t("user.say_mainstream", share=f"{100 * found.percentile:.0f}")


def tiles(facts: Facts, placed: bool) -> list[tuple[str, str, str]]:
    """(label, value, note)."""
    return [
        (t("user.tile_likes"), f"{len(facts.liked):,}", t("user.tile_likes_note", n=f"{facts.owned:,}")),
        _extreme(facts, MORE),
        _extreme(facts, LESS),
        _popular(facts.mainstream),
        _drift_tile(facts.drift) if placed else (t("user.tile_drift"), NO_FIGURE, t("user.tile_waiting")),
        _active(facts),
    ]


def _extreme(facts: Facts, verdict: str) -> tuple[str, str, str]:
    label = t(f"user.tile_{verdict}")
    found = named(facts.against.categories, verdict)
    if not found:
        return label, NO_FIGURE, t("user.tile_none")
    one = found[0]
    note = t("user.tile_lift_note", low=f"{one.low:.1f}", high=f"{one.high:.1f}")
    return t(f"user.tile_{verdict}_name", name=one.name), times(one.lift), note


def _popular(found: Mainstream | None) -> tuple[str, str, str]:
    label = t("user.tile_mainstream")
    if found is None:
        return label, NO_FIGURE, t("user.tile_no_likes")
    note = t("user.tile_mainstream_note", low=f"{100 * found.low:.0f}", high=f"{100 * found.high:.0f}")
    return label, f"{100 * found.percentile:.0f} %", note


def _drift_tile(found: Drift) -> tuple[str, str, str]:
    label = t("user.tile_drift")
    if found.why:
        return label, NO_FIGURE, t(f"user.tile_drift_{found.why}")
    if found.p < SURE:
        return label, t("user.tile_moved"), t("user.tile_drift_note", p=p_text(found.p))
    return label, t("user.tile_steady"), t("user.tile_drift_note", p=p_text(found.p))


def p_text(p: float) -> str:
    """A p value of shuffles; its smallest says how many there were."""
    return t("user.p_least", p=f"{1 / (1 + SHUFFLES):.3f}") if p <= 1 / (1 + SHUFFLES) else f"{p:.2f}"


def _active(facts: Facts) -> tuple[str, str, str]:
    label, found = t("user.tile_active"), facts.activity
    if found is None:
        return label, NO_FIGURE, t("user.tile_no_times")
    days = t("user.days_one") if found.days == 1 else t("user.days", n=f"{found.days:,}")
    first, last = day_of(found.first, "%b %Y"), day_of(found.last, "%b %Y")
    return label, days, first if first == last else f"{first} – {last}"
