"""What is known and what is held back: the values between a protocol, a strategy and a metric.

    Interactions --protocol--> Split: train | people | relevant | hidden
    Split + item vectors -----> Training --strategy.fit--> Fitted --score(people)--> (n_people, n_items)

Item and user indices are those of the whole data set throughout; who or what was taken out has no rows in ``train``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

import numpy as np

from .types import Array, Catalog, Interactions, UserVectors, Vectors, readonly

WARM, COLD_ITEMS, COLD_USERS = "warm", "cold-items", "cold-users"
TASKS = (WARM, COLD_ITEMS, COLD_USERS)
"""What a list is made of or for: known items for known users, items without a history, users without one."""


@dataclass(frozen=True, slots=True, eq=False)
class ItemLists:
    """A set of items for each of n people: row r holds ``items[indptr[r]:indptr[r + 1]]``, ascending, unique.

    indptr: (n + 1,) int64. items: int32 item indices.
    """

    indptr: Array
    items: Array

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @property
    def counts(self) -> Array:
        """(n,) how many items each set holds."""
        return np.diff(self.indptr)

    def of(self, row: int) -> Array:
        """The items of one row."""
        return self.items[int(self.indptr[row]) : int(self.indptr[row + 1])]

    def pairs(self) -> tuple[Array, Array]:
        """(row, item) of everything, for indexing a (n, n_items) array."""
        return np.repeat(np.arange(len(self)), self.counts), self.items

    def take(self, rows: Array) -> ItemLists:
        """The sets of some rows, in that order (a row may be asked for more than once)."""
        lengths = self.counts[rows]
        indptr = np.concatenate(([0], np.cumsum(lengths)))
        places = np.repeat(self.indptr[:-1][rows] - indptr[:-1], lengths) + np.arange(indptr[-1])
        return ItemLists(readonly(indptr), readonly(self.items[places]))

    @classmethod
    def from_pairs(cls, rows: Array, items: Array, n: int, n_items: int) -> ItemLists:
        """From (row, item) pairs in any order; pairs that stand there twice count once."""
        keys = np.unique(np.asarray(rows, dtype=np.int64) * n_items + np.asarray(items, dtype=np.int64))
        counts = np.bincount(keys // max(n_items, 1), minlength=n)
        indptr = np.concatenate(([0], np.cumsum(counts)))
        return cls(readonly(indptr), readonly((keys % max(n_items, 1)).astype(np.int32)))


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Users to make lists for, and what is known of them at that moment.

    users: (n,) user indices of the data set, which are those of the training log as well.
    histories: a log of n users, row r that of ``users[r]``: all a strategy may know of this person. It may hold rows
        that training does not (a user folded in), and may be empty.
    """

    users: Array
    histories: Interactions

    def __len__(self) -> int:
        return len(self.users)

    def take(self, rows: Array) -> People:
        """Some of them, in that order."""
        return People(readonly(self.users[rows]), users_of(self.histories, rows))


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """One cut of a log into what is known and what is asked.

    label: tells the splits of one protocol apart ("" where there is one only). train: the log strategies learn from;
    all user ids stay, those taken out have no rows. people: whom to make lists for. relevant: their held-back
    positives, all of them candidates. hidden: what is no candidate for them, since they have it already.
    rankable: (n_items,) bool, the items that are candidates at all. known: (n_items,) bool, False for items that were
    taken out of training. n_left_out: users of the protocol's population who have nothing to be found.
    task: one of TASKS.
    """

    label: str
    train: Interactions
    people: People
    relevant: ItemLists
    hidden: ItemLists
    rankable: Array
    known: Array
    n_left_out: int
    task: str = WARM

    @property
    def n_candidates(self) -> Array:
        """(n_people,) how many items each list is chosen from."""
        rows, items = self.hidden.pairs()
        taken = np.bincount(rows[self.rankable[items]], minlength=len(self.people))
        return int(self.rankable.sum()) - taken


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """All that a strategy may learn from.

    interactions: rows of training only, user indices as in the data set. vectors: item vectors exactly as the recipe
    ranks them. text: (n_items, d) float32 unit rows, the same items before any post-processing. known: (n_items,) bool,
    False for items without behaviour on purpose. task: what lists will be asked for, one of TASKS; a strategy that
    learns from labels cuts its own validation rows accordingly. seed: of everything random.
    """

    catalog: Catalog
    interactions: Interactions
    vectors: Vectors
    text: Array
    known: Array
    task: str = WARM
    seed: int = 0


class Fitted(Protocol):
    """A strategy that has learned."""

    def score(self, people: People) -> Array:
        """(n_people, n_items) float32, higher is better. NaN where the strategy has no opinion: such an item is never
        recommended, and a user whose whole row is NaN gets an empty list."""
        ...


