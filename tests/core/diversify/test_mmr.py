"""MMR: by hand, and each pick the best of what is left."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.diversify.mmr import Mmr
from core.pools import first_places
from core.types import Array
from tests.core.diversify.likeness import check_greedy, circle, random_pools
from tests.small_pools import pools_of


def test_what_is_too_like_the_first_is_passed_over() -> None:
    """Cosines with the first: 1/2 of the second (60 degrees), 0 of the third. At .5 the third is worth .2, the second
    (.8 - .5) / 2 = .15."""
    pools = pools_of([[0, 1, 2]], [[1, 0.8, 0.4]], vectors=circle(0, 60, -90))
    picks = Mmr()(pools, 2, 0.5)
    assert picks.places.tolist() == [[0, 2]]
    assert picks.value[0].tolist() == pytest.approx([0.5, 0.15, 0.2], abs=1e-6)
    assert picks.penalty[0].tolist() == pytest.approx([0, 0.25, 0], abs=1e-6)
    assert picks.cause[0, 1] == 0
    assert not picks.barred.any()


def test_what_was_not_picked_is_compared_with_all_but_the_last_pick() -> None:
    """Place 3 is a copy of place 1, the second pick: it lost the third place because of it, not because of the third
    pick, which took the place."""
    pools = pools_of([[0, 1, 2, 3]], [[1, 0.9, 0.8, 0.5]], vectors=np.eye(3, dtype=np.float32)[[0, 1, 2, 1]])
    picks = Mmr()(pools, 3, 0.5)
    assert picks.places.tolist() == [[0, 1, 2]]
    assert picks.cause[0].tolist()[2:] == [-1, 1]
    assert picks.penalty[0, 3] == pytest.approx(0.5, abs=1e-6)
    assert picks.value[0, 3] == pytest.approx(-0.25, abs=1e-6)


def test_negative_cosines_count_as_they_are() -> None:
    """At 1 the one that points away from the first goes before the one at a right angle to it."""
    pools = pools_of([[0, 1, 2]], vectors=circle(0, 90, 180))
    picks = Mmr()(pools, 2, 1)
    assert picks.places.tolist() == [[0, 2]]
    assert picks.value[0, 2] == pytest.approx(1, abs=1e-6)
    assert picks.penalty[0].max() < 1e-6, "nothing is held against what points away"


def test_no_vector_is_like_nothing() -> None:
    vectors = np.array([[1, 0], [1, 0], [0, 0]], dtype=np.float32)
    picks = Mmr()(pools_of([[0, 1, 2]], vectors=vectors), 3, 1)
    assert picks.places.tolist() == [[0, 2, 1]]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9999), st.integers(1, 14), st.sampled_from([0.1, 0.5, 0.8, 1.0]))
def test_each_pick_is_the_best_of_what_is_left(seed: int, k: int, diversity: float) -> None:
    def gain(relevance: Array, like: Array, _: Array) -> tuple[Array, Array]:
        nearest = like.max(axis=1) if like.shape[1] else np.zeros(len(like))
        return (1 - diversity) * relevance - diversity * nearest, diversity * np.maximum(nearest, 0)

    pools = random_pools(seed)
    check_greedy(pools, Mmr()(pools, k, diversity), k, gain)


def test_without_diversity_nothing_moves() -> None:
    pools = random_pools(0)
    picks = Mmr()(pools, 5, 0)
    np.testing.assert_array_equal(picks.places, first_places(pools, 5))
    assert not picks.penalty.any()
