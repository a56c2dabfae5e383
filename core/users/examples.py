"""Users worth looking at first, found from the data: heavy, light, focused, eclectic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..splits import liked_counts
from ..types import Array, Interactions, unit_rows

MIN_LIKED = 10
"""Focus is only read from users who liked at least this many items: one always agrees with itself."""


@dataclass(frozen=True, slots=True)
class Example:
    """kind: heavy | light | focused | eclectic. user: index. history: its length. focus: in [0, 1], see ``focus``."""

    kind: str
    user: int
    history: int
    focus: float


def focus(interactions: Interactions, items: Array) -> Array:
    """(n_users,) how much a history points one way: the length of the mean of its unit item vectors, in [0, 1].

    1 = all items alike, near 0 = pointing everywhere (the mean resultant length of directional statistics,
    Mardia & Jupp 2000). NaN for users who liked nothing.
    """
    rows = unit_rows(items)
    out = np.full(interactions.n_users, np.nan)
    for user in range(interactions.n_users):
        history = interactions.liked(user)
        if len(history):
            out[user] = float(np.linalg.norm(rows[history].mean(axis=0, dtype=np.float64)))
    return out


def examples(interactions: Interactions, items: Array) -> tuple[Example, ...]:
    """Up to four different users: the most and the least active, the most and the least focused.

    Equal ones by user id. Of n unrelated items even the mean has length about 1/sqrt(n), so focus is compared among
    users who liked at least ``MIN_LIKED`` items, and not more than twice as many as is typical (the median).
    """
    lengths = np.diff(interactions.indptr)
    values = focus(interactions, items)
    active = np.flatnonzero(np.isfinite(values))
    if not len(active):
        return ()
    heavy = int(active[np.argmax(lengths[active])])
    light = int(active[np.argmin(lengths[active])])
    likes = liked_counts(interactions)
    most = 2 * float(np.median(likes[active]))
    taken = {heavy, light}
    comparable = np.array([u for u in active if MIN_LIKED <= likes[u] <= most and u not in taken], dtype=np.int64)
    found = [("heavy", heavy)] + ([("light", light)] if light != heavy else [])
    if len(comparable) >= 2:
        found.append(("focused", int(comparable[np.argmax(values[comparable])])))
        found.append(("eclectic", int(comparable[np.argmin(values[comparable])])))
    return tuple(Example(kind, user, int(lengths[user]), float(values[user])) for kind, user in found)
