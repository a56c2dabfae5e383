"""BPR: users and items as points, learned so that what was liked ranks above what was not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import knob
from ..splits import People, Training
from ..types import Array, UserVectors, readonly
from .als import as_matrix
from .closed_form import heard_items
from .matrices import Sparse, informed, liked_matrix, row_counts, training_matrix


@dataclass(frozen=True, slots=True)
class Bpr:
    """score = u . v + b, the bias b being the last coordinate of v where u has a 1 (library: implicit, one thread).

    After Rendle et al., "BPR: Bayesian Personalized Ranking from Implicit Feedback", UAI 2009.
    """

    key: ClassVar[str] = "bpr"
    label: ClassVar[str] = "Matrix factorisation: BPR"
    order: ClassVar[int] = 8
    embedded: ClassVar[bool] = True

    bpr_factors: int = knob(64, "width of the vectors", low=1, high=1024, step=8, unit="dimensions")
    bpr_l2: float = knob(0.01, "how strongly vectors are held near zero", low=0, high=10, step=0.01)
    bpr_rate: float = knob(0.05, "learning rate", low=1e-4, high=1, step=0.01)
    bpr_rounds: int = knob(100, "passes over the likes", low=1, high=2000, step=10, unit="rounds")

    def fit(self, training: Training) -> FittedBpr:
        """Learn. Raises InputError where nothing is liked."""
        from implicit.cpu.bpr import BayesianPersonalizedRanking
        from threadpoolctl import threadpool_limits

        rows = training_matrix(training, self.label)
        with threadpool_limits(1, "blas"):
            model = BayesianPersonalizedRanking(
                factors=self.bpr_factors,
                learning_rate=self.bpr_rate,
                regularization=self.bpr_l2,
                iterations=self.bpr_rounds,
                num_threads=1,
                random_state=training.seed,
            )
            model.fit(as_matrix(rows), show_progress=False)
        heard = heard_items(rows, training.known)
        places = np.where(heard[:, None], model.item_factors, np.nan).astype(np.float32)
        return FittedBpr(readonly(places), readonly(model.user_factors.astype(np.float32)), rows, heard, self.bpr_l2)


@dataclass(frozen=True, slots=True, eq=False)
class FittedBpr:
    """items: (n_items, d + 1) float32, the bias last, NaN rows for unheard items. learned: (n_users, d + 1) float32,
    the last 1. rows: the likes that were learned from."""

    items: Array
    learned: Array
    rows: Sparse
    heard: Array
    l2: float

    def item_vectors(self) -> Array:
        """(n_items, d + 1) float32."""
        return self.items

    def user_vectors(self, people: People) -> UserVectors:
        """The learned vectors; for people whose likes are not those that were learned from, see :func:`fold_in`."""
        histories = liked_matrix(people.histories, len(self.heard))
        known = informed(histories, self.heard)
        values = self.learned[people.users].copy()
        values[~known] = np.nan
        changed = known & (row_counts_of_difference(histories, self.rows[people.users]) > 0)
        items = self.items[self.heard].astype(np.float64)
        place = np.cumsum(self.heard) - 1
        mean, spread = items.mean(axis=0), np.cov(items[:, :-1].T, bias=True).reshape(items.shape[1] - 1, -1)
        for row in np.flatnonzero(changed):
            mine = histories.indices[histories.indptr[row] : histories.indptr[row + 1]]
            liked = items[place[mine[self.heard[mine]]]]
            values[row, :-1], values[row, -1] = fold_in(liked, mean, spread, self.l2), 1.0
        return UserVectors(people.users, values, known, row_counts(histories) > 0)

    def score(self, people: People) -> Array:
        """(n_people, n_items) float32; NaN for unheard items, and rows without one heard item that is liked."""
        return self.user_vectors(people).values @ self.items.T


def fold_in(liked: Array, mean: Array, spread: Array, l2: float) -> Array:
    """A vector for somebody new: one Newton step from zero on BPR's own objective, rivals taken in expectation.

    liked: (m, d + 1) vectors of her items, the bias last. mean: (d + 1,) and spread: (d, d) covariance of all items,
    the rivals an item of hers is compared with. A like whose bias already puts it above the mean item pulls less.

    -> (d,) float64
    """
    pull = 1.0 / (1.0 + np.exp(np.clip(liked[:, -1] - mean[-1], -30, 30)))
    apart = liked[:, :-1] - mean[:-1]
    curve = pull * (1.0 - pull)
    bend = (apart.T * curve) @ apart + curve.sum() * spread + l2 * len(liked) * np.eye(len(spread))
    return np.asarray(np.linalg.lstsq(bend, pull @ apart, rcond=None)[0])


def row_counts_of_difference(one: Sparse, other: Sparse) -> Array:
    """(n,) int64: at how many places two matrices of ones differ in each row."""
    different = (one - other).tocsr()
    different.eliminate_zeros()
    return row_counts(different)
