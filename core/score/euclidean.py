"""Euclidean distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Array


@dataclass(frozen=True, slots=True)
class Euclidean:
    """d(u, v) = sqrt((u - v).(u - v)), as a score -d so that higher is better. Distance in 0 .. 2 on unit vectors.

    On unit vectors d^2 = 2 - 2 cos, so Euclidean and cosine rank alike; on raw lengths they do not.
    """

    key: ClassVar[str] = "euclidean"
    label: ClassVar[str] = "Euclidean distance"
    unit: ClassVar[str] = "distance"
    keeps: ClassVar[str] = "below"
    order: ClassVar[int] = 2

    def __call__(self, users: Array, items: Array) -> Array:
        """users (n, d), items (m, d) -> scores -d (n, m)."""
        squares = np.einsum("nd,nd->n", users, users)[:, None] + np.einsum("md,md->m", items, items)
        squares -= 2 * (users @ items.T)
        return -np.sqrt(np.maximum(squares, 0))

    def kernel(self, user: Array, items: Array) -> Array:
        """user (d,), items (m, d), overwritten -> d^2 (m,), each row summed by itself, from the differences."""
        gaps = np.subtract(items, user, out=items)  # in place: a new array costs more than the subtraction
        return np.vecdot(gaps, gaps)

    def finish(self, kernels: Array, user_lengths: Array, item_lengths: Array) -> Array:
        """d^2 of pairs (p,) -> scores -d (p,)."""
        return -np.sqrt(kernels)

    def native(self, scores: Array) -> Array:
        """Score -> distance."""
        return -scores

    def from_native(self, value: float) -> float:
        """Distance -> score."""
        return -value

    def bounds(self, longest: float) -> tuple[float, float]:
        """Smallest and largest distance between vectors no longer than ``longest``."""
        return 0.0, 2.0 * longest

    def inner(self, items: Array, lengths: Array) -> tuple[Array, Array | None]:
        """The same order as an inner product: -d^2 / 2 = u.v - |v|^2 / 2 - |u|^2 / 2, the last alike for all items."""
        return items, -np.square(lengths) / 2

    def cut(self, score: float, users: Array) -> Array:
        """(n,) the value of u.v - |v|^2 / 2 at which each user's score is ``score``; +inf where none can reach it."""
        own = np.einsum("nd,nd->n", users, users)
        return (own - score * score) / 2 if score <= 0 else np.full(len(users), np.inf)
