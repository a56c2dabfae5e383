"""MMR: maximal marginal relevance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..pools import Picks, Pools, unchanged
from .kernels import picked


@dataclass(frozen=True, slots=True)
class Mmr:
    """Pick, again and again, the largest (1 - d) relevance - d * (largest cosine with what was picked), d = diversity
    (Carbonell & Goldstein 1998, eq. 1, lambda = 1 - d). Negative cosines count as they are; an item without a vector
    has cosine 0 with every other. Before the first pick no cosine counts, so it is the most relevant one, at d = 1 as
    well; ties go to the more relevant."""

    key: ClassVar[str] = "mmr"
    label: ClassVar[str] = "MMR: unlike what stands above"
    order: ClassVar[int] = 1
    against: ClassVar[str] = "similarity"

    def __call__(self, pools: Pools, k: int, diversity: float) -> Picks:
        """As ``core.pools.Diversifier``; penalty = d * max(0, largest cosine), cause = the pick it is with."""
        return picked("mmr", pools, k, diversity) if diversity else unchanged(pools, k)
