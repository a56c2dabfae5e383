"""Histories changed within an audience: nobody else's changes, and what is left out is not recommended instead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core import Recipe, recall
from core.audience import Audience, logged
from core.explain.altered import altered
from core.explain.counterfactual import additions, removals
from core.splits import ItemLists
from core.types import Dataset, Vectors
from tests.worlds import block_world

RECIPE = Recipe(dataset="blocks", metric="cosine")


@pytest.fixture
def world() -> tuple[Dataset, Vectors]:
    return block_world()


def test_only_the_one_history_changes(world: tuple[Dataset, Vectors]) -> None:
    people = logged(world[0])
    changed = altered(people, 1, without=[6], plus=[3, 14])
    assert [changed.log.items[changed.log.history(user)].tolist() for user in range(3)] == [
        [0, 1],
        [7, 3, 14],
        [12, 13],
    ]
    assert changed.log.times is not None
    assert changed.log.times[changed.log.history(1)].tolist() == [1_000_001, 1_000_002, 1_000_002]
    assert changed.log.weights[changed.log.history(1)].tolist() == [4.0, 4.0, 4.0]
    assert changed.hidden is not None
    assert [changed.hidden.of(user).tolist() for user in range(3)] == [[], [6], []]
    assert changed.version != people.version


def test_what_changes_nothing_is_the_same_audience(world: tuple[Dataset, Vectors]) -> None:
    people = logged(world[0])
    assert altered(people, 0) is people
    assert altered(people, 0, without=[9], plus=[1]) is people


def test_what_was_put_off_stays_so(world: tuple[Dataset, Vectors]) -> None:
    people = Audience(world[0].interactions, ItemLists.from_pairs(np.array([0, 2]), np.array([5, 17]), 3, 18))
    changed = altered(people, 0, without=[0])
    assert changed.hidden is not None
    assert [changed.hidden.of(user).tolist() for user in range(3)] == [[0, 5], [], [17]]


def test_a_list_made_of_it_agrees_with_the_closed_form(world: tuple[Dataset, Vectors]) -> None:
    dataset, vectors = world
    recipe = RECIPE.replace(k=16)
    closed = removals(recipe, dataset, vectors, 0, 3)
    for row, item in enumerate(closed.sources.items.tolist()):
        people = altered(logged(dataset), 0, without=[item])
        run = recall(recipe, dataset, np.array([0]), vectors=vectors, audience=people)
        found = run.selected.items[0].tolist()
        assert item not in found
        assert found.index(3) + 1 == closed.rank[row]
        assert run.selected.scores[0, found.index(3)] == pytest.approx(closed.score[row], abs=1e-6)
    more = additions(recipe, dataset, vectors, 0, 3, np.array([4]))
    run = recall(recipe, dataset, np.array([0]), vectors=vectors, audience=altered(logged(dataset), 0, plus=[4]))
    place = run.selected.items[0].tolist().index(3)
    assert run.selected.scores[0, place] == pytest.approx(more.score[0], abs=1e-6)


def test_a_log_without_times_keeps_none(world: tuple[Dataset, Vectors]) -> None:
    log = replace(world[0].interactions, times=None)
    assert altered(Audience(log), 0, without=[0], plus=[2]).log.times is None
