"""Times: numbers since 1970, dates and times in words and figures, separate day, month and year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..types import Array
from . import dates
from .numbers import PLAIN, as_numbers
from .texts import distinct, is_missing, matches, plain, spread, trimmed

if TYPE_CHECKING:
    import pyarrow as pa

NO_TIME = int(np.iinfo(np.int64).min)
FIRST, LAST = -62_135_596_800, 253_402_300_799
"""The years 1 to 9999: what lies outside is no time."""

UNITS = {
    "unix seconds": 1.0,
    "unix milliseconds": 1e3,
    "unix microseconds": 1e6,
    "unix nanoseconds": 1e9,
}
DIGITS, LONG_DIGITS, YEAR = "year, month and day in 8 digits", "date and time in 14 digits", "year"
STAMPS, PARTS = "dates and times of the file", "year, month and day in columns of their own"
FORMS = (*UNITS, DIGITS, LONG_DIGITS, YEAR, *dates.FORMS, STAMPS, PARTS)
"""The forms a column of times may have, in words. Where two fit, ``Times.form`` adds a remark in brackets."""

MOST = 0.95
"""The share of the numbers that must be dates in figures for the column to hold such dates."""


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """seconds: (n,) int64 unix seconds, UTC, fractions cut off; NO_TIME where missing or unreadable.

    bad: (n,) bool, True where something stands there that is no time. form: what most of the column is, one of
    FORMS, with a remark in brackets where another reading fits as well; "" where nothing could be read.
    """

    seconds: Array
    bad: Array
    form: str

    def __len__(self) -> int:
        return len(self.seconds)


def as_times(column: Any, form: str = "") -> Times:
    """Times in any of FORMS, found value by value; a time without a zone is taken as UTC.

    What a single value does not tell is decided over the whole column: the unit of numbers by their size, and whether
    the day or the month stands first. form: one of FORMS (or a ``Times.form``) decides these two instead.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    array, form = plain(column), form.split(" (")[0]
    kind = array.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _from_stamps(array)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        values = pc.fill_null(array.cast(pa.float64(), safe=False), float("nan")).to_numpy(zero_copy_only=False)
        there = pc.is_valid(array).to_numpy(zero_copy_only=False) & ~np.isnan(values)
        seconds, found = _from_numbers(values, form)
        return _times(seconds, there, found if there.any() else "")
    if pa.types.is_temporal(kind) or pa.types.is_nested(kind) or pa.types.is_boolean(kind):
        return _times(np.full(len(array), NO_TIME), pc.is_valid(array).to_numpy(zero_copy_only=False), "")
    if (whole := _whole_numbers(array)) is not None:
        return as_times(whole, form)
    codes, texts = distinct(array)
    texts = trimmed(texts)
    there = ~is_missing(texts)
    counts = np.bincount(codes[codes >= 0], minlength=len(texts))
    seconds, found = _from_texts(texts, there, counts, form)
    times = _times(seconds, there, found)
    return Times(spread(times.seconds, codes, NO_TIME), spread(times.bad, codes, False), found)


def times_from_parts(year: Any, month: Any | None, day: Any | None) -> Times:
    """Midnight UTC of dates whose parts stand in columns of their own; without a day, the first of the month.

    Without a month it is 1 January, and a day says nothing.
    A row is bad where a part is missing beside others, is no whole number or makes no date.
    """
    given = (year,) if month is None else (year, month) if day is None else (year, month, day)
    columns = [as_numbers(column) for column in given]
    first = np.ones(len(columns[0]))
    years, months, days = [*(column.values for column in columns), first, first][:3]
    seconds = dates.seconds_of(years, months, days)
    there = np.any([~np.isnan(column.values) | column.bad for column in columns], axis=0)
    return _times(seconds, there, PARTS if (seconds != NO_TIME).any() else "")


