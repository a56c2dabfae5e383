"""Pools: relevance on its scales, choosing by place, and the step that changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pools import AS_IS, MIN_MAX, RANK, RELEVANCE_SCALES, Pools, at_places, first_places, relevance_of, unchanged
from tests.small_pools import check_picks, pools_of, small_pools

NAN = np.nan
SCORES = np.array([[9.0, 5.0, 1.0, NAN], [3.0, 3.0, NAN, NAN], [NAN, NAN, NAN, NAN], [7.0, NAN, NAN, NAN]])


def same(found: object, expected: object) -> None:
    np.testing.assert_array_equal(np.array(found), np.array(expected, dtype=np.float32))


def test_min_max_goes_from_one_to_nought_and_is_one_where_all_are_alike() -> None:
    same(relevance_of(SCORES, MIN_MAX), [[1, 0.5, 0, NAN], [1, 1, NAN, NAN], [NAN] * 4, [1, NAN, NAN, NAN]])


def test_ranks_go_in_even_steps_whatever_the_scores() -> None:
    same(relevance_of(SCORES, RANK), [[1, 0.5, 0, NAN], [1, 0, NAN, NAN], [NAN] * 4, [1, NAN, NAN, NAN]])


def test_scores_as_they_are() -> None:
    same(relevance_of(SCORES, AS_IS), SCORES)


@pytest.mark.parametrize("scale", RELEVANCE_SCALES)
@given(st.lists(st.integers(-100, 100), min_size=1, max_size=9))
def test_no_scale_changes_the_order(scale: str, scores: list[int]) -> None:
    relevance = relevance_of(np.array([sorted(scores, reverse=True)], dtype=float), scale)
    assert relevance.dtype == np.float32
    assert (np.diff(relevance[0]) <= 0).all()
    assert not relevance.flags.writeable
    if scale != AS_IS:
        assert relevance[0, 0] == 1
        assert relevance.min() >= 0


def test_picked_pools_hold_the_picked_alone_in_their_order() -> None:
    pools = pools_of([[4, 2, 7], [1, 0, -1]], [[1, 0.5, 0], [1, 0, 0]])
    found = pools.picked(np.array([[2, 0], [1, -1]]))
    assert found.items.tolist() == [[7, 4], [0, -1]]
    same(found.relevance, [[0, 1], [0, NAN]])
    assert found.counts.tolist() == [2, 1]
    assert found.vectors is pools.vectors
    assert len(found) == 2


def test_at_places_pads() -> None:
    assert at_places(np.array([[5, 6]]), np.array([[1, -1, 0]]), np.int64(-9)).tolist() == [[6, -9, 5]]


@given(small_pools(), st.integers(1, 14))
def test_unchanged_is_the_pool_cut(pools: Pools, k: int) -> None:
    picks = unchanged(pools, k)
    check_picks(pools, picks, k)
    assert picks.places.tolist() == first_places(pools, k).tolist()
    assert pools.picked(picks.places).items.tolist() == pools.items[:, :k].tolist()
    assert not picks.penalty.any()
    assert not picks.barred.any()
