"""ALS and BPR: what the vectors must solve, and people who were not learned from."""

from __future__ import annotations

import numpy as np
import pytest

from core.strategies.als import Als
from core.strategies.bpr import Bpr, fold_in
from core.types import Interactions
from tests.core.strategies.likes import asking, likes, training


def two_tastes() -> Interactions:
    """Twelve users: half like items 0 to 4, half 5 to 9, each all but one of theirs."""
    return likes(
        [[item for item in range(5 * (user % 2), 5 * (user % 2) + 5) if item % 5 != user % 5] for user in range(12)]
    )


@pytest.mark.parametrize("strategy", [Als(als_factors=4, als_l2=0.1), Bpr(bpr_factors=4, bpr_rounds=200)], ids=str)
def test_the_own_taste_ranks_above_the_other(strategy: Als | Bpr) -> None:
    log = two_tastes()
    fitted = strategy.fit(training(log, 10))
    scores = fitted.score(asking(log))
    for user in range(12):
        own = np.arange(10) // 5 == user % 2
        assert scores[user][own].min() > scores[user][~own].max()
    people = asking(likes([[0, 1], [6], []]))
    folded = fitted.score(people)
    assert folded[0, 2] > folded[0, 7]
    assert folded[1, 7] > folded[1, 2]
    vectors = fitted.user_vectors(people)
    assert vectors.known.tolist() == [True, True, False]
    assert vectors.has_history.tolist() == [True, True, False]


def test_als_vector_is_where_the_loss_is_lowest() -> None:
    strategy = Als(als_factors=3, als_l2=0.5, als_confidence=4.0, als_half_life=0.0)
    log = two_tastes()
    fitted = strategy.fit(training(log, 10))
    items = fitted.item_vectors().astype(np.float64)
    found = fitted.user_vectors(asking(log)).values[0].astype(np.float64)
    liked = np.isin(np.arange(10), log.liked(0)).astype(np.float64)

    def loss(user: np.ndarray) -> float:
        return float(((1 + 3 * liked) * (liked - items @ user) ** 2).sum() + 0.5 * user @ user)

    assert all(loss(found) <= loss(found + 0.05 * step) for step in np.vstack([np.eye(3), -np.eye(3)]))


def test_bpr_keeps_learned_vectors_of_unchanged_people() -> None:
    log = two_tastes()
    fitted = Bpr(bpr_factors=4, bpr_rounds=20).fit(training(log, 10))
    np.testing.assert_array_equal(fitted.user_vectors(asking(log)).values, fitted.learned)


def test_bpr_fold_in_by_hand() -> None:
    # One like at 1 with bias 0, the mean item at 0 with spread 1: pull 1/2, bend 1/4 * 1 + 1/4 * 1 + 1/2.
    found = fold_in(np.array([[1.0, 0.0]]), np.zeros(2), np.ones((1, 1)), 0.5)
    np.testing.assert_allclose(found, [0.5])
