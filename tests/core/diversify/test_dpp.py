"""Greedy DPP: by hand, against determinants, and where nothing is left to span."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.diversify.dpp import Dpp
from core.diversify.loops_of_sets import FLOOR
from core.types import Array, unit_rows
from tests.core.diversify.likeness import check_greedy, circle, random_pools
from tests.small_pools import pools_of


def test_the_log_determinant_by_hand() -> None:
    """The squared sines of 30 and 60 degrees are 1/4 and 3/4: at .5 the second is worth .45 + ln(1/4) / 2, the third
    .2 + ln(3/4) / 2."""
    pools = pools_of([[0, 1, 2]], [[1, 0.9, 0.4]], vectors=circle(0, 30, 60))
    picks = Dpp()(pools, 2, 0.5)
    assert picks.places.tolist() == [[0, 2]]
    lost = -np.log([0.25, 0.75]) / 2
    assert picks.penalty[0].tolist() == pytest.approx([0, *lost], abs=1e-6)
    assert picks.value[0].tolist() == pytest.approx([0.5, 0.45 - lost[0], 0.2 - lost[1]], abs=1e-6)
    assert picks.cause.tolist() == [[-1, 0, 0]]


def test_the_cause_is_the_pick_that_takes_most_of_it() -> None:
    """(.6, .8, 0) lies .36 along the first and .64 along the second; what it has beyond both is nothing."""
    vectors = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.6, 0.8, 0]], dtype=np.float32)
    picks = Dpp()(pools_of([[0, 1, 2, 3]], vectors=vectors), 3, 0.2)
    assert picks.places.tolist() == [[0, 1, 2]]
    assert picks.cause[0, 3] == 1
    assert picks.penalty[0, 3] == pytest.approx(-0.2 * np.log(FLOOR), rel=1e-6)


def test_when_all_is_spanned_the_rest_goes_by_relevance() -> None:
    """Two dimensions: from the third pick on all are on the floor, a copy and all others alike."""
    pools = pools_of([[0, 1, 2, 3, 4]], vectors=circle(0, 0, 80, 40, 120))
    picks = Dpp()(pools, 5, 0.9)
    assert picks.places.tolist() == [[0, 2, 1, 3, 4]]
    assert picks.penalty[0, [1, 3, 4]].tolist() == pytest.approx([-0.9 * np.log(FLOOR)] * 3, rel=1e-6)


def test_no_vector_is_at_right_angles_to_all() -> None:
    vectors = np.array([[1, 0], [1, 0], [0, 0]], dtype=np.float32)
    picks = Dpp()(pools_of([[0, 1, 2]], vectors=vectors), 3, 1)
    assert picks.places.tolist() == [[0, 2, 1]]
    assert picks.penalty[0, 2] == 0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9999), st.integers(1, 8), st.sampled_from([0.1, 0.5, 0.8, 1.0]))
def test_each_pick_adds_most(seed: int, k: int, diversity: float) -> None:
    """The determinant with the candidate over that without it, of Gram matrices whose diagonal is 1."""

    def gain(relevance: Array, like: Array, between: Array) -> tuple[Array, Array]:
        np.fill_diagonal(between, 1)
        rest = 1 - np.einsum("is,is->i", like, np.linalg.lstsq(between, like.T, rcond=1e-6)[0].T)
        lost = -diversity * np.log(np.clip(rest, FLOOR, 1))
        return (1 - diversity) * relevance - lost, lost

    pools = random_pools(seed, d=16)
    picks = Dpp()(pools, k, diversity)
    check_greedy(pools, picks, k, gain)


def test_long_lists_stay_accurate() -> None:
    """After 60 picks in 80 dimensions the values still add up to the log-determinant of the picks."""
    vectors = unit_rows(np.random.default_rng(0).normal(size=(300, 80)).astype(np.float32))
    pools = pools_of([list(range(300))], vectors=vectors)
    picks = Dpp()(pools, 60, 1)
    own = vectors[picks.places[0]].astype(np.float64)
    assert -picks.penalty[0, picks.places[0]].sum() == pytest.approx(np.linalg.slogdet(own @ own.T)[1], abs=1e-3)
