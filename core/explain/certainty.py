"""How sure a rank is: what becomes of it when the history is drawn again.

A bootstrap of the history's rows (Efron, "Bootstrap Methods: Another Look at the Jackknife", Annals of Statistics
1979): as many rows, drawn with replacement, in the order of the log. What a user did is taken as a sample of what she
might have done. A strategy that knows only that an item is liked reads one drawn twice as one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..audience import Audience
from ..recipe import Recipe
from ..types import Array, Dataset, Vectors, readonly
from .histories import drawn
from .sources import Case, case_of, check_items
from .standing import stand

LEVEL = 0.9
DRAWS = 200


@dataclass(frozen=True, slots=True, eq=False)
class RankInterval:
    """low, median, high: ranks from 1; between low and high lie LEVEL of the draws. in_top_k: the share of draws in
    which the item is among the first k. draws: (n,) int64 the rank in each, 0 where the history said nothing."""

    low: int
    median: int
    high: int
    in_top_k: float
    draws: Array


def rank_interval(
    recipe: Recipe,
    dataset: Dataset,
    content: Vectors,
    user: int,
    target: int,
    audience: Audience | None = None,
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> RankInterval | None:
    """The interval of an item's rank; k is the recipe's. None where no draw gives it a rank."""
    return rank_interval_of(case_of(recipe, dataset, content, user, audience), target, draws=draws, seed=seed)


def rank_interval_of(case: Case, target: int, *, draws: int = DRAWS, seed: int = 0) -> RankInterval | None:
    """The same for a case that is at hand."""
    item = int(check_items(case, np.array([target]))[0])
    ranks = stand(case, item, drawn(case.history, draws, seed)).ranks
    known = np.sort(ranks[ranks > 0])
    if not len(known):
        return None
    tail = (1 - LEVEL) / 2
    low, median, high = (int(known[round(share * (len(known) - 1))]) for share in (tail, 0.5, 1 - tail))
    return RankInterval(low, median, high, float(((ranks > 0) & (ranks <= case.recipe.k)).mean()), readonly(ranks))
