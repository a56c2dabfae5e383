"""When the interactions happened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import Array, Interactions

DAY_S = 86_400
SPANS = (("day", 92), ("week", 2 * 366), ("month", 10 * 366))
"""A bin's length and the longest span, in days, that it is used for; longer logs are counted by year."""

MOST_BINS = 1_000
"""Longer rows than this (times that are far off) hold only the bins with anything in them."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """unit: "day" | "week" (from Monday) | "month" | "year", in UTC. starts: the first day of each bin, ISO 8601.

    counts: interactions in each bin, empty bins included. one_day_users: share of the users with at least two
    interactions whose whole history lies within 24 hours; NaN where there is no such user.
    """

    unit: str
    starts: tuple[str, ...]
    counts: tuple[int, ...]
    one_day_users: float


def timeline(log: Interactions) -> Timeline | None:
    """The log over time; None where it has no times, or no interactions."""
    if log.times is None or not len(log):
        return None
    days = log.times // DAY_S
    span = int(days.max()) - int(days.min())
    unit = next((name for name, longest in SPANS if span <= longest), "year")
    bins, counts = _counted(_bin_of(days, unit))
    return Timeline(unit, _starts(bins, unit), tuple(counts.tolist()), _one_day_users(log.times, log.indptr))


def _bin_of(days: Array, unit: str) -> Array:
    """(n,) days since 1970 -> the number of the bin each lies in. Day 0 was a Thursday."""
    if unit == "day":
        return days
    if unit == "week":
        return (days + 3) // 7
    return days.astype("datetime64[D]").astype(f"datetime64[{unit[0].upper()}]").astype(np.int64)


def _counted(bins: Array) -> tuple[Array, Array]:
    first, n = int(bins.min()), int(bins.max()) - int(bins.min()) + 1
    if n > MOST_BINS:
        return np.unique(bins, return_counts=True)
    return np.arange(first, first + n), np.bincount(bins - first, minlength=n)


def _starts(bins: Array, unit: str) -> tuple[str, ...]:
    days = 7 * bins - 3 if unit == "week" else bins
    code = {"month": "M", "year": "Y"}.get(unit, "D")
    return tuple(str(day) for day in days.astype(f"datetime64[{code}]").astype("datetime64[D]"))


def _one_day_users(times: Array, indptr: Array) -> float:
    several = np.diff(indptr) >= 2
    if not several.any():
        return float("nan")
    rows = indptr[:-1][np.diff(indptr) > 0]
    span = np.maximum.reduceat(times, rows) - np.minimum.reduceat(times, rows)
    return float((span[several[np.diff(indptr) > 0]] < DAY_S).mean())
