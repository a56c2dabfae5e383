"""All that pass a threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Candidates, readonly


@dataclass(frozen=True, slots=True)
class Threshold:
    """Every candidate of the pool whose score is at least the threshold, in score form; K is not looked at.

    Unless the recipe names a pool, the pool is then the whole catalogue, so nothing that passes is left out.
    """

    key: ClassVar[str] = "threshold"
    label: ClassVar[str] = "Threshold"
    uses: ClassVar[tuple[str, ...]] = ("threshold", "pool")
    order: ClassVar[int] = 2

    def __call__(self, pool: Candidates, k: int, threshold: float | None) -> Candidates:
        """pool (n, m), best first -> (n, m) with those below the threshold blanked."""
        if threshold is None:
            return pool
        passes = pool.scores >= threshold  # NaN padding compares false
        return Candidates(
            readonly(np.where(passes, pool.items, np.int32(-1))), readonly(np.where(passes, pool.scores, np.nan))
        )
