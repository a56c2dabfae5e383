"""The sentence above the lists: what a setting does to everybody, and to this user, in words for who has to decide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.explain.ledger import Ledger
from core.explain.ledger_reasons import LIKE
from core.recipe import Recipe
from core.types import Array

from .text import plain_markdown, t

if TYPE_CHECKING:
    from core.tradeoff.figures import Effect

HEADLINE = ("categories", "recall")
"""The figures that the sentence names: what is gained, what is paid."""


def setting(recipe: Recipe) -> str:
    """The setting in a few words: "at 0.30", "at 0.30 with spacing"."""
    rest = [t(f"diversity.with_{name}") for name in ("spacing", "exploration") if getattr(recipe, name) != "none"]
    return t("diversity.at", strength=f"{recipe.diversity:.2f}") + (
        t("diversity.with", what=t("diversity.and").join(rest)) if rest else ""
    )


def sentence(recipe: Recipe, effects: Sequence[Effect], one: str = "") -> str:
    """ "At 0.30: 40 % more categories per list, recall −2 % (not distinguishable from zero)." and what it did to one
    list. In markdown. effects: () where they are not there yet."""
    parts = [
        part(effect) for name in HEADLINE for effect in effects if effect.metric == name and math.isfinite(effect.delta)
    ]
    if not parts:
        return f"{capital(setting(recipe))}: {one}"
    return f"{t('diversity.headline', setting=capital(setting(recipe)), parts=', '.join(parts))} {capital(one)}".strip()


def capital(text: str) -> str:
    """A text that begins a sentence."""
    return text[:1].upper() + text[1:]


def part(effect: Effect) -> str:
    """One figure of the sentence."""
    if effect.delta == 0:
        return t(f"diversity.{effect.metric}_same")
    bare = effect.metric == "categories" and effect.verdict != "none"
    return t(f"diversity.{effect.metric}_{effect.verdict}", size=size(effect, signed=not bare))


def size(effect: Effect, *, signed: bool = True) -> str:
    """A change as a share of the value before, "+40 %", "−0.3 %"; where that was 0, as it is."""
    given = effect.share if math.isfinite(effect.share) else effect.delta
    text = _percent(abs(given)) if math.isfinite(effect.share) else f"{abs(given):.3f}"
    if not text.strip("0. %"):
        least = "0.1 %" if math.isfinite(effect.share) else "0.001"
        return t("diversity.under", least=least) if given and effect.verdict != "none" else text
    if not signed:
        return text
    return f"{'+' if given > 0 else '−'}{text}"


def _percent(share: float) -> str:
    tenths = f"{100 * share:.1f}"
    return f"{tenths if 0 < float(tenths) < 1 else format(100 * share, '.0f')} %"


def for_one(ledger: Ledger, titles: Array) -> str:
    """ "Brazil enters because Alien made Aliens redundant." In markdown."""
    if not ledger.entries and not ledger.gone:
        return t("diversity.empty")
    entering = [gone for gone in ledger.gone if gone.instead is not None]
    if not entering:
        moved = any(one.rank != one.before for one in ledger.entries)
        return t("diversity.nobody_enters" if moved else "diversity.as_was")
    like = [gone for gone in entering if gone.kind == LIKE and gone.cause is not None]
    # Best told is what a third item made redundant; what stands for an item may be the very one that it is too like.
    gone = max(like, key=lambda one: (one.cause != one.instead, one.similarity)) if like else entering[0]
    names = {"entered": _name(titles, gone.instead), "left": _name(titles, gone.item)}
    if not like:
        return t("diversity.enters_for", **names)
    if gone.cause == gone.instead:
        return t("diversity.enters_too_like", **names)
    return t("diversity.enters_because", cause=_name(titles, gone.cause), **names)


def _name(titles: Array, item: int | None) -> str:
    return f"*{plain_markdown(str(titles[item]).strip())}*" if item is not None else ""
