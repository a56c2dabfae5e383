"""From tastes to vectors: the weighted sums of what histories hold, in whatever space the items stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..audience import Taste, UserModel
from ..splits import HistorySide, users_of
from ..types import Array, Interactions, InterestVectors, UserVectors, readonly

MIN_LENGTH = 1e-6
"""A sum shorter than this times the typical item length has no direction: its items cancel out."""


def placed(
    model: UserModel, log: Interactions, users: Array, side: HistorySide, *, unit: bool, emphasis: Array | None = None
) -> UserVectors:
    """Users (n,) of a log as a user model sees them, in the space of ``side``; NaN rows for those without a direction.

    A user with several interests is placed at their sum by share; the interests stand beside it.
    """
    users = np.asarray(users)
    tastes = model(log, users, side.vectors, emphasis)
    histories = users_of(log, users)
    n, width = len(users), side.vectors.shape[1]
    scales = np.ones(n) if side.totals is None else np.asarray(side.totals, dtype=np.float64)
    has_history = np.fromiter((len(taste.shares) > 0 for taste in tastes), dtype=bool, count=n)
    owners = np.flatnonzero(has_history)
    whole, found = _directions([_whole(tastes[row]) for row in owners], owners, histories, side, scales, unit)
    values, known = np.full((n, width), np.nan, dtype=np.float32), np.zeros(n, dtype=bool)
    values[owners[found]], known[owners[found]] = whole[found], True
    several = [int(row) for row in np.flatnonzero(known) if len(tastes[row].shares) > 1]
    interests = _interests(tastes, several, histories, side, scales, unit)
    return UserVectors(users, readonly(values), readonly(known), readonly(has_history), interests)


def _whole(taste: Taste) -> Array:
    line: Array = taste.weights[0] if len(taste.shares) == 1 else taste.shares @ taste.weights
    return line


def _directions(
    lines: Sequence[Array], owners: Array, histories: Interactions, side: HistorySide, scales: Array, unit: bool
) -> tuple[Array, Array]:
    """For each line, the weights of one history: scale * sum_i w_i h_i + offset, of length 1 where ``unit``.

    lines: each as long as the history of ``owners`` (q,). -> (q, d) float64, (q,) bool: False where the sum cancels
    """
    from scipy.sparse import csr_array

    if not len(lines):
        return np.zeros((0, side.vectors.shape[1])), np.zeros(0, dtype=bool)
    items = users_of(histories, owners).items
    weights = np.concatenate(lines)
    line = np.repeat(np.arange(len(lines)), [len(given) for given in lines])
    used = weights != 0
    weights, line = weights[used], line[used]
    there, place = np.unique(items[used], return_inverse=True)
    vectors = side.vectors[there].astype(np.float64)
    indptr = np.concatenate(([0], np.cumsum(np.bincount(line, minlength=len(lines)))))
    sums = np.asarray(csr_array((weights, place, indptr), shape=(len(lines), len(there))) @ vectors)
    squares = np.bincount(line, np.einsum("nd,nd->n", vectors, vectors)[place], minlength=len(lines))
    typical = np.sqrt(squares / np.maximum(np.diff(indptr), 1))
    lengths = np.sqrt(np.einsum("qd,qd->q", sums, sums))
    found = (lengths > MIN_LENGTH * typical) & (lengths > 0)
    out = sums * scales[owners][:, None] + side.offset
    if unit:
        lengths = np.sqrt(np.einsum("qd,qd->q", out, out))[:, None]
        out = np.divide(out, lengths, out=out, where=lengths > 0)
    return out, found


def _interests(
    tastes: Sequence[Taste],
    several: Sequence[int],
    histories: Interactions,
    side: HistorySide,
    scales: Array,
    unit: bool,
) -> InterestVectors | None:
    """The interests of the users ``several``; those whose items cancel out are left out."""
    if not len(several):
        return None
    owners = np.repeat(several, [len(tastes[row].shares) for row in several])
    lines = [line for row in several for line in tastes[row].weights]
    values, found = _directions(lines, owners, histories, side, scales, unit)
    shares = np.concatenate([tastes[row].shares for row in several])
    return InterestVectors(
        readonly(owners[found].astype(np.int64)), readonly(values[found].astype(np.float32)), readonly(shares[found])
    )
