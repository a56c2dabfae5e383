"""Delimited text -> columns of strings exactly as written, and a list of the records that do not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..errors import FileError
from ..sheets import Dialect, Sheet
from . import Request
from .columns import unique_names
from .cutting import LOOK, PAIR, STAND_IN, Cut, Misfits, first_rows, open_reader
from .dialects import DELIMITERS, NO_TABLE, NO_TABLE_HINT, checked_delimiter, find_delimiter, is_header, word
from .limits import (
    HEAD_ROWS,
    MAX_RECORD_BYTES,
    check_decoded,
    check_known,
    check_shape,
)
from .records import RecordScan, count_cells
from .text import SAMPLE, Text

if TYPE_CHECKING:
    import pyarrow as pa


def read_delimited(
    request: Request,
    text: Text,
    key: str,
    *,
    delimiter: str = "",
    quoting: bool | None = None,
    header: bool | None = None,
    rename: Callable[[Sequence[str], bool], Sequence[str]] | None = None,
) -> Sheet:
    """Read a text as rows of cells.

    key: the format the sheet is said to have. delimiter, quoting, header: where the format fixes them; the user's
    wish comes first. rename: (first record, whether it is the header) -> names of the columns.
    Raises FileError.
    """
    name = request.name
    chosen = checked_delimiter(name, request.wish.delimiter) if request.wish.delimiter else delimiter
    if not chosen:
        chosen = find_delimiter(name, text.sample().decode())
    source, cut_short = _source(request, text, chosen, quoting)
    cut, notices = source.cut, list(text.notices) + source.notices
    check_shape(name, 1, count_cells(source.first, cut.byte, quoting=cut.quoting))
    first = first_rows(source.first, cut, None)[0]
    _check_cut(name, first, cut, bool(request.wish.delimiter))
    if request.wish.header in ("yes", "no"):
        header = request.wish.header == "yes"
    if header is None:
        header = is_header(first_rows(source.start, cut, len(first)))
    given = list(rename(first, header)) if rename else list(first) if header else []
    if not given:
        given = [f"column_{place}" for place in range(1, len(first) + 1)]
        notices.append("no header: the columns are called column_1, column_2 ...")
    names, renamed = unique_names(given)
    check_known(name, request.columns or (), names)
    misfits = Misfits(len(first), "the header" if header else "row 1")
    table = _table(source.blocks(), cut, names, request, misfits)
    total = table.num_rows + len(misfits.found)
    _check_rows(name, total - header, misfits, cut, not (request.wish.delimiter or delimiter))
    rows = np.arange(1, total + 1, dtype=np.int64)
    if misfits.found:
        rows = np.delete(rows, np.array([record.row - 1 for record in misfits.found]))
    return Sheet(
        name=name,
        table=table.slice(1) if header else table,
        rows=rows[1:] if header else rows,
        dialect=Dialect(key, text.encoding, chosen, "yes" if header else "no"),
        whole=not cut_short,
        unread=tuple(misfits.found),
        notices=(*notices, *renamed),
    )


@dataclass
class _Source:
    """The blocks to be cut, and how. start: the first records, whole. first: the first of them."""

    blocks: Callable[[], Iterable[bytes]]
    cut: Cut
    start: bytes
    first: bytes
    notices: list[str]


def _source(request: Request, text: Text, delimiter: str, quoting: bool | None) -> tuple[_Source, bool]:
    """Scan the text once for quoted cells -> what is to be cut, and whether only its head is."""

    def blocks() -> Iterator[bytes]:
        return _with_stand_in(text, delimiter) if delimiter == PAIR.decode() else text.blocks()

    edge = Cut(delimiter, True).byte
    if quoting is None:
        quoting = any(b'"' in block for block in blocks()) and delimiter != PAIR.decode()
    scan = RecordScan(edge, quoting=quoting)
    notices: list[str] = []
    if quoting:
        for block in blocks():
            scan.feed(block)
        if _quotes_are_letters(scan, delimiter, text.sample()):
            quoting, scan = False, RecordScan(edge, quoting=False)
        elif text.whole or scan.longest > MAX_RECORD_BYTES or scan.rows <= 1:
            _check_quotes(request.name, scan)
        if scan.broken:
            cells = "1 cell goes" if scan.broken == 1 else f"{scan.broken:,} cells go"
            notices.append(
                f"{cells} on behind the closing quote, the first in row {scan.first_broken:,}: read without the quotes"
            )
    cut = Cut(delimiter, quoting)
    head, first, short = _head(blocks(), edge, quoting, HEAD_ROWS + 1 if request.head else LOOK)
    if not first:
        raise FileError(request.name, "the file has no rows", hint="export it again, or choose another file")
    if request.head:
        return _Source(lambda: [head], cut, head, first, notices), short or not text.whole
    return _Source(blocks, cut, head, first, notices), False


def _with_stand_in(text: Text, delimiter: str) -> Iterator[bytes]:
    for block in text.blocks():
        if STAND_IN in block:
            raise FileError(text.name, f"it holds a control character, which cannot be read with {delimiter}")
        yield block.replace(PAIR, STAND_IN)


def _head(blocks: Iterable[bytes], edge: bytes, quoting: bool, most: int) -> tuple[bytes, bytes, bool]:
    """The first records, at most ``most``; the first of them; and whether there are more."""
    held, rest = b"", iter(blocks)
    for block in rest:
        held += block
        for part in (held[: held.rfind(b"\n", 0, SAMPLE) + 1], held):
            ends = RecordScan(edge, quoting=quoting).feed(part)
            if len(ends) >= most:
                last = int(ends[most - 1])
                return held[:last], held[: int(ends[0])], bool((held[last:] + next(rest, b"")).strip())
    ends = RecordScan(edge, quoting=quoting).feed(held)
    if not len(ends):
        return b"", b"", False
    last = int(ends[-1])
    return held[:last], held[: int(ends[0])], bool(held[last:].strip())


def _quotes_are_letters(scan: RecordScan, delimiter: str, sample: bytes) -> bool:
    """Whether quotes stand for themselves: some close too early, few cells are quoted properly, and the lines with
    quotes have the same number of delimiters as the first whether quotes are heeded or not."""
    faults = scan.broken + (bool(scan.opened) if delimiter in ("\t", "|") else 0)
    if not faults or not delimiter or scan.cells - scan.broken > 10 * faults:
        return False
    lines = [line for line in sample.split(b"\n") if line.strip()]
    quoted = [line for line in lines if b'"' in line]
    mark = delimiter.encode()
    if scan.unclosed and delimiter not in ("\t", "|"):
        return False
    return all(line.count(mark) == lines[0].count(mark) for line in quoted)


def _check_quotes(name: str, scan: RecordScan) -> None:
    row = scan.unclosed or scan.opened
    if row or scan.longest > MAX_RECORD_BYTES:
        raise FileError(
            name,
            "a quoted cell opens and is not closed" if row else f"a record is longer than {MAX_RECORD_BYTES >> 20} MB",
            row=row or None,
            hint="close the quote, or write two quotes where one is meant as a character",
        )


def _table(blocks: Iterable[bytes], cut: Cut, names: Sequence[str], request: Request, misfits: Misfits) -> pa.Table:
    import pyarrow as pa

    wanted = None if request.columns is None else [column for column in names if column in set(request.columns)]
    reader = open_reader(iter(blocks), cut, names, misfits, wanted)
    batches, rows, size = [], 0, 0
    for batch in reader:
        rows, size = rows + batch.num_rows, size + batch.nbytes
        check_shape(request.name, rows + len(misfits.found), batch.num_columns)
        check_decoded(request.name, size)
        if len(misfits.found) > 3 * (rows + HEAD_ROWS):
            break
        batches.append(batch)
    return pa.Table.from_batches(batches, schema=reader.schema)


def _check_rows(name: str, records: int, misfits: Misfits, cut: Cut, detected: bool) -> None:
    if records <= 0:
        raise FileError(name, "the file has a header and no rows", row=1, hint="export it again with its rows")
    if 2 * len(misfits.found) > records:
        first = misfits.found[0]
        if detected and len({record.reason for record in misfits.found}) > 1:
            raise FileError(name, NO_TABLE, hint=NO_TABLE_HINT)
        raise FileError(
            name,
            f"{first.reason}, and so it is with {len(misfits.found):,} of {records:,} rows, read with the delimiter "
            f"{word(cut.delimiter)}",
            row=first.row,
            value=first.text,
            hint="choose another delimiter, or check that every row has a cell for each column",
        )


def _check_cut(name: str, first: Sequence[str], cut: Cut, forced: bool) -> None:
    """Raises FileError where the chosen delimiter cuts nothing and another one would."""
    if not forced or len(first) > 1:
        return
    counts = {mark: first[0].count(mark) for mark in (*DELIMITERS, "::") if mark != cut.delimiter}
    best = max(counts, key=lambda mark: counts[mark])
    if counts[best]:
        raise FileError(
            name,
            f"is one cell with the delimiter {word(cut.delimiter)}",
            row=1,
            value=first[0],
            hint=f"choose the delimiter {word(best)}, or leave it to be detected",
        )
