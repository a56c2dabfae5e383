"""Max-sum distance: far from all that stands above, on average."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..pools import Picks, Pools, unchanged
from .kernels import picked


@dataclass(frozen=True, slots=True)
class MaxSum:
    """Pick, again and again, the largest (1 - d) relevance + d * (mean of 1 - cosine with what was picked), d =
    diversity.

    It is the greedy step for max-sum dispersion (Gollapudi & Sharma 2009; Borodin, Lee & Ye 2012), with the mean in
    place of their sum over the picks, so that relevance counts as much for the tenth pick as for the second. Negative
    cosines count as they are; an item without a vector has cosine 0 with every other. Before the first pick there is
    no distance, so it is the most relevant one, at d = 1 as well; ties go to the more relevant."""

    key: ClassVar[str] = "max-sum"
    label: ClassVar[str] = "Max-sum: far from the list on average"
    order: ClassVar[int] = 3
    against: ClassVar[str] = "similarity"

    def __call__(self, pools: Pools, k: int, diversity: float) -> Picks:
        """As ``core.pools.Diversifier``; penalty = d * max(0, mean cosine), cause = the pick that is most like it."""
        return picked("max_sum", pools, k, diversity) if diversity else unchanged(pools, k)
