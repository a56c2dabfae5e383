"""Interactions whose rating, count or weight is a number that cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..types import Array
from .state import Finding, Log, counted, nothing


@dataclass(frozen=True, slots=True)
class WeightRange:
    """Interactions whose rating, count or weight is a number that cannot be."""

    key: ClassVar[str] = "weight_range"
    label: ClassVar[str] = "Weight out of range"
    help: ClassVar[str] = "Ratings outside their scale; counts of 0 or less; events that weigh 0 or less."
    order: ClassVar[int] = 4
    table: ClassVar[str] = "interactions"
    mode: ClassVar[str] = "apply"

    def __call__(self, log: Log) -> Finding:
        """Rows whose value lies outside its range; a missing one (NaN) is not this rule's business."""
        if log.values is None:
            return nothing(log, "Not looked at: the log has no ratings, counts or weights.")
        if log.feedback == "event":
            return _events(log.values)
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


def _events(weights: Array) -> Finding:
    touched = weights <= 0
    n = int(touched.sum())
    if not n:
        return Finding(touched, "Every event weighs more than 0.")
    weighs = "weighs 0 or less" if (weights < 0).any() else "weighs 0"
    return Finding(touched, f"{counted(n, 'row')} whose event {weighs}.")
