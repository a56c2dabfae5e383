"""What every step between pool and list must keep, whoever wrote it: diversify, spacing, exploration."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.pools import STEPS, Picks, Pools, first_places
from core.registry import Knob, knobs_of, stage
from core.types import readonly, unit_rows
from tests.small_pools import check_picks, pools_of

KEYS = [(step, key) for step in STEPS for key in stage(step).names()]
DIVERSIFIERS = stage("diversify").names()
each = pytest.mark.parametrize(("step", "key"), KEYS, ids=[f"{step}-{key}" for step, key in KEYS])
each_diversifier = pytest.mark.parametrize("key", DIVERSIFIERS)
strengths = st.sampled_from([0.0, 0.05, 0.3, 0.5, 0.9, 1.0])
AGAINST = {"similarity", "category", "popularity"}


def full_pools(seed: int, n: int, m: int) -> Pools:
    """Pools with all there is: vectors, some of them zero or copies, mixes, wants, popularity; rows of any length."""
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(40, 5)).astype(np.float32)
    vectors[30:33], vectors[33:35] = vectors[:3], 0
    items = np.stack([rng.permutation(40)[:m] for _ in range(n)])
    for row in items:
        row[rng.integers(0, m + 1) :] = -1
    relevance = -np.sort(-rng.integers(0, 7, (n, m)) / 6, axis=1)
    wanted = rng.dirichlet(np.ones(4), size=n)
    wanted[0] = 0
    return pools_of(
        items.tolist(),
        relevance.tolist(),
        categories=[rng.permutation(4)[: rng.integers(0, 4)].tolist() for _ in range(40)],
        wanted=wanted.tolist(),
        popularity=(rng.integers(0, 11, 40) / 10).tolist(),
        vectors=readonly(unit_rows(vectors)),
        seed=seed,
    )


def ends(spec: Knob) -> list[Any]:
    """Values of a knob that lie apart: each name, or default, lowest and highest."""
    if spec.allowed():
        return list(spec.allowed())
    return list(dict.fromkeys(value for value in (spec.default, spec.low, spec.high) if value is not None))


def made(step: str, key: str, choose: Any) -> Any:
    """An implementation with knobs at values that ``choose`` takes from a list."""
    cls = stage(step).get(key)
    return cls(**{spec.name: spec.parse(choose(ends(spec))) for spec in knobs_of(cls)})


def taken(step: str, method: Any, pools: Pools, k: int, diversity: float) -> Picks:
    return method(pools, k, diversity) if step == "diversify" else method(pools, k)


def alone(pools: Pools, row: int) -> Pools:
    """One user without the others."""
    of = {name: getattr(pools, name)[row : row + 1] for name in ("users", "items", "relevance", "wanted")}
    return dataclasses.replace(pools, **of)


def same(one: Picks, other: Picks) -> None:
    for field in dataclasses.fields(Picks):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name))


@each
def test_it_is_named(step: str, key: str) -> None:
    cls = stage(step).get(key)
    assert cls.key == key
    assert cls.label.strip()
    assert isinstance(cls.order, int)
    if step == "diversify":
        assert cls.against in AGAINST


@each
@settings(max_examples=25, deadline=None)
@given(data=st.data(), seed=st.integers(0, 9999), k=st.integers(1, 16), diversity=strengths)
def test_the_ledger_holds_together(step: str, key: str, data: Any, seed: int, k: int, diversity: float) -> None:
    """At any knobs: types, shapes, no pick twice, causes that stand above, values for all that is there."""
    pools = full_pools(seed, 3, 12)
    items = pools.items.copy()
    picks = taken(step, made(step, key, lambda values: data.draw(st.sampled_from(values))), pools, k, diversity)
    np.testing.assert_array_equal(pools.items, items)
    check_picks(pools, picks, k)
    assert np.isnan(picks.value[pools.items < 0]).all()
    assert not picks.penalty[pools.items < 0].any()
    assert not picks.barred[pools.items < 0].any()
    assert (picks.cause[pools.items < 0] == -1).all()
    assert ((picks.cause == -1) | (picks.penalty > 0) | picks.barred).all(), "a cause of nothing"
    for row in range(len(pools)):
        list_ = picks.places[row][picks.places[row] >= 0].tolist()
        assert not np.isnan(picks.value[row, list_]).any()
        for place in range(12):
            above = list_[: list_.index(place)] if place in list_ else list_
            assert picks.cause[row, place] in [-1, *above]


@each
def test_it_is_the_same_each_time_and_for_each_user_alone(step: str, key: str) -> None:
    method, pools = stage(step).get(key)(), full_pools(4, 5, 20)
    picks = taken(step, method, pools, 8, 0.6)
    same(picks, taken(step, method, pools, 8, 0.6))
    for row in range(len(pools)):
        by_itself = taken(step, method, alone(pools, row), 8, 0.6)
        np.testing.assert_array_equal(by_itself.places[0], picks.places[row])
        np.testing.assert_array_equal(by_itself.cause[0], picks.cause[row])
        np.testing.assert_allclose(by_itself.value[0], picks.value[row], rtol=1e-5, atol=1e-6)


@each
def test_pools_without_anything(step: str, key: str) -> None:
    """Nobody, nobody with a candidate, no room for one, one candidate, and a list longer than the pool."""
    method, pools = stage(step).get(key)(), full_pools(1, 3, 6)
    per_user = ("users", "items", "relevance", "wanted")
    nobody = dataclasses.replace(pools, **{name: getattr(pools, name)[:0] for name in per_user})
    assert taken(step, method, nobody, 4, 0.5).places.shape == (0, 4)
    narrow = dataclasses.replace(pools, items=pools.items[:, :0], relevance=pools.relevance[:, :0])
    assert taken(step, method, narrow, 4, 0.5).places.shape == (3, 0)
    bare = dataclasses.replace(
        pools, items=np.full((3, 6), -1, np.int32), relevance=np.full((3, 6), np.nan, np.float32)
    )
    assert (taken(step, method, bare, 2, 0.5).places == -1).all()
    assert taken(step, method, pools_of([[5, -1]]), 3, 1.0).places.tolist() == [[0, -1]]


@each_diversifier
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 9999), k=st.integers(1, 16))
def test_without_diversity_the_pool_stands(key: str, seed: int, k: int) -> None:
    pools = full_pools(seed, 3, 12)
    picks = stage("diversify").get(key)()(pools, k, 0.0)
    np.testing.assert_array_equal(picks.places, first_places(pools, k))
    assert not picks.penalty.any()
    assert not picks.barred.any()


@each_diversifier
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 9999), k=st.integers(1, 16), diversity=strengths)
def test_as_it_comes_no_list_is_shorter_than_it_must_be(key: str, seed: int, k: int, diversity: float) -> None:
    pools = full_pools(seed, 3, 12)
    picks = stage("diversify").get(key)()(pools, k, diversity)
    np.testing.assert_array_equal((picks.places >= 0).sum(axis=1), np.minimum(pools.counts, k))


@pytest.mark.parametrize("key", [key for key in DIVERSIFIERS if stage("diversify").get(key).against == "similarity"])
@pytest.mark.parametrize("diversity", [0.3, 1.0])
def test_likeness_is_held_against_nobody_before_the_first_pick(key: str, diversity: float) -> None:
    pools = full_pools(2, 6, 20)
    picks = stage("diversify").get(key)()(pools, 5, diversity)
    some = pools.counts > 0
    assert some.any()
    assert not picks.places[some, 0].any(), "the most relevant one"
    assert not picks.penalty[some, 0].any()
