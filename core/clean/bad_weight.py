"""Interactions whose rating, count or weight cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .state import Finding, Log, counted, nothing


@dataclass(frozen=True, slots=True)
class BadWeight:
    """Interactions whose rating, count or weight cannot be used."""

    key: ClassVar[str] = "bad_weight"
    label: ClassVar[str] = "Weight is not a number"
    help: ClassVar[str] = "Ratings, counts or weights that are missing, infinite or not a number."
    order: ClassVar[int] = 3
    table: ClassVar[str] = "interactions"
    mode: ClassVar[str] = "apply"

    def __call__(self, log: Log) -> Finding:
        """Rows whose value is missing or no finite number."""
        if log.values is None:
            return nothing(log, "Not looked at: the log has no ratings, counts or weights.")
        touched = ~np.isfinite(log.values)
        n = int(touched.sum())
        if not n:
            return Finding(touched, "Every weight is a number.")
        wrong = 0 if log.bad_values is None else int((touched & log.bad_values).sum())
        empty = n - wrong
        parts = [f"{wrong:,} not a finite number"] * (wrong > 0) + [f"{empty:,} empty"] * (empty > 0)
        return Finding(touched, f"{counted(n, 'row')} without a usable weight: {', '.join(parts)}.")
