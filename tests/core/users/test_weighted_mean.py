"""User vectors, worked by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core.datasets.build import build_dataset
from core.types import Interactions
from core.users.weighted_mean import WeightedMean

DAY = 86_400
AXES = np.eye(3, dtype=np.float32)


def log(weights: list[float], days: list[int] | None, n_items: int = 3) -> Interactions:
    items = {"item_id": list(range(n_items))}
    rows = {"user_id": [1] * len(weights), "item_id": list(range(len(weights))), "weight": weights}
    if days is not None:
        rows["datetime"] = [day * DAY for day in days]
    return build_dataset("t", "T", items, rows).interactions


def only(
    model: WeightedMean, interactions: Interactions, items: np.ndarray = AXES, *, unit: bool = False
) -> np.ndarray:
    return model(interactions, items, np.array([0]), unit=unit).values[0]


def test_weights_are_in_proportion_to_the_rating() -> None:
    np.testing.assert_allclose(only(WeightedMean(), log([1, 3, 4], None)), [1 / 8, 3 / 8, 4 / 8], atol=1e-6)


def test_power_zero_counts_all_alike_and_two_squares() -> None:
    np.testing.assert_allclose(only(WeightedMean(weight_power=0.0), log([1, 3, 4], None)), [1 / 3] * 3, atol=1e-6)
    np.testing.assert_allclose(
        only(WeightedMean(weight_power=2.0), log([1, 3, 4], None)), [1 / 26, 9 / 26, 16 / 26], atol=1e-6
    )


def test_half_life_counts_back_from_the_latest_interaction() -> None:
    # ages 60, 30 and 0 days at a half-life of 30: weights 1/4, 1/2, 1
    np.testing.assert_allclose(
        only(WeightedMean(half_life=30.0), log([2, 2, 2], [100, 130, 160])), np.array([1, 2, 4]) / 7, atol=1e-6
    )


def test_half_life_without_times_changes_nothing() -> None:
    np.testing.assert_array_equal(
        only(WeightedMean(half_life=30.0), log([1, 3], None)), only(WeightedMean(), log([1, 3], None))
    )


def test_unit_scales_the_vector_to_length_one() -> None:
    vector = only(WeightedMean(), log([3, 4], None), unit=True)
    np.testing.assert_allclose(vector, [0.6, 0.8, 0], atol=1e-6)


def test_no_history_and_cancelling_histories_are_a_state_not_a_zero_vector() -> None:
    interactions = log([1, 1], None)
    opposite = np.array([[1, 0], [-1, 0], [0, 1]], dtype=np.float32)
    cancelled = WeightedMean()(interactions, opposite, np.array([0]), unit=True)
    assert not cancelled.known[0]
    assert np.isnan(cancelled.values).all()
    empty = Interactions(np.array([5]), np.array([0, 0]), np.empty(0, np.int32), np.empty(0, np.float32), None)
    nobody = WeightedMean()(empty, AXES, np.array([0]), unit=True)
    assert not nobody.known[0]
    assert np.isnan(nobody.values).all()


@pytest.mark.parametrize("half_life", [0.0, 7.0])
def test_weights_sum_to_one_and_match_the_vector(half_life: float) -> None:
    interactions = log([1, 2, 5], [1, 4, 9])
    model = WeightedMean(half_life=half_life)
    weights = model.weights(interactions, 0)
    assert weights.sum() == pytest.approx(1)
    np.testing.assert_allclose(only(model, interactions), weights, atol=1e-6)


def test_interactions_below_the_liked_threshold_weigh_nothing() -> None:
    rated = dataclasses.replace(
        build_dataset(
            "t",
            "T",
            {"item_id": [0, 1, 2]},
            {"user_id": [1, 1, 1, 2], "item_id": [0, 1, 2, 0], "weight": [5.0, 1.0, 4.0, 2.0]},
        ).interactions,
        positive_from=4.0,
    )
    assert WeightedMean().weights(rated, 0).tolist() == pytest.approx([5 / 9, 0, 4 / 9])
    assert WeightedMean().weights(rated, 1).tolist() == [0]
    found = WeightedMean()(rated, np.eye(3, dtype=np.float32), np.array([0, 1]), unit=False)
    assert found.values[0] == pytest.approx([5 / 9, 0, 4 / 9])
    assert found.known.tolist() == found.has_history.tolist() == [True, False]
    assert np.isnan(found.values[1]).all()


def test_a_history_of_zero_weights_has_no_direction_and_no_warning() -> None:
    nothing = log([0.0], None)
    assert WeightedMean().weights(nothing, 0).tolist() == [0]
    assert not WeightedMean()(nothing, AXES, np.array([0]), unit=True).known.any()
