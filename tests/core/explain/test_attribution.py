"""Attributions add up to the score that the list shows, whatever ranks, and say by hand what they should."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.audience import Audience
from core.errors import InputError
from core.explain.attribution import attribute
from core.explain.contrast import contrast
from core.explain.counterfactual import removals
from core.pipeline import recall
from core.registry import stage
from core.types import Interactions, readonly
from tests.core.explain.lives import CHANNELS, N_ITEMS, content_of, life, recipe_of, whole_list
from tests.worlds import block_world, vectors_of

LIFE = life()
OWN = (
    "popularity",
    "ease",
    "ease-features",
    "item-knn",
    "sequence",
    "content-nearest",
    "user-knn",
    "recent-popularity",
)
PLACED = ("content", "content-ridge", "als", "two-tower")
METRICS = ("cosine", "dot", "euclidean")


def check(said: Any, scores: Any, within: float = 1e-6) -> None:
    """Parts add up to what is shown, and what float32 made of it is small."""
    size = max(1.0, float(np.abs(scores).max()))
    np.testing.assert_allclose(said.values.sum(axis=0) + said.residual, scores, atol=within * size)
    parts = sum(said.residual_parts.values(), np.zeros(len(scores)))
    np.testing.assert_allclose(parts, said.residual, atol=1e-12 * size)
    assert np.abs(said.residual_parts.get("rounding", np.zeros(1))).max() <= within * size


@pytest.mark.parametrize("metric", METRICS)
def test_two_likes_by_hand(metric: str) -> None:
    """h = (1, 0) and (0, 1) weighing 3/4 and 1/4, raw lengths, against v = (2, 0): u = (.75, .25), u.v = 1.5."""
    dataset, _ = block_world()
    values = np.zeros((18, 2), dtype=np.float32)
    values[0], values[1], values[2] = (1, 0), (0, 1), (2, 0)
    log = dataset.interactions
    weights = np.array([3.0, 1.0, 1, 1, 1, 1], dtype=np.float32)
    dataset = replace(dataset, interactions=replace(log, weights=readonly(weights), positive_from=0.0))
    recipe = recipe_of(metric=metric, normalize=False, k=5)
    said = attribute(recipe, dataset, vectors_of(values, unit=False), 0, np.array([2]))
    length, apart = np.sqrt(0.625), np.sqrt(1.25**2 + 0.25**2)
    first = {"dot": 1.5, "cosine": 1.5 / (length * 2), "euclidean": 2 * 1.5 / apart}[metric]
    np.testing.assert_allclose(said.values[:, 0], [first, 0.0], atol=1e-12)
    left = -(0.625 + 4) / apart if metric == "euclidean" else 0.0
    assert said.residual[0] == pytest.approx(left)
    assert said.scores[0] == pytest.approx({"dot": 1.5, "cosine": 1.5 / (length * 2), "euclidean": -apart}[metric])


@pytest.mark.parametrize("normalize", [True, False])
@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("strategy", PLACED)
def test_points_add_up(strategy: str, metric: str, normalize: bool) -> None:
    recipe = recipe_of(strategy=strategy, metric=metric, normalize=normalize)
    content = content_of(LIFE, unit=normalize)
    items, scores = whole_list(recipe, LIFE, content, 3)
    said = attribute(recipe, LIFE, content, 3, np.array(items))
    assert said.exact
    assert said.formula == metric
    check(said, scores)


@pytest.mark.parametrize("strategy", OWN)
def test_own_scores_add_up(strategy: str) -> None:
    recipe, content = recipe_of(strategy=strategy), content_of(LIFE)
    items, scores = whole_list(recipe, LIFE, content, 2)
    said = attribute(recipe, LIFE, content, 2, np.array(items))
    assert said.exact
    check(said, scores)
    if "popularity" in strategy:
        assert not said.values.any()


@pytest.mark.parametrize("strategy", ["fusion-score", "fusion-rank"])
def test_merged_lists_add_up_over_channels_and_inside(strategy: str) -> None:
    recipe, content = recipe_of(strategy=strategy, fusion_channels=CHANNELS), content_of(LIFE)
    items, scores = whole_list(recipe, LIFE, content, 5)
    said = attribute(recipe, LIFE, content, 5, np.array(items))
    check(said, scores, within=1e-5)
    assert set(said.channels) == {"ease", "popularity", "als", "content-nearest"}
    np.testing.assert_allclose(sum(one.scores for one in said.channels.values()), scores, atol=1e-6)
    for one in said.channels.values():
        np.testing.assert_allclose(one.values.sum(axis=0) + one.residual, one.scores, atol=1e-12)
    assert said.exact == (strategy == "fusion-score")
    assert (said.note == "ranks") == (strategy == "fusion-rank")


def test_the_texts_and_trained_vectors_are_exact_channels_too() -> None:
    content, recipe = content_of(LIFE), recipe_of(strategy="fusion-score", fusion_channels="content=1, two-tower=2")
    items, scores = whole_list(recipe, LIFE, content, 5)
    said = attribute(recipe, LIFE, content, 5, np.array(items))
    check(said, scores, within=1e-5)
    assert [one.exact for one in said.channels.values()] == [True, True]


def test_what_was_said_is_a_source_with_a_label() -> None:
    """Somebody made up, who liked item 3 and said a phrase that stands where item 7 does."""
    content, recipe, log = content_of(LIFE), recipe_of(), LIFE.interactions
    one = Interactions(
        user_ids=readonly(np.array([0])), indptr=readonly(np.array([0, 2])),
        items=readonly(np.array([3, N_ITEMS], dtype=np.int32)), weights=readonly(np.ones(2, dtype=np.float32)),
        times=readonly(np.array([5, 6])), positive_from=log.positive_from * 0,
    )  # fmt: skip
    somebody = Audience(one, extra=content.values[[7]], labels=("a phrase",), version="made up")
    said = attribute(recipe, LIFE, content, 0, np.array([7, 11]), somebody)
    assert said.sources.labels == ("Item 3", "a phrase")
    run = recall(recipe, LIFE, np.array([0]), vectors=content, audience=somebody)
    shown = dict(zip(run.selected.items[0].tolist(), run.selected.scores[0].tolist(), strict=True))
    check(said, np.array([shown[7], shown[11]]))
    found = removals(recipe, LIFE, content, 0, 7, somebody)
    assert found.rank[0] == 1
    assert found.score[0] == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("strategy", ["bpr", "content-interests"])
def test_what_is_no_sum_says_so(strategy: str) -> None:
    recipe, content = recipe_of(strategy=strategy), content_of(LIFE)
    items, scores = whole_list(recipe, LIFE, content, 1)
    said = attribute(recipe, LIFE, content, 1, np.array(items))
    assert (said.exact, said.note, said.formula) == (False, "leave-one-out", "without")
    check(said, scores)
    assert "together" in said.residual_parts


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(METRICS), st.booleans(), st.sampled_from(stage("users").names()))
def test_any_world_and_user_model_adds_up(seed: int, metric: str, normalize: bool, model: str) -> None:
    dataset = life(seed, twice=seed % 2 == 1)
    content = content_of(dataset, unit=normalize)
    recipe = recipe_of(metric=metric, normalize=normalize, user_model=model)
    items, scores = whole_list(recipe, dataset, content, 0)
    if items:
        # Several interests are ranked by whole rows of float32 scores, where small distances lose digits.
        within = 2e-4 if metric == "euclidean" and model != "weighted_mean" else 1e-6
        check(attribute(recipe, dataset, content, 0, np.array(items)), scores, within)


def test_rules_and_the_context_are_accounted_for() -> None:
    content = content_of(LIFE)
    recipe = recipe_of(rules="boost category=odd 0.5", window=60)
    items, scores = whole_list(recipe, LIFE, content, 4)
    said = attribute(recipe, LIFE, content, 4, np.array(items))
    check(said, scores)
    assert ((said.residual_parts["rules"] > 0) == (np.array(items) % 2 == 1)).all()


def test_rules_are_a_part_of_own_scores_too() -> None:
    content, recipe = content_of(LIFE), recipe_of(strategy="ease", rules="boost category=odd 0.5")
    items, scores = whole_list(recipe, LIFE, content, 4)
    check(attribute(recipe, LIFE, content, 4, np.array(items)), scores)


def test_who_likes_nothing_has_nothing_to_explain() -> None:
    dataset = life()
    silent = replace(dataset.interactions, weights=readonly(np.ones(len(dataset.interactions), dtype=np.float32)))
    dataset = replace(dataset, interactions=silent, fingerprint="f" * 16)
    with pytest.raises(InputError, match="no direction"):
        attribute(recipe_of(), dataset, content_of(dataset), 0, np.array([1]))


@pytest.mark.parametrize(("user", "item"), [(99, 0), (0, N_ITEMS), (0, -1)])
def test_who_and_what_is_not_there_is_said(user: int, item: int) -> None:
    with pytest.raises(InputError, match="there is no"):
        attribute(recipe_of(), LIFE, content_of(LIFE), user, np.array([item]))


def test_a_contrast_is_the_gap_in_parts() -> None:
    content, recipe = content_of(LIFE), recipe_of(strategy="fusion-score", fusion_channels=CHANNELS)
    items, scores = whole_list(recipe, LIFE, content, 5)
    found = contrast(attribute(recipe, LIFE, content, 5, np.array(items)), items[0], items[3])
    assert found.gap == pytest.approx(scores[0] - scores[3], abs=1e-6)
    assert found.rows.sum() + sum(found.parts.values()) == pytest.approx(found.gap, abs=1e-9)
    assert sum(found.channels.values()) == pytest.approx(found.gap, abs=1e-5)
    assert list(np.abs(found.rows)[found.order]) == sorted(np.abs(found.rows), reverse=True)
