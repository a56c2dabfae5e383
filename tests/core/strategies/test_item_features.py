"""Item features: years, categories and text, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from core.strategies.item_features import item_features, standardised_years, years_of
from core.types import Catalog, unit_rows


def catalog(titles: list[str], years: list[str] | None, categories: list[tuple[str, ...]] | None = None) -> Catalog:
    """Items with these titles and, if given, a year field."""
    given = np.array(titles, dtype=object)
    fields = {"title": given} | ({} if years is None else {"year": np.array(years, dtype=object)})
    return Catalog(np.arange(len(titles)), given, tuple(categories or [()] * len(titles)), fields)


@pytest.mark.parametrize(
    ("title", "field", "year"),
    [
        ("Heat (1995)", None, 1995),
        ("Heat (1995)", "1996", 1996),
        ("Heat (1995)", "", 1995),
        ("Heat", "1995-12-15", 1995),
        ("2001: A Space Odyssey", "", np.nan),
        ("Heat (1995) again", None, np.nan),
        ("Heat", "12345", np.nan),
        ("Heat", "in production", np.nan),
    ],
)
def test_years(title: str, field: str | None, year: float) -> None:
    np.testing.assert_array_equal(years_of(catalog([title], None if field is None else [field])), [year])


def test_years_are_standardised_and_unknown_ones_stand_in_the_middle() -> None:
    found = standardised_years(catalog(["a", "b", "c"], ["1990", "2010", ""]))
    np.testing.assert_allclose(found, [-1, 1, 0])


@pytest.mark.parametrize("years", [["1990", "1990"], ["", ""], None])
def test_years_that_tell_nothing_apart_are_zero(years: list[str] | None) -> None:
    assert standardised_years(catalog(["a", "b"], years)).tolist() == [0, 0]


def test_parts_stand_side_by_side_with_their_weights() -> None:
    """Four items: text of length 1, categories of length 0.5 (0 without), years -1 or 1 times 2."""
    text = unit_rows(np.random.default_rng(0).normal(size=(4, 3)))
    items = catalog(list("abcd"), ["1990", "1990", "2010", "2010"], [("x", "y"), ("x",), (), ("y",)])
    found = item_features(items, text, 0.5, 2.0)
    assert found.shape == (4, 3 + 2 + 1)
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found[:, :3], axis=1), 1, rtol=1e-5)
    half = 0.5 / np.sqrt(2)
    np.testing.assert_allclose(found[:, 3:5], [[half, half], [0.5, 0], [0, 0], [0, 0.5]], rtol=1e-6)
    np.testing.assert_allclose(found[:, 5], [-2, -2, 2, 2], rtol=1e-6)
