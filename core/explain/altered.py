"""The same audience in which one person's history is another one: items left out of it, others liked in addition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..audience import Audience
from ..splits import ItemLists, rows_of, users_of
from ..types import Array, Interactions, readonly
from .histories import liked_weight, with_added


def altered(audience: Audience, user: int, without: Sequence[int] = (), plus: Sequence[int] = ()) -> Audience:
    """The audience as if ``user`` had not got some items (every row of them goes) and liked others after all else.

    What is left out stays hidden from her lists: she has seen it, and the question is what it does to the others. Items
    of ``without`` that she has not got, and items of ``plus`` that she has, change nothing. The log is copied.
    """
    log = audience.log
    mine = users_of(log, np.array([user]))
    gone = np.intersect1d(mine.items, np.asarray(without, dtype=np.int64))
    new = np.setdiff1d(np.asarray(plus, dtype=np.int64), mine.items)
    if not len(gone) and not len(new):
        return audience
    history = with_added(rows_of(mine, ~np.isin(mine.items, gone)), new, liked_weight(log))
    version = f"{audience.version}-{user}-without-{gone.tolist()}-plus-{new.tolist()}"
    hidden = _hidden(audience.hidden, log.n_users, user, gone)
    return replace(audience, log=_spliced(log, user, history), hidden=hidden, version=version)


def _hidden(before: ItemLists | None, n: int, user: int, gone: Array) -> ItemLists | None:
    if not len(gone):
        return before
    rows, items = (np.empty(0, dtype=np.int64),) * 2 if before is None else before.pairs()
    rows, items = np.append(rows, np.full(len(gone), user)), np.append(items, gone)
    return ItemLists.from_pairs(rows, items, n, int(items.max()) + 1)


def _spliced(log: Interactions, user: int, history: Interactions) -> Interactions:
    """The log with one user's rows replaced."""
    rows = log.history(user)
    longer = len(history) - (rows.stop - rows.start)
    indptr = log.indptr.copy()
    indptr[user + 1 :] += longer

    def column(every: Array, own: Array) -> Array:
        return readonly(np.concatenate((every[: rows.start], own, every[rows.stop :])))

    return replace(
        log,
        indptr=readonly(indptr),
        items=column(log.items, history.items),
        weights=column(log.weights, history.weights),
        times=None if log.times is None or history.times is None else column(log.times, history.times),
    )
