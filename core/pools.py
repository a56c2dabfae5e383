"""What stands between candidates and a list: pools that are put into another order, and what each step did.

Candidates --pools--> Pools --diversify--> Picks --spacing--> Picks --exploration--> Picks --> Diversified

pool place   position of a candidate in a user's pool (0 = the most relevant), as the step in question sees it
diversity    in [0, 1]: 0 = relevance only, 1 = diversity only
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from .types import Array, Candidates, readonly

MIN_MAX, RANK, AS_IS = "min-max", "rank", "score"
RELEVANCE_SCALES = (MIN_MAX, RANK, AS_IS)
DIVERSIFY, SPACING, EXPLORATION = "diversify", "spacing", "exploration"
STEPS = (DIVERSIFY, SPACING, EXPLORATION)
"""The order in which steps follow each other."""


@dataclass(frozen=True, slots=True, eq=False)
class Pools:
    """The candidates of n users as a step sees them, and what is known of the items.

    users: (n,) int64 user indices, of which drawing at random makes its seeds. items: (n, m) int32, in the order that
    the step before left, -1 padded at the end. relevance: (n, m) float32 on a comparable scale (see ``relevance_of``),
    NaN where padded. vectors: (n_items, d) float32 unit rows (zero rows stay zero) of the space in which likeness is
    measured. mixes: (n_items, n_categories) float32, rows add up to 1, or 0 for an item without a category. wanted:
    (n, n_categories) float32, the mix of the user's own liked history, adding up to 1, or 0 where it is not known.
    popularity: (n_items,) float32 in [0, 1], users who liked the item / those of the most liked one. seed: of draws.
    """

    users: Array
    items: Array
    relevance: Array
    vectors: Array
    mixes: Array
    wanted: Array
    popularity: Array
    seed: int = 0

    def __len__(self) -> int:
        return len(self.items)

    @property
    def counts(self) -> Array:
        """(n,) int64: how many candidates each pool holds."""
        return (self.items >= 0).sum(axis=1)

    def picked(self, places: Array) -> Pools:
        """The same users with the candidates at these pool places (n, k) alone, in that order; -1 is padding."""
        return Pools(
            users=self.users,
            items=readonly(at_places(self.items, places, np.int32(-1))),
            relevance=readonly(at_places(self.relevance, places, np.float32(np.nan))),
            vectors=self.vectors,
            mixes=self.mixes,
            wanted=self.wanted,
            popularity=self.popularity,
            seed=self.seed,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Picks:
    """What a step chose from pools (n, m), and why: the ledger.

    places: (n, k) int32 pool places in the order of the new list, -1 padded at the end.
    value: (n, m) float32, what the step's objective gave each candidate when it was picked, or at the last step where
        it was not; NaN where there is none.
    penalty: (n, m) float32, >= 0: the part of ``value`` that was taken away because of what stood above, or by what the
        step counts against the candidate itself; 0 = nothing.
    cause: (n, m) int32: pool place of the earlier pick that caused most of the penalty, -1 where no single one did.
    barred: (n, m) bool: kept out, or kept back until later, by a rule whatever its value.
    """

    places: Array
    value: Array
    penalty: Array
    cause: Array
    barred: Array


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step that was taken. name: one of STEPS. key: of the implementation. pools: as it saw them."""

    name: str
    key: str
    pools: Pools
    picks: Picks


@dataclass(frozen=True, slots=True, eq=False)
class Diversified:
    """Lists made from pools by steps.

    lists: (n, k), not in the order of scores. places: (n, k) int32, where each stood in the pool that came in, -1
    padded. steps: those that were taken, in their order.
    """

    lists: Candidates
    places: Array
    steps: tuple[Step, ...]


class Diversifier(Protocol):
    """A method of ``core/diversify``: one frozen dataclass of knobs.

    against: what its penalties speak of: "similarity", "category" or "popularity".
    """

    key: ClassVar[str]
    label: ClassVar[str]
    order: ClassVar[int]
    against: ClassVar[str]

    def __call__(self, pools: Pools, k: int, diversity: float) -> Picks:
        """Up to k picks a user. diversity: in [0, 1]; at 0 the picks are the first k of the pool."""
        ...


class Arranger(Protocol):
    """A method of ``core/spacing`` or ``core/exploration``: takes an order and gives another."""

    key: ClassVar[str]
    label: ClassVar[str]
    order: ClassVar[int]

    def __call__(self, pools: Pools, k: int) -> Picks:
        """Up to k picks a user, from pools in the order that the step before left."""
        ...


def relevance_of(scores: Array, scale: str) -> Array:
    """Scores (n, m), best first, NaN where padded -> float32 relevance on the scale that is mixed with similarity.

    min-max: (s - lowest) / (highest - lowest) of the user's own pool: 1 the best candidate, 0 the last; all 1 where
    they are alike. rank: 1 - place / (candidates - 1): even steps, whatever the scores are. score: as it is, for scores
    that are cosines themselves. Raises nothing: the scale is checked by the recipe.
    """
    if scale == AS_IS:
        return readonly(scores.astype(np.float32))
    given = ~np.isnan(scores)
    if scale == RANK:
        steps = np.maximum(given.sum(axis=1) - 1, 1)[:, None]
        return readonly(np.where(given, 1.0 - np.arange(scores.shape[1]) / steps, np.nan).astype(np.float32))
    low = np.min(scores, axis=1, where=given, initial=np.inf)[:, None]
    high = np.max(scores, axis=1, where=given, initial=-np.inf)[:, None]
    spread = np.where(high > low, high - low, 1.0)
    return readonly(np.where(high > low, (scores - low) / spread, np.where(given, 1.0, np.nan)).astype(np.float32))


def at_places(values: Array, places: Array, padding: np.generic) -> Array:
    """(n, m) values at places (n, k), -1 = padding."""
    found = np.take_along_axis(values, np.maximum(places, 0), axis=1)
    return np.where(places >= 0, found, padding)


def first_places(pools: Pools, k: int) -> Array:
    """(n, min(k, m)) int32: the pool as it stands, cut."""
    width = min(k, pools.items.shape[1])
    return np.where(pools.items[:, :width] >= 0, np.arange(width, dtype=np.int32), np.int32(-1))


def unchanged(pools: Pools, k: int) -> Picks:
    """The first k as they stand: nothing is held against anybody."""
    shape = pools.items.shape
    return Picks(
        places=readonly(first_places(pools, k)),
        value=pools.relevance,
        penalty=readonly(np.zeros(shape, dtype=np.float32)),
        cause=readonly(np.full(shape, -1, dtype=np.int32)),
        barred=readonly(np.zeros(shape, dtype=bool)),
    )
