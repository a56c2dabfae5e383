"""When she was here: by month or year, day of the week and hour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import Array, Interactions

DAY = 86_400
MOST_MONTHS = 36
"""A history longer than this is counted by year."""


@dataclass(frozen=True, slots=True, eq=False)
class Activity:
    """n: interactions, liked or not. days: different days (UTC) with any; first, last: unix seconds.

    unit: "month" or "year"; starts: ISO dates of all that lie between, counts: (len(starts),). week: (7, 24) counts by
    weekday, Monday first, and hour, UTC. None in place of an Activity where the log has no times or nothing happened.
    """

    n: int
    days: int
    first: int
    last: int
    unit: str
    starts: tuple[str, ...]
    counts: Array
    week: Array


def activity(log: Interactions, user: int) -> Activity | None:
    """user: index."""
    span = log.history(user)
    if log.times is None or span.stop == span.start:
        return None
    times = log.times[span]
    months = times.astype("datetime64[s]").astype("datetime64[M]")
    unit = "month" if int((months.max() - months.min()).astype(int)) < MOST_MONTHS else "year"
    bins = months if unit == "month" else months.astype("datetime64[Y]")
    places = (bins - bins.min()).astype(int)
    starts = bins.min() + np.arange(places.max() + 1)
    days = times // DAY
    week = np.zeros((7, 24), dtype=np.int64)
    np.add.at(week, ((days + 3) % 7, times % DAY // 3600), 1)  # 1 January 1970 was a Thursday
    return Activity(
        n=len(times),
        days=len(np.unique(days)),
        first=int(times.min()),
        last=int(times.max()),
        unit=unit,
        starts=tuple(str(day) for day in starts.astype("datetime64[D]")),
        counts=np.bincount(places),
        week=week,
    )
