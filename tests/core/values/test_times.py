"""Times in the ways programs and people write them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.values import FORMS, NO_TIME, Times, as_times, times_from_parts

draws = settings(max_examples=60, deadline=None)

BAD = "bad"
MOMENTS = st.datetimes(dt.datetime(1971, 1, 1), dt.datetime(2099, 12, 31)).map(lambda time: time.replace(microsecond=0))


def seconds(text: str) -> int:
    return int(np.datetime64(text, "s").astype(np.int64))


def shown(times: Times) -> list[str | None]:
    assert (times.seconds[times.bad] == NO_TIME).all()
    return [
        BAD if bad else None if value == NO_TIME else str(np.datetime64(int(value), "s")).removesuffix("T00:00:00")
        for value, bad in zip(times.seconds, times.bad, strict=True)
    ]


@pytest.mark.parametrize(
    ("column", "form", "expected"),
    [
        (["1299283200", ""], "unix seconds", ["2011-03-05", None]),
        (["1299283200.9", "1e9"], "unix seconds", ["2011-03-05", "2001-09-09T01:46:40"]),
        (["1299283200123"], "unix milliseconds", ["2011-03-05"]),
        (["1299283200123456"], "unix microseconds", ["2011-03-05"]),
        ([1_299_283_200_000_000_000], "unix nanoseconds", ["2011-03-05"]),
        ([1_299_283_200, None], "unix seconds", ["2011-03-05", None]),
        ([1.2992832e9, float("nan"), float("inf")], "unix seconds", ["2011-03-05", None, BAD]),
        (["-86400", "86400"], "unix seconds", ["1969-12-31", "1970-01-02"]),
        (["20110305", "20111231"], "year, month and day in 8 digits", ["2011-03-05", "2011-12-31"]),
        ([20110305, 20110306], "year, month and day in 8 digits", ["2011-03-05", "2011-03-06"]),
        (["20110305101112"], "date and time in 14 digits", ["2011-03-05T10:11:12"]),
        ([2011, 1999], "year", ["2011-01-01", "1999-01-01"]),
        (["2011-03-05", "2011-02-29", "0000-00-00"], "ISO 8601", ["2011-03-05", BAD, BAD]),
        (["2011-03-05T10:11:12", "2011-03-05 10:11"], "ISO 8601", ["2011-03-05T10:11:12", "2011-03-05T10:11:00"]),
        (
            ["2011-03-05T10:11:12Z", "2011-03-05T10:11:12.123456+02:00", "2011-03-05 10:11:12-0330"],
            "ISO 8601",
            ["2011-03-05T10:11:12", "2011-03-05T08:11:12", "2011-03-05T13:41:12"],
        ),
        (
            ["2011-03-05T10:11:12Z", "2011/3/5 9:05", "2011-03-05 10:11:12.1234567 UTC", "2011-03", "2011年3月5日"],
            "ISO 8601",
            ["2011-03-05T10:11:12", "2011-03-05T09:05:00", "2011-03-05T10:11:12", "2011-03-01", "2011-03-05"],
        ),
        (["05/03/2011", "13/03/2011 10:00"], "day/month/year", ["2011-03-05", "2011-03-13T10:00:00"]),
        (["05/03/2011", "03/13/2011 1:05 PM"], "month/day/year", ["2011-05-03", "2011-03-13T13:05:00"]),
        (["12/13/10 8:26", "12/1/69"], "month/day/year", ["2010-12-13T08:26:00", "2069-12-01"]),
        (["09 13, 2009"], "month/day/year", ["2009-09-13"]),
        (["5.3.2011 12:00 AM"], "month/day/year (or day/month/year: no day above 12 tells them apart)", ["2011-05-03"]),
        (["5.3.2011"], "day/month/year", ["2011-03-05"]),
        (["13/13/2011", "14/02/2011"], "day/month/year", [BAD, "2011-02-14"]),
        (
            ["5 Mar 2011", "Mar 5, 2011", "5-Mar-11", "March 5th, 2011", "5. März 2011"],
            "month in words",
            ["2011-03-05"] * 4 + [BAD],
        ),
        (
            ["Sat, 05 Mar 2011 10:00:00 GMT", "Sat Mar 05 10:00:00 +0000 2011", "Sat Mar  5 10:00:00 2011"],
            "month in words",
            ["2011-03-05T10:00:00"] * 3,
        ),
        (["yesterday", "", "null"], "", [BAD, None, None]),
        (
            ["99999999999999999999", "1299283200", "1299283201"],
            "unix seconds",
            [BAD, "2011-03-05", "2011-03-05T00:00:01"],
        ),
        ([dt.date(2011, 3, 5), None], "dates and times of the file", ["2011-03-05", None]),
        ([dt.datetime(1969, 12, 31, 23, 59, 59, 500_000)], "dates and times of the file", ["1969-12-31T23:59:59"]),
        ([True], "", [BAD]),
        ([[1], None], "", [BAD, None]),
        ([None], "", [None]),
        ([], "", []),
    ],
)
def test_times(column: list[Any], form: str, expected: list[str | None]) -> None:
    times = as_times(pa.array(column))
    assert shown(times) == expected
    assert times.form == form
    assert form == "" or form.split(" (")[0] in FORMS


def test_what_no_value_tells_is_said_and_can_be_given() -> None:
    column = pa.array(["05/03/2011", "06/03/2011"])
    found = as_times(column)
    assert found.form == "day/month/year (or month/day/year: no day above 12 tells them apart)"
    assert shown(found) == shown(as_times(column, found.form)) == ["2011-03-05", "2011-03-06"]
    given_form = as_times(column, "month/day/year")
    assert (shown(given_form), given_form.form) == (["2011-05-03", "2011-06-03"], "month/day/year")
    assert shown(as_times(pa.array([86_400_000]), "unix milliseconds")) == ["1970-01-02"]


def test_stamps_of_every_unit_and_zone() -> None:
    for unit in ("s", "ms", "us", "ns"):
        column = pa.array([1_299_283_200 * {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]])
        for zone in (None, "Asia/Tokyo"):
            assert as_times(column.cast(pa.timestamp(unit, zone))).seconds.tolist() == [1_299_283_200]
    far = as_times(pa.array([2**31 - 1], pa.int32()).cast(pa.date32()))
    assert far.bad.tolist() == [True]
    assert as_times(pa.array([1_299_283_200_000]).cast(pa.date64())).seconds.tolist() == [1_299_283_200]


def test_parts_in_columns_of_their_own() -> None:
    years, months = pa.array(["2009", "2009", "", "2009"]), pa.array(["4", "13", "", "2"])
    times = times_from_parts(years, months, pa.array(["1", "1", "", "30"]))
    assert shown(times) == ["2009-04-01", BAD, None, BAD]
    assert times.form == "year, month and day in columns of their own"
    assert shown(times_from_parts(years, months, None)) == ["2009-04-01", BAD, None, "2009-02-01"]
    assert shown(times_from_parts(pa.array(["x"]), pa.array([1]), None)) == [BAD]
    assert shown(times_from_parts(pa.array(["2009", "soon", "", "99999"]), None, None)) == [
        "2009-01-01",
        BAD,
        None,
        BAD,
    ]
    assert shown(times_from_parts(years, None, pa.array(["9"] * 4)))[0] == "2009-01-01"


WRITERS = {
    "iso": lambda time: time.isoformat(),
    "zoned": lambda time: time.isoformat() + "Z",
    "blank": lambda time: str(time),
    "fractions": lambda time: time.isoformat() + ".25",
    "unpadded": lambda time: f"{time.year}/{time.month}/{time.day} {time:%H:%M:%S}",
    "digits": lambda time: f"{time:%Y%m%d%H%M%S}",
    "english": lambda time: f"{time:%d %b %Y %H:%M:%S}",
    "american": lambda time: f"{time:%b %d, %Y, %I:%M:%S %p}",
    "mail": lambda time: f"{time:%a, %d %b %Y %H:%M:%S +0000}",
    "day first": lambda time: f"{time:%d/%m/%Y %H:%M:%S}",
    "month first": lambda time: f"{time:%m/%d/%Y %H:%M:%S}",
}


@pytest.mark.parametrize("form", WRITERS)
@draws
@given(moments=st.lists(MOMENTS))
def test_times_survive_being_written(form: str, moments: list[dt.datetime]) -> None:
    # One day above 12 tells which of day and month stands first.
    moments = [*moments, dt.datetime(2000, 1, 31, 12)]
    times = as_times(pa.array([WRITERS[form](moment) for moment in moments]))
    assert times.seconds.tolist() == [int(moment.replace(tzinfo=dt.UTC).timestamp()) for moment in moments]


@draws
@given(
    st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=12))),
    st.sampled_from(["", *FORMS]),
)
def test_any_texts_give_as_many_times(cells: list[str | None], form: str) -> None:
    times = as_times(pa.array(cells, pa.string()), form)
    assert len(times) == len(times.bad) == len(cells)


@draws
@given(st.lists(st.one_of(st.none(), st.floats(), st.integers(-(2**62), 2**62).map(float))))
def test_any_numbers_give_as_many_times(cells: list[float | None]) -> None:
    times = as_times(pa.array(cells, pa.float64()))
    assert len(times) == len(times.bad) == len(cells)
