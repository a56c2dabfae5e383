"""Scorers: how near a user and an item are. Higher is better, always.

One file, one scorer: ``key``, ``label``, ``unit`` (of ``native``), ``keeps`` ("above" or "below": which side of a
threshold passes) and the methods of :class:`Scorer`.
"""

from __future__ import annotations

from typing import ClassVar, Protocol

from ..types import Array


class Scorer(Protocol):
    """What every file of this folder offers; see Cosine for the meaning of each.

    ``kernel`` is handed a copy of the items' rows, which it may overwrite.
    """

    key: ClassVar[str]
    label: ClassVar[str]
    unit: ClassVar[str]
    keeps: ClassVar[str]

    def __hash__(self) -> int: ...
    def __call__(self, users: Array, items: Array) -> Array: ...
    def kernel(self, user: Array, items: Array) -> Array: ...
    def finish(self, kernels: Array, user_lengths: Array, item_lengths: Array) -> Array: ...
    def native(self, scores: Array) -> Array: ...
    def from_native(self, value: float) -> float: ...
    def bounds(self, longest: float) -> tuple[float, float]: ...
    def inner(self, items: Array, lengths: Array) -> tuple[Array, Array | None]: ...
    def cut(self, score: float, users: Array) -> Array: ...
