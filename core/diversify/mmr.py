"""MMR: maximal marginal relevance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..pools import Picks, Pools
from ..types import readonly


@dataclass(frozen=True, slots=True)
class Mmr:
    """Pick, again and again, the largest (1 - d) relevance - d * (largest cosine with what was picked), d = diversity
    (Carbonell & Goldstein 1998, eq. 1, lambda = 1 - d). Negative cosines count as they are. Before the first pick no
    cosine counts, so it is the most relevant one, at d = 1 as well; ties go to the more relevant."""

    key: ClassVar[str] = "mmr"
    label: ClassVar[str] = "MMR: unlike what stands above"
    order: ClassVar[int] = 1
    against: ClassVar[str] = "similarity"

    def __call__(self, pools: Pools, k: int, diversity: float) -> Picks:
        """As ``core.pools.Diversifier``; penalty = d * max(0, largest cosine), cause = the pick it is with."""
        n, m = pools.items.shape
        here = np.arange(n)
        own = pools.vectors[np.maximum(pools.items, 0)]
        relevance = np.where(pools.items >= 0, (1 - diversity) * np.nan_to_num(pools.relevance), -np.inf)
        nearest = np.full((n, m), -np.inf, dtype=np.float32)
        value = relevance.astype(np.float32)
        cause = np.full((n, m), -1, dtype=np.int32)
        places = np.full((n, min(k, m)), -1, dtype=np.int32)
        open_ = pools.items >= 0
        for step in range(places.shape[1]):
            if step:
                value = np.where(open_, relevance - diversity * nearest, value).astype(np.float32)
            best = np.where(open_, value, -np.inf).argmax(axis=1)
            some = open_[here, best]
            places[some, step] = best[some]
            open_[here, best] = False
            like = np.einsum("nmd,nd->nm", own, own[here, best])
            nearer = open_ & some[:, None] & (like > nearest)
            nearest[nearer] = like[nearer]
            cause = np.where(nearer, best[:, None], cause).astype(np.int32)
        return Picks(
            places=readonly(places),
            value=readonly(np.where(pools.items >= 0, value, np.nan).astype(np.float32)),
            penalty=readonly((diversity * np.maximum(nearest, 0)).astype(np.float32)),
            cause=readonly(cause),
            barred=readonly(np.zeros((n, m), dtype=bool)),
        )
