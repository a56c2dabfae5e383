"""Epsilon: some places of the list go to candidates that would not have made it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import ClassVar

import numpy as np

from ..pools import Picks, Pools, unchanged
from ..registry import knob
from ..types import Array, readonly
from .draws import uniform


@dataclass(frozen=True, slots=True)
class Epsilon:
    """A share of the K places, rounded up, goes to candidates from beyond the first K, each equally likely; the first
    ones take the other places in their order (epsilon-greedy, Sutton & Barto 2018, ch. 2, with a fixed share).

    Which places and which candidates depends on seed, user and item alone: not on who else is asked. There are no more
    such places than candidates beyond the first K; a pool as short as the list stays as it is.
    """

    explore_share: float = knob(0.1, "share of the places that is left to chance", low=0, high=1, step=0.05)

    key: ClassVar[str] = "epsilon"
    label: ClassVar[str] = "Epsilon: some places left to chance"
    order: ClassVar[int] = 3

    def __call__(self, pools: Pools, k: int) -> Picks:
        """As ``core.pools.Arranger``; value = the relevance; nothing is held against anybody."""
        m = pools.items.shape[1]
        width, kept = min(k, m), unchanged(pools, k)
        beyond = np.maximum(pools.counts - width, 0)
        # A tiny step back: 0.3 of 10 is 3 places, whatever 0.3 is in binary.
        left = np.minimum(ceil(self.explore_share * width - 1e-9), beyond)[:, None]
        drawn = _ranks(uniform(pools.seed, pools.users[:, None], -1 - np.arange(width))) < left
        tail = np.where(pools.items[:, width:] >= 0, pools.items[:, width:], -1)
        chance = np.where(tail >= 0, uniform(pools.seed, pools.users[:, None], tail), np.inf)
        picks = width + np.argsort(chance, axis=1, kind="stable")
        in_turn = np.cumsum(~drawn, axis=1) - 1
        turn = np.minimum(np.cumsum(drawn, axis=1) - 1, max(picks.shape[1] - 1, 0))
        by_chance = np.take_along_axis(picks, np.maximum(turn, 0), axis=1) if picks.shape[1] else in_turn
        places = np.where(drawn, by_chance, in_turn)
        short = np.take_along_axis(pools.items, np.minimum(places, max(m - 1, 0)), axis=1) < 0 if m else places < 0
        return Picks(
            places=readonly(np.where(short, -1, places).astype(np.int32)),
            value=pools.relevance,
            penalty=kept.penalty,
            cause=kept.cause,
            barred=kept.barred,
        )


def _ranks(values: Array) -> Array:
    """(n, w) -> the rank of each value in its row, from 0."""
    return np.argsort(np.argsort(values, axis=1, kind="stable"), axis=1, kind="stable")
