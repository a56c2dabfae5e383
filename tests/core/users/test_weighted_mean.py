"""User vectors, worked by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core.datasets.build import build_dataset
from core.splits import HistorySide
from core.types import Interactions
from core.users.placing import placed
from core.users.weighted_mean import WeightedMean

DAY = 86_400
AXES = np.eye(3, dtype=np.float32)


def log(weights: list[float], days: list[int] | None, n_items: int = 3) -> Interactions:
    items = {"item_id": list(range(n_items))}
    rows: dict[str, list[float]] = {
        "user_id": [1] * len(weights),
        "item_id": list(range(len(weights))),
        "weight": weights,
    }
    if days is not None:
        rows["datetime"] = [day * DAY for day in days]
    return build_dataset("t", "T", items, rows).interactions


def only(
    model: WeightedMean, interactions: Interactions, items: np.ndarray = AXES, *, unit: bool = False
) -> np.ndarray:
    return placed(model, interactions, np.array([0]), HistorySide.plain(items), unit=unit).values[0]


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


def test_a_half_life_in_positions_counts_newer_likes() -> None:
    # 2, 1 and 0 likes came after them, at a half-life of one like: weights 1/4, 1/2, 1
    np.testing.assert_allclose(
        only(WeightedMean(half_life_items=1.0), log([2, 2, 2], [0, 9, 10])), np.array([1, 2, 4]) / 7, atol=1e-6
    )


def test_positions_and_ages_are_counted_among_likes_only() -> None:
    rated = dataclasses.replace(log([4, 1, 4, 1], [0, 10, 20, 90], 4), positive_from=4.0)
    found = WeightedMean(half_life_items=1.0).weights(rated, 0)
    np.testing.assert_allclose(found, [1 / 3, 0, 2 / 3, 0])
    found = WeightedMean(half_life=20.0).weights(rated, 0)
    np.testing.assert_allclose(found, [1 / 3, 0, 2 / 3, 0])


def test_both_half_lives_multiply() -> None:
    # 1/2 for one newer like, times 1/2 for twenty days
    found = WeightedMean(half_life=20.0, half_life_items=1.0).weights(log([1, 1], [0, 20]), 0)
    np.testing.assert_allclose(found, [1 / 5, 4 / 5])


def test_positions_play_no_part_where_there_is_no_order() -> None:
    loose = dataclasses.replace(log([1, 1], None), ordered=False)
    np.testing.assert_allclose(WeightedMean(half_life_items=1.0).weights(loose, 0), [1 / 2, 1 / 2])


def test_what_does_not_count_in_the_context_is_neither_weighed_nor_counted_as_newer() -> None:
    emphasis = np.array([1.0, 0.5, 0.0])
    (taste,) = WeightedMean(half_life_items=1.0)(log([1, 1, 1], [0, 1, 2]), np.array([0]), AXES, emphasis)
    # one newer like, none: 1/2 * 1 and 1 * 1/2
    np.testing.assert_allclose(taste.weights, [[1 / 2, 1 / 2, 0]])


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
    liked, nothing = WeightedMean()(rated, np.array([0, 1]), AXES)
    np.testing.assert_allclose(liked.weights, [[5 / 9, 0, 4 / 9]])
    assert nothing.weights.shape == (0, 1)


def test_a_history_of_zero_weights_has_no_direction_and_no_warning() -> None:
    nothing = log([0.0], None)
    assert WeightedMean().weights(nothing, 0).tolist() == [0]
    assert np.isnan(only(WeightedMean(), nothing, unit=True)).all()
