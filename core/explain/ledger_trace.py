"""One list followed through the steps that made it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..pools import DIVERSIFY, Diversified, Step
from ..recipe import Recipe
from ..registry import stage
from ..types import Array

SIMILARITY, CATEGORY, POPULARITY = "similarity", "category", "popularity"
"""What the penalties of a diversifier speak of."""


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """One step on one list. Items go by their place in the first pool.

    came, left: (m,) and (<= m,) places in the order before and after. before, after: (m,) position from 0 by place,
    ``nowhere`` where the item is not there. against: what its penalties speak of, "" for spacing and exploration.
    """

    step: Step
    row: int
    k: int
    against: str
    came: Array
    left: Array
    before: Array
    after: Array
    nowhere: int

    @property
    def name(self) -> str:
        """The step: one of ``core.pools.STEPS``."""
        return self.step.name

    def steps_up(self, place: int) -> int:
        """Places that an item moved up, < 0 where it moved down."""
        return int(self.before[place] - self.after[place])

    def penalty(self, place: int) -> float:
        """What the step took away from an item, 0 where it never saw it."""
        return self._of(self.step.picks.penalty, place, 0.0)

    def barred(self, place: int) -> bool:
        """Whether a rule held an item back."""
        return bool(self._of(self.step.picks.barred, place, 0.0))

    def cause(self, place: int) -> int | None:
        """The pick that caused most of the penalty or barred an item."""
        at = int(self._of(self.step.picks.cause, place, -1.0))
        return int(self.came[at]) if at >= 0 else None

    def shortfall(self, place: int) -> float:
        """What an item lacks to the value of the last pick of the list, >= 0; NaN where values did not decide, or where
        the one it had when its own turn came, later, is no smaller: values of two moments."""
        nan = float("nan")
        if self.name != DIVERSIFY or self.barred(place) or not len(self.left):
            return nan
        last, values = int(self.left[: self.k][-1]), self.step.picks.value
        lacking = self._of(values, last, nan) - self._of(values, place, nan)
        return nan if lacking < 0 else lacking

    def _of(self, values: Array, place: int, missing: float) -> float:
        at = int(self.before[place])
        return missing if at == self.nowhere else float(values[self.row, at])


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One list and its steps. listed: places of the list in its order; gone: of the first k that left, ascending.

    relevance: (m,) by place. final: (m,) position in the list by place, at least k where it is not in the list.
    window: picks in which spacing looks for a category.
    """

    steps: Diversified
    row: int
    k: int
    window: int
    moves: tuple[Move, ...]
    listed: tuple[int, ...]
    gone: tuple[int, ...]

    @property
    def final(self) -> Array:
        """(m,) position after the last step."""
        return self.moves[-1].after

    @property
    def relevance(self) -> Array:
        """(m,) relevance by place."""
        found: Array = self.steps.steps[0].pools.relevance[self.row]
        return found

    def item(self, place: int) -> int:
        """Item index at a place."""
        return int(self.steps.steps[0].pools.items[self.row, place])

    def similarity(self, place: int, other: int | None) -> float:
        """Cosine of the items at two places, NaN where there is no other."""
        if other is None:
            return float("nan")
        vectors = self.steps.steps[0].pools.vectors
        return float(vectors[self.item(place)] @ vectors[self.item(other)])

    def mixes(self, places: Array) -> Array:
        """(len(places), n_categories) mixes of the items at places."""
        pools = self.steps.steps[0].pools
        found: Array = pools.mixes[pools.items[self.row, places]]
        return found

    @property
    def wanted(self) -> Array:
        """(n_categories,) the mix the user's own history has."""
        found: Array = self.steps.steps[0].pools.wanted[self.row]
        return found


def traced(steps: Diversified, recipe: Recipe, row: int) -> Trace:
    """Follow one row of lists that a recipe made through their steps, of which there is at least one."""
    pool = steps.steps[0].pools.items[row]
    m, k = len(pool), recipe.k
    nowhere = max(m, k)
    order = np.flatnonzero(pool >= 0)
    positions = _positions(order, m, nowhere)
    moves = []
    for step in steps.steps:
        picked = step.picks.places[row]
        left = order[picked[picked >= 0]]
        after = _positions(left, m, nowhere)
        against = str(stage("diversify").get(step.key).against) if step.name == DIVERSIFY else ""
        moves.append(Move(step, row, k, against, order, left, positions, after, nowhere))
        order, positions = left, after
    listed = order[:k]
    first = np.flatnonzero(pool >= 0)[:k]
    return Trace(
        steps=steps,
        row=row,
        k=k,
        window=int(dict(recipe.options).get("spacing_window", k)),
        moves=tuple(moves),
        listed=tuple(int(place) for place in listed),
        gone=tuple(int(place) for place in np.setdiff1d(first, listed)),
    )


def _positions(order: Array, m: int, nowhere: int) -> Array:
    out = np.full(m, nowhere, dtype=np.int64)
    out[order] = np.arange(len(order))
    return out
