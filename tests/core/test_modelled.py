"""Strategies asked by way of a user model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.asking import Asking
from core.audience import Audience
from core.datasets.build import build_dataset
from core.modelled import DEPTH, Modelled, Portion, plays_part, portion, with_user_model
from core.recipe import Recipe
from core.splits import People, Training, everybody
from core.types import readonly
from core.users.interests import Interests
from core.users.recent import Recent
from core.users.weighted_mean import WeightedMean
from tests.contracts.test_strategies import log, small, world
from tests.worlds import vectors_of


def test_it_plays_a_part_only_where_it_changes_what_the_strategy_says_by_itself() -> None:
    assert not plays_part(Recipe())
    assert plays_part(Recipe(user_model="recent"))
    assert plays_part(Recipe().replace(half_life=30.0))
    assert not plays_part(Recipe(strategy="als").replace(half_life=30.0))
    assert plays_part(Recipe(strategy="als", user_model="recent"))
    assert not plays_part(Recipe(strategy="ease", user_model="recent"))


def test_the_default_is_the_strategy_itself() -> None:
    fitted = small("content").fit(world(log()))
    assert with_user_model(Recipe(), fitted) is fitted
    assert with_user_model(Recipe(user_model="recent"), fitted) is not fitted


def test_by_way_of_the_long_term_mean_content_says_the_same() -> None:
    fitted, people = small("content").fit(world(log())), everybody(log())
    np.testing.assert_allclose(Modelled(fitted, WeightedMean()).score(people), fitted.score(people), atol=1e-6)


def two_interests() -> tuple[Modelled, Modelled, People]:
    """Ten items of one taste, ten of another; somebody liked the first six of the one and the first three of the
    other."""
    lean = 0.3 * np.random.default_rng(1).normal(size=(20, 32)) / np.sqrt(32)
    vectors = vectors_of(np.eye(32)[np.arange(20) // 10] + lean)
    rows = {"user_id": [1] * 9, "item_id": [*range(6), 10, 11, 12], "weight": [1.0] * 9}
    dataset = build_dataset("t", "T", {"item_id": list(range(20))}, rows)
    known = readonly(np.ones(20, dtype=bool))
    fitted = small("content").fit(Training(dataset.catalog, dataset.interactions, vectors, vectors.values, known))
    people = everybody(dataset.interactions)
    return Modelled(fitted, Interests()), Modelled(fitted, Interests(merge_interests="quota")), people


def test_best_scores_an_item_by_the_interest_it_is_nearest_to() -> None:
    best, _, people = two_interests()
    users = best.user_vectors(people)
    assert users.interests is not None
    np.testing.assert_allclose(
        best.score(people)[0], (users.interests.values @ best.item_vectors().T).max(axis=0), atol=1e-6
    )


def test_quota_shares_places_out_and_leaves_out_what_is_there() -> None:
    _, quota, people = two_interests()
    scores = quota.score(people)[0]
    assert np.isnan(scores[[*range(6), 10, 11, 12]]).all()
    order = np.argsort(-np.nan_to_num(scores))[:6]
    assert scores[order].tolist() == [DEPTH - place for place in range(6)]
    # 2/3 and 1/3 of the history: of six places four go to the one and two to the other
    assert np.bincount(order // 10).tolist() == [4, 2]


def test_recent_changes_the_list() -> None:
    fitted, people = small("content").fit(world(log())), everybody(log())
    assert not np.allclose(
        np.nan_to_num(Modelled(fitted, Recent(recent_items=1)).score(people)), np.nan_to_num(fitted.score(people))
    )


def test_a_portion_tells_what_weighs() -> None:
    interactions = log()
    dataset = build_dataset("t", "T", {"item_id": list(range(24))}, {"user_id": [], "item_id": []})
    asked = Asking(Audience(interactions), len(dataset.catalog))
    content = world(interactions).vectors.values
    found = portion(Recipe(user_model="recent"), None, content, asked, 0, latest=3)
    assert found is not None
    assert replace(found, latest_share=0.6) == Portion(7, 5, 3, 0.6, 0, 0.0, (1.0,))
    assert found.latest_share == pytest.approx(0.6)
    disliking = portion(Recipe(user_model="negative"), None, content, asked, 0, latest=3)
    assert disliking is not None
    assert disliking.pushing == 1
    assert disliking.pushed == pytest.approx(0.1)
    assert portion(Recipe(strategy="als"), None, content, asked, 0) is None
    assert portion(Recipe(strategy="ease", user_model="recent"), None, content, asked, 0) is None
