"""The same user and item more than once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from ..registry import knob
from ..types import Array
from .pairs import groups, pair_keys, repeated_pairs
from .state import Finding, Log, counted

SAID = {
    "last": "the latest row of each stays as it is",
    "sum": "the latest row of each stays, with the sum of their weights",
    "max": "the latest row of each stays, with the largest of their weights",
    "times": "the latest row of each stays, counted as many times as there were rows",
}


@dataclass(frozen=True, slots=True)
class Repeats:
    """The same user and item more than once."""

    key: ClassVar[str] = "repeats"
    label: ClassVar[str] = "Repeats"
    help: ClassVar[str] = "The same user and item several times: one row stays, the latest one."
    order: ClassVar[int] = 15
    table: ClassVar[str] = "interactions"
    mode: ClassVar[str] = "apply"

    how: str = knob(
        "auto",
        "weight of the row that stays: last, sum or max; auto = the last rating, the sum of counts and events",
        choices=("auto", "last", "sum", "max"),
    )

    def __call__(self, log: Log) -> Finding:
        """All but the latest row of each user and item; the latest carries the joined weight.

        Latest by time, then by place in the history, then by place in the file. Without weights a sum is the number
        of rows. A weight that is missing adds nothing.
        """
        how = ("last" if log.feedback == "rating" else "sum") if self.how == "auto" else self.how
        touched = np.zeros(len(log), dtype=bool)
        rows = repeated_pairs(log)
        if not len(rows):
            return Finding(touched, "No user has the same item twice.")
        order, starts = groups([pair_keys(log)[rows]])
        rows = rows[order]
        stays = _latest(log, rows, starts)
        touched[rows[~stays]] = True
        values = _joined(log, rows, starts, how)
        after = None
        if values is not None:
            joined = np.ones(len(log)) if log.values is None else log.values.copy()
            joined[rows[stays]] = values
            after = replace(log, values=joined)
        if log.feedback == "none" or log.values is None:
            how = "times" if how == "sum" else "last"
        n = int(touched.sum())
        pairs = f"{counted(len(starts), 'user-item pair')} that {'stands' if len(starts) == 1 else 'stand'}"
        text = f"{counted(n, 'row')} of {pairs} more than once: {SAID[how]}."
        return Finding(touched, text, after=after)


def _latest(log: Log, rows: Array, starts: Array) -> Array:
    """(m,) whether a row is the latest of its group; exactly one is."""
    lengths = np.diff(starts, append=len(rows))
    latest = np.ones(len(rows), dtype=bool)
    for column in (log.times, log.position, log.at):
        if column is None:
            continue
        lowest = np.iinfo(np.int64).min if column.dtype.kind == "i" else -np.inf
        ordered = column[rows]
        ordered = np.where(latest & (ordered == ordered), ordered, lowest)
        latest &= ordered == np.repeat(np.maximum.reduceat(ordered, starts), lengths)
    return latest


def _joined(log: Log, rows: Array, starts: Array, how: str) -> Array | None:
    """(n_groups,) the weight of each group, None where no weight changes."""
    if how == "last" or (log.values is None and how == "max"):
        return None
    if log.values is None:
        return np.diff(starts, append=len(rows)).astype(np.float64)
    values = log.values[rows]
    if how == "max":
        return np.fmax.reduceat(values, starts)
    known = ~np.isnan(values)
    total = np.add.reduceat(np.where(known, values, 0.0), starts)
    return np.where(np.logical_or.reduceat(known, starts), total, np.nan)
