"""From scores to lists and their hits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ..metrics.judged import DEPTH, Judged, World
from ..metrics.judging import judge
from ..select.scored import rank_scores
from ..splits import Fitted, ItemLists, Split, owners, positives, users_of
from ..strategies.item_features import category_rows
from ..types import Array, Catalog
from .types import Ranked

BATCH, CELLS = 512, 2**23
"""Users scored at once, and scores, which bounds memory."""
TOP_SHARES = np.concatenate((np.geomspace(1e-4, 1, 64)[:-1], [1.0]))
"""Thresholds stand where these shares of all candidates pass: close together where lists are short."""

SEARCHED = 40
"""Highest thresholds that are looked up value by value: few candidates reach them. The lower ones are compared with
everything, one pass each, which is faster where most candidates pass."""


def world_of(split: Split, catalog: Catalog, text: Array) -> World:
    """What the lists of a split are compared with. text: (n_items, d) unit rows, the items' own texts."""
    log = split.train
    rows = positives(log)
    pairs = np.unique(owners(log)[rows] * len(catalog) + log.items[rows])
    return World(
        popularity=np.bincount(pairs % len(catalog), minlength=len(catalog)).astype(np.int64),
        vectors=text,
        categories=category_rows(catalog).T > 0,
        histories=split.people.histories,
        rankable=split.rankable,
        n_train_users=len(np.unique(pairs // len(catalog))),
    )


def candidates_of(fitted: Fitted, split: Split, rows: Array) -> Array:
    """(n, n_items) float32 scores of some people of a split, NaN for what is no candidate."""
    scores = np.array(fitted.score(split.people.take(rows)), dtype=np.float32)
    scores[split.hidden.take(rows).pairs()] = np.nan
    scores[:, ~split.rankable] = np.nan
    return scores


def batches(n: int, n_items: int) -> Iterator[Array]:
    """The rows of n people in parts that are scored at once."""
    size = max(1, min(BATCH, CELLS // max(n_items, 1)))
    for start in range(0, n, size):
        yield np.arange(start, min(start + size, n))


def ranked_of(fitted: Fitted, split: Split) -> dict[str, Array]:
    """The lists of everybody, as the array fields of ``Ranked`` by name; channels as "channel:<name>"."""
    n = len(split.people)
    parts: dict[str, list[Array]] = {}
    thresholds = np.zeros(0, dtype=np.float32)
    for rows in batches(n, len(split.known)):
        scores = candidates_of(fitted, split, rows)
        if not len(thresholds):
            thresholds = thresholds_of(scores)
        lists, _ = rank_scores(scores, min(DEPTH, scores.shape[1]))
        found = {
            "items": padded(lists.items, -1),
            "scores": padded(lists.scores.astype(np.float32), np.nan),
            "n_above": counts_above(scores, thresholds),
            "hits_above": counts_above(values_at(scores, split.relevant.take(rows)), thresholds),
        }
        if hasattr(fitted, "channels"):
            channels = fitted.channels(split.people.take(rows), found["items"])
            found |= {f"channel:{name}": ranks.astype(np.int16) for name, ranks in channels.items()}
        for name, array in found.items():
            parts.setdefault(name, []).append(array)
    return {name: np.concatenate(arrays) for name, arrays in parts.items()} | {"thresholds": thresholds}


def values_at(scores: Array, lists: ItemLists) -> Array:
    """(n, n_items), n sets -> (n, size of the largest set): the scores of each set's items, NaN where padded."""
    rows, items = lists.pairs()
    out = np.full((len(lists), int(lists.counts.max(initial=0))), np.nan, dtype=scores.dtype)
    out[rows, np.arange(len(items)) - lists.indptr[:-1][rows]] = scores[rows, items]
    return out


def padded(lists: Array, filler: float) -> Array:
    """(n, m) -> (n, DEPTH)."""
    out = np.full((len(lists), DEPTH), filler, dtype=lists.dtype)
    out[:, : lists.shape[1]] = lists
    return out


def thresholds_of(scores: Array) -> Array:
    """(n_t,) float32 ascending: the values that each of TOP_SHARES of all scores reach; repeated ones once."""
    given = scores[~np.isnan(scores)]
    if not len(given):
        return np.zeros(1, dtype=np.float32)
    return np.unique(np.quantile(given, 1 - TOP_SHARES).astype(np.float32))


def counts_above(scores: Array, thresholds: Array) -> Array:
    """(n, n_t) int32: how many scores of each row reach each threshold; NaN reaches none."""
    n, n_passes = len(scores), max(0, len(thresholds) - SEARCHED)
    counts = np.empty((n, len(thresholds)), dtype=np.int32)
    for place in range(n_passes):
        counts[:, place] = np.count_nonzero(scores >= thresholds[place], axis=1)
    high = thresholds[n_passes:]
    flat = np.flatnonzero(scores >= high[0])
    reached = np.searchsorted(high, scores.ravel()[flat], side="right")
    width = len(high) + 1
    found = np.bincount(flat // scores.shape[1] * width + reached, minlength=n * width).reshape(n, width)
    counts[:, n_passes:] = found[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    return counts


def only(lists: Judged, rows: Array, histories: bool = True) -> Judged:
    """Some of the lists, in that order. histories: False leaves them out, for metrics that do not read them."""
    return Judged(
        items=lists.items[rows],
        hits=lists.hits[rows],
        relevant=lists.relevant.take(rows),
        n_candidates=lists.n_candidates[rows],
        world=replace(lists.world, histories=users_of(lists.world.histories, rows if histories else rows[:0])),
    )


def first_places(lists: Judged, k: int) -> Judged:
    """The lists cut to their first k places."""
    return replace(lists, items=lists.items[:, :k], hits=lists.hits[:, :k])


def judged(ranked: Ranked, split: Split, world: World) -> Judged:
    """The lists of a strategy with their hits."""
    return judge(ranked.items, split.relevant, split.n_candidates, world)
