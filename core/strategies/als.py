"""ALS: users and items as points whose dot product says how likely a like is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import knob
from ..splits import People, Training
from ..types import Array, UserVectors, readonly
from .closed_form import heard_items
from .matrices import Sparse, half_life_knob, informed, row_counts, training_matrix, weighted_matrix


@dataclass(frozen=True, slots=True)
class Als:
    """score = u . v, both by alternating least squares on likes with a confidence (library: implicit, one thread).

    After Hu, Koren and Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", ICDM 2008. Everybody's
    vector is the exact least-squares answer to her own history, so people who were not learned from have one too.
    """

    key: ClassVar[str] = "als"
    label: ClassVar[str] = "Matrix factorisation: ALS"
    order: ClassVar[int] = 7
    embedded: ClassVar[bool] = True

    als_factors: int = knob(32, "width of the vectors", low=1, high=1024, step=8, unit="dimensions")
    als_l2: float = knob(10.0, "how strongly vectors are held near zero", low=1e-4, high=10_000, step=1)
    als_confidence: float = knob(
        5.0, "how much more a like counts than its absence", low=1, high=1000, step=1, unit="times"
    )
    als_rounds: int = knob(15, "rounds of solving users, then items", low=1, high=500, step=5, unit="rounds")
    als_half_life: float = half_life_knob(25.0)

    def fit(self, training: Training) -> FittedAls:
        """Learn. Raises InputError where nothing is liked."""
        from implicit.cpu.als import AlternatingLeastSquares
        from threadpoolctl import threadpool_limits

        rows = training_matrix(training, self.label)
        # The library does its own work in parallel and warns where BLAS does so as well.
        with threadpool_limits(1, "blas"):
            model = AlternatingLeastSquares(
                factors=self.als_factors,
                regularization=self.als_l2,
                alpha=self.als_confidence,
                iterations=self.als_rounds,
                num_threads=1,
                random_state=training.seed,
            )
            model.fit(as_matrix(rows), show_progress=False)
        heard = heard_items(rows, training.known)
        places = np.where(heard[:, None], model.item_factors, np.nan).astype(np.float32)
        return FittedAls(readonly(places), heard, self)


@dataclass(frozen=True, slots=True, eq=False)
class FittedAls:
    """items: (n_items, d) float32, NaN rows for unheard items. heard: (n_items,) bool. knobs: what it was made with."""

    items: Array
    heard: Array
    knobs: Als

    def item_vectors(self) -> Array:
        """(n_items, d) float32."""
        return self.items

    def user_vectors(self, people: People) -> UserVectors:
        """The least-squares answer to each history: (V'V + l I + sum_i (c_i - 1) v_i v_i')^-1 sum_i c_i v_i."""
        histories = weighted_matrix(people.histories, len(self.heard), self.knobs.als_half_life)
        known = informed(histories, self.heard)
        items = np.where(self.heard[:, None], self.items, 0.0).astype(np.float64)
        base = items.T @ items + self.knobs.als_l2 * np.eye(items.shape[1])
        values = np.full((len(people), items.shape[1]), np.nan, dtype=np.float32)
        for row in np.flatnonzero(known):
            entries = slice(int(histories.indptr[row]), int(histories.indptr[row + 1]))
            mine = items[histories.indices[entries]]
            sure = 1.0 + (self.knobs.als_confidence - 1.0) * histories.data[entries].astype(np.float64)
            values[row] = np.linalg.solve(base + (mine.T * (sure - 1.0)) @ mine, sure @ mine)
        return UserVectors(people.users, values, known, row_counts(histories) > 0)

    def score(self, people: People) -> Array:
        """(n_people, n_items) float32; NaN for unheard items, and rows without one heard item that is liked."""
        return self.user_vectors(people).values @ self.items.T


def as_matrix(rows: Sparse) -> Sparse:
    """The kind of sparse matrix that the library reads, a copy."""
    from scipy.sparse import csr_matrix

    return csr_matrix(rows)
