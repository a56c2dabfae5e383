"""Delimited text: every cell as it is written, and every record that does not fit is listed."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import FileError
from core.read.files import HEAD_ROWS, read_file
from core.read.limits import MAX_COLUMNS
from core.sheets import Dialect, Sheet


def read(folder: Path, content: str | bytes, name: str = "x.csv", **how: object) -> Sheet:
    """Write a file and read it."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_file(path, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    sheet = read(tmp_path, "user,item,price\n007,a b,1.50\n,x,2\n".replace(",", delimiter))
    assert sheet.dialect == Dialect("csv", "utf-8", delimiter, "yes")
    assert sheet.table.to_pydict() == {"user": ["007", ""], "item": ["a b", "x"], "price": ["1.50", "2"]}
    assert sheet.rows.tolist() == [2, 3]
    assert (sheet.whole, sheet.unread, sheet.notices) == (True, (), ())


def test_decimal_commas_and_pipes_inside_cells_do_not_mislead(tmp_path: Path) -> None:
    sheet = read(tmp_path, "id;price;genres\n1;2,50;A|B|C\n2;3,00;A|B|C\n")
    assert sheet.dialect.delimiter == ";"
    assert sheet.table.column("price").to_pylist() == ["2,50", "3,00"]


def test_quotes_hold_delimiters_newlines_and_quotes(tmp_path: Path) -> None:
    sheet = read(tmp_path, 'id,title\r\n1,"a, ""b""\nc"\r\n2,5" pipe\r\n\r\n3,""\r\n')
    assert sheet.table.column("title").to_pylist() == ['a, "b"\nc', '5" pipe', ""]
    assert sheet.rows.tolist() == [2, 3, 4]


def test_quotes_that_are_letters_stay(tmp_path: Path) -> None:
    sheet = read(tmp_path, 'id\tname\n1\t"Weird Al" Yankovic\n2\t"Heroes\n3\tx\n', "artists.dat")
    assert sheet.table.column("name").to_pylist() == ['"Weird Al" Yankovic', '"Heroes', "x"]


def test_text_behind_a_closing_quote_is_read_and_said(tmp_path: Path) -> None:
    quoted = "".join(f'{place},"a, {place}"\n' for place in range(30))
    sheet = read(tmp_path, f'id,title\n{quoted}99,"odd" one\n')
    assert sheet.table.column("title").to_pylist()[-1] == "odd one"
    assert sheet.notices == ("1 cell goes on behind the closing quote, the first in row 32: read without the quotes",)


def test_ragged_rows_are_listed_and_no_row_is_lost(tmp_path: Path) -> None:
    sheet = read(tmp_path, 'a,b\n1,2\n3\n\n"x\ny",4\n5,6,7\n8,9\n10,11\n')
    assert sheet.table.column("a").to_pylist() == ["1", "x\ny", "8", "10"]
    assert sheet.rows.tolist() == [2, 4, 6, 7]
    assert [(bad.row, bad.text, bad.reason) for bad in sheet.unread] == [
        (3, "3", "has 1 cell, the header has 2"),
        (5, "5,6,7", "has 3 cells, the header has 2"),
    ]


def test_the_text_of_an_unread_record_is_short(tmp_path: Path) -> None:
    sheet = read(tmp_path, "a,b\n1,2\n1,2\n" + "x" * 5000 + "\n")
    assert [len(bad.text) for bad in sheet.unread] == [200]


@pytest.mark.parametrize(
    ("content", "columns", "notice"),
    [
        ("a,a,a\n1,2,3\n", ("a", "a (2)", "a (3)"), 'column 2 has the name "a" again: called "a (2)"'),
        ("a,a (2),a\n1,2,3\n", ("a", "a (2)", "a (3)"), 'column 3 has the name "a" again: called "a (3)"'),
        ("a,,\n1,2,3\n", ("a", "column_2", "column_3"), "column 2 has no name: called column_2"),
        ("x, y \n1,2\n", ("x", "y"), ""),
    ],
)
def test_every_column_has_a_name_of_its_own(
    tmp_path: Path, content: str, columns: tuple[str, ...], notice: str
) -> None:
    sheet = read(tmp_path, content)
    assert sheet.columns == columns
    assert [column.to_pylist() for column in sheet.table.columns] == [[str(n + 1)] for n in range(len(columns))]
    assert notice in sheet.notices or not notice


@pytest.mark.parametrize(
    ("content", "header"),
    [
        ("user,item\nA1,B1\nA2,B2\n", "yes"),
        ("u,i\nA1,B1\nA2,B2\n", "yes"),
        ("u,n\nx,1\ny,2\n", "yes"),
        ("1,2,3.5\n1,3,4\n", "no"),
        ("A1,B1\nA1,B2\nA2,B1\n", "no"),
        ("ab12,cd34\nef56,gh78\nij90,kl12\n", "no"),
        ("a,2020-01-01\nb,2020-01-02\n", "no"),
        ("David,Madrid\nAnna,Rome\nDavid,Rome\n", "no"),
        ("userId,movieId\nA1,B1\nA2,B2\n", "yes"),
    ],
)
def test_a_header_is_told_from_data(tmp_path: Path, content: str, header: str) -> None:
    sheet = read(tmp_path, content)
    assert sheet.dialect.header == header
    assert sheet.rows[0] == (2 if header == "yes" else 1)
    assert sheet.table.num_rows == content.count("\n") - (header == "yes")
    if header == "no":
        assert sheet.columns[0] == "column_1"
        assert "no header" in sheet.notices[0]


