"""Cosine similarity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Array


@dataclass(frozen=True, slots=True)
class Cosine:
    """cos(u, v) = u.v / (|u| |v|): the angle between user and item, whatever their lengths. Range -1 .. 1."""

    key: ClassVar[str] = "cosine"
    label: ClassVar[str] = "Cosine similarity"
    unit: ClassVar[str] = "cosine"
    keeps: ClassVar[str] = "above"
    order: ClassVar[int] = 1

    def __call__(self, users: Array, items: Array) -> Array:
        """users (n, d), items (m, d) -> scores (n, m); 0 where a vector has no length."""
        dots = users @ items.T
        lengths = np.sqrt(np.einsum("nd,nd->n", users, users))[:, None] * np.sqrt(np.einsum("md,md->m", items, items))
        return np.divide(dots, lengths, out=np.zeros_like(dots), where=lengths > 0)

    def kernel(self, user: Array, items: Array) -> Array:
        """user (d,), items (m, d) -> u.v (m,), each row summed by itself."""
        return np.vecdot(items, user)

    def finish(self, kernels: Array, user_lengths: Array, item_lengths: Array) -> Array:
        """u.v of pairs (p,) and the lengths of both -> scores (p,)."""
        both = user_lengths * item_lengths
        return np.divide(kernels, both, out=np.zeros_like(kernels), where=both > 0)

    def native(self, scores: Array) -> Array:
        """Score -> the metric's own unit: the same number."""
        return scores

    def from_native(self, value: float) -> float:
        """The metric's own unit -> score."""
        return value

    def bounds(self, longest: float) -> tuple[float, float]:
        """Lowest and highest value in the metric's own unit, whatever the longest vector."""
        return -1.0, 1.0

    def inner(self, items: Array, lengths: Array) -> tuple[Array, Array | None]:
        """The same order as an inner product: u . (v / |v|)."""
        if np.abs(lengths - 1).max(initial=0.0) < 1e-6:
            return items, None
        safe = np.where(lengths > 0, lengths, 1)
        return np.asarray(items / safe[:, None], dtype=items.dtype), None

    def cut(self, score: float, users: Array) -> Array:
        """(n,) the value of that inner product at which each user's score is ``score``."""
        return score * np.sqrt(np.einsum("nd,nd->n", users, users))
