"""Histories that might have been: rows of one history left out, drawn again or added, as logs to ask about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..splits import liked_counts
from ..types import Array, Interactions, readonly

MOMENT = 1
"""Seconds after the latest row at which something added happened."""


@dataclass(frozen=True, slots=True, eq=False)
class Altered:
    """q histories made of the rows of one.

    base: a log of one user with m rows. indptr: (q + 1,) int64. places: (n,) int64 rows of base, ascending within each
    history; a row that is drawn twice stands there twice.
    """

    base: Interactions
    indptr: Array
    places: Array

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @property
    def owners(self) -> Array:
        """(n,) the history of each place."""
        return np.repeat(np.arange(len(self)), np.diff(self.indptr))

    def log(self) -> Interactions:
        """A log of q users, one for each history."""
        base = self.base
        return Interactions(
            user_ids=readonly(np.arange(len(self))),
            indptr=readonly(self.indptr),
            items=readonly(base.items[self.places]),
            weights=readonly(base.weights[self.places]),
            times=None if base.times is None else readonly(base.times[self.places]),
            ordered=base.ordered,
            positive_from=base.positive_from,
        )

    def part(self, start: int, stop: int) -> Altered:
        """Some of the histories."""
        rows = slice(int(self.indptr[start]), int(self.indptr[stop]))
        return Altered(self.base, self.indptr[start : stop + 1] - self.indptr[start], self.places[rows])


def kept(base: Interactions, keep: Array) -> Altered:
    """keep: (q, m) bool, the rows of each history."""
    counts = keep.sum(axis=1)
    return Altered(base, np.concatenate(([0], np.cumsum(counts))).astype(np.int64), np.nonzero(keep)[1])


def whole(base: Interactions) -> Altered:
    """The history as it is."""
    return Altered(base, np.array([0, len(base)]), np.arange(len(base)))


def without_each(base: Interactions) -> Altered:
    """m histories: the r-th lacks the item of row r, every time it stands there."""
    return kept(base, base.items[:, None] != base.items[None, :])


def with_and_without(base: Interactions) -> Altered:
    """1 + m histories: the whole one, then :func:`without_each`."""
    return kept(base, np.vstack((np.ones((1, len(base)), dtype=bool), base.items[:, None] != base.items[None, :])))


def without_sets(base: Interactions, sets: Array) -> Altered:
    """sets: (q, s) rows; each history lacks the items of its rows."""
    gone = np.zeros((len(sets), len(base)), dtype=bool)
    for rows in sets.T:
        gone |= base.items[None, :] == base.items[rows][:, None]
    return kept(base, ~gone)


def drawn(base: Interactions, draws: int, seed: int) -> Altered:
    """Histories of as many rows, drawn with replacement (Efron 1979), in the order of the log."""
    m = len(base)
    places = np.sort(np.random.default_rng(seed).integers(0, max(m, 1), size=(draws, m)), axis=1)
    return Altered(base, np.arange(draws + 1) * m, places.ravel())


def with_added(base: Interactions, items: Array, liked: float) -> Interactions:
    """The history with items (n,) liked after all others, one row each, oldest first."""
    n = len(items)
    latest = None if base.times is None else (int(base.times.max()) if len(base.times) else 0)
    return Interactions(
        user_ids=base.user_ids,
        indptr=readonly(np.array([0, len(base) + n])),
        items=readonly(np.concatenate((base.items, np.asarray(items, dtype=base.items.dtype)))),
        weights=readonly(np.concatenate((base.weights, np.full(n, liked, dtype=np.float32)))),
        times=None
        if base.times is None or latest is None
        else readonly(np.concatenate((base.times, np.full(n, latest + MOMENT, dtype=np.int64)))),
        ordered=base.ordered,
        positive_from=base.positive_from,
    )


def added_each(base: Interactions, items: Array, liked: float) -> Altered:
    """n histories, each with one of the items (n,) liked after all others; its row comes last."""
    n, m = len(items), len(base)
    longer = with_added(base, items, liked)
    places = np.empty((n, m + 1), dtype=np.int64)
    places[:, :m], places[:, m] = np.arange(m), m + np.arange(n)
    return Altered(longer, np.arange(n + 1) * (m + 1), places.ravel())


def liked_weight(log: Interactions) -> float:
    """What a full like weighs in a log: its largest weight; 1 in an empty one."""
    return float(log.weights.max()) if len(log) and liked_counts(log).any() else max(1.0, log.positive_from)
