"""What a new setting did to a list: who entered, who left, who moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ENTERED = "entered"
MOVED = "moved"
STAYED = "stayed"


@dataclass(frozen=True, slots=True)
class Change:
    """One item of the new list. steps: places moved up (> 0) or down (< 0); 0 for an entered or unmoved one."""

    item: int
    kind: str
    steps: int


def changes(before: Sequence[int], after: Sequence[int]) -> tuple[tuple[Change, ...], tuple[int, ...]]:
    """Compare two lists of item indices, best first.

    Returns one Change per item of ``after``, in its order, and the items that left, in the order they stood in.
    """
    old = {item: place for place, item in enumerate(before)}
    marked = tuple(
        Change(item, ENTERED, 0)
        if item not in old
        else Change(item, MOVED if old[item] != place else STAYED, old[item] - place)
        for place, item in enumerate(after)
    )
    staying = set(after)
    return marked, tuple(item for item in before if item not in staying)
