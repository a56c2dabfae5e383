"""Replay: moments, and the world as it was at one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.context.replay import as_of, not_yet, parse_moment
from core.datasets.build import build_dataset
from core.errors import InputError
from core.types import Dataset

DAY = 86_400


def world(years: list[str] | None = None) -> Dataset:
    """Two users, three items, a row on each of the first four days of 2000 (UTC)."""
    start = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())
    items: dict[str, list[object]] = {"item_id": [1, 2, 3], "title": ["One", "Two", "Three"]}
    if years is not None:
        items["year"] = list(years)
    rows: dict[str, list[float]] = {
        "user_id": [1, 1, 2, 2],
        "item_id": [1, 2, 2, 3],
        "weight": [5.0, 5.0, 5.0, 5.0],
        "datetime": [start, start + DAY, start + 2 * DAY, start + 3 * DAY],
    }
    return build_dataset("days", "Days", items, rows)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1970-01-01", DAY - 1),
        (" 19700101 ", DAY - 1),
        ("1970-01-01T00:00", 0),
        ("1970-01-02 00:00:30", DAY + 30),
        ("1970-01-01T02:00+02:00", 0),
        ("1970-01-01T00:00Z", 0),
        ("1969-12-31", -1),
    ],
)
def test_a_moment_is_utc_and_a_date_lasts_to_its_end(text: str, moment: int) -> None:
    assert parse_moment(text) == moment


@pytest.mark.parametrize(
    "text", ["", "soon", "2015-02-30", "30.06.2015", "9999-12-31T99:00", "1" * 5_000, "0000-00-00", "2015-W01"]
)
def test_what_is_no_date_is_told_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match="write it as 2015-06-30") as told:
        parse_moment(text)
    assert len(str(told.value)) < 250


@given(st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9999, 12, 30)))
def test_any_moment_as_python_writes_it_is_read_back(moment: datetime) -> None:
    assert parse_moment(moment.isoformat()) == int(moment.replace(tzinfo=UTC).timestamp())


def test_later_rows_are_gone_and_indices_stay() -> None:
    found = as_of(world(), parse_moment("2000-01-02"))
    log = found.interactions
    assert log.items.tolist() == [0, 1]
    assert log.indptr.tolist() == [0, 2, 2]
    assert log.user_ids.tolist() == [1, 2]
    assert len(found.catalog) == 3


def test_the_fingerprint_tells_which_rows_are_left() -> None:
    whole = world()
    two, still_two = as_of(whole, parse_moment("2000-01-02")), as_of(whole, parse_moment("2000-01-02T12:00"))
    three = as_of(whole, parse_moment("2000-01-03"))
    assert two.fingerprint == still_two.fingerprint
    assert len({whole.fingerprint, two.fingerprint, three.fingerprint}) == 3
    assert all(len(one.fingerprint) == 16 for one in (two, three))


def test_without_times_there_is_no_replay() -> None:
    whole = world()
    timeless = replace(whole, interactions=replace(whole.interactions, times=None))
    with pytest.raises(InputError, match="have none: leave as_of empty"):
        as_of(timeless, 0)


def test_items_of_later_years_are_not_there_yet() -> None:
    whole = world(["1999", "", "2001"])
    assert np.asarray(not_yet(whole, parse_moment("2000-01-02"))).tolist() == [False, False, True]
    assert np.asarray(not_yet(whole, parse_moment("2001-01-01"))).tolist() == [False, False, False]


def test_what_somebody_had_was_there_whatever_its_year() -> None:
    whole = world(["1999", "2005", "2005"])
    assert np.asarray(not_yet(whole, parse_moment("2000-01-02"))).tolist() == [False, False, True]
    assert np.asarray(not_yet(whole, parse_moment("1999-12-31"))).tolist() == [False, True, True]


@pytest.mark.parametrize("years", [None, ["", "", ""], ["old", "older", "n/a"]])
def test_without_years_nobody_can_tell(years: list[str] | None) -> None:
    assert not_yet(world(years), 0) is None


def test_years_are_read_from_numbers_and_dates() -> None:
    whole = world(["2001.0", "2001-05-01", "20011"])
    assert np.asarray(not_yet(whole, parse_moment("1999-12-31"))).tolist() == [True, True, False]
