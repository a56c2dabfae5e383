"""Lists laid side by side with lines between the same items, and figures of several sides in one table.

Every string reaches the screen as text (``textContent``). After drawing, the root element carries ``data-drawn``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType

from ..cards import Chip
from ..component import mark_of, register
from ..text import group

_mount = register(Path(__file__).parent, "aligned")

DEFAULT_WORDS = MappingProxyType(group("aligned"))
"""The words these drawings need."""

UP, DOWN, NEW, SAME, ALONE = "up", "down", "new", "same", "alone"
"""How an item of a list stands to the list on its left; ALONE: of the first list, in no other."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a list. subtitle: the year, say. slot: palette slot of its first category. kind: one of UP, DOWN,
    NEW, SAME, ALONE or "", said by note ("up 3", "not in A"). chips: what brought it to a merged list."""

    item_id: int | str
    rank: int
    title: str
    subtitle: str
    slot: int
    kind: str = ""
    note: str = ""
    chips: tuple[Chip, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One side: its letter, what it is, and its list, best first; empty says why there is none."""

    side: str
    title: str
    subtitle: str
    entries: tuple[Entry, ...]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of figures. values: (figure, interval) of each side. verdicts: (text, kind) of each pair, kind "sure" or
    "none". best: which side does best beyond doubt, "" where none does. note: what the figure means."""

    label: str
    note: str
    values: tuple[tuple[str, str], ...]
    verdicts: tuple[tuple[str, str], ...]
    best: str = ""


def aligned_lists(columns: Sequence[Column], *, key: str, words: Mapping[str, str] = DEFAULT_WORDS) -> str:
    """Draw the columns side by side, each item joined to itself in the next column; returns the mark."""
    sides = [
        {
            "side": column.side,
            "title": column.title,
            "subtitle": column.subtitle,
            "empty": column.empty,
            "label": words["list"].format(side=column.side),
            "entries": [
                {
                    "id": str(entry.item_id),
                    "rank": entry.rank,
                    "title": entry.title,
                    "subtitle": entry.subtitle,
                    "slot": entry.slot,
                    "kind": entry.kind,
                    "note": entry.note,
                    "chips": [[chip.text, chip.words, chip.own] for chip in entry.chips],
                }
                for entry in column.entries
            ],
        }
        for column in columns
    ]
    mark = mark_of("lists", sides)
    _mount(key=key, data={"kind": "lists", "columns": sides, "seq": mark})
    return mark


def figure_table(
    sides: Sequence[str],
    pairs: Sequence[str],
    figures: Sequence[Figure],
    *,
    key: str,
    words: Mapping[str, str] = DEFAULT_WORDS,
) -> str:
    """Draw figures as a table: a row a figure, a column a side and a pair; returns the mark."""
    data = {
        "heads": [words["figure"], *sides, *pairs],
        "sides": list(sides),
        "rows": [asdict(figure) for figure in figures],
        "label": words["table"],
    }
    mark = mark_of("figures", data)
    _mount(key=key, data={"kind": "figures", **data, "seq": mark})
    return mark
