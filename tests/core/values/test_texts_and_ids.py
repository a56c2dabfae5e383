"""Columns as texts and as ids."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.values import as_ids, as_texts

draws = settings(max_examples=60, deadline=None)

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array(["a", "", None]), ["a", "", ""]),
        (
            pa.array([12.0, 1.5, None, float("nan"), 1e17, -0.0, float("inf")]),
            ["12", "1.5", "", "", "1" + "0" * 17, "0", "inf"],
        ),
        (pa.array([0.1, 3], pa.float32()), ["0.1", "3"]),
        (pa.array([1.5, None], pa.float16()), ["1.5", ""]),
        (pa.array([7, None]), ["7", ""]),
        (pa.array([True, None]), ["true", ""]),
        (pa.array([Decimal("1.50")]), ["1.50"]),
        (pa.array([["a", None, "b"], [], None]), ["a, b", "", ""]),
        (pa.array([[1.0, 2.5], None]), ["1, 2.5", ""]),
        (pa.array([[1, 2]], pa.list_(pa.int64(), 2)), ["1, 2"]),
        (pa.array([{"name": "é"}, None]), ['{"name": "é"}', ""]),
        (pa.array([b"ok", b"\xff"]), ["ok", "\ufffd"]),
        (pa.array([None, None]), ["", ""]),
        (pa.array(["x", "y", "x", None]).dictionary_encode(), ["x", "y", "x", ""]),
        (pa.chunked_array([["a"], [], [None]], pa.string()), ["a", ""]),
        (pa.chunked_array([], pa.string()), []),
        (pa.array([datetime.date(2011, 3, 5)]), ["2011-03-05"]),
    ],
)
def test_any_column_is_texts(column: Any, expected: list[str]) -> None:
    texts = as_texts(column)
    assert texts.type == pa.string()
    assert texts.to_pylist() == expected


def test_a_list_may_be_joined_by_something_else() -> None:
    assert as_texts(pa.array([["Toy", "Story"], ["Heat"]]), " ").to_pylist() == ["Toy Story", "Heat"]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (["12.0", "13.0", " 12.0 ", ""], ["12", "13", "12", None]),
        (["12", "13.0"], ["12", "13"]),
        (["12.0", "a"], ["12.0", "a"]),
        ([*(f"{n}.0" for n in range(1, 10)), "unknown"], [*map(str, range(1, 10)), "unknown"]),
        ([*(f"{n}.0" for n in range(1, 10)), "9", "?"], [*(f"{n}.0" for n in range(1, 10)), "9", "?"]),
        ([*(f"{n}.0" for n in range(1, 10)), "9", ""], [*map(str, range(1, 10)), "9", None]),
        ([*(f"{n}.0" for n in range(1, 20)), "1.1"], [*(f"{n}.0" for n in range(1, 20)), "1.1"]),
        ([*(f"{n}.0" for n in range(1, 9)), "x", "y"], [*(f"{n}.0" for n in range(1, 9)), "x", "y"]),
        (["1.10", "1.0"], ["1.10", "1.0"]),
        (["007", "7", "0"], ["007", "7", "0"]),
        (["", "NULL", "None", "nan", "NA", "n/a", "\\N", "undefined", "x"], [None] * 8 + ["x"]),
        (["b ", "\tb", "a"], ["b", "b", "a"]),
        ([1.0, 2.0, None, float("inf"), float("nan")], ["1", "2", None, None, None]),
        ([1.0, 2.5], ["1", "2.5"]),
        ([3, None, 3], ["3", None, "3"]),
        ([None, None], [None, None]),
        ([], []),
        (["ÄÖ", "שלום", "🎬"], ["ÄÖ", "שלום", "🎬"]),
    ],
)
def test_ids(column: list[Any], expected: list[str | None]) -> None:
    ids = as_ids(pa.array(column))
    assert [None if code < 0 else ids.names[code] for code in ids.codes] == expected
    assert ids.names.tolist() == list(dict.fromkeys(name for name in expected if name is not None))
    assert ids.codes.dtype == np.int32


@draws
@given(st.lists(st.integers(-(10**15), 10**15)))
def test_whole_numbers_are_the_same_ids_in_every_form(numbers: list[int]) -> None:
    plain = as_ids(pa.array([str(number) for number in numbers], pa.string()))
    for column in (
        pa.array(numbers, pa.int64()),
        pa.array([float(number) for number in numbers], pa.float64()),
        pa.array([f"{number}.0" for number in numbers], pa.string()),
        pa.array([str(number) for number in numbers], pa.string()).dictionary_encode(),
    ):
        ids = as_ids(column)
        assert ids.names.tolist() == plain.names.tolist()
        assert ids.codes.tolist() == plain.codes.tolist()


@draws
@given(st.lists(st.one_of(WORDS, st.none())))
def test_any_texts_give_as_many_codes(cells: list[str | None]) -> None:
    ids = as_ids(pa.array(cells, pa.string()))
    assert len(ids) == len(cells) == len(as_texts(pa.array(cells, pa.string())))
    assert len(set(ids.names)) == len(ids.names)
    assert all(name.strip() for name in ids.names)
    assert set(ids.codes.tolist()) - {-1} == set(range(len(ids.names)))
