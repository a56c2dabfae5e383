"""The K best of those that pass a threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..types import Candidates
from .threshold import Threshold
from .top_k import TopK


@dataclass(frozen=True, slots=True)
class Both:
    """At most K, and only those whose score is at least the threshold (in score form)."""

    key: ClassVar[str] = "both"
    label: ClassVar[str] = "Both"
    uses: ClassVar[tuple[str, ...]] = ("k", "threshold")
    order: ClassVar[int] = 3

    def __call__(self, pool: Candidates, k: int, threshold: float | None) -> Candidates:
        """pool (n, m), best first -> (n, min(k, m))."""
        return Threshold()(TopK()(pool, k, None), k, threshold)
