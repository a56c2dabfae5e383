"""Ratings, counts, events; the scale; what an event weighs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.roles.feedback import DEFAULT_EVENT_WEIGHTS, event_weight, feedback_of, looks_like_events, rating_scale


@pytest.mark.parametrize(
    ("column", "values", "event", "expected"),
    [
        ("rating", [1, 2, 5], None, "rating"),
        ("Book-Rating", [0, 7, 10], None, "rating"),
        ("overall", [5, 4], None, "rating"),
        ("review_score", [3, 4], None, "rating"),
        ("rating_count", [3, 4], None, "count"),
        ("rating", [100, 5000, 352_698], None, "count"),
        ("weight", [13_883, 11, 352_698], None, "count"),
        ("weight", [1, 1, 1, 2, 1, 3], None, "count"),
        ("weight", [4.5, 3, 5, 0.5], None, "rating"),
        ("weight", [0, 1, 1, 0], None, "rating"),
        ("score", [-9.5, 3, 7], None, "rating"),
        ("plays", [3, 4, 5], None, "count"),
        ("hours_played", [0.3, 4.1], None, "count"),
        ("watch_ratio", [0.31, 1.12, 2.4], None, "count"),
        ("value", [], None, "count"),
        ("stars", [], None, "rating"),
        ("weight", [1, 1, math.nan], None, "none"),
        ("rating", [4, 5], "action", "event"),
        (None, [], "action", "event"),
        (None, [], None, "none"),
    ],
)
def test_what_a_weight_is(column: str | None, values: list[float], event: str | None, expected: str) -> None:
    assert feedback_of(column, np.array(values, dtype=float), event) == expected


def marks(*parts: tuple[float, int]) -> np.ndarray:
    return np.concatenate([np.full(count, value, dtype=float) for value, count in parts])


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        (marks((1, 10), (2, 20), (3, 40), (4, 60), (5, 50)), (1, 5)),
        (marks((3, 10), (5, 20)), (1, 5)),
        (marks((0.5, 13), (1, 28), (3, 200), (3.5, 130), (4, 260), (5, 130)), (0.5, 5)),
        (marks((0, 30), (3, 40), (5, 50)), (0, 5)),
        (marks((0, 60), (5, 20), (8, 30), (10, 20)), (0, 10)),
        (marks((1, 10), (6, 20), (8, 30), (10, 20), (11, 1)), (1, 10)),
        (marks((-999, 3), (1, 10), (3, 40), (5, 50)), (1, 5)),
        (marks((0, 50), (1, 50)), (0, 1)),
        (marks((10, 9), (55, 30), (90, 40), (100, 4)), (0, 100)),
        (marks((-9.5, 30), (0, 30), (9.5, 30)), (-10, 10)),
        (marks((1, 10), (math.nan, 5), (5, 9), (math.inf, 1)), (1, 5)),
        (marks((20, 50), (900, 50)), (20, 900)),
        (np.arange(201.0), (0, 200)),
        (np.repeat(np.arange(111.0), 3), (0, 110)),
        (marks((1, 10), (3, 10), (5, 10), (-3, 1), (11, 1)), (1, 5)),
        (np.repeat(np.arange(201.0), 10), (0, 200)),
        (np.append(np.repeat(np.arange(201.0), 10), [-999, -999, -1, 99_999]), (0, 200)),
        (np.append(np.repeat(np.arange(21.0), 10), [99, 99]), (0, 20)),
        (marks((-1, 3), (0, 20), (120, 40), (200, 30)), (0, 200)),
        (marks((150, 97), (151, 1), (180, 2)), (150, 180)),
    ],
)
def test_the_scale_is_the_one_people_used(values: np.ndarray, scale: tuple[float, float]) -> None:
    assert rating_scale(values) == scale


def test_a_scale_of_its_own_holds_every_value() -> None:
    values = np.random.default_rng(0).normal(size=10_000)
    assert rating_scale(values) == (values.min(), values.max())


def test_no_rating_has_no_scale() -> None:
    assert all(math.isnan(end) for end in rating_scale(np.array([math.nan])))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_a_scale_goes_up(values: list[float]) -> None:
    low, high = rating_scale(np.array(values))
    assert low <= high


@pytest.mark.parametrize(
    ("names", "weight"),
    [
        ("view pv click", 1),
        ("Add-to-Cart add_to_cart addtocart LIKE fav", 3),
        ("transaction Purchase buy order", 5),
        ("dislike remove_from_cart", 0),
        ("something_else 7", 1),
    ],
)
def test_what_events_weigh(names: str, weight: float) -> None:
    assert [event_weight(name) for name in names.split()] == [weight] * len(names.split())


def test_event_names_are_known_in_plain_form() -> None:
    assert set(DEFAULT_EVENT_WEIGHTS.values()) == {0.0, 1.0, 3.0, 5.0}
    assert looks_like_events(["view", "odd"])
    assert not looks_like_events(["view", "odd", "strange"])
    assert not looks_like_events([])
