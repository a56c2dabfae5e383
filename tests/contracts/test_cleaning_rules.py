"""What every cleaning rule must keep, whoever wrote it."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clean.runner import clean, default_rules
from core.clean.state import Items, Log
from core.registry import knobs_of, stage
from core.sheets import APPLY, LOOK, MODES, OFF
from core.types import Array
from tests.core.clean.logs import items_of, log

RULES = [stage("clean").get(key)() for key in stage("clean").names()]
INTERFERENCE = {"bot_volume", "bot_speed", "bot_uniform", "item_burst"}
WORDS = ["", " ", "Heat", "heat!", "Part 1", "Part 2", "a long enough text to be told by its words", "A long text: 7"]
each = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
draws = settings(max_examples=12, deadline=None)


def drawn(rule: Any, seed: int, n: int) -> Log | Items:
    """A table full of faults; rows with the same time are alike, so that no tie decides which is the latest."""
    rng = np.random.default_rng(seed)
    if rule.table == "items":
        titles = rng.choice(WORDS, n).tolist()
        texts = [f"{title} {more}" for title, more in zip(titles, rng.choice(WORDS, n), strict=True)]
        return items_of(titles, texts, ["" if code == 0 else f"i{code}" for code in rng.integers(0, 2 * n + 1, n)])
    feedback = str(rng.choice(["rating", "count", "event", "none"]))
    valued, timed, events = feedback != "none", rng.random() < 0.7, feedback == "event"
    times = [None if rng.random() < 0.1 else int(t) for t in rng.choice(10**6, n, replace=False) * 2000 - 10**9]
    state = log(
        rng.integers(-1, 6, n).tolist(),
        rng.integers(-1, 8, n).tolist(),
        user_ids=["u0", "u1", "guest", "u3", "u4", "0"],
        item_ids=[f"i{code}" for code in range(8)],
        known_items=rng.random(8) < 0.8 if rng.random() < 0.7 else None,
        values=rng.choice([np.nan, np.inf, -1, 0, 1, 3, 5, 9, 1e39], n).tolist() if valued else None,
        bad_values=rng.random(n) < 0.1 if valued else None,
        times=times if timed else None,
        position=np.where(rng.random(n) < 0.1, np.nan, rng.permutation(n)) if rng.random() < 0.5 else None,
        events=rng.integers(0, 3, n).astype(np.int32) if events else None,
        feedback=feedback,
        scale=(1.0, 5.0) if feedback == "rating" else (np.nan, np.nan),
    )
    again = np.where(rng.random(n) < 0.2, rng.integers(0, max(n, 1), n), np.arange(n))
    return replace(state.keep(again), at=np.arange(n, dtype=np.int64))


def content(state: Log | Items) -> list[str]:
    """The rows in words, without their places, sorted."""
    names = ("users", "items", "values", "times", "position", "events") if isinstance(state, Log) else ("ids", "texts")
    columns = [getattr(state, name).tolist() for name in names if getattr(state, name) is not None]
    return sorted(map(repr, zip(*columns, strict=True)))


def run(state: Any, rule: Any, mode: str) -> Any:
    cleaned, ledger, rejected = clean(state, [(rule, mode)], lambda at: tuple(f"row {row}" for row in at))
    assert ledger.rows_in == len(state)
    assert ledger.rows_out == len(cleaned)
    assert sum(len(at) for _, at in rejected) == len(state) - len(cleaned)
    return cleaned, ledger.entries[0]


def test_the_rules_of_the_issue_are_there_in_order() -> None:
    assert [rule.key for rule, _ in default_rules("interactions")] == [
        *("missing_user", "missing_item", "bad_weight", "weight_range", "bad_position", "bad_time", "time_range"),
        *(
            "exact_duplicates",
            "unknown_item",
            "placeholders",
            "bot_volume",
            "bot_speed",
            "bot_uniform",
            "item_burst",
            "repeats",
            "rare",
        ),
    ]
    assert [rule.key for rule, _ in default_rules("items")] == [
        *("item_missing_id", "item_repeats", "empty_text", "near_duplicates"),
    ]
    assert all(mode == LOOK for rule, mode in default_rules("interactions") if rule.key in INTERFERENCE)


@each
def test_it_is_a_described_frozen_dataclass(rule: Any) -> None:
    assert dataclasses.is_dataclass(rule)
    assert type(rule).__dataclass_params__.frozen
    assert rule.table in ("interactions", "items")
    assert rule.mode in MODES
    assert rule.help.endswith(".")
    assert rule.label
    assert len(knobs_of(type(rule))) == len(dataclasses.fields(rule)), "every field is a knob"
    for spec in knobs_of(type(rule)):
        assert spec.parse(spec.default) == spec.default
        assert len(spec.help) >= 10


@each
@draws
@given(seed=st.integers(0, 10_000), n=st.integers(0, 40))
def test_it_never_grows_and_only_drops_what_it_shows(rule: Any, seed: int, n: int) -> None:
    state = drawn(rule, seed, n)
    before = content(state)
    cleaned, entry = run(state, rule, APPLY)
    assert content(state) == before, "the state it was given is not changed"
    assert set(cleaned.at.tolist()) <= set(state.at.tolist())
    assert entry.touched == entry.dropped == len(state) - len(cleaned)
    assert entry.text.endswith(".")
    assert len(entry.samples) <= 5
    assert bool(entry.samples) == (entry.touched > 0)


@each
@draws
@given(seed=st.integers(0, 10_000), n=st.integers(0, 40))
def test_to_look_or_to_be_off_changes_nothing(rule: Any, seed: int, n: int) -> None:
    state = drawn(rule, seed, n)
    looked, entry = run(state, rule, LOOK)
    assert looked is state
    assert entry.touched == run(state, rule, APPLY)[1].touched
    off, entry = run(state, rule, OFF)
    assert off is state
    assert entry.touched == 0


@each
@draws
@given(seed=st.integers(0, 10_000), n=st.integers(0, 40))
def test_a_second_time_finds_nothing_more(rule: Any, seed: int, n: int) -> None:
    if rule.key in INTERFERENCE:
        return  # what is usual is another thing once the unusual is gone
    once, _ = run(drawn(rule, seed, n), rule, APPLY)
    twice, entry = run(once, rule, APPLY)
    assert entry.touched == 0
    assert content(twice) == content(once)


@each
@draws
@given(seed=st.integers(0, 10_000), n=st.integers(1, 40))
def test_the_order_of_the_rows_does_not_matter(rule: Any, seed: int, n: int) -> None:
    state = drawn(rule, seed, n)
    order: Array = np.random.default_rng(seed).permutation(n)
    shuffled: Any = state.keep(order)
    assert sorted(run(shuffled, rule, APPLY)[0].at.tolist()) == sorted(run(state, rule, APPLY)[0].at.tolist())
    if isinstance(state, Log) and (state.position is not None or rule.key != "repeats"):
        # also where the file has that order: then the place in it may only decide between rows that are alike
        renumbered = replace(shuffled, at=np.arange(n, dtype=np.int64))
        assert content(run(renumbered, rule, APPLY)[0]) == content(run(state, rule, APPLY)[0])


@each
@pytest.mark.parametrize("n", [0, 1])
def test_an_empty_table_and_a_single_row_pass(rule: Any, n: int) -> None:
    for seed in range(20):
        cleaned, entry = run(drawn(rule, seed, n), rule, APPLY)
        assert len(cleaned) <= n
        assert entry.text


@pytest.mark.parametrize("table", ["interactions", "items"])
@draws
@given(seed=st.integers(0, 10_000), n=st.integers(0, 60))
def test_all_together_account_for_every_row(table: str, seed: int, n: int) -> None:
    state: Any = drawn(default_rules(table)[0][0], seed, n)
    cleaned, _, rejected = clean(state, default_rules(table), lambda at: tuple(map(str, at)))
    gone = np.concatenate([np.zeros(0, dtype=np.int64), *(at for _, at in rejected)])
    assert sorted([*cleaned.at.tolist(), *gone.tolist()]) == list(range(n))
    again, second, _ = clean(cleaned, default_rules(table), lambda at: tuple(map(str, at)))
    assert second.rows_out == second.rows_in
    assert content(again) == content(cleaned)
