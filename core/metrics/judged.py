"""What every metric reads: the lists of many users, and what was relevant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from ..splits import ItemLists
from ..types import Array, Interactions

DEPTH = 100
"""Lists are kept this deep; a metric can be had for every K up to it."""


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """What lists are compared with besides the relevant items; shared by all strategies of one split.

    popularity: (n_items,) int64, users who liked the item in training. vectors: (n_items, d) float32 unit rows in the
    item-text space, whatever space was ranked in. categories: (n_items, n_categories) bool. histories: what was known
    of each user, in the order of the lists. rankable: (n_items,) bool. n_train_users: users with a training positive.
    """

    popularity: Array
    vectors: Array
    categories: Array
    histories: Interactions
    rankable: Array
    n_train_users: int


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Lists and their hits.

    items: (n_users, depth) int32, best first, -1 where padded. hits: (n_users, depth) bool, False where padded.
    relevant: the sets looked for, none of them empty. n_candidates: (n_users,) int64. world: as above.
    """

    items: Array
    hits: Array
    relevant: ItemLists
    n_candidates: Array
    world: World


class Metric(Protocol):
    """One measure. ``per_user``: it has a value for each user, and its mean is over users; else it belongs to all lists
    together. ``better``: "higher", "lower" or "" where neither is better as such. ``formula``, ``denominator``,
    ``source``: its contract, shown on request."""

    key: ClassVar[str]
    label: ClassVar[str]
    order: ClassVar[int]
    per_user: ClassVar[bool]
    better: ClassVar[str]
    formula: ClassVar[str]
    denominator: ClassVar[str]
    source: ClassVar[str]

    def __call__(self, judged: Judged, ks: Array) -> Array:
        """ks: (n_k,) int64 in 1..depth, ascending -> (n_users, n_k), NaN where undefined for a user; or (n_k,) where
        the metric is not per user."""
        ...
