"""Interactions at a time that cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import knob
from .state import NO_TIME, Finding, Log, counted, nothing

HOUR = 3600


@dataclass(frozen=True, slots=True)
class TimeRange:
    """Interactions at a time that cannot be."""

    key: ClassVar[str] = "time_range"
    label: ClassVar[str] = "Time out of range"
    help: ClassVar[str] = "Interactions before the earliest year that makes sense, or in the future."
    order: ClassVar[int] = 6
    table: ClassVar[str] = "interactions"
    mode: ClassVar[str] = "apply"

    earliest: int = knob(1990, "interactions before this year are taken as mistakes", low=1900, high=2100, unit="year")
    leeway: int = knob(
        24, "how many hours past now a time may lie: clocks and time zones differ", low=0, high=8760, unit="hours"
    )

    def __call__(self, log: Log) -> Finding:
        """Rows too early or in the future; a missing time is not this rule's business."""
        if log.times is None:
            return nothing(log, "Not looked at: the log has no times.")
        start = int(np.datetime64(f"{self.earliest}-01-01", "s").astype(np.int64))
        early = (log.times < start) & (log.times != NO_TIME)
        late = log.times > log.now + HOUR * self.leeway
        n_early, n_late = int(early.sum()), int(late.sum())
        if not n_early + n_late:
            return Finding(early, f"Every time lies between {self.earliest} and now.")
        parts = [f"{n_early:,} before {self.earliest}"] * (n_early > 0) + [f"{n_late:,} in the future"] * (n_late > 0)
        zeros = int((log.times == 0).sum())
        if zeros and n_early:
            parts[0] += f" ({zeros:,} of them exactly 1 January 1970, which is how a 0 reads)"
        return Finding(early | late, f"{counted(n_early + n_late, 'row')} with an impossible time: {', '.join(parts)}.")
