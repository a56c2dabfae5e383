"""Figures of everybody and what a setting changes."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from core.errors import OutOfRangeError
from core.evaluate.intervals import GROUPS, holm, interval, left_out, sign_flip
from core.evaluate.judge import only
from core.metrics.judged import Judged
from core.recipe import Recipe
from core.registry import stage
from core.tradeoff.exposure import exposure
from core.tradeoff.figures import (
    FIGURES,
    Figures,
    compared,
    effects,
    figures,
    judged_lists,
    lists_of,
    plain,
    said,
)
from core.tradeoff.population import Population, population, ranking
from core.types import Array, Dataset, Vectors
from tests.core.tradeoff.tastes import N_USERS, given, tastes

SETTING = Recipe(strategy="content", k=8, diversity=0.6)


@pytest.fixture(scope="module")
def world() -> tuple[Dataset, Vectors]:
    return tastes()


@pytest.fixture
def people(world: tuple[Dataset, Vectors], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Population:
    given(monkeypatch, tmp_path, world[1])
    return population(SETTING, *world)


def test_lists_come_from_the_pool_of_the_recipe(people: Population) -> None:
    found = lists_of(people, SETTING)
    assert found.lists.items.shape == (N_USERS, 8)
    assert [step.key for step in found.steps] == ["mmr"]
    for row in range(N_USERS):
        assert set(found.lists.items[row].tolist()) <= set(people.pool.items[row, :40].tolist())
    few = lists_of(people, SETTING.replace(pool=8))
    assert all(set(few.lists.items[row]) == set(people.pool.items[row, :8]) for row in range(N_USERS))
    assert lists_of(people, plain(SETTING)).lists.items.tolist() == people.pool.items[:, :8].tolist()


def test_the_threshold_takes_candidates_away(people: Population) -> None:
    recipe = SETTING.replace(threshold=0.2, select="both")
    found = lists_of(people, recipe).lists
    assert (found.scores[found.items >= 0] >= 0.2).all()
    assert 0 < found.counts.sum() < N_USERS * 8
    flat = lists_of(people, plain(recipe)).lists
    np.testing.assert_array_equal(flat.counts, np.minimum((people.pool.scores >= 0.2).sum(axis=1), 8))
    alone = recipe.replace(select="threshold")
    assert lists_of(people, alone).lists.items.tolist() == flat.items.tolist()
    assert "plays no part" in said(alone)[0]


def test_each_figure_is_the_metric_of_that_name(people: Population) -> None:
    found = figures(people, SETTING)
    lists = judged_lists(people, lists_of(people, SETTING).lists, 8)
    assert tuple(found.values) == FIGURES
    for name in FIGURES:
        metric = stage("metrics").get(name)()
        expected = metric(lists, np.array([8]))
        if metric.per_user:
            np.testing.assert_allclose(found.values[name], expected[:, 0], atol=1e-6)
        else:
            assert found.values[name][0] == pytest.approx(expected[0])
            without = left_out(float(expected[0]), N_USERS, partial(_without, name, lists))
            assert (found.measures()[name].low, found.measures()[name].high) == pytest.approx(without)


def _without(name: str, lists: Judged, gone: Array) -> float:
    rest = only(lists, np.flatnonzero(~gone))
    return float(stage("metrics").get(name)()(rest, np.array([8]))[0])


def test_few_users_have_no_interval_of_coverage(people: Population) -> None:
    lists = only(judged_lists(people, lists_of(people, SETTING).lists, 8), np.arange(GROUPS - 1))
    found = exposure(lists, "coverage")
    assert 0 < found[0] <= 1
    assert np.isnan(found[1:]).all()
    one = Figures({"coverage": found, "recall": np.zeros(GROUPS - 1)}, GROUPS - 1)
    effect = compared(one, one)[0]
    assert (effect.delta, effect.p, effect.verdict) == (0.0, 1.0, "none")
    assert math.isnan(effect.low)


def test_effects_are_paired_tested_and_corrected(people: Population) -> None:
    found = {one.metric: one for one in effects(people, SETTING)}
    now, before = figures(people, SETTING).values, figures(people, plain(SETTING)).values
    difference = now["ild"] - before["ild"]
    one = found["ild"]
    assert one.delta == pytest.approx(difference.mean())
    assert (one.low, one.high) == pytest.approx(interval(difference))
    assert one.p == sign_flip(difference)
    assert one.share == pytest.approx(difference.mean() / before["ild"].mean())
    assert one.verdict == "more"
    assert one.now.mean == pytest.approx(before["ild"].mean() + one.delta)
    assert [one.p_holm for one in found.values()] == pytest.approx(holm([one.p for one in found.values()]))
    assert all((one.verdict == "none") == (one.p_holm >= 0.05) for one in found.values())


def test_a_change_is_that_of_users_with_a_value_before_and_after() -> None:
    now = Figures({"ild": np.array([0.5, 0.7, np.nan, 0.9])}, 4)
    before = Figures({"ild": np.array([0.4, np.nan, 0.2, 0.6])}, 4)
    (one,) = compared(now, before)
    assert one.delta == pytest.approx((0.1 + 0.3) / 2)
    assert (one.now.mean, one.now.n) == pytest.approx((0.7, 3))
    assert (one.before.mean, one.before.n) == pytest.approx((0.4, 3))
    nothing = Figures({"ild": np.full(4, np.nan)}, 4)
    (none,) = compared(nothing, nothing)
    assert (none.verdict, none.p, none.now.n) == ("none", 1.0, 0)
    assert math.isnan(none.delta)
    assert math.isnan(none.share)


def test_nothing_changes_at_diversity_0(people: Population) -> None:
    for one in effects(people, plain(SETTING)):
        assert (one.delta, one.p, one.verdict) == (0.0, 1.0, "none")
        assert one.now == one.before


def test_spacing_and_exploration_count_as_change(people: Population) -> None:
    recipe = plain(SETTING).replace(exploration="epsilon")
    assert any(one.delta != 0 for one in effects(people, recipe))


def test_lists_deeper_than_pools_are_refused_in_one_sentence(people: Population) -> None:
    with pytest.raises(OutOfRangeError, match="between 1 and 500"):
        lists_of(people, SETTING.replace(k=501))
    assert said(SETTING.replace(k=150)) == ("the pool of 750 is cut to 500 for everybody",)
    assert said(SETTING.replace(exclude_seen=False)) != ()


def test_another_ranking_than_that_of_evaluate_is_said() -> None:
    als = Recipe(strategy="als")
    assert said(als) == ("als is ranked by cosine here, as its lists are; Evaluate ranks by its own score",)
    assert said(als.replace(metric="dot", normalize=False)) == said(Recipe(strategy="ease")) == said(Recipe()) == ()


def test_a_context_is_said_to_play_no_part_for_everybody() -> None:
    told = said(SETTING.replace(as_of="2001-01-01", daypart="night", rules="hide title=A"))
    assert told == (
        "as_of, daypart, rules play no part for everybody: tests cut the log by themselves, and rank all items",
    )
    assert said(SETTING.replace(window=30))[0].startswith("window plays no part for everybody")
    assert said(SETTING) == ()


def test_a_moment_makes_no_other_population() -> None:
    assert ranking(SETTING.replace(as_of="2001-01-01", window=30)) == ranking(SETTING)
