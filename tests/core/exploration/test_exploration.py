"""Places left to chance: what stays, what is drawn how often, and that a list does not depend on company."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exploration.draws import uniform
from core.exploration.epsilon import Epsilon
from core.exploration.plackett_luce import PlackettLuce
from core.pools import Arranger, Pools, first_places
from tests.small_pools import check_picks, pools_of, small_pools

MANY = 20_000
METHODS: list[Callable[[], Arranger]] = [
    lambda: PlackettLuce(explore_temperature=1.0),
    lambda: Epsilon(explore_share=0.5),
]


def crowd(m: int, n: int = MANY, seed: int = 0) -> Pools:
    """n users with the same pool of items 0 .. m - 1."""
    return pools_of([list(range(m))] * n, seed=seed)


def one(pools: Pools, row: int) -> Pools:
    """One user alone."""
    rows = slice(row, row + 1)
    return dataclasses.replace(
        pools,
        users=pools.users[rows],
        items=pools.items[rows],
        relevance=pools.relevance[rows],
        wanted=pools.wanted[rows],
    )


def test_draws_are_even_and_unrelated() -> None:
    draws = uniform(3, np.arange(300)[:, None], np.arange(200))
    assert 0 < draws.min() < draws.max() < 1
    counts = np.histogram(draws, bins=20, range=(0, 1))[0]
    assert np.abs(counts - 3000).max() < 4.5 * np.sqrt(3000), "no bin of 20 off by more than chance allows"
    for other in (uniform(4, np.arange(300)[:, None], np.arange(200)), np.roll(draws, 1, 0), np.roll(draws, 1, 1)):
        assert abs(np.corrcoef(draws.ravel(), other.ravel())[0, 1]) < 0.02


def test_negative_things_are_other_things() -> None:
    assert uniform(0, np.zeros(1), np.array([-1])) != uniform(0, np.zeros(1), np.array([1]))


def test_first_draws_have_the_chances_of_their_places() -> None:
    """At T = 1 the weights are 1, 1/2, 1/3, 1/4: the first is drawn first in 12 of 25 lists."""
    first = PlackettLuce(explore_temperature=1.0)(crowd(4), 1).places[:, 0]
    shares = np.bincount(first, minlength=4) / MANY
    assert shares.tolist() == pytest.approx([12 / 25, 6 / 25, 4 / 25, 3 / 25], abs=0.015)


def test_second_draws_come_from_what_is_left() -> None:
    """Where the first was drawn first, 1/2, 1/3 and 1/4 are left: 6, 4 and 3 of 13."""
    places = PlackettLuce(explore_temperature=1.0)(crowd(4), 2).places
    second = places[places[:, 0] == 0, 1]
    shares = np.bincount(second, minlength=4) / len(second)
    assert shares.tolist() == pytest.approx([0, 6 / 13, 4 / 13, 3 / 13], abs=0.02)


def test_no_temperature_no_chance_and_little_of_it_little() -> None:
    pools = crowd(9, 50)
    assert (PlackettLuce(explore_temperature=0.0)(pools, 5).places == np.arange(5)).all()
    assert (PlackettLuce(explore_temperature=0.001)(pools, 5).places == np.arange(5)).all()


def test_an_item_keeps_its_chance_where_the_order_changes() -> None:
    """Two items change places: the others stand to each other as before."""
    before = PlackettLuce(explore_temperature=1.0)(pools_of([[0, 1, 2, 3, 4, 5]]), 6)
    after = PlackettLuce(explore_temperature=1.0)(pools_of([[1, 0, 2, 3, 4, 5]]), 6)
    assert before.value[0, 2:].tolist() == after.value[0, 2:].tolist()


@pytest.mark.parametrize(("share", "drawn"), [(0.0, 0), (0.01, 1), (0.3, 3), (0.31, 4), (1.0, 10)])
def test_the_share_of_places_is_rounded_up(share: float, drawn: int) -> None:
    places = Epsilon(explore_share=share)(crowd(40, 30), 10).places
    assert ((places >= 10).sum(axis=1) == drawn).all()


def test_slots_and_newcomers_are_equally_likely() -> None:
    places = Epsilon(explore_share=0.2)(crowd(8), 5).places
    slots = (places >= 5).sum(axis=0) / MANY
    assert slots.tolist() == pytest.approx([0.2] * 5, abs=0.015)
    newcomers = np.bincount(places[places >= 5], minlength=8)[5:] / MANY
    assert newcomers.tolist() == pytest.approx([1 / 3] * 3, abs=0.015)


def test_the_others_keep_their_order() -> None:
    for row in Epsilon(explore_share=0.4)(crowd(30, 40), 10).places:
        assert [place for place in row if place < 10] == list(range(6))


def test_no_more_places_than_there_are_newcomers() -> None:
    assert sorted(Epsilon(explore_share=1.0)(pools_of([[0, 1, 2, 3, -1]]), 3).places[0].tolist()) == [0, 1, 3]
    assert Epsilon(explore_share=1.0)(pools_of([[0, 1, 2]]), 3).places.tolist() == [[0, 1, 2]]


@pytest.mark.parametrize("build", METHODS)
def test_lists_differ_between_users_and_seeds(build: Callable[[], Arranger]) -> None:
    method = build()
    lists = method(crowd(30, 20), 10).places
    assert len({tuple(row) for row in lists.tolist()}) == 20
    assert (lists != method(crowd(30, 20, seed=1), 10).places).any(axis=1).all()
    assert (lists == method(crowd(30, 20), 10).places).all()


@pytest.mark.parametrize("build", METHODS)
@given(pools=small_pools(), k=st.integers(1, 14))
def test_a_list_does_not_depend_on_company(build: Callable[[], Arranger], pools: Pools, k: int) -> None:
    method = build()
    picks = method(pools, k)
    check_picks(pools, picks, k)
    for row in range(len(pools)):
        assert (picks.places[row] >= 0).sum() == min(k, pools.counts[row])
        assert method(one(pools, row), k).places[0].tolist() == picks.places[row].tolist()


@given(small_pools(), st.integers(1, 14))
def test_nought_keeps_the_order(pools: Pools, k: int) -> None:
    for method in (PlackettLuce(explore_temperature=0.0), Epsilon(explore_share=0.0)):
        assert method(pools, k).places.tolist() == first_places(pools, k).tolist()
