"""Content, learned: what an item's text, categories and year say about its place among the tastes of all users."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import knob
from ..splits import HistorySide, People, Training, owners
from ..types import Array, UserVectors, readonly
from .item_features import item_features
from .kernel_ridge import known_likes, predict
from .matrices import Sparse, half_life_knob, informed, row_counts, row_weights, weighted_matrix

SMALL = 64
"""Sides of a matrix that is decomposed whole: the sparse method wants more than it is asked for."""


@dataclass(frozen=True, slots=True)
class ContentRidge:
    """score = (h V D) . w_j: h V is the history in the main directions V of all likes, w_j what kernel ridge regression
    from the item's features predicts for V_j.

    The likes A, in which an item that was met and not liked counts in part, are first cleared of noise: A V D V' with
    V the right singular vectors and D = s^2 / (s^2 + shrink) of their singular values s is ridge regression of A on
    itself in its strongest factors, as EASE does it without a zero diagonal. Then each user's column is predicted from
    the items' features, all at once, so items without a history have scores like all others; known items are predicted
    as well. Raw columns are too noisy to learn from. Gantner et al., "Learning Attribute-to-Feature Mappings for
    Cold-Start Recommendations", ICDM 2010. Memory and time: core/strategies/kernel_ridge.py.
    """

    key: ClassVar[str] = "content-ridge"
    label: ClassVar[str] = "Content: learned by kernel ridge regression"
    order: ClassVar[int] = 6
    embedded: ClassVar[bool] = True

    ridge_l2: float = knob(0.5, "how strongly the regression is held back", low=1e-3, high=1000, step=0.5)
    ridge_width: float = knob(
        0.2, "how quickly likeness fades with the distance of two items' features", low=0.01, high=100, step=0.1
    )
    ridge_factors: int = knob(64, "main directions of all likes", low=1, high=1024, step=8, unit="dimensions")
    ridge_shrink: float = knob(
        300.0, "how strongly weak directions of the likes are held back; 0 = all alike", low=0, high=100_000, step=50
    )
    ridge_met: float = knob(
        0.5,
        "how much an item that was met but not liked counts beside a like; users know more items than they like",
        low=0,
        high=1,
        step=0.1,
    )
    ridge_category: float = knob(0.3, "how much categories tell items apart beside the text", low=0, high=10, step=0.1)
    ridge_year: float = knob(1.0, "how much the year tells items apart beside the text", low=0, high=10, step=0.1)
    ridge_half_life: float = half_life_knob(0.0)

    def fit(self, training: Training) -> FittedRidge:
        """Decompose, then predict. Raises InputError where nothing is liked or the regression has no solution."""
        likes, rows = known_likes(training, self.label, self.ridge_met)
        axes, strength = main_directions(likes, self.ridge_factors, training.seed)
        features = item_features(training.catalog, training.text, self.ridge_category, self.ridge_year)
        places = predict(features, rows, axes, self.ridge_width, self.ridge_l2, training.seed)
        factors = np.zeros_like(places)
        factors[rows] = axes * (strength**2 / (strength**2 + self.ridge_shrink))
        return FittedRidge(readonly(factors), readonly(places), self.ridge_half_life)


def main_directions(likes: Sparse, n: int, seed: int) -> tuple[Array, Array]:
    """-> (n_items, k) float32 right singular vectors, (k,) float64 singular values, the largest first; k at most n."""
    from scipy.sparse.linalg import svds

    if min(likes.shape) <= max(SMALL, n + 1):
        _, strength, axes = np.linalg.svd(likes.toarray().astype(np.float64), full_matrices=False)
    else:
        start = np.random.default_rng(seed).normal(size=min(likes.shape))
        _, strength, axes = svds(likes.astype(np.float64), k=n, v0=start)
    best = np.argsort(-strength, kind="stable")[:n]
    best = best[strength[best] > 1e-6 * strength.max()]
    return axes[best].T.astype(np.float32), strength[best]


@dataclass(frozen=True, slots=True, eq=False)
class FittedRidge:
    """factors: (n_items, k) float32, what a like adds to a user; zeros for items not learned from. places:
    (n_items, k) float32, the same predicted from the features. half_life: of histories, in positions."""

    factors: Array
    places: Array
    half_life: float

    def item_vectors(self) -> Array:
        """(n_items, k) float32."""
        return self.places

    def history_side(self, people: People) -> HistorySide:
        """See ``core.splits.Linear``."""
        weights = row_weights(people.histories, self.half_life)
        totals = np.bincount(owners(people.histories), weights, minlength=len(people))
        offset = np.zeros(self.factors.shape[1], dtype=np.float32)
        return HistorySide(self.factors, readonly(offset), weights, totals)

    def user_vectors(self, people: People) -> UserVectors:
        """The faded sum of the factors of what each liked; NaN rows where nothing of it was learned from."""
        histories = weighted_matrix(people.histories, len(self.factors), self.half_life)
        known = informed(histories, np.abs(self.factors).sum(axis=1) > 0)
        values = np.asarray(histories @ self.factors, dtype=np.float32)
        values[~known] = np.nan
        return UserVectors(people.users, values, known, row_counts(histories) > 0)

    def score(self, people: People) -> Array:
        """(n_people, n_items) float32; NaN rows as in ``user_vectors``."""
        return self.user_vectors(people).values @ self.places.T
