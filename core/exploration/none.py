"""No exploration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..pools import Picks, Pools, unchanged


@dataclass(frozen=True, slots=True)
class NoExploration:
    """Nothing is left to chance."""

    key: ClassVar[str] = "none"
    label: ClassVar[str] = "None"
    order: ClassVar[int] = 1

    def __call__(self, pools: Pools, k: int) -> Picks:
        """The first k."""
        return unchanged(pools, k)