class Embedded(Fitted, Protocol):
    """A fitted strategy whose users and items are points in one space, and whose score is their dot product."""

    def item_vectors(self) -> Array:
        """(n_items, d) float32; NaN rows for items without a place."""
        ...

    def user_vectors(self, people: People) -> UserVectors:
        """As stages make them; ``users`` are those of ``people``. Not scaled to length 1."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class HistorySide:
    """How user vectors are made from histories: u = sum_i w_i h_i + offset, linear in what the history holds.

    vectors: (n_items, d) float32, h, as wide as the item vectors; may have further rows (``Audience.extra``).
    offset: (d,) float32, alike for everybody. weights: (n_rows,) float64, w of each row of the histories asked about,
    as the strategy itself weighs them; None where it leaves that to a user model. totals: (n_people,) float64, the sum
    of each person's weights, which another user model keeps; None = 1.
    """

    vectors: Array
    offset: Array
    weights: Array | None = None
    totals: Array | None = None

    @classmethod
    def plain(cls, vectors: Array) -> HistorySide:
        """Users as means of these vectors, nothing added."""
        return cls(vectors, readonly(np.zeros(vectors.shape[1], dtype=np.float32)))


class Linear(Embedded, Protocol):
    """An embedded strategy whose users are sums over their histories."""

    def history_side(self, people: People) -> HistorySide:
        """Exactly what ``user_vectors`` computes, taken apart."""
        ...


class Merged(Fitted, Protocol):
    """A fitted strategy that merges the lists of others."""

    def channels(self, people: People, items: Array) -> Mapping[str, Array]:
        """items: (n_people, m) item indices, -1 where padded -> for each channel (n_people, m) int32: the rank, from 1,
        that the channel itself gives the item among all items of the catalogue that the person does not have yet;
        0 where the channel has no opinion or ranks it below ``MERGED_DEPTH``."""
        ...


MERGED_DEPTH = 500
"""A channel brings its first so many items into a merged list."""


class Strategy(Protocol):
    """A way to recall candidates: one frozen dataclass of knobs. ``embedded``: it makes an :class:`Embedded`.

    It may have ``quick`` = True: fitting is a matter of moments whatever the knobs are (see ``core.serving.is_quick``).
    One that looks at ``Training.vectors`` has ``reads_space`` = True; others need not learn anew when the item vectors
    are post-processed or scaled in another way (see ``core.serving.learning``).
    It may have ``fit_watched(training, progress)``: fitting that tells how far it is.
    """

    key: ClassVar[str]
    label: ClassVar[str]
    embedded: ClassVar[bool]

    def fit(self, training: Training) -> Fitted:
        """Learn; raises InputError where the data has nothing to learn from."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """What a protocol did: its splits, and what has to be said about it.

    notices: sentences on what the data made it do otherwise, or on how its numbers must be read.
    """

    splits: tuple[Split, ...]
    notices: tuple[str, ...] = field(default=())


def rows_of(log: Interactions, keep: Array) -> Interactions:
    """A log with some of the rows, keep: (n,) bool; all users stay, in place."""
    before = np.concatenate(([0], np.cumsum(keep)))
    return Interactions(
        user_ids=log.user_ids,
        indptr=readonly(before[log.indptr].astype(np.int64)),
        items=readonly(log.items[keep]),
        weights=readonly(log.weights[keep]),
        times=None if log.times is None else readonly(log.times[keep]),
        ordered=log.ordered,
        positive_from=log.positive_from,
    )


def users_of(log: Interactions, users: Array) -> Interactions:
    """A log of some users, in that order, with all their rows."""
    starts, lengths = log.indptr[:-1][users], np.diff(log.indptr)[users]
    indptr = np.concatenate(([0], np.cumsum(lengths)))
    places = np.repeat(starts - indptr[:-1], lengths) + np.arange(indptr[-1])
    return Interactions(
        user_ids=readonly(log.user_ids[users]),
        indptr=readonly(indptr),
        items=readonly(log.items[places]),
        weights=readonly(log.weights[places]),
        times=None if log.times is None else readonly(log.times[places]),
        ordered=log.ordered,
        positive_from=log.positive_from,
    )


def owners(log: Interactions) -> Array:
    """(n,) the user index of each row."""
    return np.repeat(np.arange(log.n_users), np.diff(log.indptr))


def positives(log: Interactions) -> Array:
    """(n,) bool: the rows that count as liked."""
    return log.weights >= log.positive_from


def liked_counts(log: Interactions) -> Array:
    """(n_users,) how many rows of each user count as liked."""
    before = np.concatenate(([0], np.cumsum(positives(log))))
    return before[log.indptr[1:]] - before[log.indptr[:-1]]


def everybody(log: Interactions) -> People:
    """All users of a log with all they did: whom a finished product serves."""
    return People(readonly(np.arange(log.n_users)), log)
