"""The popularity discount: by hand, and sorted whatever comes in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.diversify.popularity_discount import PopularityDiscount, logarithmic
from core.pools import Pools, first_places
from tests.small_pools import check_picks, pools_of, small_pools


def test_the_measure_by_hand() -> None:
    """9 / 99 of the most liked item's likes are ln 10 / ln 100 = 1 / 2."""
    assert logarithmic(np.array([0.0, 9 / 99, 1.0])).tolist() == pytest.approx([0, 0.5, 1])


def test_what_everybody_knows_falls_behind() -> None:
    """At .5 the values are (1 - 1) / 2, (.4 - .5) / 2 and (.25 - 0) / 2."""
    pools = pools_of([[0, 1, 2]], [[1, 0.4, 0.25]], popularity=[1, 9 / 99, 0])
    picks = PopularityDiscount()(pools, 2, 0.5)
    assert picks.places.tolist() == [[2, 0]]
    assert picks.value[0].tolist() == pytest.approx([0, -0.05, 0.125], abs=1e-6)
    assert picks.penalty[0].tolist() == pytest.approx([0.5, 0.25, 0], abs=1e-6)
    assert picks.cause.tolist() == [[-1, -1, -1]]


@given(small_pools(), st.integers(1, 14), st.sampled_from([0.0, 0.3, 1.0]))
def test_picks_are_sorted_by_value_and_ties_by_relevance(pools: Pools, k: int, diversity: float) -> None:
    picks = PopularityDiscount()(pools, k, diversity)
    check_picks(pools, picks, k)
    if diversity == 0:
        assert picks.places.tolist() == first_places(pools, k).tolist()
    for row in range(len(pools)):
        count = pools.counts[row]
        expected = sorted(range(count), key=lambda place: (-picks.value[row, place], place))
        assert [place for place in picks.places[row] if place >= 0] == expected[:k]