def _times(seconds: Array, there: Array, form: str) -> Times:
    good = there & (seconds >= FIRST) & (seconds <= LAST)
    return Times(np.where(good, seconds, NO_TIME), there & ~good, form)


def _whole_numbers(array: pa.Array) -> pa.Array | None:
    """Texts that are all whole numbers as int64, None where one is not: most logs count seconds, each another one."""
    import pyarrow as pa

    if not len(array) or not (array[0].as_py() or "").isdecimal():
        return None
    try:
        return array.cast(pa.int64())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None


def _from_stamps(array: pa.Array) -> Times:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = array.type
    per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[getattr(kind, "unit", "ms")]
    raw = array.cast(pa.int32()).cast(pa.int64()) if pa.types.is_date32(kind) else array.cast(pa.int64())
    counts = pc.fill_null(raw, 0).to_numpy(zero_copy_only=False)
    # Far-away days would leave int64 when turned into seconds; they are no times anyway.
    seconds = np.clip(counts, -(10**9), 10**9) * 86_400 if pa.types.is_date32(kind) else counts // per_second
    there = pc.is_valid(array).to_numpy(zero_copy_only=False)
    return _times(seconds, there, STAMPS if there.any() else "")


def _from_numbers(values: Array, form: str) -> tuple[Array, str]:
    """(n,) seconds, NO_TIME where there is none, and the form."""
    if form not in (*UNITS, DIGITS, LONG_DIGITS, YEAR):
        form = _numeric_form(values[np.isfinite(values)])
    if form in UNITS:
        seconds = np.floor(values / UNITS[form])
        good = (seconds >= FIRST) & (seconds <= LAST)
        return np.where(good, np.where(good, seconds, 0).astype(np.int64), NO_TIME), form
    return _from_figures(values, form), form


def _numeric_form(values: Array) -> str:
    if not len(values):
        return next(iter(UNITS))
    middle = float(np.median(np.abs(values)))
    for form, low in ((DIGITS, 19e6), (LONG_DIGITS, 19e12)):
        if low <= middle < low * 1.2 and (_from_figures(values, form) != NO_TIME).mean() >= MOST:
            return form
    if ((values >= 1900) & (values <= 2100) & (values == np.floor(values))).mean() >= MOST:
        return YEAR
    # 1e11 seconds are the year 5138 and 1e11 milliseconds 1973; likewise three digits further each time.
    places = np.searchsorted([1e11, 1e14, 1e17], middle)
    return list(UNITS)[places]


def _from_figures(values: Array, form: str) -> Array:
    whole = np.where(np.isfinite(values), values, -1)
    if form == YEAR:
        return dates.seconds_of(whole, np.ones(len(whole)), np.ones(len(whole)))
    day, clock = (whole, np.zeros(len(whole))) if form == DIGITS else np.divmod(whole, 1e6)
    year, rest = np.divmod(day, 1e4)
    near = (year >= 1900) & (year <= 2100)
    hour, minute, second = clock // 1e4, clock // 100 % 100, clock % 100
    return np.where(near, dates.seconds_of(year, rest // 100, rest % 100, hour, minute, second), NO_TIME)


def _from_texts(texts: pa.Array, there: Array, counts: Array, form: str) -> tuple[Array, str]:
    """Seconds of the distinct texts, and what form most rows have. counts: rows per distinct text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    seconds = np.full(len(texts), NO_TIME)
    numeric = there & matches(texts, PLAIN)
    rows = {}
    if numeric.any():
        values = pc.fill_null(texts.filter(pa.array(numeric)).cast(pa.float64()), float("nan")).to_numpy()
        seconds[numeric], found = _from_numbers(values, form)
        rows[found] = int(counts[numeric & (seconds != NO_TIME)].sum())
    for places, read, found in dates.read_dates(texts, there & ~numeric, form):
        seconds[places] = read
        rows[found] = rows.get(found, 0) + int(counts[places].sum())
    best = max(rows, key=lambda name: rows[name], default="")
    return seconds, best if rows.get(best) else ""
