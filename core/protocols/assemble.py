"""From masks over the rows of a log to a split: who is asked, what is relevant, what is no candidate."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..splits import WARM, ItemLists, People, Split, owners, positives, rows_of, users_of
from ..types import Array, Interactions, readonly


def usable(log: Interactions, known: Array) -> Interactions:
    """The log without rows on items that may not be used."""
    return log if known.all() else rows_of(log, known[log.items])


def lists_of(log: Interactions, rows: Array, users: Array, n_items: int) -> ItemLists:
    """The items that each of ``users`` has in some rows of the log, rows: (n,) bool."""
    place = np.full(log.n_users, -1, dtype=np.int64)
    place[users] = np.arange(len(users))
    who = place[owners(log)[rows]]
    return ItemLists.from_pairs(who[who >= 0], log.items[rows][who >= 0], len(users), n_items)


def without(lists: ItemLists, taken: ItemLists, n_items: int) -> ItemLists:
    """Each set without the items of another."""
    rows, items = lists.pairs()
    gone_rows, gone = taken.pairs()
    left = ~np.isin(rows * n_items + items, gone_rows * n_items + gone, assume_unique=True)
    return ItemLists.from_pairs(rows[left], items[left], len(lists), n_items)


def assemble(
    log: Interactions,
    train: Interactions,
    users: Array,
    *,
    test: Array,
    history: Array,
    hidden: Array | None,
    rankable: Array,
    known: Array,
    label: str = "",
    task: str = WARM,
) -> Split:
    """A split from rows of a log.

    users: (n,) user indices, the population. test, history, hidden: (n_rows,) bool over ``log``: what is asked, what a
    strategy is told, and what is no candidate (None: nothing). Relevant is what is asked, can be ranked and is not
    hidden; users without any are left out and counted.
    """
    n_items = len(known)
    taken = lists_of(log, np.zeros(len(log), dtype=bool) if hidden is None else hidden, users, n_items)
    relevant = without(lists_of(log, test & rankable[log.items], users, n_items), taken, n_items)
    keep = np.flatnonzero(relevant.counts > 0)
    asked = readonly(users[keep])
    people = People(asked, users_of(rows_of(log, history), asked))
    return Split(
        label=label,
        train=train,
        people=people,
        relevant=relevant.take(keep),
        hidden=taken.take(keep),
        rankable=readonly(rankable),
        known=readonly(known),
        n_left_out=len(users) - len(keep),
        task=task,
    )


def drawn_rows(log: Interactions, n_drawn: Callable[[Array], Array], seed: int) -> Array:
    """(n_rows,) bool: for each user some positives drawn at random.

    n_drawn: (n_users,) positives of each user -> (n_users,) how many of them to draw.
    """
    liked = np.flatnonzero(positives(log))
    who = owners(log)[liked]
    counts = np.bincount(who, minlength=log.n_users)
    order = np.lexsort((np.random.default_rng(seed).random(len(liked)), who))
    place = np.arange(len(liked)) - np.repeat(np.cumsum(counts) - counts, counts)
    drawn = np.zeros(len(log), dtype=bool)
    drawn[liked[order[place < n_drawn(counts)[who]]]] = True
    return drawn
