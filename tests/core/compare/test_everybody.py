"""Recipes on the same people: what is equal differs by nothing, what differs is said by side and sign."""

from __future__ import annotations

import numpy as np
import pytest

from core.compare.everybody import Everybody, Verdict, everybody, in_words
from core.compare.overlap import jaccard, rbo
from core.errors import InputError
from core.evaluate.intervals import holm
from core.recipe import Recipe
from core.registry import stage
from core.tradeoff.figures import FIGURES, figures, lists_of
from core.tradeoff.population import Population, population
from tests.core.tradeoff.tastes import given, tastes

K5 = Recipe(k=5)
POPULAR = Recipe(strategy="popularity", k=5)
DIVERSE = Recipe(k=5, diversity=0.8)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> dict[Recipe, Population]:
    dataset, content = tastes()
    with pytest.MonkeyPatch.context() as patch:
        given(patch, tmp_path_factory.mktemp("cache"), content)
        return {recipe: population(recipe, dataset, content) for recipe in (K5, POPULAR, DIVERSE)}


def compared(people: dict[Recipe, Population], **sides: Recipe) -> Everybody:
    own = {side: people[recipe.replace(k=5)] for side, recipe in sides.items()}
    return everybody(sides, own)


def test_a_recipe_against_itself(people: dict[Recipe, Population]) -> None:
    found = compared(people, A=K5, B=K5)
    (pair,) = found.pairs
    assert (pair.jaccard.mean, pair.shared.mean) == (1.0, 5.0)
    assert pair.rbo.mean == pytest.approx(1.0)
    assert {(one.verdict, one.better, one.delta) for one in pair.verdicts} == {("none", "", 0.0)}
    assert tuple(one.metric for one in pair.verdicts) == FIGURES


def test_figures_and_overlap_are_those_of_the_lists(people: dict[Recipe, Population]) -> None:
    found = compared(people, A=K5, B=DIVERSE)
    (pair,) = found.pairs
    left, right = (lists_of(people[recipe], recipe).lists.items for recipe in (K5, DIVERSE))
    assert pair.jaccard.mean == pytest.approx(np.nanmean(jaccard(left, right)))
    assert pair.rbo.mean == pytest.approx(np.nanmean(rbo(left, right)))
    assert (found.n, found.k) == (len(people[K5]), 5)
    for side, recipe in (("A", K5), ("B", DIVERSE)):
        assert found.measures[side] == figures(people[recipe], recipe).measures()
    for one in pair.verdicts:
        delta = found.measures["B"][one.metric].mean - found.measures["A"][one.metric].mean
        assert one.delta == pytest.approx(delta, nan_ok=True)


def test_three_sides_are_three_pairs_under_one_correction(people: dict[Recipe, Population]) -> None:
    found = compared(people, A=K5, B=DIVERSE, C=POPULAR)
    assert [(pair.a, pair.b) for pair in found.pairs] == [("A", "B"), ("A", "C"), ("B", "C")]
    every = [one for pair in found.pairs for one in pair.verdicts]
    assert [one.p_holm for one in every] == holm([one.p for one in every])
    for pair in found.pairs:
        for one in pair.verdicts:
            wanted = stage("metrics").get(one.metric).better
            sign = {"higher": 1, "lower": -1}.get(wanted, 0) * one.delta * (one.verdict != "none")
            assert one.better == ("" if sign == 0 else pair.b if sign > 0 else pair.a)
    assert any(one.better for one in every)


def test_lists_of_different_length_are_read_to_the_same_depth(people: dict[Recipe, Population]) -> None:
    found = compared(people, A=K5, B=Recipe(k=9))
    assert found.k == 5
    assert found.pairs[0].jaccard.mean == 1.0
    assert any("first 5 places" in notice for notice in found.notices)


def test_other_seeds_are_other_people(people: dict[Recipe, Population]) -> None:
    with pytest.raises(InputError, match="A has 0, B has 1"):
        everybody({"A": K5, "B": K5.replace(seed=1)}, {"A": people[K5], "B": people[K5]})


@pytest.mark.parametrize(
    ("metric", "delta", "verdict", "better", "words"),
    [
        ("ndcg", 0.02, "more", "B", "B beats A on ndcg@5 by 0.0200 (0.0100 to 0.0300)"),
        ("ndcg", -0.02, "less", "A", "A beats B on ndcg@5 by 0.0200 (0.0100 to 0.0300)"),
        ("calibration", -0.02, "less", "B", "B beats A on calibration@5, where less is better, by 0.0200"),
        ("novelty", 0.02, "more", "", "B has more novelty@5 than A by 0.0200"),
        ("novelty", -0.02, "less", "", "A has more novelty@5 than B by 0.0200"),
        ("ndcg", 0.02, "none", "", "A and B are not distinguishable on ndcg@5: +0.0200"),
    ],
)
def test_a_verdict_in_words(metric: str, delta: float, verdict: str, better: str, words: str) -> None:
    low, high = sorted((delta / 2, 1.5 * delta))
    assert in_words(Verdict(metric, delta, low, high, 0.0, 0.0, verdict, better), "A", "B", 5).startswith(words)
