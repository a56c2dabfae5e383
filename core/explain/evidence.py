"""What can be checked about a recommended item: the likes nearest to it, shared categories, how much is popularity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..audience import Audience
from ..recipe import Recipe
from ..splits import positives
from ..types import Array, Dataset, Vectors, unit_rows
from .attribution import Attribution, attribute_case
from .directions import space_of
from .sources import Case, case_of, check_items

POPULAR = ("popularity", "recent-popularity", "predicted-popularity")
"""Channels that say the same to everybody."""
NEAREST = 3


@dataclass(frozen=True, slots=True)
class Near:
    """A liked item: row of the history, item index, cosine to the target, categories they share."""

    row: int
    item: int
    similarity: float
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """nearest: liked items, the most similar first. space: "ranked" where the strategy has vectors of its own, "text"
    where similarity is that of the item texts. liked_by: users of the log who liked the target. popularity: share of
    popularity channels in what the channels of a merged list add up to, all taken as sizes; NaN in other lists."""

    nearest: tuple[Near, ...]
    space: str
    liked_by: int
    popularity: float


def evidence(
    recipe: Recipe,
    dataset: Dataset,
    content: Vectors,
    user: int,
    target: int,
    audience: Audience | None = None,
    *,
    most: int = NEAREST,
) -> Evidence:
    """What speaks for an item. Raises InputError as ``attribute``."""
    case = case_of(recipe, dataset, content, user, audience)
    items = check_items(case, np.array([target]))
    said = attribute_case(case, items) if recipe.strategy.startswith("fusion-") else None
    return evidence_of(case, int(items[0]), said, most)


def evidence_of(case: Case, target: int, said: Attribution | None, most: int = NEAREST) -> Evidence:
    """The same for a case at hand. said: an attribution that has the target, which is looked at in merged lists."""
    log = case.dataset.interactions
    own = case.found is not None and case.found.vectors is not None
    liked_by = np.unique(_owners(log.indptr, (log.items == target) & positives(log)))
    return Evidence(_nearest(case, target, most), "ranked" if own else "text", len(liked_by), _popularity(said, target))


def _owners(indptr: Array, rows: Array) -> Array:
    found: Array = np.searchsorted(indptr, np.flatnonzero(rows), side="right") - 1
    return found


def _nearest(case: Case, target: int, most: int) -> tuple[Near, ...]:
    vectors, history = space_of(case).values, case.history
    rows = np.flatnonzero(positives(history) & (history.items < case.n_items) & (history.items != target))
    if not len(rows):
        return ()
    cosines = unit_rows(vectors[history.items[rows]]) @ unit_rows(vectors[[target]])[0]
    order = np.lexsort((rows, -cosines))
    _, first = np.unique(history.items[rows][order], return_index=True)  # an item that stands there twice is named once
    picked = order[np.sort(first)][:most]
    mine = set(case.dataset.catalog.categories[target])
    return tuple(
        Near(int(rows[at]), item, float(cosines[at]), _shared(mine, case.dataset.catalog.categories[item]))
        for at, item in ((at, int(history.items[rows[at]])) for at in picked)
    )


def _shared(mine: set[str], theirs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in theirs if name in mine)


def _popularity(said: Attribution | None, target: int) -> float:
    if said is None or not said.channels:
        return float("nan")
    at = said.of(target)
    sizes = {name: abs(float(one.scores[at])) for name, one in said.channels.items()}
    total = sum(sizes.values())
    return sum(size for name, size in sizes.items() if name in POPULAR) / total if total > 0 else float("nan")
