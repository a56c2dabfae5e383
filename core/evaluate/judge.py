"""From scores to lists and their hits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..metrics.judged import DEPTH, Judged, World
from ..metrics.judging import judge
from ..select.scored import rank_scores
from ..splits import Fitted, Split, owners, positives, users_of
from ..strategies.item_features import category_rows
from ..types import Array, Catalog
from .types import Ranked

BATCH = 512
"""Users scored at once, which bounds memory."""
TOP_SHARES = np.concatenate((np.geomspace(1e-4, 1, 64)[:-1], [1.0]))
"""Thresholds stand where these shares of all candidates pass: close together where lists are short."""


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


def ranked_of(fitted: Fitted, split: Split) -> dict[str, Array]:
    """The lists of everybody, as the array fields of ``Ranked`` by name; channels as "channel:<name>"."""
    n = len(split.people)
    parts: dict[str, list[Array]] = {}
    thresholds = np.zeros(0, dtype=np.float32)
    for start in range(0, n, BATCH):
        rows = np.arange(start, min(start + BATCH, n))
        scores = candidates_of(fitted, split, rows)
        if not start:
            thresholds = thresholds_of(scores)
        lists, _ = rank_scores(scores, min(DEPTH, scores.shape[1]))
        wanted = np.zeros(scores.shape, dtype=bool)
        wanted[split.relevant.take(rows).pairs()] = True
        found = {
            "items": padded(lists.items, -1),
            "scores": padded(lists.scores.astype(np.float32), np.nan),
            "n_above": counts_above(scores, thresholds),
            "hits_above": counts_above(np.where(wanted, scores, np.nan), thresholds),
        }
        if hasattr(fitted, "channels"):
            channels = fitted.channels(split.people.take(rows), found["items"])
            found |= {f"channel:{name}": ranks.astype(np.int16) for name, ranks in channels.items()}
        for name, array in found.items():
            parts.setdefault(name, []).append(array)
    return {name: np.concatenate(arrays) for name, arrays in parts.items()} | {"thresholds": thresholds}


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
    rows = np.nonzero(~np.isnan(scores))
    reached = np.searchsorted(thresholds, scores[rows], side="right")
    width = len(thresholds) + 1
    counts = np.bincount(rows[0] * width + reached, minlength=len(scores) * width).reshape(len(scores), width)
    return counts[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:].astype(np.int32)


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
