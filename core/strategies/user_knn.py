"""User neighbours: what was liked by people whose likes are like the history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import knob
from ..splits import People, Training
from ..types import Array, readonly
from .closed_form import heard_items
from .matrices import (
    Sparse,
    column_counts,
    half_life_knob,
    informed,
    row_counts,
    training_matrix,
    weighted_matrix,
    without_opinion,
)


@dataclass(frozen=True, slots=True)
class UserKnn:
    """score_j = sum over the other users v who liked j of s_v ** power / (sqrt(n_j) + shrink).

    s_v = sum over the items i of the history that v liked of h_i log(1 + n_users / (1 + n_i)) / (sqrt(n_v) + shrink):
    sharing what few like says more, and so does sharing much of a short history. h fades with the position. After
    Herlocker et al., "An Algorithmic Framework for Performing Collaborative Filtering", SIGIR 1999; a power instead of
    a number of neighbours.
    """

    key: ClassVar[str] = "user-knn"
    label: ClassVar[str] = "User neighbours"
    order: ClassVar[int] = 6
    embedded: ClassVar[bool] = False

    userknn_power: float = knob(2.0, "how much the nearest users decide", low=0.5, high=10, step=0.5)
    userknn_shrink: float = knob(
        3.0, "holds back what rests on few likes; 0 = the plain cosine", low=0, high=1000, step=1
    )
    userknn_half_life: float = half_life_knob(30.0)

    def fit(self, training: Training) -> FittedUserKnn:
        """Count. Raises InputError where nothing is liked."""
        rows = training_matrix(training, self.label)
        counts = column_counts(rows)
        rarity = np.log1p(np.count_nonzero(row_counts(rows)) / (1.0 + counts)).astype(np.float32)
        scale = (1.0 / (np.sqrt(counts) + max(self.userknn_shrink, 1e-9))).astype(np.float32)
        return FittedUserKnn(rows, readonly(rarity), readonly(scale), heard_items(rows, training.known), self)


@dataclass(frozen=True, slots=True, eq=False)
class FittedUserKnn:
    """rows: (n_users, n_items) CSR likes. rarity, scale: (n_items,) float32. heard: (n_items,) bool. knobs: its own."""

    rows: Sparse
    rarity: Array
    scale: Array
    heard: Array
    knobs: UserKnn

    def score(self, people: People) -> Array:
        """(n_people, n_items) float32, 0 where no neighbour liked it; NaN for unheard items, and rows without one heard
        item that is liked."""
        histories = weighted_matrix(people.histories, len(self.heard), self.knobs.userknn_half_life)
        asked = histories.copy()
        asked.data *= self.rarity[asked.indices]
        near = (asked @ self.rows.T).tocsr()
        lengths = np.sqrt(row_counts(self.rows)) + self.knobs.userknn_shrink
        own = np.repeat(np.asarray(people.users), np.diff(near.indptr)) == near.indices
        near.data = np.where(own, 0.0, near.data / lengths[near.indices]) ** self.knobs.userknn_power
        near.data = near.data.astype(np.float32)
        scores = (near @ self.rows).toarray() * self.scale
        return without_opinion(scores, informed(histories, self.heard), self.heard)
