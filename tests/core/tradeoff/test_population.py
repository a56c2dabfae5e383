"""The pools of everybody: ranked as the recipe ranks, kept, and cut from."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core.errors import InputError
from core.evaluate.report import per_user
from core.evaluate.run import evaluate
from core.evaluate.types import Plan
from core.kept_fits import code_digest
from core.recipe import Recipe
from core.store.paths import cache_dir
from core.tradeoff import population as module
from core.tradeoff.figures import figures
from core.tradeoff.population import key_of, population, ranking, ready
from core.types import Dataset, Vectors
from tests.core.tradeoff.tastes import N_USERS, given, tastes
from tests.worlds import block_world

World = tuple[Dataset, Vectors]


@pytest.fixture(scope="module")
def world() -> World:
    return tastes()


@pytest.fixture(autouse=True)
def _own_folder(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given(monkeypatch, tmp_path, world[1])
    monkeypatch.setattr(module, "_DEEP", module._DeepPools())


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(strategy="content"),
        Recipe(strategy="popularity"),
        Recipe(strategy="ease"),
        Recipe(strategy="als", metric="dot", normalize=False),
    ],
    ids=lambda recipe: recipe.strategy,
)
def test_at_diversity_0_the_figures_are_those_of_evaluate(recipe: Recipe, world: World) -> None:
    found = figures(population(recipe, *world), recipe)
    evaluation = evaluate(Plan((recipe,), "warm"), world[0])
    for metric in ("recall", "ndcg", "ild", "categories", "novelty", "calibration"):
        _, expected = per_user(evaluation, metric, recipe.strategy, np.array([10]))
        np.testing.assert_allclose(found.values[metric], expected[:, 0], atol=1e-6, equal_nan=True)


def test_what_a_user_has_is_no_candidate_and_everything_else_is(world: World) -> None:
    people = population(Recipe(strategy="content"), *world)
    assert len(people) == N_USERS
    assert people.pool.items.shape == (N_USERS, 60)
    for row in range(N_USERS):
        had = set(people.split.hidden.of(row).tolist())
        listed = people.pool.items[row][people.pool.items[row] >= 0].tolist()
        assert sorted(listed) == sorted(set(range(60)) - had)
    assert (np.diff(people.pool.scores[:, :40], axis=1) <= 0).all()
    np.testing.assert_allclose(people.wanted.sum(axis=1), 1, atol=1e-5)


def test_the_metric_and_user_model_of_the_recipe_rank(world: World) -> None:
    near = population(Recipe(strategy="content"), *world)
    far = population(Recipe.from_flat({"strategy": "content", "half_life": 3.0}), *world)
    assert not np.array_equal(near.pool.items, far.pool.items)
    euclid = population(Recipe(strategy="content", metric="euclidean"), *world)
    assert (euclid.pool.scores[:, 0] <= 0).all()
    assert ranking(Recipe(strategy="ease", metric="euclidean")) == ranking(Recipe(strategy="ease"))
    assert ranking(Recipe(strategy="ease", user_model="recent")) == ranking(Recipe(strategy="ease"))
    assert ranking(Recipe(strategy="als", user_model="recent")) != ranking(Recipe(strategy="als"))


def test_knobs_of_the_list_share_one_population(world: World) -> None:
    plain = Recipe(strategy="content")
    other = plain.replace(k=20, pool=90, diversity=0.5, spacing="category", threshold=0.1, select="both")
    assert population(plain, *world) is population(other, *world)
    assert key_of(plain, *world) == key_of(other, *world)
    assert key_of(plain, *world) != key_of(plain.replace(strategy="ease"), *world)
    assert key_of(plain, *world) != key_of(plain.replace(metric="dot"), *world)


def test_slow_strategies_are_kept_on_disk_and_damaged_files_made_again(world: World) -> None:
    recipe = Recipe(strategy="als", diversity_space="ranked")
    assert not ready(recipe, *world)
    made = population(recipe, *world)
    assert ready(recipe, *world)
    module._DEEP._held.clear()
    assert ready(recipe, *world)
    again = population(recipe, *world)
    np.testing.assert_array_equal(again.pool.items, made.pool.items)
    np.testing.assert_array_equal(again.vectors, made.vectors)
    assert again.vectors.shape[1] != world[1].values.shape[1]
    (path,) = (cache_dir() / "tradeoffs").glob("*.safetensors")
    path.write_bytes(path.read_bytes()[:-9])
    module._DEEP._held.clear()
    repaired = population(recipe, *world)
    assert "made again" in repaired.notices[-1]
    np.testing.assert_array_equal(repaired.pool.items, made.pool.items)


def test_code_that_ranks_otherwise_makes_pools_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = Recipe(strategy="als")
    before, code = key_of(recipe, *world), module.ranking_code()
    for name in ("users", "select", "evaluate"):
        assert name in module.RANKING
        assert code_digest(tuple(one for one in module.RANKING if one != name)) != code
    population(recipe, *world)
    monkeypatch.setattr(module, "ranking_code", lambda: "another")
    assert key_of(recipe, *world) != before
    module._DEEP._held.clear()
    assert not ready(recipe, *world)


def test_threads_that_ask_at_once_share_one_population(world: World) -> None:
    recipe = Recipe(strategy="ease")
    with ThreadPoolExecutor(4) as crew:
        found = list(crew.map(lambda _: population(recipe, *world).pool, range(8)))
    assert found[0] is population(recipe, *world).pool
    assert len({id(pool) for pool in found}) == 1


def test_quick_strategies_are_ready_and_leave_no_file(world: World) -> None:
    assert ready(Recipe(strategy="content"), *world)
    population(Recipe(strategy="content"), *world)
    assert not list(cache_dir().rglob("*.safetensors"))


def test_a_large_set_is_not_quick_whatever_the_strategy(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUICK_CELLS", N_USERS * 60 - 1)
    assert not ready(Recipe(strategy="content"), *world)
    population(Recipe(strategy="content"), *world)
    assert len(list(cache_dir().rglob("*.safetensors"))) == 1
    assert ready(Recipe(strategy="content"), *world)


def test_many_users_are_drawn_from(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 10)
    dataset, content = tastes()
    people = population(Recipe(strategy="content"), dataset, content)
    assert len(people) == len(people.split.relevant) == len(people.pool.items) == 10
    assert "10 of the 44 test users were drawn" in people.notices[-1]
    assert figures(people, Recipe(strategy="content")).values["recall"].shape == (10,)


def test_where_nobody_can_be_tested_it_is_said() -> None:
    with pytest.raises(InputError, match="no user of blocks can be tested"):
        population(Recipe(strategy="content"), *block_world())
