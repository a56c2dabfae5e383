"""Interactions whose place in the history is missing or unreadable, in a log that has places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .state import Finding, Log, counted, nothing


@dataclass(frozen=True, slots=True)
class BadPosition:
    """Interactions whose place in the history is missing or unreadable, in a log that has places."""

    key: ClassVar[str] = "bad_position"
    label: ClassVar[str] = "Place cannot be read"
    help: ClassVar[str] = "Interactions whose place in the history is missing or cannot be read."
    order: ClassVar[int] = 5
    table: ClassVar[str] = "interactions"
    mode: ClassVar[str] = "apply"

    def __call__(self, log: Log) -> Finding:
        """Rows of a log with places that have none; where there are times, the places decide nothing."""
        if log.position is None:
            return nothing(log, "Not looked at: the log has no places.")
        if log.times is not None:
            return nothing(log, "Not looked at: the times of the log give the order.")
        touched = np.isnan(log.position)
        n = int(touched.sum())
        found = f"{counted(n, 'row')} whose place in the history is missing or cannot be read."
        return Finding(touched, found if n else "Every place can be read.")
