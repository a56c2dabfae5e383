"""How much each row counts in a context."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.context.emphasis import DAYPARTS, SEASONS, WEEKDAYS, emphasis, in_daypart, in_season, in_week
from core.errors import UnknownNameError
from core.types import Interactions

MOMENTS = st.datetimes(min_value=datetime(1901, 1, 1), max_value=datetime(2199, 12, 31))


def at(*moments: str) -> Interactions:
    """One user with a row at each moment (UTC)."""
    times = np.array([int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) for text in moments])
    n = len(times)
    rows = np.zeros(n, dtype=np.int32), np.ones(n, dtype=np.float32), times.astype(np.int64)
    return Interactions(np.array([1]), np.array([0, n]), *rows)


def weights(log: Interactions, **choices: object) -> list[float]:
    found = emphasis(log, **choices)  # type: ignore[arg-type]
    assert found is not None
    return [round(float(value), 6) for value in found]


def test_rows_of_the_part_of_day_count_in_full_and_others_less() -> None:
    log = at("2024-05-04T05:59:59", "2024-05-04T06:00", "2024-05-04T11:59:59", "2024-05-04T12:00")
    assert weights(log, daypart="morning", affinity=0.75) == [0.25, 1, 1, 0.25]
    assert weights(log, daypart="morning") == [0, 1, 1, 0]


def test_several_choices_multiply() -> None:
    log = at("2024-05-04T20:00", "2024-05-06T20:00", "2024-05-06T09:00", "2024-12-09T09:00")  # Saturday, Mondays
    assert weights(log, daypart="evening", weekday="weekend", season="spring", affinity=0.5) == [1, 0.5, 0.25, 0.125]


def test_a_window_counts_back_from_now_or_from_the_last_row() -> None:
    log = at("2024-01-01", "2024-01-08", "2024-01-10")
    assert weights(log, window=2) == [0, 0, 1]
    assert weights(log, window=3) == [0, 1, 1]
    assert weights(log, window=2, now=float(log.times[1])) == [0, 1, 1]  # type: ignore[index]


def test_where_all_count_in_full_nothing_is_returned() -> None:
    log = at("2024-01-01")
    assert emphasis(log) is None
    assert emphasis(log, daypart="night", affinity=0.0) is None
    assert emphasis(at(), window=3, daypart="night") is None
    timeless = Interactions(log.user_ids, log.indptr, log.items, log.weights, None)
    assert emphasis(timeless, window=3, daypart="night") is None


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"daypart": "dawn"}, "unknown daypart 'dawn'; known: any"),
        ({"weekday": "monday"}, "known: .*weekday"),
        ({"season": "fall"}, "unknown season 'fall'"),
    ],
)
def test_an_unknown_choice_is_told(choices: dict[str, str], told: str) -> None:
    with pytest.raises(UnknownNameError, match=told):
        emphasis(at("2024-01-01"), **choices)  # type: ignore[arg-type]


@given(MOMENTS)
def test_every_moment_lies_in_one_part_of_each_kind_and_as_the_calendar_says(moment: datetime) -> None:
    times = np.array([int(moment.replace(tzinfo=UTC).timestamp())], dtype=np.int64)
    parts = [name for name in DAYPARTS if in_daypart(times, name)[0]]
    days = [name for name in WEEKDAYS if in_week(times, name)[0]]
    seasons = [name for name in SEASONS if in_season(times, name)[0]]
    assert parts == [next(name for name, (low, high) in DAYPARTS.items() if low <= moment.hour < high)]
    assert days == ["weekend" if moment.weekday() >= 5 else "weekday"]
    assert seasons == [next(name for name, months in SEASONS.items() if moment.month in months)]


@given(st.lists(MOMENTS, min_size=1, max_size=8), st.floats(0, 1), st.integers(0, 400))
def test_weights_stay_between_nothing_and_one(moments: list[datetime], affinity: float, window: int) -> None:
    log = at(*(moment.isoformat() for moment in moments))
    found = emphasis(log, window=window, daypart="evening", season="winter", affinity=affinity)
    if found is not None:
        assert found.dtype == np.float64
        assert not found.flags.writeable
        assert ((found >= 0) & (found <= 1)).all()
        if window:
            cut = max(moments) - timedelta(days=window)
            whole = cut.replace(microsecond=0)
            assert all(value == 0 for value, moment in zip(found, moments, strict=True) if moment < whole)
