"""From pool to list: which steps take part, what each sees, and that a run, its answer and its files say so."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from core.answer import LEDGER_COLUMNS, answer, columns, export_rows
from core.diversifying import category_mixes, diversified, log_popularity, pools_for, wanted_mixes
from core.output import table_bytes
from core.pipeline import recall
from core.pools import DIVERSIFY, EXPLORATION, SPACING, Pools, at_places
from core.recipe import Recipe
from core.registry import stage
from core.types import Candidates, Run, readonly
from tests.small_pools import small_pools
from tests.worlds import BLOCKS, block_world

DATASET, CONTENT = block_world()
N_ITEMS = len(DATASET.catalog)
SEED = 7


def ran(**flat: Any) -> Run:
    return recall(Recipe.from_flat({"diversity_space": "ranked", **flat}), DATASET, vectors=CONTENT)


def test_nothing_asked_nothing_done() -> None:
    run = ran(k=4)
    assert run.diversified is None
    assert run.selected.items.tolist() == run.pool.items[:, :4].tolist()
    said = answer(run, DATASET, 0)
    assert "gone" not in said
    assert "ledger" not in said["items"][0]
    assert "rank_before" not in columns(run, DATASET)


def test_the_list_is_made_of_the_pool_and_keeps_its_scores() -> None:
    run = ran(k=4, pool=12, diversity=0.8)
    steps = run.diversified
    assert steps is not None
    assert [step.name for step in steps.steps] == [DIVERSIFY]
    assert steps.lists.items is run.selected.items
    for row in range(BLOCKS):
        assert run.selected.items[row].tolist() == run.pool.items[row, steps.places[row]].tolist()
        assert run.selected.scores[row].tolist() == run.pool.scores[row, steps.places[row]].tolist()


def test_a_user_of_one_taste_gets_others_as_diversity_grows() -> None:
    """Each has four left of her own block; items of a block are nearly alike, those of others at right angles."""
    blocks = [len({item // 6 for item in ran(k=4, pool=N_ITEMS - 2, diversity=d).selected.items[0]}) for d in (0, 1)]
    assert blocks == [1, BLOCKS]


def test_steps_follow_each_other_and_all_but_the_last_order_the_whole_pool() -> None:
    run = ran(k=4, pool=12, diversity=0.5, spacing="category", exploration="epsilon")
    steps = run.diversified
    assert steps is not None
    assert [(step.name, step.key) for step in steps.steps] == [
        (DIVERSIFY, "mmr"),
        (SPACING, "category"),
        (EXPLORATION, "epsilon"),
    ]
    assert [step.picks.places.shape[1] for step in steps.steps] == [12, 12, 4]
    for before, after in zip(steps.steps, steps.steps[1:], strict=False):
        seen = at_places(before.pools.items, before.picks.places, np.int32(-1))
        assert after.pools.items.tolist() == seen.tolist()


def test_a_list_does_not_depend_on_who_else_is_asked() -> None:
    flat = {"k": 4, "pool": 12, "diversity": 0.5, "spacing": "category", "exploration": "plackett-luce", "seed": SEED}
    together = ran(**flat).selected.items
    recipe = Recipe.from_flat({"diversity_space": "ranked", **flat})
    for user in range(BLOCKS):
        alone = recall(recipe, DATASET, np.array([user]), vectors=CONTENT).selected.items[0]
        assert alone.tolist() == together[user].tolist()


def test_what_does_not_pass_the_threshold_is_no_candidate() -> None:
    run = ran(k=4, pool=16, diversity=1, select="both", threshold=0.5)
    scores = run.selected.scores
    assert np.nanmin(scores) >= 0.5
    assert (run.selected.counts == 4).all()


def test_what_is_known_of_the_items() -> None:
    """One category each, in equal parts of the catalogue; every user liked two items of one block."""
    mixes, log = category_mixes(DATASET.catalog), DATASET.interactions
    assert (mixes.argmax(axis=1) == np.arange(N_ITEMS) // 6).all()
    assert wanted_mixes(log, DATASET.catalog).tolist() == np.eye(BLOCKS).tolist()
    assert log_popularity(log, N_ITEMS).tolist() == [1.0, 1.0, 0, 0, 0, 0] * BLOCKS


def test_pools_hold_what_the_recipe_asks_for() -> None:
    lists = Candidates(readonly(np.array([[3, 9, -1]], np.int32)), readonly(np.array([[0.9, 0.2, np.nan]])))
    recipe = Recipe(k=1, diversity_space="ranked", relevance_scale="score", seed=SEED)
    pools = pools_for(recipe, DATASET, CONTENT, np.array([2]), lists)
    assert pools.seed == SEED
    assert pools.wanted.tolist() == [[0, 0, 1]]
    assert pools.relevance[0, :2].tolist() == pytest.approx([0.9, 0.2])
    assert np.linalg.norm(pools.vectors, axis=1) == pytest.approx(np.ones(N_ITEMS))


@settings(max_examples=80, deadline=None)
@given(
    small_pools(),
    st.integers(1, 8),
    st.sampled_from(stage("diversify").names()),
    st.sampled_from([0.0, 0.4, 1.0]),
    st.sampled_from(stage("spacing").names()),
    st.sampled_from(stage("exploration").names()),
)
def test_places_say_where_each_item_came_from(
    pools: Pools, k: int, diversify: str, diversity: float, spacing: str, exploration: str
) -> None:
    recipe = Recipe(k=k, diversify=diversify, diversity=diversity, spacing=spacing, exploration=exploration)
    scores = readonly(np.where(pools.items >= 0, pools.relevance, np.nan).astype(np.float64))
    found = diversified(recipe, pools, Candidates(pools.items, scores))
    if not recipe.rearranges:
        assert found.steps == ()
    for row, places in enumerate(found.places):
        kept = places[places >= 0]
        assert len(set(kept.tolist())) == len(kept)
        assert (places[len(kept) :] == -1).all()
        assert found.lists.items[row, : len(kept)].tolist() == pools.items[row, kept].tolist()
        assert found.lists.scores[row, : len(kept)].tolist() == scores[row, kept].tolist()


def test_the_answer_has_the_ledger_of_each_item_and_what_is_gone() -> None:
    run = ran(k=4, pool=12, diversity=0.8)
    said = answer(run, DATASET, 0)
    json.dumps(said, allow_nan=False)
    before = run.pool.items[0].tolist()
    for item, index in zip(said["items"], run.selected.items[0].tolist(), strict=True):
        assert item["ledger"]["rank_before"] == before.index(index) + 1
        assert set(item["ledger"]) == set(LEDGER_COLUMNS)
    moved = next(item["ledger"] for item in said["items"] if item["ledger"]["rank_before"] > 4)
    assert (moved["reason"], moved["step"]) == ("unlike", "diversify")
    assert set(moved["cause"]) == {"item_id", "title"}
    assert [gone["rank_before"] for gone in said["gone"]] == sorted(gone["rank_before"] for gone in said["gone"])
    assert {gone["reason"] for gone in said["gone"]} == {"like"}
    assert all(gone["shortfall"] >= 0 for gone in said["gone"])


def test_sheets_and_tables_have_it_too() -> None:
    run = ran(k=4, pool=12, diversity=0.8)
    header, first, *rest = export_rows(run, DATASET, 0)
    assert header[-len(LEDGER_COLUMNS) :] == list(LEDGER_COLUMNS)
    assert all(len(row) == len(header) for row in (first, *rest))
    assert dict(zip(header, first, strict=True))["rank_before"] == 1
    assert {type(value) for row in (first, *rest) for value in row} <= {int, float, str}
    table = parquet.read_table(io.BytesIO(table_bytes(".parquet", columns(run, DATASET))))
    assert run.diversified is not None
    assert table["rank_before"].to_pylist() == (run.diversified.places + 1).ravel().tolist()
