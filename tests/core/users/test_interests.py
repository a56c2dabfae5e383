"""Interests: as many groups as were planted, and one list line for each."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.build import build_dataset
from core.types import Array, Interactions, unit_rows
from core.users.groups import MOST_GROUPED, dimensions, groups_of, silhouettes
from core.users.interests import Interests
from core.users.weighted_mean import WeightedMean

ONE = np.array([0])


def planted(sizes: list[int], noise: float = 0.3, width: int = 32) -> Array:
    """Unit rows around one axis after the other, the groups in turns."""
    rng = np.random.default_rng(1)
    group = np.concatenate([np.full(size, place) for place, size in enumerate(sizes)])
    return unit_rows(np.eye(width)[group] + noise * rng.normal(size=(len(group), width)) / np.sqrt(width))


def history(weights: list[float], items: list[int] | None = None) -> Interactions:
    rows: dict[str, list[float]] = {
        "user_id": [1.0] * len(weights),
        "item_id": [*(items or range(len(weights)))],
        "weight": weights,
    }
    rows["datetime"] = [1_000_000 + 86_400 * place for place in range(len(weights))]
    return build_dataset("t", "T", {"item_id": list(range(len(weights)))}, rows).interactions


@pytest.mark.parametrize("sizes", [[12], [6, 6], [8, 5, 3], [4, 4, 4, 4, 4]])
def test_as_many_groups_are_found_as_were_planted(sizes: list[int]) -> None:
    groups = groups_of(planted(sizes), 8)
    assert np.bincount(groups).tolist() == sizes
    assert (np.diff(groups) >= 0).all()


def test_a_cloud_is_one_group() -> None:
    cloud = unit_rows(np.random.default_rng(5).normal(size=(40, 16)))
    assert not groups_of(cloud, 8).any()


def test_the_knob_bounds_the_number() -> None:
    assert groups_of(planted([4, 4, 4, 4, 4]), 3).max() <= 2
    assert not groups_of(planted([6, 6]), 1).any()


def test_few_items_and_equal_ones_are_one_group() -> None:
    assert not groups_of(np.eye(3), 6).any()
    assert not groups_of(np.tile(np.eye(2)[:1], (10, 1)), 6).any()
    assert not groups_of(np.zeros((10, 4)), 6).any()
    assert groups_of(np.zeros((0, 4)), 6).shape == (0,)


def test_what_a_long_history_holds_besides_joins_the_nearest_group() -> None:
    half = MOST_GROUPED // 2
    vectors = np.concatenate((planted([half, half]), planted([1, 7])))
    groups = groups_of(vectors, 4)
    assert groups[-8:].tolist() == [0] + 7 * [1]


def test_silhouettes_by_hand() -> None:
    # distances 0.2 within the pair, 1 and 0.8 to the third
    cosines = np.array([[1, 0.8, 0], [0.8, 1, 0.2], [0, 0.2, 1]])
    np.testing.assert_allclose(silhouettes(cosines, np.array([0, 0, 1])), [0.8, 0.75, 0])
    assert not silhouettes(cosines, np.zeros(3, dtype=np.int64)).any()


def test_dimensions_are_those_of_the_cloud() -> None:
    cloud = np.random.default_rng(0).normal(size=(400, 6))
    one, halves = np.zeros(400, dtype=np.int64), np.arange(400) % 2
    assert dimensions(cloud @ cloud.T, one) == pytest.approx(6, rel=0.1)
    apart = cloud + 50 * halves[:, None]
    assert dimensions(apart @ apart.T, halves) == pytest.approx(6, rel=0.1)
    assert dimensions(np.ones((5, 5)), np.zeros(5, dtype=np.int64)) == np.inf


def test_each_group_is_a_line_weighed_within_itself_the_largest_first() -> None:
    log = history([1.0] * 4 + [4.0] * 4)
    (taste,) = Interests()(log, ONE, planted([4, 4]))
    np.testing.assert_allclose(taste.shares, [0.8, 0.2])
    np.testing.assert_allclose(taste.weights, np.kron(np.array([[0, 1], [1, 0]]), np.full(4, 0.25)), atol=1e-12)


def test_an_item_liked_again_is_one_point_and_counts_twice() -> None:
    vectors = planted([4, 4, 1])
    log = history([1.0] * 9, [0, 1, 2, 3, 4, 5, 6, 7, 7])
    (taste,) = Interests()(log, ONE, vectors)
    np.testing.assert_allclose(taste.shares, [5 / 9, 4 / 9])
    np.testing.assert_allclose(taste.weights[0], [0, 0, 0, 0, 0.2, 0.2, 0.2, 0.2, 0.2])


@settings(max_examples=20)
@given(st.lists(st.sampled_from([1.0, 4.0, 5.0]), min_size=1, max_size=16))
def test_by_share_the_interests_are_the_long_term_mean(weights: list[float]) -> None:
    log = dataclasses.replace(history(weights), positive_from=4.0)
    vectors = planted([8, 8])[: len(weights)]
    (taste,) = Interests(half_life_items=3.0)(log, ONE, vectors)
    expected = WeightedMean(half_life_items=3.0).weights(log, 0)
    np.testing.assert_allclose(taste.shares @ taste.weights, expected, atol=1e-12)
