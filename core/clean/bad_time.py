"""Interactions whose time is missing or unreadable, in a log that has times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from .state import NO_TIME, Finding, Log, counted, nothing


@dataclass(frozen=True, slots=True)
class BadTime:
    """Interactions whose time is missing or unreadable, in a log that has times."""

    key: ClassVar[str] = "bad_time"
    label: ClassVar[str] = "Time cannot be read"
    help: ClassVar[str] = "Interactions whose time is missing or cannot be read."
    order: ClassVar[int] = 5
    table: ClassVar[str] = "interactions"
    mode: ClassVar[str] = "apply"

    def __call__(self, log: Log) -> Finding:
        """Rows of a log with times that have none."""
        if log.times is None:
            return nothing(log, "Not looked at: the log has no times.")
        touched = log.times == NO_TIME
        n = int(touched.sum())
        found = f"{counted(n, 'row')} whose time is missing or cannot be read."
        return Finding(touched, found if n else "Every time can be read.")
