"""User neighbours by hand, on three users."""

from __future__ import annotations

import numpy as np

from core.splits import everybody
from core.strategies.user_knn import UserKnn
from tests.core.strategies.likes import likes, training


def test_scores_by_hand() -> None:
    """User 0 likes items 0 and 1, user 1 items 0, 1 and 2, user 2 items 1 and 3. Rarity of an item that n of 3 like:
    log(1 + 3 / (1 + n)). User 1 shares items 0 and 1 with user 0, user 2 shares item 1."""
    learned = training(likes([[0, 1], [0, 1, 2], [1, 3]]), 5)
    scores = UserKnn(userknn_half_life=0.0, userknn_shrink=1.0).fit(learned).score(everybody(learned.interactions))
    two, three = np.log1p(3 / 3), np.log1p(3 / 4)
    first, second = ((two + three) / (np.sqrt(3) + 1)) ** 2, (three / (np.sqrt(2) + 1)) ** 2
    np.testing.assert_allclose(scores[0, 2:4], [first / 2, second / 2], rtol=1e-5)
    assert np.isnan(scores[:, 4]).all()


def test_nobody_is_a_neighbour_of_herself() -> None:
    """User 1 shares nothing with the others: nothing speaks for anything."""
    learned = training(likes([[0, 1], [2, 3]]), 4)
    scores = UserKnn().fit(learned).score(everybody(learned.interactions))
    assert (scores == 0).all()
