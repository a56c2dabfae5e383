"""What if: the score and the rank of an item were one of the history not there, or were another one there as well.

Without is exact and no run made again: weights are given anew by the user model (they sum to 1 again, and older rows
move up where age is counted in positions), users are the new sums, and only items that could change sides with the
target are compared (core/explain/ranks.py). Strategies whose score is no sum are asked about all these histories in
blocks. The item left out stays out of the lists: she has seen it. An item that stands twice in a history is left out
twice. The moment from which ages are counted stays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..audience import Audience
from ..recipe import Recipe
from ..types import Array, Dataset, Vectors
from .histories import added_each, liked_weight, whole, with_and_without
from .parts_space import sources_of
from .sources import Case, Sources, case_of, check_items
from .standing import held, stand


@dataclass(frozen=True, slots=True, eq=False)
class Removals:
    """score: (m,) float64 and rank: (m,) int64 of the target without the item of each row of the history; NaN and 0
    where nothing is left to rank by. base_score and base_rank: as it is. note: "interests-held" where the user has
    several interests and so long a history that they are not found anew without each row, else ""."""

    sources: Sources
    score: Array
    rank: Array
    base_score: float
    base_rank: int
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Additions:
    """The same with each of the items (n,) liked after all others. score: (n,). rank: (n,)."""

    items: Array
    score: Array
    rank: Array
    base_score: float
    base_rank: int


def removals(
    recipe: Recipe,
    dataset: Dataset,
    content: Vectors,
    user: int,
    target: int,
    audience: Audience | None = None,
) -> Removals:
    """What leaving out each item of the history does to one item. Raises InputError as ``attribute``."""
    return removals_of(case_of(recipe, dataset, content, user, audience), target)


def removals_of(case: Case, target: int) -> Removals:
    """The same for a case that is at hand."""
    item = int(check_items(case, np.array([target]))[0])
    there = stand(case, item, with_and_without(case.history))
    sources = sources_of(case, np.ones(len(case.history)))
    note = "interests-held" if held(case, len(there.ranks)) else ""
    return Removals(sources, there.scores[1:], there.ranks[1:], float(there.scores[0]), int(there.ranks[0]), note)


def additions(
    recipe: Recipe,
    dataset: Dataset,
    content: Vectors,
    user: int,
    target: int,
    items: Array,
    audience: Audience | None = None,
) -> Additions:
    """What liking each of some items (n,) would do to one item: a like as strong as the log's strongest, made last."""
    return additions_of(case_of(recipe, dataset, content, user, audience), target, items)


def additions_of(case: Case, target: int, items: Array) -> Additions:
    """The same for a case that is at hand."""
    given = check_items(case, items)
    item = int(check_items(case, np.array([target]))[0])
    now = stand(case, item, whole(case.history))
    then = stand(case, item, added_each(case.history, given, liked_weight(case.asked.audience.log)))
    return Additions(given, then.scores, then.ranks, float(now.scores[0]), int(now.ranks[0]))
