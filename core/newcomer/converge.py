"""How a list settles while a newcomer answers, and which answer moved it most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..compare.overlap import rbo
from ..types import Array, readonly


@dataclass(frozen=True, slots=True, eq=False)
class Convergence:
    """n answers, in order.

    kept: (n,) float64 in [0, 1]: rank-biased overlap of the list after each answer with the one before it; the first
        one with the list of a newcomer who said nothing. NaN where both are empty.
    moved: (n,) float64 in [0, 1]: 1 - overlap of the list now with the one that all other answers give.
    most: the answer that moved the list now most, the earlier one among equals; -1 where none moved it.
    """

    kept: Array
    moved: Array
    most: int


def convergence(before: Array, steps: Array, without: Array) -> Convergence:
    """before: (k,) the list of somebody who said nothing. steps: (n, k) the list after each answer.

    without: (n, k) the list of all answers but one. Item indices, best first, -1 padded at the end.
    """
    if not len(steps):
        return Convergence(readonly(np.zeros(0)), readonly(np.zeros(0)), -1)
    kept = rbo(np.vstack((before[None, :], steps[:-1])), steps)
    moved = 1 - rbo(np.broadcast_to(steps[-1], without.shape), without)
    moved = np.where(np.abs(moved) < 1e-12, 0.0, moved)
    there = np.nan_to_num(moved, nan=0.0)
    return Convergence(readonly(kept), readonly(moved), int(there.argmax()) if there.any() else -1)
