"""RecBole's atomic files: tab separated, each header cell ``name:type`` (https://recbole.io/atomic_files.html)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from ..errors import FileError
from ..sheets import Sheet
from . import Request
from .delimited import read_delimited
from .text import open_text

if TYPE_CHECKING:
    import pyarrow as pa

TYPES = ("token", "token_seq", "float", "float_seq")
_CELL = re.compile(rf"(?P<name>.*):(?P<type>{'|'.join(TYPES)})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RecBole:
    """Typed columns; those that end in ``_seq`` hold values parted by spaces and become lists."""

    key: ClassVar[str] = "recbole"
    label: ClassVar[str] = "RecBole atomic file"
    order: ClassVar[int] = 5
    suffixes: ClassVar[tuple[str, ...]] = (".inter", ".item", ".user", ".kg", ".link", ".net")

    def matches(self, name: str, start: bytes) -> float:
        """Whether every cell of the first line names a type."""
        cells = start.lstrip(b"\r\n").partition(b"\n")[0].decode(errors="replace").strip("\r").split("\t")
        if all(_CELL.fullmatch(cell) for cell in cells):
            return 0.95
        return 0.4 if name.lower().endswith(self.suffixes) and any(_CELL.fullmatch(cell) for cell in cells) else 0.0

    def __call__(self, request: Request) -> Sheet:
        """Read. Raises FileError."""
        declared: dict[str, str] = {}

        def names(first: Sequence[str], header: bool) -> Sequence[str]:
            parts = [_CELL.fullmatch(cell.strip()) for cell in first] if header else []
            declared.update((part["name"], part["type"]) for part in parts if part)
            return [part["name"] if part else cell for cell, part in zip(first, parts, strict=True)] if parts else []

        sheet = read_delimited(
            request, open_text(request), self.key, delimiter="\t", quoting=False, header=True, rename=names
        )
        kept = {column: kind for column, kind in declared.items() if column in sheet.columns}
        table = sheet.table
        for place, column in enumerate(sheet.columns):
            if kept.get(column, "").endswith("_seq"):
                table = table.set_column(place, column, _lists(sheet, column, kept[column] == "float_seq"))
        return replace(sheet, table=table, declared=kept)


def _lists(sheet: Sheet, column: str, numbers: bool) -> pa.ChunkedArray:
    """Values parted by spaces -> lists; an empty cell is an empty list."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pc.utf8_trim_whitespace(sheet.table.column(column))
    lists = pc.utf8_split_whitespace(texts)
    lists = pc.if_else(pc.equal(texts, ""), pa.scalar([], lists.type), lists)
    if not numbers:
        return lists
    try:
        return pc.cast(lists, pa.list_(pa.float64()))
    except pa.ArrowInvalid:
        place, value = _first_not_number(lists.to_pylist())
        raise FileError(
            sheet.name,
            "is not a number, though the column is declared float_seq",
            row=int(sheet.rows[place]),
            column=column,
            value=value,
            hint=f"correct it, or name the column {column}:token_seq",
        ) from None


def _first_not_number(rows: Sequence[Sequence[str]]) -> tuple[int, str]:
    import pyarrow as pa

    for place, row in enumerate(rows):
        for value in row:
            try:
                pa.scalar(value).cast(pa.float64())
            except pa.ArrowInvalid:
                return place, value
    return 0, ""
