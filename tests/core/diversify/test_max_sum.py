"""Max-sum distance: by hand, and each pick the best of what is left."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.diversify.max_sum import MaxSum
from core.types import Array
from tests.core.diversify.likeness import check_greedy, circle, random_pools
from tests.small_pools import pools_of


def test_mean_distances_by_hand() -> None:
    """Places 0 and 2 are picked: opposite, distance 2. Place 1, cosine 1/2 with the first, -1/2 with the second, is
    at 1 on average; place 3, at a right angle to both, too."""
    pools = pools_of([[0, 1, 2, 3]], [[1, 0.8, 0.6, 0.4]], vectors=circle(0, 60, 180, 90))
    picks = MaxSum()(pools, 3, 0.5)
    assert picks.places.tolist() == [[0, 2, 1]]
    assert picks.value[0].tolist() == pytest.approx([0.5, 0.4 + 0.5, 0.3 + 1, 0.2 + 0.5], abs=1e-6)
    assert picks.penalty[0].tolist() == pytest.approx([0] * 4, abs=1e-6)


def test_the_cause_is_the_most_like() -> None:
    """(.6, .8) has the mean cosine .7 with the axes."""
    vectors = np.array([[1, 0], [0, 1], [0.6, 0.8], [0.8, 0.6]], dtype=np.float32)
    picks = MaxSum()(pools_of([[0, 1, 2, 3]], vectors=vectors), 3, 0.5)
    assert picks.places.tolist() == [[0, 1, 2]]
    assert picks.cause.tolist() == [[-1, -1, 1, 0]]
    assert picks.penalty[0, 2:].tolist() == pytest.approx([0.35, 0.35], abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9999), st.integers(1, 14), st.sampled_from([0.1, 0.5, 0.8, 1.0]))
def test_each_pick_is_the_best_of_what_is_left(seed: int, k: int, diversity: float) -> None:
    def gain(relevance: Array, like: Array, _: Array) -> tuple[Array, Array]:
        if not like.shape[1]:
            return (1 - diversity) * relevance, np.zeros(len(like))
        mean = like.mean(axis=1)
        return (1 - diversity) * relevance + diversity * (1 - mean), diversity * np.maximum(mean, 0)

    pools = random_pools(seed)
    check_greedy(pools, MaxSum()(pools, k, diversity), k, gain)
