"""Records end where a reader of RFC 4180 says, whatever the block they come in."""

from __future__ import annotations

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from core.read.records import RecordScan, row_at


def ends(text: bytes) -> list[int]:
    """Offsets behind each record of a text given as one block."""
    return RecordScan(b",").feed(text).tolist()


def test_newlines_in_quotes_do_not_end_a_record() -> None:
    assert ends(b'a,"b\nc"\n\n"d""\n",e\r\n\r\nf\n') == [8, 19, 23]


def test_a_quote_in_the_middle_of_a_cell_is_a_letter() -> None:
    scan = RecordScan(b",")
    assert scan.feed(b'a,5" b\n7"" c,"x\ny"\n').tolist() == [7, 19]
    assert (scan.broken, scan.opened, scan.rows) == (0, 0, 2)


def test_a_cell_that_stays_open_is_named_by_its_row() -> None:
    scan = RecordScan(b",")
    scan.feed(b'a,b\n\n1,"x\n')
    scan.feed(b"2,y\n")
    assert (scan.opened, scan.rows, scan.longest) == (2, 1, 9)


def test_a_cell_closed_by_the_start_of_another_is_named_by_its_row() -> None:
    scan = RecordScan(b",")
    scan.feed(b'a,b\n1,"x\n2,"y"\n')
    assert (scan.unclosed, scan.first_broken) == (2, 2)


def test_the_row_of_a_byte_counts_no_blank_lines() -> None:
    text = b'a,b\n\n1,"x\n\ny"\n2,z\n'
    rows = [row_at([text[:5], text[5:]], offset) for offset in (0, 3, 5, 12, 15)]
    assert rows == [1, 1, 2, 2, 3]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(st.text('ab"\n, ', max_size=6), min_size=2, max_size=3), min_size=1, max_size=8),
    st.integers(1, 40),
)
def test_records_of_a_proper_writer_are_counted(rows: list[list[str]], size: int) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    lines = buffer.getvalue().encode().splitlines(keepends=True)
    scan = RecordScan(b",")
    found = sum(len(scan.feed(b"".join(lines[start : start + size]))) for start in range(0, len(lines), size))
    assert found == scan.rows == len(rows)
    assert (scan.broken, scan.opened, scan.unclosed) == (0, 0, 0)
