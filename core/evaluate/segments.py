"""For whom a strategy works: parts of the users, or of the items they were looking for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ..errors import UnknownNameError
from ..metrics.judged import Judged
from ..registry import stage
from ..splits import ItemLists, liked_counts
from ..types import Array, Catalog
from .judge import only
from .report import chosen_splits, judged_on, measured, per_user
from .types import Evaluation, Segment, UserDelta

PARTS = ("activity", "popularity", "warmth", "category")
"""activity: users by liked items in their history; popularity, warmth and category: users by the relevant items of that
kind, and only those count as relevant then."""
MOST_CATEGORIES = 12
THIRDS = ("few", "some", "many")
BANDS = ("tail", "middle", "head")
COLD, KNOWN = "cold: no history", "warm: with a history"


def segments(evaluation: Evaluation, k: int, metric: str, by: str, catalog: Catalog) -> tuple[Segment, ...]:
    """A per-user metric at K in each part that has somebody, for every strategy; () where warmth would have one
    part only. Raises UnknownNameError for another ``by``.

    activity: thirds of the tested users. popularity: thirds of the relevant items by training likes, from the least
    liked. warmth: relevant items without any row in training, and the others.
    category: the MOST_CATEGORIES most frequent ones among the relevant items.
    """
    if by not in PARTS:
        raise UnknownNameError("segment", by, PARTS)
    if by == "activity":
        return tuple(_by_activity(evaluation, k, metric))
    kinds = {"popularity": _bands, "warmth": _warmth}
    named = kinds[by](evaluation) if by in kinds else _categories(evaluation, catalog)
    found = [_by_items(evaluation, k, metric, by, name, chosen) for name, chosen in named]
    kept = tuple(one for one in found if one.n_users)
    return () if by == "warmth" and len(kept) < 2 else kept


def _by_activity(evaluation: Evaluation, k: int, metric: str) -> Iterator[Segment]:
    split = evaluation.splits[chosen_splits(evaluation)[-1]]
    values = {name: per_user(evaluation, metric, name, np.array([k])) for name in evaluation.ranked}
    users = next(iter(values.values()))[0]
    place = np.searchsorted(users, split.people.users)
    liked = np.zeros(len(users), dtype=np.int64)
    liked[place] = liked_counts(split.people.histories)
    relevant = np.zeros(len(users), dtype=np.int64)
    relevant[place] = split.relevant.counts
    third = _thirds(liked)
    for number, name in enumerate(THIRDS):
        rows = np.flatnonzero(third == number)
        if len(rows):
            span = f"{name}: {liked[rows].min():,}–{liked[rows].max():,}"
            measures = {key: measured(found[rows, 0]) for key, (_, found) in values.items()}
            yield Segment("activity", span, len(rows), int(relevant[rows].sum()), measures)


def _thirds(values: Array) -> Array:
    """(n,) 0, 1 or 2: about a third each; equal values stay together."""
    return np.searchsorted(np.quantile(values, [1 / 3, 2 / 3]), values, side="left") if len(values) else values


def _bands(evaluation: Evaluation) -> Iterator[tuple[str, list[Array]]]:
    """Name -> for each chosen split the items (n_items,) bool of that band; thirds of what was relevant."""
    chosen = chosen_splits(evaluation)
    for number, name in enumerate(BANDS):
        masks = []
        for at in chosen:
            popularity = evaluation.worlds[at].popularity
            edges = np.quantile(popularity[evaluation.splits[at].relevant.items], [1 / 3, 2 / 3])
            masks.append(np.searchsorted(edges, popularity, side="left") == number)
        yield name, masks


def _warmth(evaluation: Evaluation) -> Iterator[tuple[str, list[Array]]]:
    splits = [evaluation.splits[number] for number in chosen_splits(evaluation)]
    known = [np.bincount(split.train.items, minlength=len(split.known)) > 0 for split in splits]
    yield COLD, [~had for had in known]
    yield KNOWN, known


def _categories(evaluation: Evaluation, catalog: Catalog) -> Iterator[tuple[str, list[Array]]]:
    chosen = chosen_splits(evaluation)
    names = sorted({name for names in catalog.categories for name in names})
    counts = sum(
        evaluation.worlds[at].categories[evaluation.splits[at].relevant.items].sum(axis=0, dtype=np.int64)
        for at in chosen
    )
    order = np.argsort(-np.asarray(counts), kind="stable")[:MOST_CATEGORIES]
    for column in order:
        yield names[column], [evaluation.worlds[at].categories[:, column] for at in chosen]


def _by_items(evaluation: Evaluation, k: int, metric: str, by: str, name: str, masks: list[Array]) -> Segment:
    """Only relevant items of a kind count, for the users who have one."""
    chosen, measure = chosen_splits(evaluation), stage("metrics").get(metric)()
    parts = [_only(evaluation.splits[at].relevant, mask) for at, mask in zip(chosen, masks, strict=True)]
    who = np.concatenate(
        [evaluation.splits[at].people.users[rows] for at, (rows, _) in zip(chosen, parts, strict=True)]
    )
    users, place = np.unique(who, return_inverse=True)
    times = np.bincount(place, minlength=len(users))
    measures = {}
    for key in evaluation.ranked:
        values = [
            measure(_hits_within(judged_on(evaluation, key, at), rows, relevant, mask), np.array([k]))[:, 0]
            for at, (rows, relevant), mask in zip(chosen, parts, masks, strict=True)
        ]
        sums = np.bincount(place, weights=np.concatenate(values), minlength=len(users))
        measures[key] = measured(sums / np.maximum(times, 1))
    return Segment(by, name, len(users), int(sum(len(relevant.items) for _, relevant in parts)), measures)


def _hits_within(lists: Judged, rows: Array, relevant: ItemLists, mask: Array) -> Judged:
    """Some of the lists, judged by fewer relevant items."""
    few = only(lists, rows)
    return replace(few, hits=few.hits & mask[few.items], relevant=relevant)


def _only(relevant: ItemLists, mask: Array) -> tuple[Array, ItemLists]:
    """The users with a relevant item of a kind, and those items."""
    rows, items = relevant.pairs()
    kept = mask[items]
    found = ItemLists.from_pairs(rows[kept], items[kept], len(relevant), len(mask))
    users = np.flatnonzero(found.counts > 0)
    return users, found.take(users)


def user_deltas(evaluation: Evaluation, k: int, metric: str, a: str, b: str) -> tuple[UserDelta, ...]:
    """Every user of the last chosen split with the metric under a and under b; where a wins most comes first."""
    number, ks = chosen_splits(evaluation)[-1], np.array([k])
    split, measure = evaluation.splits[number], stage("metrics").get(metric)()
    one, two = (measure(judged_on(evaluation, key, number), ks)[:, 0] for key in (a, b))
    order = np.argsort(-(one - two), kind="stable")
    return tuple(
        UserDelta(int(split.people.users[row]), number, int(row), float(one[row]), float(two[row])) for row in order
    )
