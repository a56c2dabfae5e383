"""Parquet: checked by its own metadata before a value is read, then read in batches within a budget of memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..errors import FileError
from ..sheets import Dialect, Sheet
from . import Request
from .columns import joined, plain_table, unique_names
from .limits import HEAD_ROWS, MAX_RECORD_BYTES, check_decoded, check_known, check_shape
from .parquet_footer import MAGIC, Chunk, Footer, read_footer
from .text import read_start

if TYPE_CHECKING:
    import pyarrow as pa

_BYTES, _FIXED = 6, 7
"""Physical types: bytes of any length, bytes of one length."""
_BATCH_ROWS = 1 << 16
_BATCH_BYTES = 64 << 20
"""What one batch may take in memory, whatever the file's own numbers hide."""


@dataclass(frozen=True, slots=True)
class Parquet:
    """Columns with types; a column of records becomes one column per field."""

    key: ClassVar[str] = "parquet"
    label: ClassVar[str] = "Parquet"
    order: ClassVar[int] = 2
    suffixes: ClassVar[tuple[str, ...]] = (".parquet", ".pq")

    def matches(self, name: str, start: bytes) -> float:
        """By the first four bytes; a name alone is enough to say that they are missing."""
        return 1.0 if start.startswith(MAGIC) else 0.7 if name.lower().endswith(self.suffixes) else 0.0

    def __call__(self, request: Request) -> Sheet:
        """Read. Raises FileError."""
        name = request.name
        if not read_start(request.path, name, 4).startswith(MAGIC):
            raise FileError(name, "not a Parquet file", hint="give it the suffix of what it is, or export it again")
        footer = read_footer(request.path)
        file = _opened(request)
        names, notices = unique_names(file.schema_arrow.names)
        check_known(name, request.columns or (), _with_parts(names, file.schema_arrow))
        kept = _kept(request.columns, names, file.schema_arrow)
        check_shape(name, 1 if request.head else footer.rows, len(kept))
        if not footer.rows:
            raise FileError(name, "the table has no rows", hint="export it again with its rows")
        tables = _tables(file, footer, request, names, kept)
        table = joined(tables, name)
        if request.columns is not None:
            table = table.select([column for column in table.column_names if column in set(request.columns)])
        check_shape(name, table.num_rows, table.num_columns)
        rows = np.arange(1, table.num_rows + 1, dtype=np.int64)
        whole = table.num_rows == footer.rows
        return Sheet(name, table, rows, Dialect(self.key), whole, notices=notices)


def _opened(request: Request, dictionaries: Sequence[str] = ()) -> Any:
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(request.path, read_dictionary=list(dictionaries), page_checksum_verification=True)
    except KeyError:
        raise ValueError("the footer contradicts itself") from None


def _with_parts(names: Sequence[str], schema: pa.Schema) -> list[str]:
    """The names of the columns as they will be, fields of records among them."""
    import pyarrow as pa

    out: list[str] = []
    for name, part in zip(names, schema, strict=True):
        if pa.types.is_struct(part.type):
            out += [f"{name}.{part.type.field(place).name}" for place in range(part.type.num_fields)]
        else:
            out.append(name)
    return out


def _kept(columns: Sequence[str] | None, names: Sequence[str], schema: pa.Schema) -> list[int]:
    """The places of the columns that are asked for, whole or in part."""
    if columns is None:
        return list(range(len(names)))
    return [place for place, name in enumerate(names) if set(columns) & set(_with_parts([name], [schema.field(place)]))]


def _tables(file: Any, footer: Footer, request: Request, names: Sequence[str], kept: Sequence[int]) -> list[pa.Table]:
    import pyarrow as pa

    tables: list[pa.Table] = []
    rows = size = 0
    # pyarrow picks columns by name, and a name may stand twice: then all that share it are read.
    wanted = list(dict.fromkeys(file.schema_arrow.names[place] for place in kept))
    order = [place for place, name in enumerate(file.schema_arrow.names) if name in set(wanted)]
    for group, chunks in enumerate(footer.groups):
        step = min(
            _batch_rows(request, group, chunks, footer.widest, set(wanted)), HEAD_ROWS if request.head else _BATCH_ROWS
        )
        for batch in file.iter_batches(step, row_groups=[group], columns=wanted, use_threads=False):
            named = pa.Table.from_batches([batch]).rename_columns([names[place] for place in order])
            tables.append(plain_table(named.select([names[place] for place in kept]), request.name))
            size, rows = size + tables[-1].nbytes, rows + batch.num_rows
            check_decoded(request.name, size)
            if size > _BATCH_BYTES and not request.head:
                # A bomb is refused at its first batch, by what the rest would take, with a margin for uneven rows.
                check_decoded(request.name, size // 4 // max(rows, 1) * footer.rows)
            check_shape(request.name, rows, len(kept))
            if request.head and (rows >= HEAD_ROWS or size > _BATCH_BYTES):
                return [joined(tables, request.name).slice(0, HEAD_ROWS)]
    if rows != footer.rows and not request.head:
        raise FileError(
            request.name,
            f"it holds {rows:,} rows, its own metadata says {footer.rows:,}",
            hint="export it again",
        )
    return tables


def _batch_rows(request: Request, group: int, chunks: Sequence[Chunk], widest: int, wanted: set[str]) -> int:
    """How many rows of a row group fit into one batch: a value that is stored once can stand in every row."""
    longest = 1
    for chunk in chunks:
        if chunk.path[:1] and chunk.path[0] not in wanted:
            continue
        check_decoded(request.name, max(chunk.size, 4 * chunk.values))
        if chunk.kind == _FIXED:
            longest += max(widest, 1)
        elif chunk.kind == _BYTES:
            longest += _longest_value(request, group, chunk)
    if longest > 2 * MAX_RECORD_BYTES * max(len(wanted), 1):
        raise FileError(
            request.name,
            f"holds values longer than {MAX_RECORD_BYTES >> 20} MB",
            hint="leave that column out, or cut its texts",
        )
    return max(_BATCH_BYTES // longest, 1)


def _longest_value(request: Request, group: int, chunk: Chunk) -> int:
    """Bytes of the longest value that may repeat: in the dictionary, or as the common start of others."""
    import pyarrow.compute as pc

    if chunk.prefixed:
        return min(chunk.size, MAX_RECORD_BYTES)
    if not chunk.dictionary:
        return 1
    path = ".".join(chunk.path)
    file = _opened(request, [path])
    batch = next(iter(file.iter_batches(1, row_groups=[group], columns=[path], use_threads=False)), None)
    array = batch.column(0) if batch is not None and batch.num_columns else None
    while array is not None and not hasattr(array, "dictionary"):
        inner = array.values if hasattr(array, "values") else None
        array = array.flatten()[0] if inner is None and array.type.num_fields else inner
    if array is None:
        return 1
    array.validate(full=True)
    return pc.max(pc.binary_length(array.dictionary)).as_py() or 1
