"""Scores worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from core.score.cosine import Cosine
from core.score.dot import Dot
from core.score.euclidean import Euclidean

USER = np.array([[3.0, 4.0]], dtype=np.float32)  # length 5
ITEMS = np.array([[3.0, 4.0], [4.0, 3.0], [-3.0, -4.0], [6.0, 8.0], [0.0, 1.0]], dtype=np.float32)


def test_cosine() -> None:
    # (9+16)/25 = 1, (12+12)/25 = .96, -1, the double length has the same angle, 4/5
    np.testing.assert_allclose(Cosine()(USER, ITEMS)[0], [1, 0.96, -1, 1, 0.8], atol=1e-6)


def test_euclidean() -> None:
    # distances 0, sqrt(2), 10, 5, sqrt(9+9)
    np.testing.assert_allclose(-Euclidean()(USER, ITEMS)[0], [0, 2**0.5, 10, 5, 18**0.5], atol=1e-5)


def test_dot() -> None:
    np.testing.assert_allclose(Dot()(USER, ITEMS)[0], [25, 24, -25, 50, 4], atol=1e-5)


def test_raw_lengths_make_the_three_disagree() -> None:
    best = [int(np.argmax(scorer(USER, ITEMS[1:])[0])) + 1 for scorer in (Cosine(), Euclidean(), Dot())]
    assert best == [3, 1, 3]


def test_on_unit_vectors_the_distance_follows_the_cosine() -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(50, 6))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    cosines = Cosine()(rows[:1], rows)[0]
    distances = Euclidean().native(Euclidean()(rows[:1], rows)[0])
    np.testing.assert_allclose(distances**2, 2 - 2 * cosines, atol=1e-9)


@pytest.mark.parametrize(("value", "passing"), [(0.96, [0, 1, 3]), (0.961, [0, 3]), (1.0, [0, 3])])
def test_cosine_threshold_keeps_what_is_at_least_as_similar(value: float, passing: list[int]) -> None:
    scores = Cosine()(USER, ITEMS)[0]
    assert np.flatnonzero(scores >= np.float32(Cosine().from_native(value))).tolist() == passing


def test_distance_threshold_keeps_what_is_at_most_as_far() -> None:
    scores = Euclidean()(USER, ITEMS)[0]
    assert np.flatnonzero(scores >= np.float32(Euclidean().from_native(5.0))).tolist() == [0, 1, 3, 4]
