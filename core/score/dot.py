"""Dot product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Array


@dataclass(frozen=True, slots=True)
class Dot:
    """u.v: the angle and both lengths; on raw lengths, long item vectors come first. Unbounded."""

    key: ClassVar[str] = "dot"
    label: ClassVar[str] = "Dot product"
    unit: ClassVar[str] = "dot product"
    keeps: ClassVar[str] = "above"
    order: ClassVar[int] = 3

    def __call__(self, users: Array, items: Array) -> Array:
        """users (n, d), items (m, d) -> scores (n, m)."""
        return users @ items.T

    def kernel(self, user: Array, items: Array) -> Array:
        """user (d,), items (m, d) -> u.v (m,), each row summed by itself."""
        return np.vecdot(items, user)

    def finish(self, kernels: Array, user_lengths: Array, item_lengths: Array) -> Array:
        """u.v of pairs (p,) -> scores (p,), the same numbers."""
        return kernels

    def native(self, scores: Array) -> Array:
        """Score -> the metric's own unit: the same number."""
        return scores

    def from_native(self, value: float) -> float:
        """The metric's own unit -> score."""
        return value

    def bounds(self, longest: float) -> tuple[float, float]:
        """Lowest and highest product of two vectors no longer than ``longest``."""
        return -(longest**2), longest**2

    def inner(self, items: Array, lengths: Array) -> tuple[Array, Array | None]:
        """The product itself."""
        return items, None

    def cut(self, score: float, users: Array) -> Array:
        """(n,) the product at which each user's score is ``score``."""
        return np.full(len(users), score)
