"""Answers about a population: given again, one for each, and gone with it."""

from __future__ import annotations

import gc
from pathlib import Path
from weakref import ref

import pytest

from core.recipe import Recipe
from core.tradeoff import population as module
from core.tradeoff.figures import effects, lists_of
from core.tradeoff.population import Population, population
from core.tradeoff.remembered import remembered
from tests.core.tradeoff.tastes import given, tastes

RECIPE = Recipe(strategy="content", diversity=0.5, k=8)


def test_answers_are_kept_for_each_population_and_go_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    world = tastes()
    given(monkeypatch, tmp_path, world[1])
    monkeypatch.setattr(module, "_DEEP", module._DeepPools())
    module._population.cache_clear()
    people = population(RECIPE, *world)
    other = population(RECIPE.replace(strategy="popularity"), *world)
    assert effects(people, RECIPE) is effects(people, RECIPE)
    assert lists_of(people, RECIPE) is not lists_of(other, RECIPE)
    gone = ref(people)
    monkeypatch.setattr(module, "_DEEP", module._DeepPools())
    module._population.cache_clear()
    del people
    gc.collect()
    assert gone() is None
    assert lists_of(other, RECIPE) is lists_of(other, RECIPE)


def test_the_oldest_answer_goes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    world = tastes()
    given(monkeypatch, tmp_path, world[1])
    calls: list[int] = []

    @remembered(2)
    def double(people: Population, number: int) -> int:
        calls.append(number)
        return 2 * number + 0 * len(people)

    people = population(RECIPE, *world)
    assert [double(people, number) for number in (1, 2, 1, 3, 1, 2)] == [2, 4, 2, 6, 2, 4]
    assert calls == [1, 2, 3, 2]
