"""Parts of an evaluation: by hand on two users, and against the whole."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from core.errors import UnknownNameError
from core.evaluate.judge import padded, world_of
from core.evaluate.segments import segments, user_deltas
from core.evaluate.types import Evaluation, Plan, Ranked
from core.protocols.warm import Warm
from core.recipe import Recipe
from core.splits import rows_of
from core.types import Array, Catalog, Interactions, readonly

N_ITEMS = 12
CATALOG = Catalog(
    readonly(np.arange(N_ITEMS)),
    np.array([f"Film {item}" for item in range(N_ITEMS)], dtype=object),
    tuple(("Old",) if item < 6 else ("New", "Loud") for item in range(N_ITEMS)),
    {},
)


def answer(lists: list[list[int]]) -> Ranked:
    items = padded(np.array(lists, dtype=np.int32), -1)
    nothing: Array = np.zeros((len(lists), 1), dtype=np.int32)
    scores = np.where(items >= 0, 1.0, np.nan).astype(np.float32)
    return Ranked(items, scores, np.zeros(1, np.float32), nothing, nothing, 0.0, 0.0, MappingProxyType({}))


@pytest.fixture
def evaluation() -> Evaluation:
    """User 0 likes films 0..9 and is asked for 8 and 9; user 1 likes 2..11 backwards and is asked for 3 and 2."""
    items = [*range(10), *range(11, 1, -1)]
    log = Interactions(
        user_ids=readonly(np.arange(2)),
        indptr=readonly(np.array([0, 10, 20])),
        items=readonly(np.array(items, dtype=np.int32)),
        weights=readonly(np.ones(20, dtype=np.float32)),
        times=None,
    )
    (split,) = Warm()(log, np.ones(N_ITEMS, dtype=bool), 0).splits
    text = np.eye(N_ITEMS, dtype=np.float32)
    ranked = {"a": (answer([[8, 9], [0, 1]]),), "b": (answer([[10, 8], [3, 0]]),)}
    plan = Plan((Recipe(),), "warm")
    return Evaluation(plan, "hand", "0" * 16, (split,), (world_of(split, CATALOG, text),), ranked)


def test_only_relevant_items_of_a_category_count(evaluation: Evaluation) -> None:
    """User 0 looks for New films, user 1 for Old ones."""
    found = {one.name: one for one in segments(evaluation, 2, "recall", "category", CATALOG)}
    assert set(found) == {"Loud", "New", "Old"}
    assert (found["New"].n_users, found["New"].n_relevant) == (1, 2)
    assert (found["New"].measures["a"].mean, found["New"].measures["b"].mean) == (1.0, 0.5)
    assert (found["Old"].measures["a"].mean, found["Old"].measures["b"].mean) == (0.0, 0.5)


@pytest.mark.parametrize("by", ["activity", "popularity", "category"])
def test_parts_hold_somebody_and_every_strategy(evaluation: Evaluation, by: str) -> None:
    found = segments(evaluation, 2, "recall", by, CATALOG)
    assert found
    assert all(one.n_users for one in found)
    assert all(set(one.measures) == {"a", "b"} for one in found)
    if by != "category":
        assert sum(one.n_relevant for one in found) == 4


def test_items_nobody_had_are_told_from_the_others(evaluation: Evaluation) -> None:
    """Training is films 0..7 of user 0 and 11..4 of user 1: 8 and 9 were had by user 1, 2 and 3 by user 0."""
    assert segments(evaluation, 2, "recall", "warmth", CATALOG) == ()
    (split,) = evaluation.splits
    later = replace(split, train=rows_of(split.train, split.train.items != 8))
    found = segments(replace(evaluation, splits=(later,)), 2, "recall", "warmth", CATALOG)
    assert [(one.n_users, one.n_relevant) for one in found] == [(1, 1), (2, 3)]
    assert [one.measures["a"].mean for one in found] == [1.0, 0.5]
    assert [one.measures["b"].mean for one in found] == [1.0, 0.25]


def test_users_stand_where_a_wins_most_first(evaluation: Evaluation) -> None:
    found = user_deltas(evaluation, 2, "recall", "a", "b")
    assert [(one.user, one.a, one.b) for one in found] == [(0, 1.0, 0.5), (1, 0.0, 0.5)]


def test_an_unknown_part_is_named(evaluation: Evaluation) -> None:
    with pytest.raises(UnknownNameError, match="unknown segment 'age'"):
        segments(evaluation, 2, "recall", "age", CATALOG)
