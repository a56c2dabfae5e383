"""Replay: the world as it was at a moment. Nothing later is in the log, and what came out later is no candidate."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import numpy as np

from ..errors import InputError
from ..splits import rows_of
from ..types import Array, Catalog, Dataset, Interactions, readonly

YEAR_FIELD = "year"
"""The catalogue field, in any case, that says when an item came out."""
A_MOMENT = re.compile(r"\d{4}-?\d{2}-?\d{2}(?P<time>[T ]\d{2}.{0,30})?", re.ASCII)
"""A date; without a time of day the whole day counts."""
A_YEAR = re.compile(r"\s*(\d{4})(?:\.0+|[-/.]\d{1,2}.*)?\s*")
"""A year, also as a number with a decimal point or at the head of a date."""


def parse_moment(text: str) -> int:
    """A date or a date with a time, as ISO 8601 -> unix seconds; without a zone it is UTC.

    A date alone is the end of that day, so that the day counts. Raises InputError.
    """
    given = text.strip()
    try:
        match = A_MOMENT.fullmatch(given)
        if match is None:  # the reader below takes weeks, and digits without end
            raise ValueError
        found = datetime.fromisoformat(given)
        if match["time"] is None:
            found += timedelta(days=1, seconds=-1)
        return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        shown = given if len(given) <= 40 else f"{given[:40]}…"
        raise InputError(
            f"as_of must be a date, or a date with a time, got {shown!r}: write it as 2015-06-30 or 2015-06-30T18:00"
        ) from None


def as_of(dataset: Dataset, moment: int) -> Dataset:
    """The data set without the interactions later than a moment (unix seconds); users, items and indices stay.

    The catalogue stays whole, see :func:`not_yet`. A weight that counts repeats has been counted over the whole log.
    Two moments with nothing between them give the same fingerprint. Raises InputError where nothing has a time.
    """
    log = dataset.interactions
    if log.times is None:
        raise InputError(f"as_of needs times, and the interactions of {dataset.name} have none: leave as_of empty")
    keep = log.times <= moment
    told = f"{dataset.fingerprint} up to {int(keep.sum())}"  # times alone decide, so the number tells which rows
    fingerprint = hashlib.sha256(told.encode()).hexdigest()[:16]
    return replace(dataset, interactions=rows_of(log, keep), fingerprint=fingerprint)


def not_yet(dataset: Dataset, moment: int) -> Array | None:
    """(n_items,) bool: items of a later year than the moment's; None where the catalogue has no field of years.

    An item without a year may have been there, and one that somebody had by then certainly was, whatever its year.
    """
    years = _years(dataset.catalog)
    if years is None:
        return None
    later: Array = years > _year_of(moment)  # NaN is not later
    if later.any() and dataset.interactions.times is not None:
        later[_had(dataset.interactions, moment)] = False
    return readonly(later)


def _had(log: Interactions, moment: int) -> Array:
    return log.items if log.times is None else log.items[log.times <= moment]


def _year_of(moment: int) -> int:
    return int(np.datetime64(moment, "s").astype("datetime64[Y]").astype(np.int64)) + 1970


@lru_cache(maxsize=4)
def _years(catalog: Catalog) -> Array | None:
    """(n_items,) float64, NaN where unknown; None where no item has one."""
    texts = next((values for name, values in catalog.fields.items() if name.casefold() == YEAR_FIELD), None)
    if texts is None:
        return None
    found = (A_YEAR.fullmatch(str(text)) for text in texts)
    years = np.array([np.nan if match is None else float(match[1]) for match in found], dtype=np.float64)
    return None if np.isnan(years).all() else readonly(years)
