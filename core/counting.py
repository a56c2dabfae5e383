"""What of a user's history a context lets count: so many of so many interactions."""

from __future__ import annotations

from dataclasses import dataclass

from .asking import asking
from .audience import Audience
from .recipe import Recipe
from .serving import has_space
from .types import Dataset

CHOICES = ("as_of", "window", "daypart", "weekday", "season")
"""The recipe's fields that make a context."""


@dataclass(frozen=True, slots=True)
class Counted:
    """of: all interactions known of the user, later ones included. full, part: those that count in full and less than
    that. later: those after the moment the list is asked for."""

    of: int
    full: int
    part: int
    later: int


def in_context(recipe: Recipe) -> tuple[str, ...]:
    """The fields of the recipe that narrow what counts, () where all does."""
    chosen = recipe.to_flat(changed_only=True)
    return tuple(name for name in CHOICES if name in chosen and (recipe.affinity or name in ("as_of", "window")))


def counted(recipe: Recipe, dataset: Dataset, user: int, audience: Audience | None = None) -> Counted | None:
    """For one user of the audience (None = the data set's own log); None where the recipe has no context, or the log
    no times. Raises InputError for a moment that cannot be read."""
    log = dataset.interactions if audience is None else audience.log
    if not in_context(recipe) or log.times is None:
        return None
    asked = asking(recipe, dataset, audience)
    history = asked.audience.log.history(user)
    known = history.stop - history.start
    every = log.history(user)
    total = every.stop - every.start
    weights = asked.emphasis(asked.audience.log)
    if weights is None:
        return Counted(total, known, 0, total - known)
    mine = weights[history]
    # a strategy that weighs histories itself is told of a row or it is not
    full = int((mine >= 1).sum()) if has_space(recipe) else int((mine > 0).sum())
    return Counted(total, full, int((mine > 0).sum()) - full, total - known)
