"""What liking something else would do: which items, added to a history, bring one item among the first k."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..audience import Audience
from ..recipe import Recipe
from ..score import Scorer
from ..types import Array, Dataset, Vectors, unit_rows
from .directions import Sums, history_vectors, space_of, sums
from .histories import Altered, added_each, liked_weight, whole, with_added
from .pairs import Table, faded, table_of
from .sources import Case, case_of, check_items
from .standing import bonus_of, in_closed_form, rivals_of, stand

RIVALS = 256
"""Items the target is compared with for every possible like; its rank among them is never worse than among all."""
AT_ONCE = 32
MOST_TRIED, SLOW_TRIED = 512, 16
"""Likes whose true rank is looked up at most; the second where scores are no sums."""
BLOCK = 4096
ROUNDING = 1e-5
MOST = 5


@dataclass(frozen=True, slots=True)
class Lift:
    """item: index of what would be liked. score, rank: the target's then."""

    item: int
    score: float
    rank: int


def lifts(
    recipe: Recipe,
    dataset: Dataset,
    content: Vectors,
    user: int,
    target: int,
    k: int,
    audience: Audience | None = None,
    *,
    most: int = MOST,
) -> tuple[Lift, ...]:
    """Single items that, liked now, would bring the target among the first k: the strongest first. () where it is
    there already, or where none does it (see :func:`together`).

    Every item of the catalogue is weighed, in closed form where scores are sums, against the target's nearest rivals;
    the rank among those is a bound, so that the true rank is looked up only for those that may be among the best, at
    most MOST_TRIED. Where scores are no sums, only the SLOW_TRIED items most alike are tried: another may do better.
    """
    return lifts_of(case_of(recipe, dataset, content, user, audience), target, k, most)


def lifts_of(case: Case, target: int, k: int, most: int = MOST) -> tuple[Lift, ...]:
    """The same for a case that is at hand."""
    item = int(check_items(case, np.array([target]))[0])
    now = stand(case, item, whole(case.history))
    return () if 0 < now.ranks[0] <= k else tuple(one for one in _best(case, item, most) if one.rank <= k)


def together(case: Case, target: int, k: int, most: int = MOST) -> tuple[Lift, ...]:
    """Items liked one after the other until the target is among the first k, each time the best next one: how many it
    takes at most. score and rank are those after each; the last rank exceeds k where ``most`` are not enough."""
    out: list[Lift] = []
    liked = liked_weight(case.asked.audience.log)
    while len(out) < most:
        best = _best(case, target, 1)
        if not best:
            break
        out.append(best[0])
        if best[0].rank <= k:
            break
        case = replace(case, history=with_added(case.history, np.array([best[0].item]), liked))
    return tuple(out)


def _best(case: Case, target: int, most: int) -> list[Lift]:
    """The items whose liking gives the target the best ranks, best first; equal ones by score, then by id."""
    possible = np.ones(case.n_items, dtype=bool)
    possible[target] = False
    possible[case.history.items[case.history.items < case.n_items]] = False
    if case.found is not None:
        possible &= case.found.placed
    others = np.flatnonzero(possible)
    bound, nearness = _bounds(case, target, others)
    order = np.lexsort((others, -nearness, bound))
    liked, tried = liked_weight(case.asked.audience.log), 0
    found: list[Lift] = []
    limit = min(len(order), MOST_TRIED if in_closed_form(case) else SLOW_TRIED)
    while tried < limit:
        some = order[tried : min(tried + AT_ONCE, limit)]
        if len(found) >= most and bound[some[0]] > found[most - 1].rank:
            break
        there = stand(case, target, added_each(case.history, others[some], liked))
        found += [
            Lift(int(others[at]), float(score), int(rank))
            for at, score, rank in zip(some, there.scores, there.ranks, strict=True)
            if rank > 0
        ]
        found.sort(key=lambda one: (one.rank, -one.score, one.item))
        tried += len(some)
    return found[:most]


def _bounds(case: Case, target: int, others: Array) -> tuple[Array, Array]:
    """For each item that may be liked (n,): a rank the target cannot be above then, and what speaks for it.

    Without a closed form the bound is 1, and what speaks for an item is its likeness to the target.
    """
    scoring = _closed(case, target, others)
    if scoring is None:
        space = unit_rows(space_of(case).values)
        return np.ones(len(others), dtype=np.int64), space[others] @ space[target]
    near, score = scoring
    parts = [_rank_bound(score(some), near, some) for some in np.split(others, range(BLOCK, len(others), BLOCK))]
    return np.concatenate([bound for bound, _ in parts]), np.concatenate([own for _, own in parts])


def _closed(case: Case, target: int, others: Array) -> tuple[Array, Callable[[Array], Array]] | None:
    """The target's nearest rivals (r,), and the scores (n, r + 1) of these and of the target by what is liked (n,).

    The weights of the history with one more like are the same whichever it is, so that they are asked for once.
    """
    if not len(others) or bonus_of(case) is not None:
        return None
    one = added_each(case.history, others[:1], liked_weight(case.asked.audience.log))
    table, rivals = table_of(case), np.flatnonzero(rivals_of(case, target))
    if table is not None:
        return _closed_pairs(case, table, one, rivals, target)
    found = None if case.found is not None and case.found.vectors is None else sums(case, one)
    return None if found is None or not found.weights[0, -1] else _closed_space(case, found, rivals, target)


def _closed_pairs(
    case: Case, table: Table, one: Altered, rivals: Array, target: int
) -> tuple[Array, Callable[[Array], Array]] | None:
    weights, _ = faded(case, table, one)
    rows, rivals = np.flatnonzero(weights[0, :-1]), rivals[table.heard[rivals]]
    if not table.heard[target]:
        return None
    columns = np.append(rivals, target)
    fixed = weights[0, rows] @ table.between(case.history.items[rows])(columns)
    nearest = np.argsort(-fixed[:-1], kind="stable")[:RIVALS]
    chosen = np.append(nearest, len(rivals))
    return rivals[nearest], lambda some: fixed[chosen] + weights[0, -1] * table.between(some)(columns[chosen])


def _closed_space(case: Case, found: Sums, rivals: Array, target: int) -> tuple[Array, Callable[[Array], Array]]:
    scorer: Scorer = case.recipe.build("score")
    values, side = space_of(case).values, history_vectors(case)
    fixed = found.weights[0, :-1] @ found.vectors[:-1] + found.offset
    middle = fixed if fixed.any() else values[target].astype(np.float64)
    order = np.asarray(scorer(middle[None, :].astype(np.float32), values[rivals]))[0]
    near = rivals[np.argsort(-order, kind="stable")[:RIVALS]]
    compared = values[np.append(near, target)]

    def score(some: Array) -> Array:
        users = fixed + found.weights[0, -1] * side[some].astype(np.float64)
        return np.asarray(scorer((unit_rows(users) if found.unit else users).astype(np.float32), compared))

    return near, score


def _rank_bound(scores: Array, near: Array, liked: Array) -> tuple[Array, Array]:
    """scores: (n, r + 1), the last the target's. What is liked is no rival; what float32 cannot tell apart is none."""
    own = scores[:, -1]
    slack = ROUNDING * np.maximum(np.abs(scores).max(axis=1, initial=0.0), 1e-30)
    above = (scores[:, :-1] > (own + slack)[:, None]) & (near[None, :] != liked[:, None])
    return 1 + above.sum(axis=1), own
