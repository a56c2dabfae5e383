"""The ledger: reasons by hand for every kind of step, and what holds whatever the steps did."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.diversifying import diversified
from core.explain.ledger import Entry, Gone, Ledger, category_names, ledger, ledger_of
from core.explain.ledger_reasons import ENTRY_KINDS, GONE_KINDS
from core.pipeline import recall
from core.pools import STEPS, Diversified, Pools
from core.recipe import Recipe
from core.registry import stage
from core.types import Array, Candidates, readonly, unit_rows
from tests.small_pools import pools_of, small_pools
from tests.worlds import block_world

DATASET, CONTENT = block_world()
LIKE_FIRST = unit_rows(np.array([[1, 0, 0], [0.9, 0.1, 0], [0, 1, 0], [0, 0.6, 0.8]], dtype=np.float32))
"""Item 1 is nearly item 0; 2 is unlike both; 3 is .6 like 2."""


def made(pools: Pools, **flat: Any) -> tuple[Diversified, Recipe]:
    """Lists of these pools by a recipe whose relevance are the scores."""
    recipe = Recipe.from_flat(flat)
    scores = np.where(pools.items >= 0, pools.relevance, np.nan).astype(np.float64)
    return diversified(recipe, pools, Candidates(pools.items, readonly(scores))), recipe


def told(pools: Pools, row: int = 0, **flat: Any) -> Ledger:
    return ledger_of(*made(pools, **flat), row)


def reasons(found: Ledger) -> list[tuple[int, str]]:
    return [(entry.item, entry.kind) for entry in found.entries]


def test_what_is_unlike_moves_up_and_what_is_too_like_leaves() -> None:
    """At .5, item 1 is worth .5 * .9 - .5 * .994, item 2 .5 * .6 - 0."""
    pools = pools_of([[0, 1, 2, 3]], [[1, 0.9, 0.6, 0]], vectors=LIKE_FIRST)
    found = told(pools, k=2, pool=4, diversity=0.5)
    first, second = found.entries
    assert (first.item, first.rank, first.before, first.kind, first.cause) == (0, 1, 1, "stayed", None)
    assert (second.item, second.rank, second.before, second.kind, second.step) == (2, 2, 3, "unlike", "diversify")
    assert (first.relevance, second.relevance) == pytest.approx((1, 0.6))
    (gone,) = found.gone
    assert (gone.item, gone.before, gone.kind, gone.cause, gone.instead) == (1, 2, "like", 0, 2)
    assert gone.similarity == pytest.approx(0.9 / math.sqrt(0.82))
    assert gone.shortfall == pytest.approx(0.3 - (0.45 - 0.5 * gone.similarity), abs=1e-6)


def test_what_moves_down_within_the_list_says_what_it_is_like() -> None:
    pools = pools_of([[0, 1, 2, 3]], [[1, 0.9, 0.6, 0]], vectors=LIKE_FIRST)
    found = told(pools, k=4, pool=4, diversity=0.3)
    assert reasons(found) == [(0, "stayed"), (2, "unlike"), (1, "like"), (3, "stayed")]
    third = found.entries[2]
    assert (third.before, third.cause) == (2, 0)
    assert third.penalty == pytest.approx(0.3 * third.similarity)
    assert found.gone == ()


def test_categories_that_are_wanted_and_those_there_are_enough_of() -> None:
    """Wanted half a, half b; four of a stand first."""
    pools = pools_of([[0, 1, 2, 3, 4]], categories=[[0], [0], [0], [0], [1]], wanted=[[0.5, 0.5]])
    found = told(pools, k=3, pool=5, diversify="calibration", diversity=0.5)
    assert reasons(found) == [(0, "stayed"), (4, "needed"), (1, "enough")]
    assert [entry.category for entry in found.entries] == [None, 1, 0]
    assert [(gone.item, gone.kind, gone.category, gone.cause) for gone in found.gone] == [(2, "enough", 0, None)]


def test_the_known_give_way_to_the_unknown() -> None:
    pools = pools_of([[0, 1, 2]], popularity=[0, 1, 0])
    found = told(pools, k=2, pool=3, diversify="popularity-discount", diversity=0.6)
    assert reasons(found) == [(0, "stayed"), (2, "little-known")]
    assert [(gone.item, gone.kind) for gone in found.gone] == [(1, "well-known")]


def test_kept_apart_from_whom_and_by_which_category() -> None:
    """Two of a in three places: the third a waits for b. It shares both with item 1, but only a is full."""
    pools = pools_of([[0, 1, 2, 3]], categories=[[1], [0, 1], [0, 1], [2]])
    found = told(pools, k=4, pool=4, spacing="category")
    assert reasons(found) == [(0, "stayed"), (1, "stayed"), (3, "up"), (2, "apart")]
    last = found.entries[3]
    assert (last.cause, last.category, last.step) == (1, 1, "spacing")
    gone = told(pools, k=3, pool=4, spacing="category").gone
    assert [(line.item, line.kind, line.cause, line.category, line.instead) for line in gone] == [(2, "apart", 1, 1, 3)]
    assert math.isnan(gone[0].shortfall), "a rule decided, not a value"


def test_values_of_two_moments_are_not_set_against_each_other() -> None:
    """Two thirds of a are wanted: an a comes first, and then the b that left is worth more than that was."""
    pools = pools_of([[0, 1, 2]], categories=[[1], [0], [0]], wanted=[[2 / 3, 1 / 3]])
    flat: dict[str, Any] = {"k": 1, "pool": 3, "diversify": "calibration", "diversity": 1.0}
    (lost,) = told(pools, **flat).gone
    assert (lost.item, lost.instead) == (0, 1)
    assert lost.shortfall > 0
    (later,) = told(pools, spacing="category", **flat).gone
    assert (later.item, later.instead) == (0, 1)
    assert math.isnan(later.shortfall)


def test_the_quota_and_what_breaks_a_rule_for_want_of_better() -> None:
    pools = pools_of([[0, 1, 2]], categories=[[0], [0], [1]])
    found = told(pools, k=3, pool=3, spacing="category", spacing_quota=1)
    assert reasons(found) == [(0, "stayed"), (2, "up"), (1, "relaxed")]
    assert [(entry.cause, entry.category) for entry in found.entries] == [(None, None), (None, None), (None, 0)]
    gone = told(pools, k=2, pool=3, spacing="category", spacing_quota=1).gone
    assert [(line.item, line.kind, line.category) for line in gone] == [(1, "quota", 0)]


def test_what_chance_brought_and_took() -> None:
    pools = pools_of([list(range(30))])
    found = told(pools, k=5, pool=30, exploration="epsilon", explore_share=0.4)
    drawn = [entry for entry in found.entries if entry.kind == "drawn"]
    assert [entry.before > 5 for entry in drawn] == [True, True]
    assert {entry.kind for entry in found.entries if entry.before <= 5} <= {"stayed", "chance"}
    assert [(gone.before, gone.kind, gone.step) for gone in found.gone] == [
        (4, "chance", "exploration"),
        (5, "chance", "exploration"),
    ]
    assert [gone.instead for gone in found.gone] == [entry.item for entry in drawn]


def test_a_cause_that_left_later_gives_way_to_the_most_alike_that_stayed() -> None:
    """Items 2 to 4 are copies of 0, so 5 comes third, for it is only .96 like item 1. Then the quota takes that out."""
    rows = [[1, 0], [0.8, 0.6], [1, 0], [1, 0], [1, 0], [0.6, 0.8]]
    pools = pools_of(
        [list(range(6))],
        [[1, 0.95, 0.7, 0.7, 0.7, 0.7]],
        categories=[[0], [0], [1], [2], [3], [4]],
        vectors=np.array(rows, dtype=np.float32),
    )
    alone = told(pools, k=3, pool=6, diversity=0.5).entries[2]
    assert (alone.item, alone.cause, alone.kind) == (5, 1, "less-like")
    spaced = told(pools, k=3, pool=6, diversity=0.5, spacing="category", spacing_quota=1).entries[1]
    assert (spaced.item, spaced.cause, spaced.step) == (5, 0, "diversify")
    assert spaced.similarity == pytest.approx(0.6)


def test_without_steps_all_stayed() -> None:
    run = recall(Recipe(k=3), DATASET, np.array([0]), vectors=CONTENT)
    found = ledger(run)
    assert [entry.item for entry in found.entries] == run.selected.items[0].tolist()
    assert [(entry.rank, entry.before, entry.kind, entry.step) for entry in found.entries] == [
        (rank, rank, "stayed", "") for rank in (1, 2, 3)
    ]
    assert found.gone == ()


def test_without_steps_relevance_is_that_among_what_passes_as_it_is_with_them() -> None:
    flat: dict[str, Any] = {"k": 3, "pool": 16, "select": "both", "threshold": 0.5, "diversity_space": "ranked"}
    runs = [recall(Recipe(**flat, diversity=d), DATASET, np.array([0]), vectors=CONTENT) for d in (0, 1e-6)]
    before, after = ([entry.relevance for entry in ledger(run).entries] for run in runs)
    assert before == pytest.approx(after)
    assert 0 < before[2] < before[0] == 1


def test_a_user_without_a_list_has_an_empty_ledger() -> None:
    assert told(pools_of([[-1, -1]]), k=2, pool=2, diversity=0.5) == Ledger((), ())


def test_the_ledger_of_a_run_speaks_of_its_list() -> None:
    run = recall(Recipe(k=4, diversity=0.6), DATASET, vectors=CONTENT)
    for row in range(3):
        found = ledger(run, row)
        assert [entry.item for entry in found.entries] == run.selected.items[row].tolist()
        before = run.pool.items[row].tolist()
        assert [before[entry.before - 1] for entry in found.entries] == [entry.item for entry in found.entries]


@settings(max_examples=80, deadline=None)
@given(
    small_pools(),
    st.integers(1, 6),
    st.sampled_from(stage("diversify").names()),
    st.sampled_from([0.0, 0.3, 0.8, 1.0]),
    st.sampled_from(stage("spacing").names()),
    st.sampled_from(stage("exploration").names()),
)
def test_whatever_the_steps_the_ledger_accounts_for_every_item(
    pools: Pools, k: int, diversify: str, diversity: float, spacing: str, exploration: str
) -> None:
    recipe = Recipe(k=k, diversify=diversify, diversity=diversity, spacing=spacing, exploration=exploration)
    if not recipe.rearranges:
        return
    steps, _ = made(pools, **recipe.to_flat())
    for row in range(len(pools)):
        found = ledger_of(steps, recipe, row)
        _check(found, pools.items[row], steps.lists.items[row], k)


def _check(found: Ledger, pool: Array, listed: Array, k: int) -> None:
    items = [entry.item for entry in found.entries]
    assert items == [item for item in listed if item >= 0]
    first = [int(item) for item in pool[:k] if item >= 0]
    assert [gone.item for gone in found.gone] == [item for item in first if item not in items]
    for entry in found.entries:
        assert pool[entry.before - 1] == entry.item
        assert entry.kind in ENTRY_KINDS
        assert (entry.step in STEPS) or (entry.kind == "stayed" and entry.step == "")
        assert entry.penalty >= 0
    lines: tuple[Entry | Gone, ...] = (*found.entries, *found.gone)
    for line in lines:
        assert line.cause is None or line.cause in items
        assert line.cause != line.item
        assert math.isnan(line.similarity) == (line.cause is None)
    newcomers = [entry.item for entry in found.entries if entry.before > k]
    assert [gone.instead for gone in found.gone if gone.instead is not None] == newcomers[: len(found.gone)]
    assert all(gone.kind in GONE_KINDS and gone.step in STEPS for gone in found.gone)


def test_categories_are_named_as_the_mixes_have_them() -> None:
    assert category_names(DATASET.catalog) == ("Block 0", "Block 1", "Block 2")
