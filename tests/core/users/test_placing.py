"""Tastes as vectors, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audience import Taste
from core.datasets.build import build_dataset
from core.splits import HistorySide
from core.types import Array, Interactions
from core.users.placing import placed
from core.users.weighted_mean import WeightedMean


class Given:
    """A user model that says what it is told to."""

    def __init__(self, *tastes: Taste) -> None:
        self.tastes = tastes

    def __call__(
        self, log: Interactions, users: Array, items: Array, emphasis: Array | None = None
    ) -> tuple[Taste, ...]:
        return tuple(self.tastes[user] for user in users)


def taste(*lines: list[float], shares: tuple[float, ...] = (1.0,)) -> Taste:
    return Taste(np.array(lines, dtype=np.float64), np.array(shares))


NOBODY = Taste(np.zeros((0, 2)), np.zeros(0))


def log(n_users: int = 3) -> Interactions:
    """Everybody has the first two of three items."""
    rows = {"user_id": [user for user in range(n_users) for _ in range(2)], "item_id": [0, 1] * n_users}
    return build_dataset("t", "T", {"item_id": [0, 1, 2]}, rows).interactions


AXES = np.array([[1, 0], [0, 1], [-1, 0]], dtype=np.float32)


def test_signed_weights_are_summed_scaled_and_moved() -> None:
    side = HistorySide(AXES, np.array([0, 5], dtype=np.float32), totals=np.array([2.0, 3.0]))
    model = Given(taste([1.0, -0.5]), taste([0.5, 0.5]))
    found = placed(model, log(), np.array([0, 1]), side, unit=False)
    np.testing.assert_allclose(found.values, [[2, -1 + 5], [1.5, 1.5 + 5]])
    assert found.known.all()
    assert found.interests is None


def test_several_interests_stand_beside_their_sum_by_share() -> None:
    model = Given(taste([1.0, 0.0], [0.0, 1.0], shares=(0.75, 0.25)), NOBODY, taste([0.5, 0.5]))
    found = placed(model, log(), np.arange(3), HistorySide.plain(AXES), unit=True)
    np.testing.assert_allclose(found.values[0], np.array([3, 1]) / np.sqrt(10), atol=1e-6)
    assert found.known.tolist() == found.has_history.tolist() == [True, False, True]
    assert found.interests is not None
    assert found.interests.owners.tolist() == [0, 0]
    np.testing.assert_array_equal(found.interests.values, [[1, 0], [0, 1]])
    assert found.interests.shares.tolist() == [0.75, 0.25]


def test_no_history_and_one_that_cancels_are_states_and_no_zero_vectors() -> None:
    opposite = HistorySide.plain(np.array([[1, 0], [-1, 0], [0, 1]], dtype=np.float32))
    found = placed(Given(taste([0.5, 0.5]), NOBODY), log(), np.array([0, 1]), opposite, unit=True)
    assert not found.known.any()
    assert found.has_history.tolist() == [True, False]
    assert np.isnan(found.values).all()


def test_nobody_asked_about_is_an_empty_answer() -> None:
    found = placed(Given(), log(), np.zeros(0, dtype=np.int64), HistorySide.plain(AXES), unit=True)
    assert found.values.shape == (0, 2)


@given(st.lists(st.integers(0, 2), min_size=1, max_size=6))
def test_one_batch_says_what_single_questions_say(users: list[int]) -> None:
    side = HistorySide.plain(np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32))
    together = placed(WeightedMean(), log(), np.array(users), side, unit=True)
    alone = [placed(WeightedMean(), log(), np.array([user]), side, unit=True).values[0] for user in users]
    np.testing.assert_array_equal(together.values, np.stack(alone))
    assert together.values.sum() != pytest.approx(0)
