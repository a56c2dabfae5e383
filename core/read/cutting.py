"""Cutting text into cells: pyarrow's CSV reader, told to keep every cell as it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..sheets import Unread
from .limits import MAX_COLUMNS, UNREAD_CHARS, UNREAD_TEXTS
from .text import CHUNK

LOOK = 200
"""Records that are looked at to tell a header from data."""
PAIR, STAND_IN = b"::", b"\x1f"
"""pyarrow cuts at one byte: two colons become the unit separator on the way."""


@dataclass
class _Stream:
    """Blocks of bytes as the file pyarrow reads from."""

    blocks: Iterator[bytes]
    closed: bool = False
    _rest: memoryview = field(default_factory=lambda: memoryview(b""))

    def read(self, size: int = -1) -> bytes:
        while not self._rest:
            block = next(self.blocks, None)
            if block is None:
                return b""
            self._rest = memoryview(block)
        size = len(self._rest) if size is None or size < 0 else size
        out, self._rest = self._rest[:size], self._rest[size:]
        return bytes(out)

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True


@dataclass(frozen=True, slots=True)
class Cut:
    """How records fall into cells."""

    delimiter: str
    quoting: bool

    @property
    def byte(self) -> bytes:
        return STAND_IN if self.delimiter == PAIR.decode() else self.delimiter.encode() or STAND_IN


@dataclass
class Misfits:
    """The records with another number of cells than the first; at most UNREAD_TEXTS of them with their text."""

    width: int
    noun: str
    found: list[Unread] = field(default_factory=list)

    def __call__(self, record: Any) -> str:
        cells = "1 cell" if record.actual_columns == 1 else f"{record.actual_columns:,} cells"
        text = record.text[:UNREAD_CHARS].replace(STAND_IN.decode(), PAIR.decode())
        if len(self.found) >= UNREAD_TEXTS:
            text = ""
        self.found.append(Unread(record.number, text, f"has {cells}, {self.noun} has {self.width:,}"))
        return "skip"


def first_rows(data: bytes, cut: Cut, width: int | None, most: int = LOOK) -> list[list[str]]:
    """The first records as lists of cells; those of another width are left out."""
    import pyarrow as pa

    names = None if width is None else [str(place) for place in range(width)]
    reader = open_reader(iter([data]), cut, names, lambda record: "skip", None)
    table = pa.Table.from_batches(list(reader), schema=reader.schema).slice(0, most)
    return [list(cells) for cells in zip(*(column.to_pylist() for column in table.columns), strict=True)]


def open_reader(
    blocks: Iterator[bytes],
    cut: Cut,
    names: Sequence[str] | None,
    handler: Callable[[Any], str],
    columns: Sequence[str] | None,
) -> Any:
    import pyarrow as pa
    from pyarrow import csv

    auto = [f"f{place}" for place in range(MAX_COLUMNS + 1)] if names is None else names
    return csv.open_csv(
        pa.PythonFile(_Stream(blocks), mode="r"),
        csv.ReadOptions(
            use_threads=False,
            block_size=CHUNK,
            column_names=names,
            autogenerate_column_names=names is None,
        ),
        csv.ParseOptions(
            delimiter=cut.byte.decode(),
            quote_char='"' if cut.quoting else False,
            newlines_in_values=cut.quoting,
            invalid_row_handler=handler,
        ),
        csv.ConvertOptions(
            column_types=dict.fromkeys(auto, pa.string()),
            strings_can_be_null=False,
            null_values=[],
            include_columns=columns,
        ),
    )
