"""What stands next to a user in the space of the items, whether she has it or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import Array, Interactions, unit_rows
from .likes import likes

LIKED, SEEN, NEW = "liked", "seen", "new"


@dataclass(frozen=True, slots=True)
class Near:
    """An item, its cosine with the user, and whether she liked it, has it without liking it, or does not have it."""

    item: int
    cosine: float
    state: str


def near(log: Interactions, user: int, spots: Array, vector: Array, most: int = 15) -> tuple[Near, ...]:
    """spots: (n_items, d) of length 1, zero rows without a place. vector: (d,) of the user; () where it is NaN.

    The nearest first, equal ones by item.
    """
    there = np.flatnonzero(spots.any(axis=1))
    if not np.isfinite(vector).all() or not vector.any():
        return ()
    cosines = (spots @ unit_rows(vector[None, :])[0])[there]
    order = np.argsort(-cosines, kind="stable")[:most]
    liked, seen = set(likes(log, len(spots)).of(user).tolist()), set(log.items[log.history(user)].tolist())
    found = []
    for item, cosine in zip(there[order].tolist(), cosines[order].tolist(), strict=True):
        found.append(Near(item, cosine, LIKED if item in liked else SEEN if item in seen else NEW))
    return tuple(found)
