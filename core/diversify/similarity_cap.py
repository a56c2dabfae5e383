"""Similarity cap: nothing enters that is too like what stands above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..pools import Picks, Pools, unchanged
from ..registry import knob
from .kernels import picked


@dataclass(frozen=True, slots=True)
class SimilarityCap:
    """Walk the pool by relevance; an item enters only if its cosine with every pick is below theta = 1 - 2 d, d =
    diversity. At d = 0 nothing is barred, copies neither; at d = 1 nothing passes but the first, which is always the
    most relevant. An item without a vector has cosine 0 with every other.

    Where too few pass, "relax" fills the list with those that were barred, each time the one least like the picks
    (smallest largest cosine; ties go to the more relevant), "stop" leaves it short."""

    key: ClassVar[str] = "similarity-cap"
    label: ClassVar[str] = "Similarity cap: nothing too alike"
    order: ClassVar[int] = 4
    against: ClassVar[str] = "similarity"

    cap_short: str = knob(
        "relax",
        "when too few items stay below the similarity cap: relax = fill up with those least like the list, stop = a "
        "shorter list",
        choices=("relax", "stop"),
    )

    def __call__(self, pools: Pools, k: int, diversity: float) -> Picks:
        """As ``core.pools.Diversifier``; barred = not below the cap when its turn came, even if it filled up later;
        penalty = by how much its largest cosine exceeds the cap, 0 where not barred; cause = the pick that is with."""
        if not diversity:
            return unchanged(pools, k)
        return picked("cap", pools, k, 1 - 2 * diversity, self.cap_short == "relax")
