"""Lists side by side: who stands where, and how far an item moved."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.compare.align import Line, Row, lines, rows

LISTS = st.lists(st.integers(0, 9), max_size=8, unique=True)


def test_lines_join_the_same_items() -> None:
    found = lines([5, 6, 7], [7, 9, 5])
    assert found == (Line(7, 3, 1), Line(5, 1, 3))
    assert [line.steps for line in found] == [2, -2]


def test_rows_come_by_the_best_place_and_then_by_the_first_list() -> None:
    assert rows([[1, 2], [3, 1], [2]]) == (
        Row(1, (1, 2, None)),
        Row(3, (None, 1, None)),
        Row(2, (2, None, 1)),
    )
    assert rows([[], []]) == ()


@given(st.lists(LISTS, min_size=2, max_size=3))
def test_rows_hold_every_place_once(lists: list[list[int]]) -> None:
    found = rows(lists)
    for number, items in enumerate(lists):
        places = {row.item: row.places[number] for row in found if row.places[number] is not None}
        assert places == {item: place for place, item in enumerate(items, start=1)}


@given(LISTS, LISTS)
def test_lines_seen_from_the_other_side_turn_round(a: list[int], b: list[int]) -> None:
    there = {(line.item, line.left, line.right, line.steps) for line in lines(a, b)}
    assert there == {(line.item, line.right, line.left, -line.steps) for line in lines(b, a)}
