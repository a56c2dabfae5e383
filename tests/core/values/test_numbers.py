"""Numbers in the ways people write them."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.values import as_numbers

draws = settings(max_examples=60, deadline=None)

BAD = "bad"
FLOATS = st.floats(-1e12, 1e12)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (["4.5", " 3 ", "+5", "1e3", "-.5", "7."], [4.5, 3, 5, 1000, -0.5, 7]),
        (["abc", "inf", "-Infinity", "nan", "", "N/A", None, "2"], [BAD, BAD, BAD, BAD, None, None, None, 2]),
        (["1e999", "0x10", "1_000", "5 stars", "4/5"], [BAD] * 5),
        (["4,5", "3,0", "2"], [4.5, 3, 2]),
        (["0,125", "-1,5e2"], [0.125, -150]),
        (["4.5", "3.5", "4,5"], [4.5, 3.5, BAD]),
        (["1.234,5", "2"], [1234.5, 2]),
        (["1.234,5", "1.500", "2,5", "2.5"], [1234.5, 1500, 2.5, BAD]),
        (["1,234,567", "1,234"], [1_234_567, 1234]),
        (["1,234", "12.5"], [1234, 12.5]),
        (["1,234", "999"], [1234, 999]),
        (["5,000", "4,500", "3,000"], [5000, 4500, 3000]),
        (["1,234", "0,500"], [1.234, 0.5]),
        (["1.234", "1.500"], [1.234, 1.5]),
        (["1,234", "99999"], [1.234, 99_999]),
        (["1.234.567", "1.234"], [1_234_567, 1234]),
        (["1 234", "1\u202f234,5", "1'234"], [1234, 1234.5, 1234]),
        (["\u22123", "x"], [-3, BAD]),
        ([1, None, -2], [1, None, -2]),
        ([1.5, float("nan"), float("inf"), None], [1.5, BAD, BAD, None]),
        ([True, False, None], [1, 0, None]),
        ([Decimal("1.50"), None], [1.5, None]),
        ([[1.0], None], [BAD, None]),
        ([datetime.date(2011, 3, 5), None], [BAD, None]),
        ([None, None], [None, None]),
        ([], []),
    ],
)
def test_numbers(column: list[Any], expected: list[Any]) -> None:
    numbers = as_numbers(pa.array(column))
    assert numbers.bad.tolist() == [value == BAD for value in expected]
    wanted = [math.nan if value in (None, BAD) else float(value) for value in expected]
    np.testing.assert_array_equal(numbers.values, wanted)


def test_a_dictionary_of_chunks_is_decoded() -> None:
    column = pa.chunked_array([pa.array(["1", "x"]).dictionary_encode(), pa.array(["2", None]).dictionary_encode()])
    numbers = as_numbers(column)
    np.testing.assert_array_equal(numbers.values, [1, math.nan, 2, math.nan])
    assert numbers.bad.tolist() == [False, True, False, False]


@draws
@given(st.lists(FLOATS))
def test_numbers_survive_being_written(numbers: list[float]) -> None:
    exact = [
        [repr(number) for number in numbers],
        [f"+{number!r}" if math.copysign(1, number) > 0 else repr(number) for number in numbers],
        [f" {number!r}\t" for number in numbers],
    ]
    for written in exact:
        assert as_numbers(pa.array(written, pa.string())).values.tolist() == numbers


@draws
@given(st.lists(FLOATS, min_size=1))
def test_decimal_commas_are_read_where_the_column_has_nothing_else(numbers: list[float]) -> None:
    written = [f"{number:.2f}".replace(".", ",") for number in numbers]
    assert as_numbers(pa.array(written)).values.tolist() == [float(f"{number:.2f}") for number in numbers]


@draws
@given(st.lists(FLOATS, min_size=1))
def test_american_thousands(numbers: list[float]) -> None:
    written = [f"{number:,.2f}" for number in numbers]
    assert as_numbers(pa.array(written)).values.tolist() == [float(f"{number:.2f}") for number in numbers]


@draws
@given(st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=8))))
def test_any_texts_give_as_many_numbers(cells: list[str | None]) -> None:
    numbers = as_numbers(pa.array(cells, pa.string()))
    assert len(numbers) == len(numbers.bad) == len(cells)
    assert np.isnan(numbers.values[numbers.bad]).all()
    assert not np.isinf(numbers.values).any()
