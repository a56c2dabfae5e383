"""DPP: greedy determinantal point process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..pools import Picks, Pools, unchanged
from .kernels import picked


@dataclass(frozen=True, slots=True)
class Dpp:
    """Pick, again and again, what adds most to (1 - d) * (sum of relevance) + d * log det G, d = diversity and G the
    Gram matrix of the picks' cosines: Chen, Zhang & Zhou 2018 with their trade-off theta = 1 - d, by their incremental
    Cholesky factor.

    A pick adds (1 - d) relevance + d * log(r), r in [0, 1] = its squared distance from the span of those above it. r
    counts as at least 1e-5, below which float32 cannot tell it from 0: such a pick adds no direction, and what is left
    then goes by relevance. An item without a vector counts as at right angles to every other. The first pick is the
    most relevant, at d = 1 as well; ties go to the more relevant."""

    key: ClassVar[str] = "dpp"
    label: ClassVar[str] = "DPP: the widest spread as a set"
    order: ClassVar[int] = 2
    against: ClassVar[str] = "similarity"

    def __call__(self, pools: Pools, k: int, diversity: float) -> Picks:
        """As ``core.pools.Diversifier``; penalty = -d * log(r), the log-determinant lost; cause = the pick with the
        largest share of it: of 1 - r, which is a sum over the picks."""
        return picked("dpp", pools, k, diversity) if diversity else unchanged(pools, k)
