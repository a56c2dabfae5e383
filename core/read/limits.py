"""How much a file may hold, and why. Checked before reading wherever the format says its size beforehand."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import FileError

HEAD_ROWS = 1000
"""Rows a preview reads: enough to tell ids from numbers and dates from text."""
HEAD_BYTES = (1 << 20, 8 << 20)
"""Bytes a preview looks at: enough for 1,000 plain records; where lines are very long, for two of the longest."""
MAX_FILE_BYTES = 2 << 30
"""2 GiB: about 60 million rows of a plain log, and as text in memory still within an ordinary machine's means."""
MAX_ROWS = 20_000_000
"""Four times the largest log we promise to handle; beyond it, one process's memory is the wrong place."""
MAX_COLUMNS = 1_000
"""Real tables stay below 200; a table of thousands is a matrix, or was cut at the wrong character."""
MAX_CELLS = 200_000_000
"""Each cell costs 4 to 8 bytes beside its text: 200 million are about 1.5 GB."""
MAX_DECODED_BYTES = 2 << 30
"""What a table may take in memory once unpacked. Compressed formats can hold a thousand times their own size."""
MAX_RECORD_BYTES = 4 << 20
"""The longest record or cell: a long description has 0.1 MB, a vector of 4,096 numbers as text the same."""
MAX_DOCUMENT_BYTES = 64 << 20
"""A JSON document that is no plain list must be held whole, at about ten times its size."""
MAX_NESTING = 100
"""Brackets within brackets in JSON; a reader's stack ends somewhere, and no table needs more than three."""
UNREAD_TEXTS = 10_000
"""Records that could not be read keep their text up to this many; beyond it only their number and the reason."""
UNREAD_CHARS = 200


def check_bytes(name: str, size: int) -> None:
    """Raises FileError where a file is empty or larger than we read."""
    if size == 0:
        raise FileError(name, "the file is empty", hint="export it again, or choose another file")
    if size > MAX_FILE_BYTES:
        raise FileError(
            name,
            f"the file has {size / 2**30:.1f} GB, the limit is {MAX_FILE_BYTES >> 30} GB",
            hint="bring a sample of it, or Parquet with only the columns needed",
        )


def check_shape(name: str, rows: int, columns: int) -> None:
    """Raises FileError where a table has more rows, columns or cells than we hold."""
    if columns > MAX_COLUMNS:
        raise FileError(
            name,
            f"the table has {columns:,} columns, the limit is {MAX_COLUMNS:,}",
            hint="check the delimiter, or keep only the columns needed",
        )
    if rows > MAX_ROWS:
        raise FileError(
            name, f"the table has {rows:,} rows, the limit is {MAX_ROWS:,}", hint="bring a sample of the users"
        )
    if rows * columns > MAX_CELLS:
        raise FileError(
            name,
            f"the table has {rows:,} rows x {columns:,} columns = {rows * columns:,} cells, the limit is {MAX_CELLS:,}",
            hint="keep only the columns needed",
        )


def check_decoded(name: str, size: int) -> None:
    """Raises FileError where a table takes more memory than we give it."""
    if size > MAX_DECODED_BYTES:
        raise FileError(
            name,
            f"the table takes more than {MAX_DECODED_BYTES >> 30} GB once unpacked",
            hint="keep only the columns needed, or bring a sample of the rows",
        )


def check_known(name: str, wanted: Sequence[str], known: Sequence[str]) -> None:
    """Raises FileError where a column asked for is not there."""
    missing = [column for column in wanted if column not in set(known)]
    if missing:
        listed = ", ".join(known[:12]) + (f", ... ({len(known)} in all)" if len(known) > 12 else "")
        raise FileError(name, "is no column of this file", value=missing[0], hint=f"its columns are {listed}")
