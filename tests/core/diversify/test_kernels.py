"""The compiled loops: the same as the plain ones, for one and for many, and ties stay ties."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.diversify import kernels, loops, loops_of_sets
from core.diversify.warming import warm_up
from core.pools import Picks, Pools
from core.types import readonly, unit_rows
from tests.core.diversify.likeness import random_pools
from tests.small_pools import pools_of

KERNELS: dict[str, tuple[float, ...]] = {"mmr": (0.5,), "dpp": (0.5,), "max_sum": (0.5,), "cap": (0.2, True)}
each = pytest.mark.parametrize("name", KERNELS)


def fields(picks: Picks) -> list[Any]:
    """The arrays of a ledger."""
    return [getattr(picks, field.name) for field in dataclasses.fields(Picks)]


def random_many(n: int, d: int = 32) -> Pools:
    """Pools of 40 of 500 items."""
    rng = np.random.default_rng(5)
    items = [rng.permutation(500)[:40].tolist() for _ in range(n)]
    return pools_of(items, vectors=unit_rows(rng.normal(size=(500, d)).astype(np.float32)))


@each
def test_every_kernel_is_warmed_up(name: str) -> None:
    warm_up()
    assert kernels.kernel(name) is kernels.kernel(name)
    assert set(kernels.SETTINGS) == set(KERNELS)


@each
def test_the_plain_loops_say_the_same(name: str) -> None:
    """In the plain ones helpers are called as Python: nothing that the compiler does changes what is picked."""
    plain = getattr(loops if name == "mmr" else loops_of_sets, name)
    for seed in range(6):
        pools = random_pools(seed, d=16)
        n, m = pools.items.shape
        k = min(7, m)
        made = (np.empty((n, k), np.int32), np.empty((n, m)), np.empty((n, m)), np.empty((n, m), np.int32))
        ledger = (*made, np.empty((n, m), bool))
        plain(pools.items, pools.relevance, pools.vectors, ledger, *KERNELS[name])
        for ours, theirs in zip(fields(kernels.picked(name, pools, k, *KERNELS[name])), ledger, strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-5)


@each
def test_many_are_shared_out_and_nobody_notices(name: str) -> None:
    """Two threads at once, from two callers at once: each user's list is that of the user alone."""
    pools = random_many(60)
    large = dataclasses.replace(pools, **{f: np.tile(getattr(pools, f), (20, 1)) for f in ("items", "relevance")})
    assert len(large) * 40 * 20 * 32 > kernels.WORTH_SHARING > 40 * 20 * 32
    with ThreadPoolExecutor(2) as callers:
        both = list(callers.map(lambda _: kernels.picked(name, large, 20, *KERNELS[name]), range(2)))
    alone = [
        kernels.picked(name, dataclasses.replace(pools, items=one, relevance=relevance), 20, *KERNELS[name])
        for one, relevance in zip(pools.items[:, None], pools.relevance[:, None], strict=True)
    ]
    for at, together in enumerate(fields(both[0])):
        np.testing.assert_array_equal(together, fields(both[1])[at])
        np.testing.assert_array_equal(together[:60], np.concatenate([fields(picks)[at] for picks in alone]))


@each
@settings(max_examples=20, deadline=None)
@given(st.integers(0, 9999), st.integers(2, 40), st.integers(1, 70))
def test_of_two_copies_the_more_relevant_goes_first(name: str, seed: int, half: int, d: int) -> None:
    """Each item stands in the pool twice, as relevant, in an order that is shuffled."""
    rng = np.random.default_rng(seed)
    vectors = unit_rows(rng.normal(size=(half, d)).astype(np.float32))
    order = rng.permutation(2 * half)
    pools = pools_of([order.tolist()], [[0.5] * 2 * half], vectors=readonly(np.concatenate([vectors, vectors])))
    rank = np.empty(2 * half, dtype=int)
    rank[kernels.picked(name, pools, 2 * half, *KERNELS[name]).places[0]] = np.arange(2 * half)
    place = np.argsort(order)
    earlier, later = np.minimum(place[:half], place[half:]), np.maximum(place[:half], place[half:])
    assert (rank[earlier] < rank[later]).all()


def test_vectors_of_another_kind_are_taken_too() -> None:
    """float64, and rows that do not lie side by side."""
    pools = random_pools(1)
    wide = np.asfortranarray(pools.vectors.astype(np.float64))
    for one, other in zip(
        fields(kernels.picked("mmr", pools, 5, 0.5)),
        fields(kernels.picked("mmr", dataclasses.replace(pools, vectors=wide), 5, 0.5)),
        strict=True,
    ):
        np.testing.assert_array_equal(one, other)