def test_the_user_s_wish_comes_first(tmp_path: Path) -> None:
    sheet = read(tmp_path, "1;2\n3;4\n", wish=Dialect(delimiter=";", header="yes", encoding="latin-1", format="csv"))
    assert sheet.columns == ("1", "2")
    assert sheet.dialect == Dialect("csv", "latin-1", ";", "yes")


def test_only_the_columns_asked_for_are_built(tmp_path: Path) -> None:
    sheet = read(tmp_path, "a,b,c\n1,2,3\n4,5,6\n", columns=["c", "a"])
    assert sheet.table.to_pydict() == {"a": ["1", "4"], "c": ["3", "6"]}
    with pytest.raises(FileError, match='"d" is no column of this file: its columns are a, b, c'):
        read(tmp_path, "a,b,c\n1,2,3\n", columns=["d"])


def test_the_head_of_a_long_file_is_its_first_rows(tmp_path: Path) -> None:
    content = "a,b\n" + "".join(f'{place},"x\n{place}"\n' for place in range(3000))
    head, whole = read(tmp_path, content, head=True), read(tmp_path, content)
    assert (head.whole, whole.whole) == (False, True)
    assert (head.table.num_rows, whole.table.num_rows) == (HEAD_ROWS, 3000)
    assert head.table.to_pydict() == whole.table.slice(0, HEAD_ROWS).to_pydict()
    assert head.rows.tolist() == whole.rows[:HEAD_ROWS].tolist()


def test_one_column_is_enough(tmp_path: Path) -> None:
    sheet = read(tmp_path, "item_id\nA\nB\n")
    assert (sheet.columns, sheet.dialect.delimiter) == (("item_id",), "")


def test_blank_lines_in_front_do_not_matter(tmp_path: Path) -> None:
    sheet = read(tmp_path, "\n" * 10_000_000 + "a,b\n1,2\n")
    assert (sheet.table.to_pydict(), sheet.rows.tolist()) == ({"a": ["1"], "b": ["2"]}, [2])


def test_a_header_longer_than_what_is_sniffed_is_read(tmp_path: Path) -> None:
    name = "x\n" * 200_000
    sheet = read(tmp_path, f'"{name}",b\n1,2\n3,4\n', wish=Dialect(delimiter=","))
    assert sheet.columns == (name.strip(), "b")


def test_carriage_returns_alone_end_lines(tmp_path: Path) -> None:
    assert read(tmp_path, "a,b\r1,2\r3,4\r").table.to_pydict() == {"a": ["1", "3"], "b": ["2", "4"]}


def test_two_hundred_columns_work_and_too_many_are_refused(tmp_path: Path) -> None:
    wide = ",".join(f"c{place}" for place in range(200))
    assert len(read(tmp_path, f"{wide}\n{wide}\n", wish=Dialect(header="yes")).columns) == 200
    with pytest.raises(FileError, match=f"the table has 1,001 columns, the limit is {MAX_COLUMNS:,}"):
        read(tmp_path, "x" + ",x" * MAX_COLUMNS + "\n1\n", wish=Dialect(delimiter=","))


def test_right_to_left_names_and_formulas_are_text(tmp_path: Path) -> None:
    sheet = read(tmp_path, "מזהה,כותרת\n1,=1+1\n2,@x\n")
    assert sheet.columns == ("מזהה", "כותרת")
    assert sheet.table.column(1).to_pylist() == ["=1+1", "@x"]


CELL = st.text(
    st.characters(codec="cp1252", exclude_categories=("Cc", "Cs")) | st.sampled_from('\n",;\t| '), max_size=8
)
TABLE = st.integers(2, 5).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1))


@settings(max_examples=150, deadline=None)
@given(
    cells=TABLE,
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    ending=st.sampled_from(["\n", "\r\n"]),
    chosen=st.booleans(),
)
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    cells: list[list[str]],
    delimiter: str,
    quoting: int,
    encoding: str,
    ending: str,
    chosen: bool,
) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, quoting=quoting, lineterminator=ending)  # type: ignore[arg-type]
    names = [f"name {place}" for place in range(len(cells[0]))]
    writer.writerows([names, *cells])
    # Without the user's word, a few odd cells may look like any dialect: then enough plain rows must speak for one.
    wish = Dialect(delimiter=delimiter, encoding=encoding, header="yes") if chosen else Dialect()
    if encoding == "cp1252":  # a few letters may be of several code pages
        wish = replace(wish, encoding=encoding)
    plain = [["plain"] * len(names)] * (0 if chosen else 40 * len(cells))
    writer.writerows(plain)
    path = tmp_path_factory.getbasetemp() / "written.csv"
    path.write_bytes(buffer.getvalue().encode(encoding))
    sheet = read_file(path, wish=wish)
    assert sheet.columns == tuple(names)
    assert [list(row) for row in zip(*(column.to_pylist() for column in sheet.table.columns), strict=True)] == [
        *cells,
        *plain,
    ]
    assert np.array_equal(sheet.rows, np.arange(2, len(cells) + len(plain) + 2))
    assert sheet.unread == ()


@pytest.mark.parametrize("rows", [1, 2, 999, 1000, 1001])
@pytest.mark.parametrize("end", ["", "\n"])
def test_a_head_holds_the_last_row_too_and_knows_whether_there_are_more(tmp_path: Path, rows: int, end: str) -> None:
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["user,item", *(f"{row},x" for row in range(rows))]) + end)
    sheet = read_file(path, head=True)
    assert sheet.table.column("user").to_pylist() == [str(row) for row in range(min(rows, 1000))]
    assert sheet.whole == (rows <= 1000)
