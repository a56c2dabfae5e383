"""Dislikes, worked by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core.splits import HistorySide
from core.types import Interactions
from core.users.negative import Negative
from core.users.placing import placed
from core.users.weighted_mean import WeightedMean
from tests.core.users.test_weighted_mean import AXES, log

ONE = np.array([0])


def rated() -> Interactions:
    return dataclasses.replace(log([4, 3, 1], [0, 1, 2]), positive_from=4.0)


def line(model: Negative, interactions: Interactions, emphasis: np.ndarray | None = None) -> list[float]:
    (taste,) = model(interactions, ONE, AXES, emphasis)
    found: list[float] = taste.weights[0].tolist()
    return found


def test_dislikes_share_the_strength_by_how_bad_they_are() -> None:
    # 1/4 and 3/4 below what counts as liked
    assert line(Negative(dislike_strength=0.4), rated()) == pytest.approx([1, -0.1, -0.3])


def test_a_dislike_is_at_most_so_much() -> None:
    assert line(Negative(dislike_strength=0.4, disliked_upto=2.0), rated()) == pytest.approx([1, 0, -0.4])


def test_strength_zero_is_the_mean() -> None:
    assert line(Negative(dislike_strength=0.0), rated()) == WeightedMean().weights(rated(), 0).tolist()


def test_where_all_counts_as_liked_there_are_no_dislikes() -> None:
    everything = log([4, 3, 1], None)
    assert line(Negative(), everything) == WeightedMean().weights(everything, 0).tolist()


def test_a_dislike_that_does_not_count_in_the_context_pushes_nothing() -> None:
    assert line(Negative(dislike_strength=0.4), rated(), np.array([1, 1, 0.0])) == pytest.approx([1, -0.4, 0])


def test_dislikes_fade_as_likes_do() -> None:
    old_and_new = dataclasses.replace(log([1, 4, 4, 1], [0, 1, 2, 3], 4), positive_from=4.0)
    found = line(Negative(dislike_strength=0.5, half_life_items=2.0), old_and_new)
    # two likes came after the first dislike, none after the second: 1/2 to 1
    assert [found[0], found[3]] == pytest.approx([-0.5 / 3, -1.0 / 3])


def test_dislikes_alone_are_no_taste() -> None:
    hated = dataclasses.replace(log([1, 2], None), positive_from=4.0)
    (taste,) = Negative()(hated, ONE, AXES)
    assert taste.weights.shape == (0, 2)
    assert not placed(Negative(), hated, ONE, HistorySide.plain(AXES), unit=True).has_history.any()


def test_dislikes_push_away() -> None:
    side = HistorySide.plain(AXES)
    found = placed(Negative(dislike_strength=1.0), rated(), ONE, side, unit=False).values[0]
    np.testing.assert_allclose(found, [1, -0.25, -0.75], atol=1e-6)
