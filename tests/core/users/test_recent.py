"""Short-term taste and its blend with long-term taste, worked by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core.types import Array, Interactions
from core.users.long_short import LongShort
from core.users.recent import Recent
from core.users.weighted_mean import WeightedMean
from tests.core.users.test_weighted_mean import AXES, log

ONE = np.array([0])


def line(model: Recent | LongShort, interactions: Interactions, emphasis: Array | None = None) -> list[float]:
    (taste,) = model(interactions, ONE, AXES, emphasis)
    assert taste.shares.tolist() == [1]
    found: list[float] = taste.weights[0].tolist()
    return found


def rated() -> Interactions:
    """Likes of 4, 5, 4 and 5 with a dislike in between and one at the end; days 0, 5, 8, 10, 20, 30."""
    return dataclasses.replace(log([4, 5, 1, 4, 5, 1], [0, 5, 8, 10, 20, 30], 6), positive_from=4.0)


def test_the_last_likes_count_and_dislikes_take_no_place() -> None:
    assert line(Recent(recent_items=2), rated()) == pytest.approx([0, 0, 0, 4 / 9, 5 / 9, 0])


def test_days_are_counted_back_from_the_latest_like() -> None:
    assert line(Recent(recent_items=0, recent_days=10), rated()) == pytest.approx([0, 0, 0, 4 / 9, 5 / 9, 0])
    assert line(Recent(recent_items=0, recent_days=9), rated()) == pytest.approx([0, 0, 0, 0, 1, 0])


def test_both_limits_hold() -> None:
    assert line(Recent(recent_items=1, recent_days=10), rated()) == pytest.approx([0, 0, 0, 0, 1, 0])


def test_without_limits_all_likes_count() -> None:
    found = line(Recent(recent_items=0), rated())
    assert found == pytest.approx(WeightedMean().weights(rated(), 0).tolist())


def test_a_limit_in_days_without_times_and_one_in_places_without_an_order_play_no_part() -> None:
    loose = dataclasses.replace(rated(), times=None, ordered=False)
    assert line(Recent(recent_items=1, recent_days=1), loose) == pytest.approx(WeightedMean().weights(loose, 0))


def test_what_does_not_count_in_the_context_takes_no_place() -> None:
    emphasis = np.array([1, 1, 1, 1, 0, 1.0])
    assert line(Recent(recent_items=2), rated(), emphasis) == pytest.approx([0, 5 / 9, 0, 4 / 9, 0, 0])


def test_the_blend_is_a_mean_of_both_by_share() -> None:
    model = LongShort(short_share=0.25, recent_items=1, half_life_items=1.0)
    long = np.array(WeightedMean(half_life_items=1.0).weights(rated(), 0))
    assert line(model, rated()) == pytest.approx((0.75 * long + 0.25 * np.eye(6)[4]).tolist())


def test_the_ends_of_the_blend_are_its_halves() -> None:
    assert line(LongShort(short_share=0.0), rated()) == pytest.approx(WeightedMean().weights(rated(), 0).tolist())
    assert line(LongShort(short_share=1.0, recent_items=2), rated()) == line(Recent(recent_items=2), rated())
