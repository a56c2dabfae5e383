"""The similarity cap: who is barred by whom, and what fills a list that came out short."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.diversify.similarity_cap import SimilarityCap
from core.pools import first_places
from tests.core.diversify.likeness import circle, random_pools
from tests.small_pools import check_picks, pools_of

NEAR = circle(0, 45, 60, 90, 50)
"""Cosines with the first: 1, .71, .5, 0, .64."""


def test_a_cap_by_hand() -> None:
    """At .2 the cap is .6: the second (.71) waits, the third (.5) enters and bars the fourth (.87)."""
    pools = pools_of([[0, 1, 2, 3, 4]], [[1, 0.8, 0.7, 0.5, 0.4]], vectors=NEAR)
    picks = SimilarityCap(cap_short="stop")(pools, 3, 0.2)
    assert picks.places.tolist() == [[0, 2, -1]]
    assert picks.barred.tolist() == [[False, True, False, True, True]]
    assert picks.cause.tolist() == [[-1, 0, -1, 2, 2]]
    over = np.cos(np.radians([45, 30, 10])) - 0.6
    assert picks.penalty[0, [1, 3, 4]].tolist() == pytest.approx(over, abs=1e-6)
    assert picks.value[0].tolist() == pytest.approx([1, 0.8 - over[0], 0.7, 0.5 - over[1], 0.4 - over[2]], abs=1e-6)


def test_what_is_least_like_the_list_fills_it_up() -> None:
    """Largest cosines with the picks at 0 and 60 degrees: .97 (45), .87 (90), .98 (50). 90 does
    not change that."""
    pools = pools_of([[0, 1, 2, 3, 4]], [[1, 0.8, 0.7, 0.5, 0.4]], vectors=NEAR)
    picks = SimilarityCap()(pools, 4, 0.2)
    assert picks.places.tolist() == [[0, 2, 3, 1]]
    assert picks.barred.tolist() == [[False, True, False, True, True]], "kept back until later"
    assert picks.cause.tolist() == [[-1, 2, -1, 2, 2]]
    assert picks.penalty[0, 1] == pytest.approx(np.cos(np.radians(15)) - 0.6, abs=1e-6)


def test_the_walk_ends_with_the_list() -> None:
    """What was never looked at is neither barred nor held anything against."""
    picks = SimilarityCap()(pools_of([[0, 2, 1]], vectors=NEAR), 2, 0.2)
    assert picks.places.tolist() == [[0, 1]]
    assert picks.value[0, 2] == 0
    assert not picks.barred.any()


@pytest.mark.parametrize("short", ["stop", "relax"])
def test_the_ends_of_the_scale(short: str) -> None:
    """At 0 copies enter; at 1 nothing passes but the first, not even its opposite."""
    pools = pools_of([[0, 1, 2]], vectors=circle(0, 0, 180))
    method = SimilarityCap(cap_short=short)
    assert method(pools, 3, 0).places.tolist() == [[0, 1, 2]]
    picks = method(pools, 3, 1)
    assert picks.barred.tolist() == [[False, True, True]]
    assert picks.places.tolist() == [[0, -1, -1] if short == "stop" else [0, 2, 1]]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9999), st.integers(1, 14), st.sampled_from([0.05, 0.25, 0.5, 0.8, 1.0]))
def test_the_list_keeps_the_cap_and_is_no_shorter_than_it_must_be(seed: int, k: int, diversity: float) -> None:
    pools, cap = random_pools(seed), 1 - 2 * diversity
    stopped = SimilarityCap(cap_short="stop")(pools, k, diversity)
    filled = SimilarityCap()(pools, k, diversity)
    for picks in (stopped, filled):
        check_picks(pools, picks, k)
    np.testing.assert_array_equal((filled.places >= 0).sum(axis=1), (first_places(pools, k) >= 0).sum(axis=1))
    for row in range(len(pools)):
        list_ = stopped.places[row][stopped.places[row] >= 0]
        own = pools.vectors[pools.items[row]]
        like = (own[list_] @ own[list_].T)[np.triu_indices(len(list_), 1)]
        assert (like < cap + 1e-6).all()
        assert (np.diff(list_) > 0).all(), "the order of relevance"
        assert filled.places[row, : len(list_)].tolist() == list_.tolist()
        for place in np.flatnonzero(stopped.barred[row]):
            above = list_[list_ < place]
            nearest = (own[above] @ own[place]).max()
            assert nearest >= cap - 1e-6
            assert stopped.penalty[row, place] == pytest.approx(nearest - cap, abs=1e-5)
            assert stopped.cause[row, place] in above
