"""Sequence: what tends to be liked soon after the items of the history."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from ..registry import knob
from ..splits import People, Training
from ..types import Array, readonly
from .closed_form import heard_items
from .matrices import (
    Sparse,
    column_counts,
    csr,
    half_life_knob,
    informed,
    liked_rows,
    training_matrix,
    weighted_matrix,
    without_opinion,
)

SMALLEST_SHARE = 0.01
"""Pairs further apart than where the decay falls below this are not counted."""
MOST_PAIRS = 40_000_000
"""Pairs counted in all: in a long log the largest distances are left out, which bounds memory (about 1 GB)."""
PAIRS_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Sequence:
    """score_j = sum_i h_i C_ij / ((sqrt(n_i) + 1) (sqrt(n_j) + 1)), with n users who liked each.

    C_ij adds 0.5 ** (gap / tau) for each time j follows i in a history, gap in positions, and a share of that for each
    time it goes before. h fades with the position. Where the log has no order, C counts the users who liked both.
    """

    key: ClassVar[str] = "sequence"
    label: ClassVar[str] = "Sequence: what comes next"
    order: ClassVar[int] = 11
    embedded: ClassVar[bool] = False

    sequence_tau: float = knob(
        15.0, "positions between two liked items after which a pair counts half", low=1, high=500, step=1, unit="items"
    )
    sequence_back: float = knob(
        0.3, "what a pair counts against its direction; 1 = the order does not matter", low=0, high=1, step=0.1
    )
    sequence_half_life: float = half_life_knob(15.0)

    def fit(self, training: Training) -> FittedSequence | FittedTogether:
        """Count pairs. Raises InputError where nothing is liked."""
        rows = training_matrix(training, self.label)
        scale = readonly((1.0 / (np.sqrt(column_counts(rows)) + 1.0)).astype(np.float32))
        heard = heard_items(rows, training.known)
        if not training.interactions.ordered:
            return FittedTogether(rows, scale, heard)
        users, items, _ = liked_rows(training.interactions)
        forward = follow_counts(users, items, self.sequence_tau, len(heard))
        return FittedSequence(forward, self.sequence_back, scale, heard, self.sequence_half_life)


@dataclass(frozen=True, slots=True, eq=False)
class FittedSequence:
    """forward: (n_items, n_items) CSR, row i what follows i. scale: (n_items,) float32, 1 / (sqrt(n) + 1)."""

    forward: Sparse
    back: float
    scale: Array
    heard: Array
    half_life: float

    def score(self, people: People) -> Array:
        """(n_people, n_items) float32; NaN for unheard items, and rows without one heard item that is liked."""
        histories = weighted_matrix(people.histories, len(self.heard), self.half_life)
        scaled = histories.copy()
        scaled.data *= self.scale[scaled.indices]
        scores = (scaled @ self.forward).toarray()
        if self.back > 0:
            scores += np.float32(self.back) * (scaled @ backward(self)).toarray()
        return without_opinion(scores * self.scale, informed(histories, self.heard), self.heard)


@lru_cache(maxsize=2)
def backward(fitted: FittedSequence) -> Sparse:
    """(n_items, n_items) CSR: what comes before. Kept, since one user's scores take less time than turning it round."""
    return fitted.forward.T.tocsr()


@dataclass(frozen=True, slots=True, eq=False)
class FittedTogether:
    """The same for a log without an order: C = X'X without its diagonal, never formed. rows: X."""

    rows: Sparse
    scale: Array
    heard: Array

    def score(self, people: People) -> Array:
        """(n_people, n_items) float32; NaN as in the ordered case."""
        histories = weighted_matrix(people.histories, len(self.heard), 0.0)
        scaled = histories.copy()
        scaled.data *= self.scale[scaled.indices]
        scores = ((scaled @ self.rows.T) @ self.rows).toarray()
        own = np.repeat(np.arange(len(people)), np.diff(scaled.indptr)), scaled.indices
        scores[own] -= scaled.data * column_counts(self.rows)[scaled.indices]
        return without_opinion(scores * self.scale, informed(histories, self.heard), self.heard)


def follow_counts(users: Array, items: Array, tau: float, n_items: int) -> Sparse:
    """(n_items, n_items) CSR: entry (i, j) adds 0.5 ** (gap / tau) for each time j follows i, gap positions later.

    users, items: (n,) positives, oldest first within each user. A pair of an item with itself does not count.
    """
    total = csr(users[:0], items[:0], np.zeros(0), (n_items, n_items))
    longest = int(np.bincount(users).max()) if len(users) else 1
    furthest = min(longest - 1, int(np.ceil(tau * np.log2(1.0 / SMALLEST_SHARE))), max(1, MOST_PAIRS // len(users)))
    batch: list[tuple[Array, Array]] = []
    waiting = 0
    for gap in range(1, furthest + 1):
        first = np.flatnonzero((users[:-gap] == users[gap:]) & (items[:-gap] != items[gap:]))
        keys = items[first].astype(np.int64) * n_items + items[first + gap]
        batch.append((keys, np.full(len(keys), 0.5 ** (gap / tau), dtype=np.float32)))
        waiting += len(keys)
        if waiting >= PAIRS_AT_ONCE or gap == furthest:
            keys, values = (np.concatenate(parts) for parts in zip(*batch, strict=True))
            total = total + csr(keys // n_items, keys % n_items, values, (n_items, n_items))
            batch, waiting = [], 0
    return total
