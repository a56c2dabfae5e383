"""Leave the vectors as the model gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..types import Affine, Array


@dataclass(frozen=True, slots=True)
class NoPostprocess:
    """x' = x."""

    key: ClassVar[str] = "none"
    label: ClassVar[str] = "None (raw model output)"
    order: ClassVar[int] = 1

    def __call__(self, items: Array) -> Affine:
        """items: (n, d) -> the identity."""
        return Affine()
