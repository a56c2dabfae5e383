"""Calibration against hand-worked lists, a slow greedy loop, and the metric of the same name."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.diversify import calibration
from core.diversify.calibration import Calibration, parts_of
from core.metrics import calibration as metric
from core.pools import Pools, first_places
from core.types import Array
from tests.small_pools import check_picks, pools_of, small_pools

EVEN = [[0.5, 0.5]]


def kl(pools: Pools, row: int, places: list[int]) -> float:
    """KL of the list of these pool places by the metric's own code; -ln alpha where it has no category."""
    sums = pools.mixes[pools.items[row, places]].sum(axis=0, dtype=np.float64)
    if sums.sum() == 0:
        return float(-np.log(metric.ALPHA))
    return float(metric.divergence(pools.wanted[row : row + 1].astype(np.float64), sums[None, None])[0, 0])


def test_the_blend_is_that_of_the_metric() -> None:
    assert calibration.ALPHA == metric.ALPHA


def test_pure_calibration_by_hand() -> None:
    """Wanted half a, half b. The item of both comes first; then a, which stands first; then b to make up for it."""
    pools = pools_of([[0, 1, 2, 3]], categories=[[0], [0], [1], [0, 1]], wanted=EVEN)
    picks = Calibration()(pools, 4, 1.0)
    assert picks.places.tolist() == [[3, 0, 2, 1]]
    # After the item of both and one of a: 3 / 4 a, 1 / 4 b; q~ = .7475, .2525.
    assert picks.penalty[0, 0] == pytest.approx(0.5 * np.log(0.5 / 0.7475) + 0.5 * np.log(0.5 / 0.2525), abs=1e-6)
    assert picks.penalty[0, 3] == pytest.approx(0, abs=1e-6)
    assert picks.value.tolist() == (-picks.penalty).tolist()


def test_the_strength_weighs_relevance_against_the_mix() -> None:
    """The second a costs KL(1/2, 1/2 || .995, .005) = 1.959; a b instead costs 0 and .9 relevance."""
    pools = pools_of([[0, 1, 2]], [[1.0, 0.95, 0.05]], categories=[[0], [0], [1]], wanted=EVEN)
    assert Calibration()(pools, 2, 0.3).places.tolist() == [[0, 1]]
    assert Calibration()(pools, 2, 0.32).places.tolist() == [[0, 2]]


def test_at_strength_one_the_first_pick_has_the_nearest_mix_and_ties_go_to_the_more_relevant() -> None:
    pools = pools_of([[0, 1, 2, 3]], categories=[[1], [0], [0], []], wanted=[[0.9, 0.1]])
    assert Calibration()(pools, 4, 1.0).places[0, 0] == 1


def test_an_item_without_a_category_leaves_the_mix_as_it_is() -> None:
    pools = pools_of([[0, 1]], categories=[[], [0]], wanted=[[1.0]])
    picks = Calibration()(pools, 2, 1.0)
    assert picks.places.tolist() == [[1, 0]]
    assert picks.penalty.tolist() == [[0.0, 0.0]]


def test_a_user_without_a_known_mix_keeps_the_order() -> None:
    pools = pools_of([[0, 1, 2], [0, 1, 2]], categories=[[0], [0], [1]], wanted=[[0.0, 0.0], [0.0, 1.0]])
    picks = Calibration()(pools, 3, 1.0)
    assert picks.places.tolist() == [[0, 1, 2], [2, 0, 1]]
    assert picks.penalty[0].tolist() == [0, 0, 0]


def test_a_catalogue_without_categories_keeps_the_order() -> None:
    assert Calibration()(pools_of([[2, 0, 1]]), 2, 0.7).places.tolist() == [[0, 1]]


@settings(max_examples=60, deadline=None)
@given(small_pools(), st.integers(1, 14), st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0]))
def test_like_a_slow_greedy_loop(pools: Pools, k: int, diversity: float) -> None:
    picks = Calibration()(pools, k, diversity)
    check_picks(pools, picks, k)
    for row in range(len(pools)):
        chosen = [int(place) for place in picks.places[row] if place >= 0]
        assert len(chosen) == min(k, pools.counts[row])
        if pools.wanted[row].sum() == 0:
            assert chosen == list(range(len(chosen)))
            continue
        for rank, pick in enumerate(chosen):
            left = [place for place in range(pools.counts[row]) if place not in chosen[:rank]]
            relevance = pools.relevance[row].astype(np.float64)
            away = {place: kl(pools, row, [*chosen[:rank], place]) for place in left}
            worth = {place: (1 - diversity) * relevance[place] - diversity * away[place] for place in left}
            assert worth[pick] == pytest.approx(max(worth.values()), abs=1e-5)
            assert picks.value[row, pick] == pytest.approx(worth[pick], abs=1e-5)
            assert picks.penalty[row, pick] == pytest.approx(diversity * away[pick], abs=1e-5)


@given(small_pools(), st.integers(1, 14))
def test_at_strength_nought_it_is_the_pool_cut(pools: Pools, k: int) -> None:
    assert Calibration()(pools, k, 0.0).places.tolist() == first_places(pools, k).tolist()


@given(small_pools())
def test_parts_put_together_are_the_mixes(pools: Pools) -> None:
    starts, parts, columns, shares = parts_of(pools.mixes, pools.items)
    asked = np.unique(pools.items[pools.items >= 0])
    found: Array = np.zeros_like(pools.mixes)
    for item in range(len(found)):
        for part in parts[starts[item] : starts[item + 1]]:
            found[item, columns[part]] += shares[part]
    assert (found[asked] == pools.mixes[asked]).all()
    assert found.sum() == pytest.approx(pools.mixes[asked].sum())
