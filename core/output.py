"""Files that the command line writes: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from .answer import spreadsheet_safe
from .errors import InputError, RecallscopeError


class writing:
    """A file that appears whole or not at all, and in place of nothing but a file."""

    def __init__(self, target: Path) -> None:
        self._target = target.resolve()  # behind a link, the file it points to is written

    def __enter__(self) -> Path:
        folder = self._target.parent
        if not folder.is_dir():
            raise InputError(f"cannot write {self._target}: the folder {folder} does not exist")
        if self._target.exists() and not self._target.is_file():
            raise InputError(f"cannot write {self._target}: it exists and is not a file")
        try:
            handle, name = tempfile.mkstemp(prefix=f".{self._target.name}.", suffix=".part", dir=folder)
        except OSError as problem:
            raise InputError(f"cannot write {self._target}: {problem.strerror}") from problem
        os.close(handle)
        self._draft = Path(name)
        self._draft.chmod(0o666 & ~_umask())
        return self._draft

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        try:
            if kind is None:
                self._draft.replace(self._target)
        finally:
            self._draft.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise RecallscopeError(f"could not write {self._target}: {error.strerror}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_table(path: Path, suffix: str, table: dict[str, Any]) -> None:
    """Columns as a .csv (texts made safe for spreadsheets) or .parquet file."""
    import pyarrow as pa

    if suffix == ".csv":
        safe = {name: [spreadsheet_safe(value) for value in table[name].tolist()] for name in ("user_id", "item_id")}
        table = {**table, **safe}
    arrow = pa.table({name: pa.array(values) for name, values in table.items()})
    if suffix == ".csv":
        from pyarrow import csv as arrow_csv

        arrow_csv.write_csv(arrow, path)
    else:
        from pyarrow import parquet

        parquet.write_table(arrow, path)
