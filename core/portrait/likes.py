"""What everybody liked, each item once a person: the population that one history is held against."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ..splits import ItemLists, owners, positives
from ..types import Array, Interactions, readonly

KEPT = 4


@lru_cache(maxsize=KEPT)
def likes(log: Interactions, n_items: int) -> ItemLists:
    """Row u holds what user u liked, each item once. Items beyond the catalogue are left out."""
    keep = positives(log) & (log.items < n_items)
    return ItemLists.from_pairs(owners(log)[keep], log.items[keep], log.n_users, n_items)


@lru_cache(maxsize=KEPT)
def item_likes(log: Interactions, n_items: int) -> Array:
    """(n_items,) by how many users each item was liked."""
    return readonly(np.bincount(likes(log, n_items).items, minlength=n_items))


def liked_rows(log: Interactions, user: int, n_items: int) -> Array:
    """(m,) rows of the log that hold a user's liked items, oldest first, each item where it was liked first."""
    span = log.history(user)
    rows = np.arange(span.start, span.stop)
    rows = rows[(log.weights[rows] >= log.positive_from) & (log.items[rows] < n_items)]
    first = np.unique(log.items[rows], return_index=True)[1]
    return rows[np.sort(first)]
