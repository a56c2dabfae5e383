"""One line on what the chosen user model makes of a user."""

from __future__ import annotations

from core.asking import asking
from core.modelled import Portion, portion
from core.recipe import Recipe
from core.serving import has_space, needs_fitting
from core.types import Dataset

from . import live, resources, strategy
from .text import t

SHOWN = 4
"""Shares of interests that are told one by one."""


def line(dataset: Dataset, recipe: Recipe, user: int) -> str:
    """The line, for vectors and a strategy that are ready; "" where the strategy has no space."""
    if not has_space(recipe):
        return ""
    asked = asking(recipe, dataset, live.audience(dataset, recipe))
    found = strategy.served(recipe) if needs_fitting(recipe) else None
    made = portion(recipe, found, resources.vectors(recipe).values, asked, user)
    return t("taste.own") if made is None else said(made)


def said(made: Portion) -> str:
    """A portion in words."""
    if not made.used:
        return t("taste.nothing", liked=made.liked)
    parts = [t("taste.used", used=made.used, liked=made.liked)]
    if made.used > made.latest:
        parts.append(t("taste.latest", latest=made.latest, share=_share(made.latest_share)))
    if len(made.shares) > 1:
        shares = ", ".join(_share(share) for share in made.shares[:SHOWN])
        more = t("taste.more", n=len(made.shares) - SHOWN) if len(made.shares) > SHOWN else ""
        parts.append(t("taste.interests", n=len(made.shares), shares=shares) + more + ".")
    if made.pushing:
        parts.append(t("taste.pushing", n=made.pushing, share=_share(made.pushed)))
    return " ".join(parts)


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"
