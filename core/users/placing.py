"""From tastes to vectors: the weighted sums of what histories hold, in whatever space the items stand."""

from __future__ import annotations

import numpy as np

from ..audience import Taste, UserModel
from ..splits import HistorySide
from ..types import Array, Interactions, InterestVectors, UserVectors, readonly

MIN_LENGTH = 1e-6
"""A sum shorter than this times the typical item length has no direction: its items cancel out."""


def placed(
    model: UserModel, log: Interactions, users: Array, side: HistorySide, *, unit: bool, emphasis: Array | None = None
) -> UserVectors:
    """Users (n,) of a log as a user model sees them, in the space of ``side``; NaN rows for those without a direction.

    A user with several interests is placed at their sum by share; the interests stand beside it.
    """
    tastes = model(log, users, side.vectors, emphasis)
    width = side.vectors.shape[1]
    values = np.full((len(users), width), np.nan, dtype=np.float32)
    known, has_history = np.zeros(len(users), dtype=bool), np.zeros(len(users), dtype=bool)
    found: list[tuple[int, Array, float]] = []
    for row, (user, taste) in enumerate(zip(users, tastes, strict=True)):
        rows = log.history(int(user))
        has_history[row] = taste.weights.any()
        if not has_history[row]:
            continue
        scale = 1.0 if side.totals is None else float(side.totals[row])
        whole = direction(taste.shares @ taste.weights, side, log.items[rows], scale, unit)
        if whole is None:
            continue
        values[row], known[row] = whole, True
        if len(taste.shares) > 1:
            found += _interests(row, taste, side, log.items[rows], scale, unit)
    return UserVectors(np.asarray(users), values, known, has_history, _stacked(found, width))


def direction(weights: Array, side: HistorySide, items: Array, scale: float, unit: bool) -> Array | None:
    """(d,) float64: scale * sum_i weights_i h_i + offset, scaled to length 1 where ``unit``; None where it cancels."""
    used = weights != 0
    history = side.vectors[items[used]]
    mean = weights[used] @ history.astype(np.float64)
    length = float(np.sqrt(mean @ mean))
    typical = float(np.sqrt(np.mean(np.einsum("nd,nd->n", history, history, dtype=np.float64)))) if used.any() else 0.0
    if length <= MIN_LENGTH * typical or length == 0.0:
        return None
    out: Array = mean * scale + side.offset
    return out / np.sqrt(out @ out) if unit else out


def _interests(
    row: int, taste: Taste, side: HistorySide, items: Array, scale: float, unit: bool
) -> list[tuple[int, Array, float]]:
    parts = [
        (row, direction(weights, side, items, scale, unit), float(share))
        for weights, share in zip(taste.weights, taste.shares, strict=True)
    ]
    return [(owner, vector, share) for owner, vector, share in parts if vector is not None]


def _stacked(found: list[tuple[int, Array, float]], width: int) -> InterestVectors | None:
    if not found:
        return None
    return InterestVectors(
        readonly(np.array([owner for owner, _, _ in found], dtype=np.int64)),
        readonly(np.array([vector for _, vector, _ in found], dtype=np.float32).reshape(-1, width)),
        readonly(np.array([share for _, _, share in found])),
    )
