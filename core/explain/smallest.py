"""The fewest items of a history without which an item would not be among the first k."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations, islice
from math import comb

import numpy as np

from ..audience import Audience
from ..recipe import Recipe
from ..types import Array, Dataset, Vectors
from .attribution import attribute_case
from .histories import kept, whole, without_sets
from .sources import Case, case_of, check_items
from .standing import held, in_closed_form, stand

MOST_TRIED = 3000
"""Sets looked at one by one before the search gives up on a proof."""
STEPS, WIDTH = 8, 60
"""Of the search that takes the best next item: how many, and among how many of the most promising."""
SLOW_TRIED, SLOW_STEPS, SLOW_WIDTH = 120, 3, 20
"""The same where scores are no sums, so that every history has to be asked about."""


@dataclass(frozen=True, slots=True)
class SmallestSet:
    """items: item indices, () where the item is not among the first k to begin with. rows: where they stand in the
    history. rank_after: the rank without them, 0 = nothing is left to rank by. proven: True where all smaller sets were
    tried; else a smaller one may exist."""

    items: tuple[int, ...]
    rows: tuple[int, ...]
    rank_after: int
    proven: bool


def smallest_set(
    recipe: Recipe,
    dataset: Dataset,
    content: Vectors,
    user: int,
    target: int,
    k: int,
    audience: Audience | None = None,
) -> SmallestSet | None:
    """The smallest set of history items without which the target falls out of the first k; None where none does it.

    First all single items; then sets found by taking the best next item, and by what the attribution says; then all
    smaller sets, as long as they are no more than MOST_TRIED. Fewer are tried where scores are no sums.
    """
    return smallest_set_of(case_of(recipe, dataset, content, user, audience), target, k)


def smallest_set_of(case: Case, target: int, k: int) -> SmallestSet | None:
    """The same for a case that is at hand."""
    item = int(check_items(case, np.array([target]))[0])
    now = int(stand(case, item, whole(case.history)).ranks[0])
    if now == 0:
        return None
    if now > k:
        return SmallestSet((), (), now, True)
    _, rows = np.unique(case.history.items, return_index=True)
    rows = np.sort(rows)
    if not len(rows):
        return None
    found = _searched(case, item, rows, k)
    if found is None or not held(case, len(rows)):
        return found
    rank = int(_tried(case, item, np.array([found.rows]))[0][0])  # with interests found anew
    return replace(found, rank_after=rank, proven=False) if rank == 0 or rank > k else None


def _searched(case: Case, target: int, rows: Array, k: int) -> SmallestSet | None:
    singles = _tried(case, target, rows[:, None])
    if (best := _dropped(singles, k)) is not None:
        return _as_set(case, rows[[best]], singles[0][best], True)
    quick = in_closed_form(case)
    order = rows[np.lexsort((rows, -_speaks(case, target)[rows]))]
    steps, width = (STEPS, WIDTH) if quick else (SLOW_STEPS, SLOW_WIDTH)
    first = int(rows[np.lexsort((singles[1], -_depth(singles[0])))[0]])
    found = _shorter(_by_order(case, target, order, k), _step_by_step(case, target, order[:width], first, steps, k))
    return None if found is None else _smaller(case, target, rows, found, k, MOST_TRIED if quick else SLOW_TRIED)


def _tried(case: Case, target: int, sets: Array) -> tuple[Array, Array]:
    """(q, s) rows -> (q,) ranks without them, (q,) scores; a rank of 0 is below all."""
    there = stand(case, target, without_sets(case.history, sets))
    return there.ranks, there.scores


def _dropped(tried: tuple[Array, Array], k: int) -> int | None:
    """The set that sends the target down farthest, the first of equal ones; None where none sends it out."""
    deep = _depth(tried[0])
    best = int(np.argmax(deep)) if len(deep) else 0
    return best if len(deep) and deep[best] > k else None


def _depth(ranks: Array) -> Array:
    return np.where(ranks == 0, np.iinfo(np.int64).max, ranks)


def _as_set(case: Case, rows: Array, rank: int, proven: bool) -> SmallestSet:
    rows = np.sort(rows)
    return SmallestSet(tuple(int(item) for item in case.history.items[rows]), tuple(map(int, rows)), int(rank), proven)


def _speaks(case: Case, target: int) -> Array:
    """(m,) what each row says for the target."""
    return np.nan_to_num(attribute_case(case, np.array([target])).values[:, 0])


def _by_order(case: Case, target: int, order: Array, k: int) -> tuple[Array, int] | None:
    """The shortest beginning of an order of rows without which the target is out."""
    items = case.history.items
    place = np.arange(len(order))
    at = {int(items[row]): position for row, position in zip(order, place, strict=True)}
    positions = np.array([at[int(item)] for item in items])
    ranks = stand(case, target, kept(case.history, positions[None, :] > place[:, None])).ranks
    out = np.flatnonzero(_depth(ranks) > k)
    return (order[: out[0] + 1], int(ranks[out[0]])) if len(out) else None


def _step_by_step(case: Case, target: int, order: Array, first: int, steps: int, k: int) -> tuple[Array, int] | None:
    """One item after the other, each time the one that sends the target down farthest, of equal ones the one that costs
    it most."""
    taken = [first]
    for _ in range(steps - 1):
        left = np.array([row for row in order if row not in taken], dtype=np.int64)
        if not len(left):
            return None
        sets = np.column_stack((np.tile(taken, (len(left), 1)), left))
        ranks, scores = _tried(case, target, sets)
        best = int(np.lexsort((scores, -_depth(ranks)))[0])
        taken.append(int(left[best]))
        if _depth(ranks)[best] > k:
            return np.array(taken), int(ranks[best])
    return None


def _shorter(one: tuple[Array, int] | None, other: tuple[Array, int] | None) -> tuple[Array, int] | None:
    if one is None or other is None:
        return one if other is None else other
    return one if len(one[0]) <= len(other[0]) else other


def _smaller(case: Case, target: int, rows: Array, found: tuple[Array, int], k: int, left: int) -> SmallestSet:
    """All sets of 2, 3, ... items below what was found, while no more than ``left`` are to be tried."""
    for size in range(2, len(found[0])):
        count = comb(len(rows), size)
        if count > left:
            return _as_set(case, *found, False)
        left -= count
        every = combinations(rows.tolist(), size)
        while some := list(islice(every, 500)):
            tried = _tried(case, target, np.array(some))
            if (best := _dropped(tried, k)) is not None:
                return _as_set(case, np.array(some[best]), tried[0][best], True)
    return _as_set(case, *found, True)
