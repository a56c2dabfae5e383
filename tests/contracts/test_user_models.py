"""What every user model of the folder must keep, whoever wrote it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.audience import Taste
from core.modelled import Modelled
from core.registry import stage
from core.splits import HistorySide, Training, everybody, rows_of
from core.types import Array, Interactions, readonly, unit_rows
from core.users.placing import placed
from tests.worlds import BLOCKS, PER_BLOCK, block_world

KEYS = stage("users").names()
each = pytest.mark.parametrize("key", KEYS)
N_USERS, N_ITEMS, ONLY_DISLIKES, EMPTY = 6, 40, 4, 5
ITEMS = readonly(
    unit_rows(np.eye(8)[np.arange(N_ITEMS) % 4] + 0.1 * np.random.default_rng(2).normal(size=(N_ITEMS, 8)))
)


def log() -> Interactions:
    """Four histories of likes and dislikes, one of dislikes only, and none."""
    rng = np.random.default_rng(7)
    items = [rng.permutation(N_ITEMS)[:n] for n in (1, 5, 14, 30, 3, 0)]
    flat = np.concatenate(items)
    weights = rng.choice([1.0, 2.5, 4.0, 5.0], len(flat), p=[0.15, 0.15, 0.4, 0.3])
    indptr = np.concatenate(([0], np.cumsum([len(row) for row in items])))
    weights[indptr[ONLY_DISLIKES] : indptr[EMPTY]] = 1.0
    weights[indptr[:ONLY_DISLIKES]] = 5.0
    return Interactions(
        user_ids=readonly(np.arange(N_USERS)),
        indptr=readonly(indptr.astype(np.int64)),
        items=readonly(flat.astype(np.int32)),
        weights=readonly(weights.astype(np.float32)),
        times=readonly(10**9 + 86_400 * np.cumsum(rng.integers(0, 40, len(flat)))),
        positive_from=4.0,
    )


def model(key: str) -> Any:
    return stage("users").get(key)()


def asked(key: str, interactions: Interactions, users: Array, emphasis: Array | None = None) -> tuple[Taste, ...]:
    found: tuple[Taste, ...] = model(key)(interactions, users, ITEMS, emphasis)
    return found


def same(ones: tuple[Taste, ...], others: tuple[Taste, ...]) -> None:
    assert len(ones) == len(others)
    for one, other in zip(ones, others, strict=True):
        np.testing.assert_allclose(one.weights, other.weights, atol=1e-12)
        np.testing.assert_allclose(one.shares, other.shares, atol=1e-12)


def test_the_models_asked_for_are_there() -> None:
    assert {"weighted_mean", "recent", "long_short", "interests", "negative"} <= set(KEYS)


@each
def test_lines_are_as_long_as_histories_and_their_likes_sum_to_one(key: str) -> None:
    interactions = log()
    for user, taste in enumerate(asked(key, interactions, np.arange(N_USERS))):
        rows = interactions.history(user)
        assert taste.weights.shape == (len(taste.shares), rows.stop - rows.start)
        np.testing.assert_allclose(np.maximum(taste.weights, 0).sum(axis=1), 1)
        liked = interactions.weights[rows] >= interactions.positive_from
        assert (taste.weights[:, ~liked] <= 0).all(), "what is not liked never draws"
        if user < ONLY_DISLIKES:
            assert taste.shares.sum() == pytest.approx(1)
            assert (taste.shares > 0).all()
            assert (np.diff(taste.shares) <= 0).all()


@each
def test_without_likes_there_is_no_taste(key: str) -> None:
    for taste in asked(key, log(), np.array([ONLY_DISLIKES, EMPTY])):
        assert taste.weights.shape[0] == len(taste.shares) == 0
    found = placed(model(key), log(), np.array([EMPTY, 2]), HistorySide.plain(ITEMS), unit=True)
    assert found.known.tolist() == found.has_history.tolist() == [False, True]


@each
def test_rows_that_do_not_count_weigh_nothing_as_if_they_were_not_there(key: str) -> None:
    interactions = log()
    counts = np.random.default_rng(1).random(len(interactions)) < 0.6
    without = asked(key, rows_of(interactions, counts), np.arange(N_USERS))
    for user, taste in enumerate(asked(key, interactions, np.arange(N_USERS), counts.astype(np.float64))):
        mine = counts[interactions.history(user)]
        assert not taste.weights[:, ~mine].any()
        same((Taste(taste.weights[:, mine], taste.shares),), (without[user],))


@each
def test_emphasis_of_one_is_none(key: str) -> None:
    interactions = log()
    ones = np.ones(len(interactions))
    same(asked(key, interactions, np.arange(N_USERS), ones), asked(key, interactions, np.arange(N_USERS)))


@each
def test_who_else_is_asked_about_and_in_which_order_plays_no_part(key: str) -> None:
    interactions = log()
    whole = asked(key, interactions, np.arange(N_USERS))
    order = np.array([3, 0, EMPTY, 2, 2])
    same(asked(key, interactions, order), tuple(whole[user] for user in order))
    assert asked(key, interactions, np.zeros(0, dtype=np.int64)) == ()


@each
def test_the_same_question_has_the_same_answer(key: str) -> None:
    once, again = (asked(key, log(), np.arange(N_USERS)) for _ in range(2))
    for one, other in zip(once, again, strict=True):
        np.testing.assert_array_equal(one.weights, other.weights)


@each
def test_logs_without_times_or_order_are_read(key: str) -> None:
    bare = replace(log(), times=None, ordered=False)
    assert all(len(taste.shares) for taste in asked(key, bare, np.arange(ONLY_DISLIKES)))


@each
@pytest.mark.parametrize("strategy", [name for name in stage("strategies").names() if name in ("content", "als")])
def test_the_right_list_is_found_by_way_of_every_embedded_strategy(key: str, strategy: str) -> None:
    dataset, vectors = block_world()
    known = readonly(np.ones(len(dataset.catalog), dtype=bool))
    training = Training(dataset.catalog, dataset.interactions, vectors, vectors.values, known)
    fitted = stage("strategies").get(strategy)().fit(training)
    scores = Modelled(fitted, model(key)).score(everybody(dataset.interactions))
    for block in range(BLOCKS):
        mine = np.arange(len(dataset.catalog)) // PER_BLOCK == block
        heard = np.isfinite(scores[block])
        assert scores[block][mine & heard].min() > scores[block][~mine & heard].max()
