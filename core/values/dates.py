"""Dates and times written in words and figures, read by regular expressions over whole columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ..types import Array
from .texts import matches

if TYPE_CHECKING:
    import pyarrow as pa

NO_TIME = int(np.iinfo(np.int64).min)
ISO, DAY_FIRST, MONTH_FIRST, WORDS = "ISO 8601", "day/month/year", "month/day/year", "month in words"
FORMS = (ISO, DAY_FIRST, MONTH_FIRST, WORDS)
OR_MONTH_FIRST = f"{DAY_FIRST} (or {MONTH_FIRST}: no day above 12 tells them apart)"
OR_DAY_FIRST = f"{MONTH_FIRST} (or {DAY_FIRST}: no day above 12 tells them apart)"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
PIVOT = 70
"""A year of two digits below it is after 2000."""

ZONE = r"(?P<zone>[Zz]|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?(?: ?\([A-Za-z ]+\))?"
CLOCK = (
    r"(?:(?:[Tt]|,? +|,? +at +)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r" ?(?P<half>[AaPp])?(?:\.?[Mm]\.?)? ?" + ZONE + ")?"
)
STRICT = r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?"
WEEKDAY = r"(?:[A-Za-z]{3,9}\.?,? +)?"
YEAR_FIRST = r"^(?P<year>\d{4})[-/. 年](?P<month>\d{1,2})(?:[-/. 月](?P<day>\d{1,2})日?|月)?" + CLOCK + "$"
FIGURES = r"^(?P<first>\d{1,2})[-/. ](?P<next>\d{1,2}),?[-/. ](?P<year>\d{4}|\d{2})" + CLOCK + "$"
NAMED_MONTH = (
    "^"
    + WEEKDAY
    + r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?[ \-/]*(?P<name>[A-Za-z]{3,9})\.?,?[ \-/]*(?P<year>\d{4}|\d{2})"
    + CLOCK
    + "$",
    "^"
    + WEEKDAY
    + r"(?P<name>[A-Za-z]{3,9})\.?[ \-/]+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?[ \-/]+(?P<year>\d{4})"
    + CLOCK
    + "$",
    "^" + WEEKDAY + r"(?P<name>[A-Za-z]{3,9}) +(?P<day>\d{1,2}) (?P<hour>\d{1,2}):(?P<minute>\d{2}):(?P<second>\d{2})"
    r"(?: (?P<zone>[+-]\d{2}:?\d{2}|UTC|GMT))? (?P<year>\d{4})$",
)
Read = tuple[Array, Array, str]


def read_dates(texts: pa.Array, wanted: Array, form: str) -> Iterator[Read]:
    """For each form that occurs: the places of the texts, their unix seconds, and the form.

    texts: (n,) trimmed. wanted: (n,) bool, the ones to look at. form: DAY_FIRST or MONTH_FIRST decides the order.
    """
    left = wanted.copy()
    for attempt in ATTEMPTS:
        if not left.any():
            return
        places, seconds, found = attempt(texts, np.flatnonzero(left), form)
        good = seconds != NO_TIME
        if good.any():
            left[places[good]] = False
            yield places[good], seconds[good], found


def seconds_of(
    year: Array, month: Array, day: Array, hour: Array | int = 0, minute: Array | int = 0, second: Array | int = 0
) -> Array:
    """(n,) int64 unix seconds of the parts, NO_TIME where they are missing or make no time."""
    parts = np.broadcast_arrays(*(np.asarray(part, np.float64) for part in (year, month, day, hour, minute, second)))
    good = np.all([np.isfinite(part) & (part == np.floor(part)) for part in parts], axis=0)
    for part, low, high in zip(parts, (1, 1, 1, 0, 0, 0), (9999, 12, 31, 23, 59, 60), strict=True):
        good &= (part >= low) & (part <= high)
    years, months, days, hours, minutes, seconds = (np.where(good, part, 1).astype(np.int64) for part in parts)
    month_start = ((years - 1970) * 12 + months - 1).astype("datetime64[M]")
    date = month_start.astype("datetime64[D]") + (days - 1)
    good &= date.astype("datetime64[M]") == month_start
    return np.where(good, date.astype(np.int64) * 86_400 + hours * 3600 + minutes * 60 + seconds, NO_TIME)


def _standard(texts: pa.Array, places: Array, form: str) -> Read:
    """The common case at full speed: ISO 8601 to the letter, without a zone."""
    return _cast(texts, places, STRICT + "$", None)


def _standard_zoned(texts: pa.Array, places: Array, form: str) -> Read:
    return _cast(texts, places, STRICT + r"(?:Z|[+-]\d{2}:?\d{2})$", "UTC")


def _cast(texts: pa.Array, places: Array, pattern: str, zone: str | None) -> Read:
    import pyarrow as pa

    chosen = texts if len(places) == len(texts) else texts.take(pa.array(places))
    strict = matches(chosen, pattern)
    try:
        stamps = chosen.filter(pa.array(strict)).cast(pa.timestamp("us", zone)).cast(pa.int64())
    except pa.ArrowInvalid:  # the 30th of February: the slow way finds which
        return places[:0], np.empty(0, np.int64), ISO
    return places[strict], stamps.to_numpy(zero_copy_only=False) // 10**6, ISO


def _year_first(texts: pa.Array, places: Array, form: str) -> Read:
    found, parts = _parts(texts, places, YEAR_FIRST)
    day = np.where(np.isnan(parts["day"]), 1, parts["day"])
    return found, _with_clock(parts, parts["year"], parts["month"], day), ISO


def _figures(texts: pa.Array, places: Array, form: str) -> Read:
    found, parts = _parts(texts, places, FIGURES)
    first, second, year = parts["first"], parts["next"], _full_year(parts["year"])
    day_first, month_first = int((first > 12).sum()), int((second > 12).sum())
    if form in (DAY_FIRST, MONTH_FIRST):
        label = form
    elif day_first or month_first:
        label = DAY_FIRST if day_first >= month_first else MONTH_FIRST
    else:
        # A clock with am and pm is American; dots between the parts are not.
        american = not np.isnan(parts["half"]).all()
        dots = matches(texts, r"^\d+\.\d+\.")[found].all()
        label = OR_DAY_FIRST if american else DAY_FIRST if dots else OR_MONTH_FIRST
    day, month = (first, second) if label.startswith(DAY_FIRST) else (second, first)
    return found, _with_clock(parts, year, month, day), label


def _named(pattern: str, texts: pa.Array, places: Array, form: str) -> Read:
    """Dates whose month is a name, in one order of the parts."""
    found, parts = _parts(texts, places, pattern)
    return found, _with_clock(parts, _full_year(parts["year"]), parts["name"], parts["day"]), WORDS


def _parts(texts: pa.Array, places: Array, pattern: str) -> tuple[Array, dict[str, Array]]:
    """The places that match, and each named group as float64, NaN where it took no part."""
    import pyarrow as pa
    import pyarrow.compute as pc

    chosen = texts.take(pa.array(places))
    found = matches(chosen, pattern)
    struct = pc.extract_regex(chosen.filter(pa.array(found)), pattern)
    readers = {"name": _month_numbers, "zone": _offsets, "half": _halves}
    names = [struct.type.field(index).name for index in range(struct.type.num_fields)]
    return places[found], {name: readers.get(name, _figures_of)(pc.struct_field(struct, name)) for name in names}


def _figures_of(texts: pa.Array) -> Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    given = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
    return pc.fill_null(given.cast(pa.float64()), float("nan")).to_numpy(zero_copy_only=False)


def _month_numbers(texts: pa.Array) -> Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    short = pc.utf8_slice_codeunits(pc.ascii_lower(texts), 0, 3)
    places = pc.index_in(short, value_set=pa.array(MONTHS))
    return pc.fill_null(places.cast(pa.float64()), float("nan")).to_numpy(zero_copy_only=False) + 1


def _halves(texts: pa.Array) -> Array:
    """0 for am, 12 for pm, NaN where the clock has 24 hours."""
    import pyarrow as pa
    import pyarrow.compute as pc

    places = pc.index_in(pc.ascii_lower(texts), value_set=pa.array(["a", "p"]))
    return pc.fill_null(places.cast(pa.float64()), float("nan")).to_numpy(zero_copy_only=False) * 12


def _offsets(texts: pa.Array) -> Array:
    """Seconds east of Greenwich, 0 where no zone is given."""
    import pyarrow.compute as pc

    numeric = matches(texts, r"^[+-]")
    digits = pc.replace_substring(pc.replace_substring_regex(texts, "^[^0-9]+", ""), ":", "")
    hours = _figures_of(pc.utf8_slice_codeunits(digits, 0, 2))
    minutes = _figures_of(pc.utf8_slice_codeunits(digits, 2, 4))
    size = np.nan_to_num(hours) * 3600 + np.nan_to_num(minutes) * 60
    return np.where(numeric, np.where(matches(texts, "^-"), -size, size), 0.0)


def _full_year(year: Array) -> Array:
    return np.where(year >= 100, year, np.where(year < PIVOT, year + 2000, year + 1900))


def _with_clock(parts: dict[str, Array], year: Array, month: Array, day: Array) -> Array:
    hour, minute, second = (np.nan_to_num(parts[name]) for name in ("hour", "minute", "second"))
    if "half" in parts:
        twelve = ~np.isnan(parts["half"])
        hour = np.where(twelve, np.where(hour > 12, 99, hour % 12 + np.nan_to_num(parts["half"])), hour)
    seconds = seconds_of(year, month, day, hour, minute, second)
    return np.where(seconds == NO_TIME, NO_TIME, seconds - parts["zone"].astype(np.int64))


ATTEMPTS: tuple[Callable[[pa.Array, Array, str], Read], ...] = (
    _standard,
    _standard_zoned,
    _year_first,
    _figures,
    *(partial(_named, pattern) for pattern in NAMED_MONTH),
)
"""The ways to read a date, the fast ones first; each takes what the ones before have left."""
