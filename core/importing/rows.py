"""Where a row came from: positions in sheets that stand under each other -> file, row number, cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import FileError
from ..sheets import Entry, Sheet
from ..types import Array
from ..values import as_ids, as_texts

CELL_SHOWN = 60
MOST_SAMPLES = 5
UNREAD = "unreadable"
"""The rule under which records that are no rows stand in a ledger: the reader's own."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Sheets under each other; position p is row ``p - start`` of the sheet it falls into.

    sheets: at least one. shown: for each sheet, the columns worth showing in a sample line.
    """

    sheets: tuple[Sheet, ...]
    shown: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return int(self.starts[-1])

    @property
    def starts(self) -> Array:
        """(n_sheets + 1,) where each sheet begins, and the end."""
        return np.concatenate([[0], np.cumsum([len(sheet.rows) for sheet in self.sheets])])

    def show(self, at: Array) -> tuple[str, ...]:
        """One line a position: "row 17: user A994, product 2122, rating abc"; with the file where there are several."""
        return tuple(self._line(int(position)) for position in at)

    def _line(self, position: int) -> str:
        sheet, row, columns = self._find(position)
        cells = as_texts_of(sheet.table.select(list(columns)).slice(row, 1))
        file = f"{sheet.name}, " if len(self.sheets) > 1 else ""
        said = ", ".join(f"{name} {_short(values[0])}" for name, values in cells.items())
        return f"{file}row {sheet.rows[row]:,}: {said}"

    def _find(self, position: int) -> tuple[Sheet, int, tuple[str, ...]]:
        index = int(np.searchsorted(self.starts, position, side="right")) - 1
        return self.sheets[index], position - int(self.starts[index]), self.shown[index]

    def error(self, position: int, column: str, problem: str, hint: str) -> FileError:
        """The error that names a cell; ``column`` as it is called in the first sheet."""
        sheet, row, _ = self._find(position)
        value = as_texts(sheet.table.column(column).slice(row, 1))[0].as_py() if column in sheet.columns else None
        return FileError(sheet.name, problem, row=int(sheet.rows[row]), column=column, value=value, hint=hint)

    def taken(self, at: Array) -> list[tuple[Sheet, Array]]:
        """Positions by sheet, as rows of it."""
        starts = self.starts
        groups = np.searchsorted(starts, at, side="right") - 1
        return [(sheet, at[groups == index] - starts[index]) for index, sheet in enumerate(self.sheets)]

    def unread(self) -> tuple[Entry, ...]:
        """The ledger's first line: records that are no rows. () where every record is one."""
        count = sum(sheet.n_unread for sheet in self.sheets)
        if not count:
            return ()
        found = [(sheet.name, record) for sheet in self.sheets for record in sheet.unread][:MOST_SAMPLES]
        lines = tuple(f"{name}, row {record.row:,} {record.reason}: {_short(record.text)}" for name, record in found)
        text = f"{count:,} record{'' if count == 1 else 's'} did not have the cells that the header promises."
        return (Entry(UNREAD, "apply", count, count, text, lines),)


def as_texts_of(table: Any) -> dict[str, list[str]]:
    """An arrow table as lists of text by column."""
    return {name: as_texts(table.column(name)).to_pylist() for name in table.column_names}


def id_texts(sheet: Sheet, column: str) -> list[str]:
    """A column of ids, row by row, "" where one is missing."""
    ids = as_ids(sheet.table.column(column))
    return [ids.names[code] if code >= 0 else "" for code in ids.codes.tolist()]


def under_each_other(columns: Sequence[Any]) -> Any:
    """Columns of several sheets as one; as texts where their types differ."""
    import pyarrow as pa

    if len(columns) == 1:
        return columns[0]
    types = {column.type for column in columns}
    if len(types) > 1:
        columns = [as_texts(column) for column in columns]
    chunks = [chunk for column in columns for chunk in (column.chunks if hasattr(column, "chunks") else [column])]
    return pa.chunked_array(chunks, type=chunks[0].type)


def _short(text: str) -> str:
    line = "".join(char if char.isprintable() else " " for char in text[: CELL_SHOWN + 1])
    return line[:CELL_SHOWN] + "…" if len(line) > CELL_SHOWN else line
