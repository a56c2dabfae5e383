"""Ranks of one item for many histories at once: from whole rows of scores, from points, and from sums over pairs.

Each gives the order in which lists are made: float32 scores, ties to the smaller item.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..candidates import index_for
from ..select.pool import Index
from ..types import Array
from .directions import space_of
from .histories import Altered
from .pairs import Table, faded
from .sources import Case

COLUMNS = 1024
"""Items compared at once where scores are sums over a history."""
SPARSE = 4
USUAL = 0.75
"""Of the median score: histories that leave the target less are looked at apart, since many items may pass it there."""
ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """scores: (q,) float64, NaN where the history says nothing of the item. ranks: (q,) int64 from 1, 0 where NaN."""

    scores: Array
    ranks: Array


def ranked(scores: Array, target: int, rivals: Array) -> Standing:
    """From whole rows of scores (q, n_items). Equal scores: the smaller item first."""
    own = scores[:, [target]]
    with np.errstate(invalid="ignore"):
        earlier = scores[:, :target] >= own, scores[:, target:] > own
    ranks = 1 + (np.concatenate(earlier, axis=1) & rivals).sum(axis=1)
    known = ~np.isnan(own[:, 0])
    return Standing(own[:, 0].astype(np.float64), np.where(known, ranks, 0))


def among_points(
    case: Case, users: Array, target: int, rivals: Array, added: tuple[Array, Array] | None = None
) -> Standing:
    """Scores and ranks by the metric for users (q, d) float32, exactly as lists are ranked.

    Only items whose value lies so near to the target's that the farthest of these users could turn their order are
    compared user by user: for u = base + delta, |u.(v - t) - base.(v - t)| <= |delta| |v - t|.
    """
    index = index_for(space_of(case), case.recipe.build("score"))
    known = np.flatnonzero(~np.isnan(users).any(axis=1))
    scores, ranks = np.full(len(users), np.nan), np.zeros(len(users), dtype=np.int64)
    if not len(known):
        return Standing(scores, ranks)
    some, lifted = users[known], index.matrix.shape[1] != users.shape[1]
    points = np.column_stack((some, np.ones(len(some), dtype=np.float32))) if lifted else some
    base = points.mean(axis=0, dtype=np.float64).astype(np.float32)
    if not lifted:  # the length of a user changes no order: each is taken at the length that is nearest to the base
        own = np.einsum("qd,qd->q", points, points)
        along = np.divide(points @ base, own, out=np.ones_like(own), where=own > 0)
        points = points * np.where(along > 0, along, 1)[:, None]
    wide = float(np.sqrt(np.square(points - base).sum(axis=1).max(initial=0.0)))
    longest = float(np.sqrt(np.square(points[:, : some.shape[1]]).sum(axis=1).max(initial=0.0)))
    slack = 2 * (index.slack * longest + index.offset_slack)
    lead = index.matrix @ base - index.matrix[target] @ base
    apart = _apart(index.matrix[:, : some.shape[1]], target)
    reach = wide * apart * 1.0001 + slack
    clear = int((rivals & (lead > reach)).sum())
    near = np.flatnonzero(rivals & (np.abs(lead) <= reach))
    leads = points @ (index.matrix[near] - index.matrix[target]).T
    above = (leads > slack).sum(axis=1)
    row, place = np.nonzero(np.abs(leads) <= slack)
    own_score = _exact(index, some, np.full(len(some), target))
    close = _exact(index, some[row], near[place])
    wins = (close > own_score[row]) | ((close == own_score[row]) & (near[place] < target))
    scores[known] = own_score
    ranks[known] = 1 + clear + above + np.bincount(row[wins], minlength=len(some))
    if added is not None and len(added[0]):
        row, item = (given[rivals[added[1]] & (ranks[added[0]] > 0)] for given in added)
        theirs, own = _exact(index, users[row], item), scores[row]
        wins = (theirs > own) | ((theirs == own) & (item < target))
        ranks -= np.bincount(row[wins], minlength=len(ranks))
    return Standing(scores, ranks)


def _apart(points: Array, target: int) -> Array:
    """(n,) distance of every point from one of them."""
    squares = _squares(points)
    return np.sqrt(np.maximum(squares + squares[target] - 2 * (points @ points[target]), 0) + 1e-6 * squares.max())


def _squares(points: Array) -> Array:
    found: Array = np.vecdot(points, points)
    return found


def _exact(index: Index, users: Array, items: Array) -> Array:
    """(p,) float32 scores of pairs, the same bits as in a list."""
    measure, vectors, lengths = index.measure, index.items, index.lengths
    kernels = measure.kernel(users, vectors.take(items, axis=0))
    found: Array = measure.finish(kernels, np.sqrt(np.vecdot(users, users)), lengths[items])
    return found


def among_pairs(
    case: Case, table: Table, histories: Altered, target: int, rivals: Array, added: tuple[Array, Array]
) -> Standing:
    """Strategies whose score is sum_i h_i B_ij: the weights of every history times the rows of B, at once."""
    weights, informed = faded(case, table, histories)
    ranks, own = np.zeros(len(weights), dtype=np.int64), np.full(len(weights), np.nan)
    if not table.heard[target] or not len(weights):
        return Standing(own, ranks)
    used = np.flatnonzero(weights.any(axis=0))
    weights, which = weights[:, used], np.arange(len(weights))
    if not len(added[0]):  # rows that are not liked weigh nothing, so many histories may be alike
        weights, which = _once(weights)
    rows, others = table.between(histories.base.items[used]), np.flatnonzero(rivals & table.heard)
    own = _running(weights)(rows(np.array([target])))[:, 0].astype(np.float32)
    above = np.zeros(len(weights), dtype=np.int64)
    low = own < USUAL * np.median(own)
    groups = [np.flatnonzero(mine) for mine in (low, ~low) if mine.any()]
    products = [(group, _running(weights[group]), own[group].min() * (1 - ROUNDING)) for group in groups]
    most = weights.max(axis=0)
    for some in np.split(others, range(COLUMNS, len(others), COLUMNS)):
        between = rows(some)
        reach = most @ np.maximum(between, 0)  # what an item can have at most in any of these histories
        for group, times, least in products:
            near = reach >= least
            scores, items = times(between[:, near]).astype(np.float32), some[near]
            scores[_within(added, group, items)] = -np.inf
            smaller = int(np.searchsorted(items, target))  # of equal ones the smaller item comes first
            bar = own[group][:, None]
            above[group] += (scores[:, :smaller] >= bar).sum(axis=1) + (scores[:, smaller:] > bar).sum(axis=1)
    own, above = own[which].astype(np.float64), above[which]
    return Standing(np.where(informed, own, np.nan), np.where(informed, 1 + above, 0))


def _within(added: tuple[Array, Array], group: Array, items: Array) -> tuple[Array, Array]:
    """Where (history, item) pairs stand among some histories and some items, both ascending."""
    row, column = np.searchsorted(group, added[0]), np.searchsorted(items, added[1])
    if not len(items) or not len(row):
        return row[:0], column[:0]
    there = (group.take(row, mode="clip") == added[0]) & (items.take(column, mode="clip") == added[1])
    return row[there], column[there]


def _once(weights: Array) -> tuple[Array, Array]:
    """The different lines of weights (q, r) in their order, and which of them each line is (q,)."""
    marks = weights @ np.random.default_rng(0).random(weights.shape[1])
    _, first, which = np.unique(marks, return_index=True, return_inverse=True)
    order = np.sort(first)
    which = np.searchsorted(order, first)[which]
    alike = np.array_equal(weights[order[which]], weights)  # marks may be equal by chance
    return (weights[order], which) if alike else (weights, np.arange(len(weights)))


def _running(weights: Array) -> Callable[[Array], Array]:
    """Weights (q, r) -> rows (r, n) -> weights @ rows (q, n), float64.

    Histories that lack one row each differ from the one before at two rows, however they fade: then the products are
    running sums of few differences.
    """
    from scipy.sparse import csr_array

    steps = csr_array(np.diff(weights, axis=0, prepend=0.0))
    if steps.nnz > SPARSE * (len(weights) + weights.shape[1]):
        return lambda rows: weights @ rows
    return lambda rows: np.cumsum(np.asarray(steps @ rows), axis=0)
