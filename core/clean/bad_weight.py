"""Interactions whose rating, count or weight cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .state import Finding, Log, counted, nothing

LARGEST = 2.0**53
"""Up to here every whole number can be told from the next; what is larger is no count of anything."""


@dataclass(frozen=True, slots=True)
class BadWeight:
    """Interactions whose rating, count or weight cannot be used."""

    key: ClassVar[str] = "bad_weight"
    label: ClassVar[str] = "Weight is not a number"
    help: ClassVar[str] = "Ratings, counts or weights that are missing, infinite, not a number or larger than 2^53."
    order: ClassVar[int] = 3
    table: ClassVar[str] = "interactions"
    mode: ClassVar[str] = "apply"

    def __call__(self, log: Log) -> Finding:
        """Rows whose value is missing, no finite number, or beyond 2^53 on either side of 0."""
        if log.values is None:
            return nothing(log, "Not looked at: the log has no ratings, counts or weights.")
        known = np.isfinite(log.values)
        huge = known & (np.abs(log.values) > LARGEST)
        touched = ~known | huge
        n = int(touched.sum())
        if not n:
            return Finding(touched, "Every weight is a number.")
        wrong = 0 if log.bad_values is None else int((~known & log.bad_values).sum())
        large = int(huge.sum())
        reasons = ((wrong, "not a finite number"), (n - wrong - large, "empty"), (large, "larger than 2^53"))
        parts = [(count, reason) for count, reason in reasons if count]
        if len(parts) == 1:
            return Finding(touched, f"{counted(n, 'row')} whose weight is {parts[0][1]}.")
        said = ", ".join(f"in {count:,} it is {reason}" for count, reason in parts)
        return Finding(touched, f"{counted(n, 'row')} without a usable weight: {said}.")
