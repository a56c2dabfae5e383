"""Files that the command line writes: whole or not at all."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path
from typing import Any

from .answer import spreadsheet_safe
from .errors import InputError, RecallscopeError
from .store.sealed import write_atomic

ID_COLUMNS = ("user_id", "item_id")
NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)


def write_whole(target: Path, data: bytes) -> None:
    """Write a file in place of nothing but a file; behind a link, the file it points to is written.

    Raises InputError where the place cannot be written, RecallscopeError where writing fails (a full disk, say).
    """
    target = check_target(target)
    try:
        write_atomic(target, data)
    except OSError as error:
        if error.errno in NOT_ALLOWED:
            raise InputError(f"cannot write {target}: {error.strerror}") from error
        raise RecallscopeError(f"could not write {target}: {error.strerror}") from error


def check_target(target: Path) -> Path:
    """The file that would be written, before work is spent on it. Raises InputError where it cannot be."""
    target = target.resolve()
    if not target.parent.is_dir():
        raise InputError(f"cannot write {target}: the folder {target.parent} does not exist")
    if target.exists() and not target.is_file():
        raise InputError(f"cannot write {target}: it exists and is not a file")
    if not os.access(target.parent, os.W_OK):
        raise InputError(f"cannot write {target}: the folder may not be written")
    return target


def safe_csv(table: Any) -> bytes:
    """An arrow table of texts and numbers as CSV in which no cell and no header is a formula for a spreadsheet."""
    import pyarrow as pa
    from pyarrow import csv

    safe = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        texts = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
        safe[spreadsheet_safe(name)] = pa.array([spreadsheet_safe(v) for v in column.to_pylist()]) if texts else column
    out = io.BytesIO()
    csv.write_csv(pa.table(safe), out)
    return out.getvalue()


def table_bytes(suffix: str, table: dict[str, Any]) -> bytes:
    """Columns as the content of a .csv (ids made safe for spreadsheets) or .parquet file."""
    import pyarrow as pa
    from pyarrow import csv, parquet

    if suffix == ".csv":
        table = table | {name: [spreadsheet_safe(id_) for id_ in table[name].tolist()] for name in ID_COLUMNS}
    arrow = pa.table({name: pa.array(values) for name, values in table.items()})
    out = io.BytesIO()
    write = csv.write_csv if suffix == ".csv" else parquet.write_table
    write(arrow, out)
    return out.getvalue()
