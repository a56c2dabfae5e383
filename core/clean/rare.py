"""Users and items with too few interactions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import knob
from ..types import Array
from .pairs import pair_keys
from .state import Finding, Log, counted, nothing

ROUNDS = 40


@dataclass(frozen=True, slots=True)
class Rare:
    """The k-core of the log: everybody who stays has enough, counted among those who stay (Seidman 1983)."""

    key: ClassVar[str] = "rare"
    label: ClassVar[str] = "Too rare"
    help: ClassVar[str] = "Users with too few items and items with too few users, until none is left (k-core)."
    order: ClassVar[int] = 16
    table: ClassVar[str] = "interactions"
    mode: ClassVar[str] = "apply"

    user_core: int = knob(1, "least different items of a user", low=1, high=1000, unit="items")
    item_core: int = knob(1, "least different users of an item", low=1, high=1000, unit="users")

    def __call__(self, log: Log) -> Finding:
        """Rows outside the largest set in which everybody has enough; rows without user or item are left alone."""
        if self.user_core == 1 and self.item_core == 1:
            return nothing(log, "One item is enough for a user and one user for an item, so none is too rare.")
        whole = (log.users >= 0) & (log.items >= 0)
        n_items = max(len(log.item_ids), 1)
        pairs = np.sort(pair_keys(log)[whole])
        pairs = pairs[np.diff(pairs, prepend=-1) > 0]
        users, items = core(
            pairs // n_items, pairs % n_items, len(log.user_ids), len(log.item_ids), self.user_core, self.item_core
        )
        touched = whole & ~(np.append(users, False)[log.users] & np.append(items, False)[log.items])
        n = int(touched.sum())
        if not n:
            return Finding(touched, f"{self._all_have_enough()}.")
        gone_users = len(np.unique(log.users[touched])) - int(users[np.unique(log.users[touched])].sum())
        gone_items = len(np.unique(log.items[touched])) - int(items[np.unique(log.items[touched])].sum())
        text = f"{counted(n, 'row')}: {self._gone(gone_users, gone_items)}"
        if n == whole.sum():
            return Finding(touched, f"{text}; taking them out leaves nothing: ask for less.")
        return Finding(touched, f"{text}, counted among those that stay.")

    def _all_have_enough(self) -> str:
        users = [f"no user has fewer than {self.user_core:,} items"] * (self.user_core > 1)
        said = " and ".join([*users, *[f"no item has fewer than {self.item_core:,} users"] * (self.item_core > 1)])
        return said[:1].upper() + said[1:]

    def _gone(self, users: int, items: int) -> str:
        short = f"fewer than {self.user_core:,} items" if self.user_core > 1 else "no item"
        seldom = f"fewer than {self.item_core:,} users" if self.item_core > 1 else "no user"
        parts = [f"{counted(users, 'user')} with {short}"] * (users > 0)
        return " and ".join([*parts, *[f"{counted(items, 'item')} with {seldom}"] * (items > 0)])


def core(users: Array, items: Array, n_users: int, n_items: int, user_core: int, item_core: int) -> tuple[Array, Array]:
    """Masks (n_users,) and (n_items,) of the largest subgraph with those degrees; the pairs are distinct.

    Rounds on whole arrays, then, if an unusual log needs many, one user or item after another: linear in the pairs.
    """
    n_nodes = n_users + n_items
    least = np.repeat([user_core, item_core], [n_users, n_items])
    stays = np.ones(n_nodes, dtype=bool)
    ends = np.stack([users, items + n_users])
    for _ in range(ROUNDS):
        stays = np.bincount(ends.ravel(), minlength=n_nodes) >= least
        whole = stays[ends].all(axis=0)
        if whole.all():
            return stays[:n_users], stays[n_users:]
        ends = ends[:, whole]
    stays = _peel(ends, least)
    return stays[:n_users], stays[n_users:]


def _peel(ends: Array, least: Array) -> Array:
    """(n_nodes,) who stays, when those with too few neighbours go one by one (Batagelj & Zaversnik 2003)."""
    both = np.concatenate([ends, ends[::-1]], axis=1)
    both = both[:, np.argsort(both[0])]
    degrees = np.bincount(both[0], minlength=len(least))
    first = np.concatenate([[0], np.cumsum(degrees)]).tolist()
    neighbours, degree, needed = both[1].tolist(), degrees.tolist(), least.tolist()
    stays = [have >= need for have, need in zip(degree, needed, strict=True)]
    waiting = [node for node, kept in enumerate(stays) if not kept]
    while waiting:
        node = waiting.pop()
        for other in neighbours[first[node] : first[node + 1]]:
            degree[other] -= 1
            if stays[other] and degree[other] < needed[other]:
                stays[other] = False
                waiting.append(other)
    return np.array(stays, dtype=bool)
