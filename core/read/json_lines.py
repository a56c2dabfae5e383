"""JSON Lines: one JSON object a line (https://jsonlines.org)."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..errors import FileError
from ..sheets import Dialect, Sheet, Unread
from ..types import Array
from . import Request
from .columns import joined, plain_table
from .json_values import NotJsonError, decoder, reason, table_of
from .limits import (
    HEAD_ROWS,
    MAX_COLUMNS,
    MAX_NESTING,
    UNREAD_CHARS,
    UNREAD_TEXTS,
    check_decoded,
    check_known,
    check_shape,
)
from .text import open_text

if TYPE_CHECKING:
    import pyarrow as pa

_SPACED = re.compile(rb'"[ \t\r]+:')
_LOOK = 100
"""Lines of each block whose names are looked at before pyarrow reads it."""
_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class JsonLines:
    """One object a line; a line that is none is left out and listed."""

    key: ClassVar[str] = "jsonl"
    label: ClassVar[str] = "JSON Lines"
    order: ClassVar[int] = 3
    suffixes: ClassVar[tuple[str, ...]] = (".jsonl", ".ndjson", ".jsonlines")

    def matches(self, name: str, start: bytes) -> float:
        """Whether the first line is an object by itself."""
        named = name.lower().endswith(self.suffixes)
        line = start.lstrip().partition(b"\n")[0].rstrip()
        if not line.startswith(b"{"):
            return 0.6 if named else 0.0
        whole = line.endswith(b"}") and line != start.strip()
        return 0.95 if named or (whole and not name.lower().endswith(".json")) else 0.85 if whole else 0.0

    def __call__(self, request: Request) -> Sheet:
        """Read. Raises FileError."""
        text = open_text(request, strict=True)
        reader = _Reader(request)
        whole = text.whole
        if request.head:
            lines = _first_lines(text.blocks())
            whole = whole and len(lines) <= HEAD_ROWS
            reader.take(b"".join(lines[:HEAD_ROWS]))
        else:
            for block in text.blocks():
                reader.take(block)
        return reader.sheet(Dialect(self.key, text.encoding), whole)


def _first_lines(blocks: Iterable[bytes]) -> list[bytes]:
    """The first lines that are not blank, one more than a head has, if there are so many."""
    lines: list[bytes] = []
    for block in blocks:
        lines += [line for line in block.splitlines(keepends=True) if line.strip()]
        if len(lines) > HEAD_ROWS:
            break
    return lines[: HEAD_ROWS + 1]


class _Reader:
    """Takes blocks of lines; keeps tables, row numbers and the lines that are no objects."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.tables: list[pa.Table] = []
        self.rows: list[Array] = []
        self.unread: list[Unread] = []
        self.records = self.size = 0
        self.keys: set[bytes] = set()

    def take(self, block: bytes) -> None:
        """Read one block of whole lines."""
        count = _count(block)
        if not count:
            return
        self.keys |= _keys(block)
        table = _fast(block, count) if len(self.keys) < MAX_COLUMNS and _only_known(block, self.keys) else None
        numbers = np.arange(self.records + 1, self.records + count + 1, dtype=np.int64)
        self.records += count
        name = self.request.name
        if table is None:
            table, numbers = self._slow(block, numbers)
        else:
            table = plain_table(self._only(table), name)
        if self.request.columns is not None:
            table = table.select([column for column in table.column_names if column in set(self.request.columns)])
        self.size += table.nbytes
        check_shape(name, self.records, table.num_columns)
        check_decoded(name, self.size)
        self.tables.append(table)
        self.rows.append(numbers)

    def sheet(self, dialect: Dialect, whole: bool) -> Sheet:
        """All of it. Raises FileError where most lines are no objects."""
        name = self.request.name
        if 2 * len(self.unread) > self.records or not self.records:
            first = self.unread[0] if self.unread else Unread(1, "", "the file has no rows")
            raise FileError(
                name,
                first.reason,
                row=first.row,
                value=first.text or None,
                hint='each line must be one object, such as {"user_id": "u1", "item_id": "i1"}',
            )
        table = joined(self.tables, name)
        if not table.num_columns and self.request.columns != ():
            check_known(name, self.request.columns or (), ())
            raise FileError(name, "its objects hold nothing", row=1, hint="export it again with its columns")
        check_known(name, self.request.columns or (), table.column_names)
        rows = np.concatenate(self.rows)
        return Sheet(name, table, rows, dialect, whole, unread=tuple(self.unread))

    def _only(self, table: pa.Table) -> pa.Table:
        """Without the columns nobody asked for, so that they need not be plain."""
        if self.request.columns is None:
            return table
        wanted = {*self.request.columns, *(column.partition(".")[0] for column in self.request.columns)}
        return table.select([column for column in table.column_names if column in wanted])

    def _slow(self, block: bytes, numbers: Array) -> tuple[pa.Table, Array]:
        records: list[dict[str, Any]] = []
        kept: list[int] = []
        lines = [line for line in block.split(b"\n") if line.strip()]
        for row, line in zip(numbers.tolist(), lines, strict=True):
            try:
                record = decoder.decode(line.decode().strip())
                if not isinstance(record, dict):
                    raise NotJsonError("is no object")
            except (ValueError, RecursionError) as error:
                text = line[: 4 * UNREAD_CHARS].decode(errors="replace").strip()[:UNREAD_CHARS]
                self.unread.append(Unread(row, text if len(self.unread) < UNREAD_TEXTS else "", reason(error)))
            else:
                wanted = self.request.columns
                if wanted is not None:
                    tops = {*wanted, *(column.partition(".")[0] for column in wanted)}
                    record = {key: value for key, value in record.items() if key in tops}
                records.append(record)
                kept.append(row)
        tables = [
            table_of(records[start : start + _BATCH], self.request.name, kept[start] if kept else 1)
            for start in range(0, max(len(records), 1), _BATCH)
        ]
        return joined(tables, self.request.name), np.array(kept, dtype=np.int64)


