"""Cells that hold several names: genres, tags, categories."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from html import unescape
from html.entities import html5
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .texts import MISSING_WORDS, as_texts, distinct, is_list, list_parts, plain

if TYPE_CHECKING:
    import pyarrow as pa

Names = tuple[str, ...]
REPEATED_SHARE = 0.5
"""A separator counts where at least this share of the parts stands in more than one distinct cell."""
QUOTED = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
PART = re.compile(rf"({QUOTED})|([^,\[\](){{}}'\"]+)")
NAMED = re.compile(rf"['\"]name['\"]\s*:\s*({QUOTED})")
ENTITY = re.compile(r"&(#?\w{1,31};)")


def as_lists(column: Any) -> list[Names]:
    """One tuple of names per row, each name once, () where there is none.

    Real lists (also lists of lists), or text parted by "|", ";", ">" or ",", or written as a list: "['a', 'b']".
    The separator is decided over the whole column: "|" wherever it occurs; another one only where the parts come
    back in other cells, so that "Johnson, Inc." stays one name. Of a list of records with a "name" the names are taken.
    What HTML writes as "&amp;" is "&", before anything is parted.
    """
    import pyarrow as pa

    array = plain(column)
    if is_list(array.type) and not _holds_records(array.type):
        return _real_lists(array)
    if pa.types.is_nested(array.type):
        return [_unique(_named(value)) for value in array.to_pylist()]
    codes, texts = distinct(array)
    cells = [cell.strip() for cell in texts.to_pylist()]
    split = splitter(cells)
    names = [*(split(cell) for cell in cells), ()]
    return [names[code] for code in codes.tolist()]


def splitter(cells: Sequence[str]) -> Callable[[str], Names]:
    """The way to take apart the cells of a column, given its distinct values."""
    written = sum(is_written_list(cell) for cell in cells)
    if written and written * 2 >= sum(bool(cell) for cell in cells):
        return lambda cell: _unique(_written_parts(cell) if is_written_list(cell) else [cell])
    mark = separator([without_entities(cell) for cell in cells])
    return lambda cell: _unique(without_entities(cell).split(mark) if mark else [cell])


def separator(cells: Sequence[str]) -> str:
    """ "|", ";", ">" or ",", or "" where each cell is one name; cells: the distinct values."""
    if any("|" in cell for cell in cells):
        return "|"
    return next((mark for mark in (";", ">", ",") if _parts_come_back(cells, mark)), "")


def without_entities(text: str) -> str:
    """A text with "&amp;" as "&" and "&#39;" as "'"; "R&B;" is none of them."""
    if "&" not in text or ";" not in text:
        return text
    return ENTITY.sub(lambda found: unescape(found[0]) if found[1][0] == "#" or found[1] in html5 else found[0], text)


def is_written_list(cell: str) -> bool:
    """Whether a cell is a list as programs write it."""
    return (cell.startswith("[") and cell.endswith("]")) or (cell.startswith("{") and cell.endswith("}"))


def _parts_come_back(cells: Sequence[str], mark: str) -> bool:
    counts: Counter[str] = Counter()
    several: list[set[str]] = []
    for cell in cells:
        parts = {part.strip() for part in cell.split(mark)} - {""}
        counts.update(parts)
        if len(parts) > 1:
            several.append(parts)
    total = sum(map(len, several))
    return total > 0 and sum(counts[part] > 1 for parts in several for part in parts) >= REPEATED_SHARE * total


def _written_parts(cell: str) -> list[str]:
    """The parts of "['a', 'b']", of '["a", "b"]', of "['a' 'b']" (numpy) and of "[a, b]"."""
    if records := NAMED.findall(cell):
        return [_unquoted(text) for text in records]
    return [_unquoted(quoted) if quoted else bare for quoted, bare in PART.findall(cell[1:-1])]


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def _unique(parts: Sequence[str]) -> Names:
    names = (without_entities(part).strip() for part in parts)
    return tuple(dict.fromkeys(name for name in names if name.lower() not in MISSING_WORDS))


def _real_lists(array: pa.Array) -> list[Names]:
    ends, parts = list_parts(array)
    while is_list(parts.type):
        inner, parts = list_parts(parts)
        ends = inner[ends]
    names = as_texts(parts).to_pylist()
    return [_unique(names[start:end]) for start, end in pairwise(ends.tolist())]


def _holds_records(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return is_list(kind) and (_holds_records(kind.value_type) or bool(pa.types.is_struct(kind.value_type)))


def _named(value: Any) -> list[str]:
    """Names in lists of records: the "name" of each, or its first text."""
    if isinstance(value, dict):
        found = value.get("name") or next((part for part in value.values() if isinstance(part, str)), "")
        return [str(found)]
    if isinstance(value, list | tuple):
        return [name for part in value for name in _named(part)]
    return [] if value is None else [str(value)]
