"""Interactions whose rating, count or weight is a number that cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from .state import Finding, Log, counted, nothing


@dataclass(frozen=True, slots=True)
class WeightRange:
    """Interactions whose rating, count or weight is a number that cannot be."""

    key: ClassVar[str] = "weight_range"
    label: ClassVar[str] = "Weight out of range"
    help: ClassVar[str] = "Ratings outside their scale; counts and event weights of 0 or less."
    order: ClassVar[int] = 4
    table: ClassVar[str] = "interactions"
    mode: ClassVar[str] = "apply"

    def __call__(self, log: Log) -> Finding:
        """Rows whose value lies outside its range; a missing one (NaN) is not this rule's business."""
        if log.values is None:
            return nothing(log, "Not looked at: the log has no ratings, counts or weights.")
        if log.feedback == "rating":
            low, high = log.scale
            touched = (log.values < low if low == low else log.values < 0) | (log.values > high)
            allowed = f"the scale of {low:g} to {high:g}" if low == low and high == high else "0 and more"
            words = ("rating", "outside", allowed)
        else:
            touched = log.values <= 0
            words = ("count" if log.feedback == "count" else "weight", "not above", "0")
        n = int(touched.sum())
        if n:
            return Finding(touched, f"{counted(n, words[0])} {words[1]} {words[2]}.")
        return Finding(touched, f"Every {words[0]} lies {'within' if words[1] == 'outside' else 'above'} {words[2]}.")
