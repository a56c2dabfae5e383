"""The exact pool against a plain double-precision oracle, and its invariants."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.registry import stage
from core.select.pool import build_index, exact, rank

NOTHING = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
METRICS = stage("score").names()


def world(seed: int, n_users: int, n_items: int, d: int, *, unit: bool, copies: bool) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    items = rng.normal(size=(n_items, d)).astype(np.float32)
    users = rng.normal(size=(n_users, d)).astype(np.float32)
    if unit:
        items /= np.linalg.norm(items, axis=1, keepdims=True)
        users /= np.linalg.norm(users, axis=1, keepdims=True)
    if copies:  # equal items must tie exactly, and go by id
        items[rng.integers(0, n_items, n_items // 2)] = items[0]
    return users, items


def hidden_pairs(seed: int, n_users: int, n_items: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed + 1)
    mask = rng.random((n_users, n_items)) < 0.3
    rows, items = np.nonzero(mask)
    shuffle = rng.permutation(len(rows))
    return rows[shuffle], items[shuffle]


@pytest.mark.parametrize("metric", METRICS)
@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 9999),
    n_users=st.integers(1, 6),
    n_items=st.integers(1, 60),
    d=st.integers(2, 16),
    size=st.integers(1, 70),
    unit=st.booleans(),
    copies=st.booleans(),
)
def test_same_lists_as_the_oracle(
    metric: str, seed: int, n_users: int, n_items: int, d: int, size: int, unit: bool, copies: bool
) -> None:
    users, items = world(seed, n_users, n_items, d, unit=unit, copies=copies)
    hidden = hidden_pairs(seed, n_users, n_items)
    scorer = stage("score").get(metric)()
    index = build_index(scorer, items)
    pool, passing = rank(index, users, size, hidden, None)
    for row in range(n_users):
        seen = set(hidden[1][hidden[0] == row].tolist())
        open_items = [item for item in range(n_items) if item not in seen]
        found = [int(item) for item in pool.items[row] if item >= 0]
        assert len(found) == len(set(found)) == min(size, len(open_items))
        assert not set(found) & seen
        assert passing[row] == len(open_items)
        true = exact(scorer, users[row], items, index.lengths)
        assert found == sorted(open_items, key=lambda item: (-true[item], item))[:size]
        np.testing.assert_array_equal(pool.scores[row, : len(found)], true[found].astype(np.float64))
        assert (np.diff(pool.scores[row, : len(found)]) <= 0).all()


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("unit", [True, False])
def test_one_user_alone_and_in_a_crowd_get_the_same_bits(metric: str, unit: bool) -> None:
    users, items = world(7, 150, 2000, 384, unit=unit, copies=False)
    index = build_index(stage("score").get(metric)(), items)
    crowd, _ = rank(index, users, 50, NOTHING, None)
    for row in (0, 1, 63, 149):
        alone, _ = rank(index, users[row : row + 1], 50, NOTHING, None)
        np.testing.assert_array_equal(alone.items[0], crowd.items[row])
        np.testing.assert_array_equal(alone.scores[0], crowd.scores[row])


@pytest.mark.parametrize("metric", METRICS)
def test_permuting_the_items_changes_nothing(metric: str) -> None:
    users, items = world(11, 20, 900, 96, unit=False, copies=False)
    scorer = stage("score").get(metric)()
    shuffle = np.random.default_rng(0).permutation(len(items))
    straight, _ = rank(build_index(scorer, items), users, 30, NOTHING, None)
    shuffled, _ = rank(build_index(scorer, items[shuffle]), users, 30, NOTHING, None)
    np.testing.assert_array_equal(shuffle[shuffled.items], straight.items)
    np.testing.assert_array_equal(shuffled.scores, straight.scores)


def test_blocks_of_users_join_seamlessly(monkeypatch: pytest.MonkeyPatch) -> None:
    users, items = world(13, 23, 400, 32, unit=True, copies=True)
    hidden = hidden_pairs(13, 23, 400)
    index = build_index(stage("score").get("cosine")(), items)
    whole, whole_count = rank(index, users, 10, hidden, 0.1)
    monkeypatch.setattr("core.select.pool.BLOCK_BYTES", 4 * 400 * 5)
    parts, part_count = rank(index, users, 10, hidden, 0.1)
    np.testing.assert_array_equal(whole.items, parts.items)
    np.testing.assert_array_equal(whole_count, part_count)


@pytest.mark.parametrize("metric", METRICS)
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 9999), share=st.floats(0, 1), unit=st.booleans())
def test_passing_count_is_exact_even_on_the_edge(metric: str, seed: int, share: float, unit: bool) -> None:
    users, items = world(seed, 3, 50, 12, unit=unit, copies=True)
    hidden = hidden_pairs(seed, 3, 50)
    scorer = stage("score").get(metric)()
    index = build_index(scorer, items)
    true = np.stack([exact(scorer, user, items, index.lengths) for user in users])
    threshold = float(np.sort(true[0])[int(share * 49)])  # exactly some item's score
    _, passing = rank(index, users, 5, hidden, threshold)
    for row in range(3):
        open_items = np.setdiff1d(np.arange(50), hidden[1][hidden[0] == row])
        assert passing[row] == int((true[row, open_items] >= np.float32(threshold)).sum())


def test_everything_hidden_gives_an_empty_list() -> None:
    users, items = world(1, 1, 4, 3, unit=True, copies=False)
    pool, passing = rank(
        build_index(stage("score").get("cosine")(), items), users, 3, (np.zeros(4, int), np.arange(4)), None
    )
    assert (pool.items == -1).all()
    assert np.isnan(pool.scores).all()
    assert passing[0] == 0
