"""Regions: hand-worked outlines, an independent scalar test as the reference, hostile messages, speed in proportion."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.layout.region import MAX_VERTICES, Region, inside

SQUARE = ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0))


def mask(region: Region, *points: tuple[float, float]) -> list[bool]:
    return inside(region, np.array(points, dtype=np.float64)).tolist()


def test_a_box_takes_its_corners_in_any_order_and_includes_its_border() -> None:
    points = [(1.0, 1.0), (0.0, 0.0), (2.0, 2.0), (2.1, 1.0), (1.0, -0.1)]
    expected = [True, True, True, False, False]
    assert mask(Region("box", ((0, 0), (2, 2))), *points) == expected
    assert mask(Region("box", ((2, 0), (0, 2))), *points) == expected


def test_a_triangle() -> None:
    triangle = Region("lasso", ((0, 0), (4, 0), (0, 4)))
    assert mask(triangle, (1, 1), (3, 3), (-1, 1), (0.5, 3.4), (0.7, 3.4)) == [True, False, False, True, False]


def test_a_concave_outline_leaves_out_its_notch() -> None:
    u_shape = Region("lasso", ((0, 0), (6, 0), (6, 6), (4, 6), (4, 2), (2, 2), (2, 6), (0, 6)))
    assert mask(u_shape, (1, 5), (3, 5), (5, 5), (3, 1)) == [True, False, True, True]


def test_a_loop_inside_a_loop_is_a_hole() -> None:
    pentagram = Region(
        "lasso",
        tuple(
            (math.cos(math.pi / 2 + 4 * math.pi * i / 5), math.sin(math.pi / 2 + 4 * math.pi * i / 5)) for i in range(5)
        ),
    )
    assert mask(pentagram, (0.0, 0.0), (0.0, 0.8)) == [False, True]


def test_an_edge_that_ends_on_a_points_height_is_counted_once() -> None:
    diamond = Region("lasso", ((0, -1), (1, 0), (0, 1), (-1, 0)))
    assert mask(diamond, (-2, 0), (-0.5, 0), (0.5, 0), (2, 0)) == [False, True, True, False]


def test_a_flat_lasso_holds_nothing() -> None:
    assert mask(Region("lasso", ((0, 0), (1, 0), (2, 0))), (1, 0), (0.5, 0.5)) == [False, False]


def test_points_that_are_not_finite_are_outside() -> None:
    points = [(math.nan, 1.0), (1.0, math.inf), (-math.inf, 1.0), (1.0, 1.0)]
    assert mask(Region("lasso", SQUARE), *points) == [False, False, False, True]
    assert mask(Region("box", ((0, 0), (2, 2))), *points) == [False, False, False, True]


def test_no_points_at_all() -> None:
    assert inside(Region("lasso", SQUARE), np.empty((0, 2))).tolist() == []


def test_coordinates_of_another_shape_are_refused() -> None:
    with pytest.raises(InputError, match=r"shape \(n, 2\), got \(3, 3\)"):
        inside(Region("lasso", SQUARE), np.zeros((3, 3)))


def even_odd(outline: list[tuple[float, float]], x: float, y: float) -> bool:
    """The textbook loop over edges, one point at a time."""
    odd = False
    for (x0, y0), (x1, y1) in zip(outline, outline[1:] + outline[:1], strict=True):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            odd = not odd
    return odd


coordinate = st.integers(-20, 20).map(lambda number: number / 2)
vertex = st.tuples(coordinate, coordinate)


@settings(max_examples=200, deadline=None)
@given(outline=st.lists(vertex, min_size=3, max_size=14), seed=st.integers(0, 2**16))
def test_agrees_with_the_scalar_test_on_any_outline(outline: list[tuple[float, float]], seed: int) -> None:
    points = np.random.default_rng(seed).uniform(-11, 11, (60, 2))
    got = inside(Region("lasso", tuple(outline)), points).tolist()
    assert got == [even_odd(outline, x, y) for x, y in points]


@settings(max_examples=50, deadline=None)
@given(outline=st.lists(vertex, min_size=3, max_size=10), shift=st.integers(0, 9), seed=st.integers(0, 2**16))
def test_neither_the_first_vertex_nor_the_direction_nor_the_order_of_points_matters(
    outline: list[tuple[float, float]], shift: int, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    points = generator.uniform(-11, 11, (40, 2)).astype(np.float32)
    shift %= len(outline)
    turned = (outline[shift:] + outline[:shift])[::-1]
    order = generator.permutation(len(points))
    expected = inside(Region("lasso", tuple(outline)), points)
    assert np.array_equal(inside(Region("lasso", tuple(turned)), points), expected)
    assert np.array_equal(inside(Region("lasso", tuple(outline)), points[order]), expected[order])


def test_many_points_and_a_long_lasso() -> None:
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    circle = Region("lasso", tuple(zip(np.cos(angle).tolist(), np.sin(angle).tolist(), strict=True)))
    points = np.random.default_rng(0).uniform(-1.2, 1.2, (100_000, 2)).astype(np.float32)
    radius = np.hypot(points[:, 0], points[:, 1])
    got = inside(circle, points)
    assert got[radius < np.cos(np.pi / 200)].all()
    assert not got[radius > 1].any()


def test_a_message_from_the_browser_becomes_a_region() -> None:
    raw = {"kind": "lasso", "points": [[0, 0], [1, 0.5], [0, 2]], "fingerprint": "ignored"}
    assert Region.from_payload(raw) == Region("lasso", ((0.0, 0.0), (1.0, 0.5), (0.0, 2.0)))


@pytest.mark.parametrize(
    "raw",
    [
        None,
        7,
        "lasso",
        [],
        {},
        {"kind": "lasso"},
        {"kind": "lasso", "points": "abc"},
        {"kind": "lasso", "points": {"0": [0, 0]}},
        {"kind": "lasso", "points": [[0, 0], [1, 1]]},
        {"kind": "lasso", "points": [[0, 0], [1, 1], [1]]},
        {"kind": "lasso", "points": [[0, 0], [1, 1], ["1", "2"]]},
        {"kind": "lasso", "points": [[0, 0], [1, 1], [True, 2]]},
        {"kind": "lasso", "points": [[0, 0], [1, 1], None]},
        {"kind": "lasso", "points": [[0, 0], [1, 1], [math.nan, 0]]},
        {"kind": "lasso", "points": [[0, 0], [1, 1], [math.inf, 0]]},
        {"kind": "lasso", "points": [[0, 0], [1, 1], [10**400, 0]]},
        {"kind": "lasso", "points": [[0, 0]] * (MAX_VERTICES + 1)},
        {"kind": "box", "points": [[0, 0], [1, 1], [2, 2]]},
        {"kind": "circle", "points": [[0, 0], [1, 1]]},
    ],
)
def test_a_malformed_message_is_no_region(raw: Any) -> None:
    assert Region.from_payload(raw) is None


@pytest.mark.parametrize(
    ("kind", "points", "message"),
    [
        ("circle", ((0, 0), (1, 1)), "a box or a lasso, got 'circle'"),
        ("box", ((0, 0),), "a box has 2 corners, got 1"),
        ("lasso", ((0, 0), (1, 1)), "between 3 and 4096 vertices, got 2"),
        ("box", ((0, 0), (1, math.nan)), "must be finite"),
        ("box", ((0, 0), 5), "an \\(x, y\\) pair"),
        ("box", ((0, 0), ("a", 1)), "two numbers"),
    ],
)
def test_a_region_built_wrongly_says_what_is_wrong(kind: str, points: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Region(kind, points)