def _keys(block: bytes) -> set[bytes]:
    """The names in the first lines of a block, at any depth, as they are written."""
    names: set[bytes] = set()

    def note(pairs: list[tuple[str, Any]]) -> None:
        names.update(json.dumps(name, ensure_ascii=False).encode(errors="replace") for name, _ in pairs)

    for line in block[: 1 << 16].split(b"\n")[:_LOOK]:
        with suppress(ValueError, RecursionError):
            json.loads(line, object_pairs_hook=note)
    return names


def _only_known(block: bytes, names: set[bytes]) -> bool:
    """Whether every name in a block is one of these: pyarrow would give a column to each new one, however many."""
    if _SPACED.search(block) or b'\\\\":' in block:
        return False
    known = sum(block.count(name + b":") - block.count(b"\\" + name + b":") for name in names)
    return known == block.count(b'":') - block.count(b'\\":')


def _count(block: bytes) -> int:
    """Lines that are not blank."""
    data = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(data == 10)
    lengths = np.diff(ends, prepend=-1) - 1
    if lengths.min(initial=9) > 2:
        return len(ends)
    return sum(bool(line.strip()) for line in block.split(b"\n"))


def _fast(block: bytes, count: int) -> pa.Table | None:
    """pyarrow's reading of a block, None where Python's own must look at it line by line."""
    import pyarrow as pa
    from pyarrow import json as arrow_json

    if b"NaN" in block or b"Inf" in block or _is_deep(block):
        return None
    schema: list[Any] = []
    try:
        if not block.isascii():
            block.decode()
        for _ in range(2):
            table = arrow_json.read_json(
                io.BytesIO(block),
                arrow_json.ReadOptions(use_threads=False, block_size=len(block) + 1),
                arrow_json.ParseOptions(explicit_schema=pa.schema(schema) if schema else None),
            )
            if table.num_rows != count:
                return None
            # pyarrow turns text that looks like a date into a time stamp: such columns are read again as text.
            schema = [pa.field(part.name, pa.string()) for part in table.schema if pa.types.is_timestamp(part.type)]
            if not schema:
                break
    except (pa.ArrowException, ValueError):
        return None
    doubtful = any(_holds_time(part.type) or part.name.strip() in ("", None) for part in table.schema)
    return None if doubtful or len({part.strip() for part in table.column_names}) < table.num_columns else table


def _holds_time(kind: pa.DataType) -> bool:
    import pyarrow as pa

    inner = [kind.field(place).type for place in range(kind.num_fields)]
    return bool(pa.types.is_timestamp(kind)) or any(_holds_time(part) for part in inner)


def _is_deep(block: bytes) -> bool:
    """Whether a line opens so many brackets that they could be nested too deep for pyarrow's stack."""
    data = np.frombuffer(block, dtype=np.uint8)
    opened = np.flatnonzero((data == 91) | (data == 123))
    lines = np.searchsorted(np.flatnonzero(data == 10), opened)
    return int(np.bincount(lines).max(initial=0)) > MAX_NESTING
