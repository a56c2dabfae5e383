"""Several names in a cell."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.values import as_lists

draws = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (["a|b|c", "d", ""], [("a", "b", "c"), ("d",), ()]),
        (["Sci-Fi, new|Drama"], [("Sci-Fi, new", "Drama")]),
        (["a, b", "b, c", "a", None], [("a", "b"), ("b", "c"), ("a",), ()]),
        (["Johnson, Inc.", "Smith", "Johnson, Inc."], [("Johnson, Inc.",), ("Smith",), ("Johnson, Inc.",)]),
        (["a;b", "b; a"], [("a", "b"), ("b", "a")]),
        (["Tom &amp; Co", "Tom &amp; Sons"], [("Tom & Co",), ("Tom & Sons",)]),
        (["R&amp;B;Pop", "Pop;R&amp;B", "Rock &#39;n&#39; Roll"], [("R&B", "Pop"), ("Pop", "R&B"), ("Rock 'n' Roll",)]),
        (["Rock&reggae;Pop", "Pop", "Rock&reggae"], [("Rock&reggae", "Pop"), ("Pop",), ("Rock&reggae",)]),
        (["['R&amp;B', 'Kids&#39; TV']"], [("R&B", "Kids' TV")]),
        ([["R&amp;B"], None], [("R&B",), ()]),
        (
            ["Home > Garden", "Home > Kitchen", "Home > Garden > Tools"],
            [("Home", "Garden"), ("Home", "Kitchen"), ("Home", "Garden", "Tools")],
        ),
        (
            ["['a', 'b']", '["it\'s, so"]', "[]", "['a' 'b']", "[x, y]"],
            [("a", "b"), ("it's, so",), (), ("a", "b"), ("x", "y")],
        ),
        (["[{'id': 16, 'name': 'Animation'}, {'id': 35, 'name': 'Comedy'}]"], [("Animation", "Comedy")]),
        (["Drama", " Drama ", "null"], [("Drama",), ("Drama",), ()]),
        (["a|a| b "], [("a", "b")]),
        ([["a", "b", None, "a"], [], None], [("a", "b"), (), ()]),
        ([[["x"], ["y", "x"]], None], [("x", "y"), ()]),
        ([[1, 2]], [("1", "2")]),
        ([[{"id": 1, "name": "Action"}], None], [("Action",), ()]),
        ([3, None], [("3",), ()]),
        ([None], [()]),
        ([], []),
    ],
)
def test_lists(column: list[Any], expected: list[tuple[str, ...]]) -> None:
    assert as_lists(pa.array(column)) == expected


def test_a_slice_of_lists_holds_its_own_rows() -> None:
    column = pa.array([["a"], ["b", "c"], None, ["d"]]).slice(1)
    assert as_lists(column) == [("b", "c"), (), ("d",)]


NAMES = st.lists(
    st.lists(st.sampled_from(["Drama", "Sci-Fi", "Film, old", "Kids' TV"]), unique=True, max_size=4), min_size=1
)


@draws
@given(NAMES)
def test_names_survive_being_joined(names: list[list[str]]) -> None:
    names = [*names, ["Drama", "Sci-Fi"]]
    expected = [tuple(row) for row in names]
    assert as_lists(pa.array(["|".join(row) for row in names])) == expected
    assert as_lists(pa.array([str(row) for row in names])) == expected
    assert as_lists(pa.array(names, pa.list_(pa.string()))) == expected


@draws
@given(st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=12))))
def test_any_texts_give_as_many_lists(cells: list[str | None]) -> None:
    lists = as_lists(pa.array(cells, pa.string()))
    assert len(lists) == len(cells)
    assert all(name == name.strip() and name for names in lists for name in names)
