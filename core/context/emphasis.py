"""How much each interaction counts in the context asked about: how long ago it was, at what hour, day and season.

Unix seconds are read as UTC, for want of anything better: a log does not say where its people live. Evening in Lisbon
is evening here, evening in Tokyo is morning.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..errors import UnknownNameError
from ..types import Array, Interactions, readonly

ANY = "any"
DAY = 86_400
HOUR = 3_600
DAYPARTS = {"morning": (6, 12), "afternoon": (12, 18), "evening": (18, 24), "night": (0, 6)}
"""Hours of the day, the first included, the last not."""
WEEKDAYS = ("weekday", "weekend")
SEASONS = {"spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11), "winter": (12, 1, 2)}
"""Months, by the weather's calendar of the northern half of the Earth."""
THURSDAY = 3
"""The day of the week (Monday = 0) on which unix time begins."""


def emphasis(
    log: Interactions,
    *,
    window: int = 0,
    now: float | None = None,
    daypart: str = ANY,
    weekday: str = ANY,
    season: str = ANY,
    affinity: float = 1.0,
) -> Array | None:
    """(n_rows,) float64 in [0, 1]; None where all count in full, as where nothing has a time.

    window: days that count back from ``now`` (unix seconds; None = the log's last), 0 = all; what is older weighs 0.
    A row outside of the part of day, kind of day or season asked for weighs 1 - affinity, and several choices
    multiply. Raises UnknownNameError.
    """
    times = log.times
    choices = ((in_daypart, daypart), (in_week, weekday), (in_season, season))
    asked = [(inside, given) for inside, given in choices if given != ANY]
    if times is None or not len(times) or not (window or (asked and affinity)):
        return None
    out = np.ones(len(times))
    for inside, given in asked:
        out[~inside(times, given)] *= 1.0 - affinity
    if window:
        latest = float(times.max()) if now is None else now
        out[times <= latest - window * DAY] = 0.0
    return readonly(out)


def in_daypart(times: Array, name: str) -> Array:
    """(n,) bool: unix seconds within a part of the day, UTC. Raises UnknownNameError."""
    low, high = _known("daypart", name, DAYPARTS)
    hour = times % DAY // HOUR
    return np.asarray((hour >= low) & (hour < high))


def in_week(times: Array, name: str) -> Array:
    """(n,) bool: unix seconds on a weekday, or at a weekend (Saturday and Sunday), UTC. Raises UnknownNameError."""
    if name not in WEEKDAYS:
        raise UnknownNameError("weekday", name, (ANY, *WEEKDAYS))
    weekend = (times // DAY + THURSDAY) % 7 >= 5
    return np.asarray(weekend if name == "weekend" else ~weekend)


def in_season(times: Array, name: str) -> Array:
    """(n,) bool: unix seconds within a season of the northern half of the Earth, UTC. Raises UnknownNameError."""
    months = times.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64) % 12 + 1
    return np.isin(months, _known("season", name, SEASONS))


def _known(what: str, name: str, table: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
    if name not in table:
        raise UnknownNameError(what, name, (ANY, *table))
    return table[name]
