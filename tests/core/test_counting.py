"""What a context lets count, what rules did, and how an answer in plain values says so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.answer import answer, message
from core.audience import Audience
from core.context.replay import as_of
from core.counting import Counted, counted, in_context
from core.errors import InputError
from core.pipeline import recall
from core.recipe import Recipe
from core.types import Dataset, Interactions, Vectors
from tests.worlds import block_world

FIRST, SECOND = "1970-01-12T13:46:40", "1970-01-12T13:46:41"
"""When the two things in each history of the block world were done: a Monday afternoon."""


@pytest.fixture(scope="module")
def world() -> tuple[Dataset, Vectors]:
    return block_world()


def recipe(**choices: object) -> Recipe:
    return Recipe.from_flat({"dataset": "blocks", "k": 4, "postprocess": "none", **choices})


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ({}, None),
        ({"daypart": "evening", "affinity": 0}, None),
        ({"rules": "hide title=A"}, None),
        ({"as_of": SECOND}, Counted(2, 2, 0, 0)),
        ({"as_of": FIRST}, Counted(2, 1, 0, 1)),
        ({"as_of": "1970-01-01"}, Counted(2, 0, 0, 2)),
        ({"daypart": "afternoon"}, Counted(2, 2, 0, 0)),
        ({"weekday": "weekend", "affinity": 0.4}, Counted(2, 0, 2, 0)),
        ({"weekday": "weekend"}, Counted(2, 0, 0, 0)),
        ({"weekday": "weekend", "affinity": 0.4, "strategy": "popularity"}, Counted(2, 2, 0, 0)),
        ({"as_of": "1970-02-12", "window": 30}, Counted(2, 0, 0, 0)),
        ({"as_of": "1970-02-12", "window": 40}, Counted(2, 2, 0, 0)),
    ],
)
def test_what_counts_can_be_counted(
    world: tuple[Dataset, Vectors], choices: dict[str, object], expected: Counted | None
) -> None:
    assert counted(recipe(**choices), world[0], 0) == expected


def test_what_was_done_a_moment_ago_counts_as_well(world: tuple[Dataset, Vectors]) -> None:
    log = world[0].interactions
    assert log.times is not None
    more = Interactions(
        log.user_ids[:1],
        np.array([0, 3]),
        np.array([0, 1, 5], dtype=np.int32),
        np.ones(3, dtype=np.float32),
        np.append(log.times[:2], 4_000_000),
    )
    assert counted(recipe(as_of=SECOND), world[0], 0, Audience(more)) == Counted(3, 2, 0, 1)


def test_without_times_there_is_nothing_to_count(world: tuple[Dataset, Vectors]) -> None:
    timeless = replace(world[0], interactions=replace(world[0].interactions, times=None))
    assert counted(recipe(daypart="night"), timeless, 0) is None


def test_a_context_names_its_choices() -> None:
    assert in_context(recipe(window=3, daypart="night", affinity=0)) == ("window",)
    assert in_context(recipe(as_of="2000-01-01", season="winter")) == ("as_of", "season")
    assert in_context(recipe(affinity=0.5, rules="hide title=A")) == ()


def test_a_replayed_list_is_that_of_the_log_cut_by_hand(world: tuple[Dataset, Vectors]) -> None:
    dataset, vectors = world
    past = as_of(dataset, 1_000_000)
    users = np.arange(3)
    then, now = (recall(recipe(as_of=moment), dataset, users, vectors=vectors) for moment in (FIRST, ""))
    by_hand = recall(recipe(), past, users, vectors=vectors)
    assert then.selected.items.tolist() == by_hand.selected.items.tolist()
    assert then.selected.scores.tolist() == by_hand.selected.scores.tolist()
    assert then.selected.items[0].tolist() != now.selected.items[0].tolist()


def test_an_answer_says_what_rules_and_context_did(world: tuple[Dataset, Vectors]) -> None:
    dataset, vectors = world
    asked = recipe(as_of=SECOND, rules='hide title="Item 2"; boost title="Item 15" 9; bury title="Item 99"')
    run = recall(asked, dataset, np.array([0]), vectors=vectors)
    said = answer(run, dataset, 0)
    hide, boost, idle = said["rules"]
    assert said["context"] == {"of": 2, "full": 2, "part": 0, "later": 0}
    assert [entry["item_id"] for entry in hide["left"]] == [2]
    assert hide["rule"] == 'hide title="Item 2"'
    assert hide["touched"] == boost["touched"] == 1
    assert (idle["touched"], idle["entered"], idle["left"], idle["moved"]) == (0, [], [], 0)
    without = recall(asked.replace(rules='boost title="Item 15" 9'), dataset, np.array([0]), vectors=vectors)
    assert 2 in dataset.catalog.item_ids[without.selected.items[0]]
    assert "rules" not in answer(recall(recipe(), dataset, np.array([0]), vectors=vectors), dataset, 0)


def test_rules_of_a_run_for_many_are_not_told_one_by_one(world: tuple[Dataset, Vectors]) -> None:
    dataset, vectors = world
    run = recall(recipe(rules='hide title="Item 2"'), dataset, vectors=vectors)
    assert run.rules == ()
    assert 2 not in dataset.catalog.item_ids[run.selected.items[run.selected.items >= 0]]


def test_an_empty_list_names_the_context_or_the_rules(world: tuple[Dataset, Vectors]) -> None:
    dataset, vectors = world
    none = recall(recipe(weekday="weekend"), dataset, np.array([0]), vectors=vectors)
    assert message(none, 0) == "nothing this user liked counts under weekday: no list"
    seen = recall(recipe(rules='require title="Item 0"'), dataset, np.array([0]), vectors=vectors)
    assert message(seen, 0).startswith("the user already has every item that the rules and the moment leave")


@pytest.mark.parametrize("choices", [{"rules": "boost colour=red"}, {"as_of": "soon"}])
def test_what_cannot_be_used_is_refused(world: tuple[Dataset, Vectors], choices: dict[str, object]) -> None:
    with pytest.raises(InputError, match="unknown field|must be a date"):
        recall(recipe(**choices), world[0], np.array([0]), vectors=world[1])
