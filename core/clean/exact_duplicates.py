"""The same row again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Array
from .pairs import groups, pair_keys, repeated_pairs
from .state import Finding, Log, counted, nothing


@dataclass(frozen=True, slots=True)
class ExactDuplicates:
    """The same row again."""

    key: ClassVar[str] = "exact_duplicates"
    label: ClassVar[str] = "Exact duplicates"
    help: ClassVar[str] = "The same row again: same user, item, time, weight, event and position."
    order: ClassVar[int] = 7
    table: ClassVar[str] = "interactions"
    mode: ClassVar[str] = "apply"

    def __call__(self, log: Log) -> Finding:
        """All but the first of rows that agree in everything.

        Where rows carry neither a time nor a place in the history, an event or nothing at all can honestly happen
        twice, so such rows are left to the rule for repeats. A rating or a count says all there is about its pair.
        """
        if log.times is None and log.position is None and log.feedback not in ("rating", "count"):
            return nothing(
                log, "Not looked at: without times, equal rows may be honest repeats; the rule for repeats joins them."
            )
        touched = np.zeros(len(log), dtype=bool)
        rows = repeated_pairs(log)
        if len(rows):
            columns = [column[rows] for column in _columns(log)]
            order, starts = groups(columns)
            first = np.minimum.reduceat(log.at[rows][order], starts)
            lengths = np.diff(starts, append=len(rows))
            touched[rows[order]] = log.at[rows][order] != np.repeat(first, lengths)
        n = int(touched.sum())
        if not n:
            return Finding(touched, "No row stands twice.")
        return Finding(touched, f"{counted(n, 'row')} the same as an earlier one in {_named(log)}.")


def _named(log: Log) -> str:
    """What is compared, in words."""
    given = {"weight": log.values, "time": log.times, "event": log.events, "position": log.position}
    names = ["user", "item", *(name for name, column in given.items() if column is not None)]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _columns(log: Log) -> list[Array]:
    """What makes a row, as whole numbers; every NaN is the same, and so are 0 and -0."""
    numbers = [column for column in (log.values, log.position) if column is not None]
    codes = [column for column in (log.times, log.events, log.bad_values) if column is not None]
    return [
        pair_keys(log),
        *(np.where(np.isnan(column), np.nan, column + 0.0).view(np.int64) for column in numbers),
        *(column.astype(np.int64, copy=False) for column in codes),
    ]
