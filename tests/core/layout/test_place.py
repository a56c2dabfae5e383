"""Placing users and phrases in a finished picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.layout.place import place
from core.types import Array, unit_rows


def islands(per: int = 60, seed: int = 0) -> tuple[Array, Array]:
    """Two tight groups of directions, drawn as two islands at x = -0.8 and x = 0.8."""
    rng = np.random.default_rng(seed)
    centres = np.zeros((2, 12))
    centres[0, 0] = centres[1, 1] = 1.0
    vectors = unit_rows(np.repeat(centres, per, axis=0) + 0.1 * rng.standard_normal((2 * per, 12)))
    layout = np.repeat([[-0.8, 0.0], [0.8, 0.0]], per, axis=0) + 0.05 * rng.standard_normal((2 * per, 2))
    return vectors, layout.astype(np.float32)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 80), st.integers(2, 3), st.booleans(), st.integers(0, 10_000))
def test_a_query_equal_to_an_item_lands_on_it(n: int, dims: int, unit: bool, seed: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = rng.standard_normal((n, 16)).astype(np.float32)
    vectors = unit_rows(vectors) if unit else vectors
    layout = rng.uniform(-1, 1, (n, dims)).astype(np.float32)
    assert np.array_equal(place(vectors, layout, vectors, unit=unit), layout)


def test_of_equal_items_the_first_one_is_taken() -> None:
    vectors, layout = islands()
    vectors[77] = vectors[5]
    np.testing.assert_array_equal(place(vectors, layout, vectors[77:78], unit=True)[0], layout[5])


def test_an_eclectic_user_goes_to_an_island_and_not_between() -> None:
    vectors, layout = islands()
    halfway = unit_rows(vectors[:60].mean(axis=0, keepdims=True) + vectors[60:].mean(axis=0, keepdims=True))
    spot = place(vectors, layout, halfway, unit=True)[0]
    nearest_item = np.linalg.norm(layout - spot, axis=1).min()
    assert abs(spot[0]) > 0.6
    assert nearest_item < 0.1


def test_the_stronger_island_wins() -> None:
    vectors, layout = islands()
    for share, side in ((0.7, -1), (0.3, 1)):
        user = unit_rows(share * vectors[:60].mean(axis=0, keepdims=True) + (1 - share) * vectors[60:].mean(axis=0))
        assert np.sign(place(vectors, layout, user, unit=True)[0, 0]) == side


def test_nan_and_lengthless_queries_have_no_place() -> None:
    vectors, layout = islands()
    queries = np.stack((vectors[3], np.full(12, np.nan), np.zeros(12))).astype(np.float32)
    spots = place(vectors, layout, queries, unit=True)
    assert spots.dtype == np.float32
    np.testing.assert_array_equal(spots[0], layout[3])
    assert np.isnan(spots[1:]).all()
    assert place(vectors, layout, queries[:0]).shape == (0, 2)


def test_each_query_is_placed_by_itself() -> None:
    vectors, layout = islands()
    queries = unit_rows(np.random.default_rng(9).standard_normal((20, 12)))
    together = place(vectors, layout, queries, unit=True)
    alone = np.concatenate([place(vectors, layout, queries[row : row + 1], unit=True) for row in range(20)])
    np.testing.assert_array_equal(together, alone)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_tiny_pictures(n: int) -> None:
    vectors, layout = islands()
    spot = place(vectors[:n], layout[:n], vectors[:1], unit=True)
    assert spot.shape == (1, 2)
    assert np.isnan(spot).all() if n == 0 else np.array_equal(spot[0], layout[0])


def test_left_out_items_land_near_where_they_were_drawn() -> None:
    # A picture that is the truth itself: directions on a quarter circle, drawn along a line.
    angles = np.linspace(0.0, 1.5, 300)
    vectors = np.stack((np.cos(angles), np.sin(angles)), axis=1).astype(np.float32)
    layout = np.stack((angles / 0.75 - 1.0, np.zeros(300)), axis=1).astype(np.float32)
    rest = np.arange(300) % 3 != 1
    spots = place(vectors[rest], layout[rest], vectors[~rest])
    assert np.linalg.norm(spots - layout[~rest], axis=1)[2:-2].max() < 0.02
