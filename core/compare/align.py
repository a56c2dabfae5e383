"""Two or three lists laid side by side: which item stands where in each, and how far it moved between two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """An item that two lists share. left, right: its places, from 1."""

    item: int
    left: int
    right: int

    @property
    def steps(self) -> int:
        """Places it stands higher on the right (> 0) or lower (< 0)."""
        return self.left - self.right


@dataclass(frozen=True, slots=True)
class Row:
    """An item, and its place (from 1) in each list, None where it is not in it."""

    item: int
    places: tuple[int | None, ...]


def lines(left: Sequence[int], right: Sequence[int]) -> tuple[Line, ...]:
    """The items of both lists (item indices, best first), in the order of the right one."""
    places = {item: place for place, item in enumerate(left, start=1)}
    return tuple(Line(item, places[item], place) for place, item in enumerate(right, start=1) if item in places)


def rows(lists: Sequence[Sequence[int]]) -> tuple[Row, ...]:
    """Every item of any list: by its best place, then by the first list that has it there."""
    places: dict[int, list[int | None]] = {}
    for number, items in enumerate(lists):
        for place, item in enumerate(items, start=1):
            places.setdefault(item, [None] * len(lists))[number] = place

    def rank(row: Row) -> tuple[int, int]:
        best = min(place for place in row.places if place is not None)
        return best, row.places.index(best)

    return tuple(sorted((Row(item, tuple(given)) for item, given in places.items()), key=rank))
