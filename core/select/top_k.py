"""The K best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..types import Candidates


@dataclass(frozen=True, slots=True)
class TopK:
    """The K best candidates, however good or bad they are; a threshold is not looked at."""

    key: ClassVar[str] = "top-k"
    label: ClassVar[str] = "Top K"
    uses: ClassVar[tuple[str, ...]] = ("k",)
    order: ClassVar[int] = 1

    def __call__(self, pool: Candidates, k: int, threshold: float | None) -> Candidates:
        """pool (n, m), best first -> (n, min(k, m))."""
        return Candidates(pool.items[:, :k], pool.scores[:, :k])
