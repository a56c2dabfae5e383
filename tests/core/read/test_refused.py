"""Bad input gets one sentence: the file, the row, what was expected and what to do."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import re
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import FileError
from core.read import limits
from core.read.columns import plain_table
from core.read.files import read_file, shown_name
from core.sheets import Dialect


def refusal(folder: Path, content: str | bytes, name: str = "x.csv", **wish: str) -> str:
    """What is said about a file, the same whether its head or all of it is read."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    said = []
    for head in (False, True):
        with pytest.raises(FileError) as caught:
            read_file(path, wish=Dialect(**wish), head=head)
        said.append(str(caught.value))
    assert said[0] == said[1]
    assert said[0].startswith(name)
    return said[0]


def zipped(inside: str) -> bytes:
    """A zip archive of one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(inside, "a,b\n1,2\n")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a PNG picture, not a table: bring a table"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "a JPEG picture"),
        (b"GIF89a" + bytes(50), "a GIF picture"),
        (b"%PDF-1.7\n", "a PDF document"),
        (gzip.compress(b"a,b\n1,2\n"), "a gzip archive, not a table: unpack it first"),
        (zipped("a.csv"), "a zip archive, not a table: unpack it first"),
        (zipped("[Content_Types].xml"), "an Excel or Office file, not a table: save the sheet as CSV"),
        (pickle.dumps([1, 2]), "a Python pickle, and opening one can run code: save it as Parquet or CSV"),
        (pickle.dumps({1: 2}, protocol=0), "a Python pickle"),
        (b"SQLite format 3\x00" + bytes(50), "an SQLite database"),
        (b"\x89HDF\r\n\x1a\n" + bytes(50), "an HDF5 file"),
        (b"\x93NUMPY\x01\x00" + bytes(50), "a NumPy array, not a table: bring it as the item vectors"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (bytes(range(32)) * 20, "neither text nor one of the table formats known here"),
    ],
)
@pytest.mark.parametrize("name", ["x.csv", "x.parquet", "x.jsonl"])
def test_what_is_no_table_is_known_whatever_its_name(tmp_path: Path, content: bytes, message: str, name: str) -> None:
    if name == "x.parquet" and content[:2] == b"\x00\x01":
        message = "not a Parquet file"
    assert message in refusal(tmp_path, content, name)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "x.csv: the file is empty"),
        ("\n\n", "x.csv: the file has no rows"),
        ("a,b\n", "x.csv, row 1: the file has a header and no rows"),
        (
            "a,b\n1,2,3\n4,5,6\n",
            'row 2: "1,2,3" has 3 cells, the header has 2, and so it is with 2 of 2 rows',
        ),
        ('a,b\n\n1,"x\n2,y\n3,z\n', "x.csv, row 2: a quoted cell opens and is not closed: close the quote"),
        ('a,b\n0,"k"\n1,"x\n2,"y"\n3,z\n', "x.csv, row 3: a quoted cell opens and is not closed"),
        ("a,b\n1,x\n2,a\0b\n", "x.csv, row 3: holds a NUL byte"),
        ("a,b\n1,2\n" + "x" * 10_000_000 + "\n", "x.csv, row 3: the line is longer than 4 MB"),
        ("x" * 10_000_000, "x.csv, row 1: the line is longer than 4 MB"),
        ('a,b\n1,"x\n' + "2,y\n" * 1_500_000, "x.csv, row 2: a quoted cell opens and is not closed"),
        (
            "Once, upon a time\nthere was; a file\nof, words, only\nno table, at, all, x\n",
            "x.csv: not a table: its lines do not fall into",
        ),
        (
            "Notes, by hand\n" + "One, two, three.\nNo comma here.\nA, b, c, d.\nAgain, two\n" * 5,
            "x.csv: not a table: its lines do not fall into the same number of cells, whether cut at",
        ),
    ],
)
def test_text_that_is_no_table(tmp_path: Path, content: str, message: str) -> None:
    assert message in refusal(tmp_path, content)


def test_a_wrong_delimiter_is_said_with_the_right_one(tmp_path: Path) -> None:
    said = refusal(tmp_path, "user;item\n1;2\n", delimiter=",")
    assert said == (
        'x.csv, row 1: "user;item" is one cell with the delimiter comma: '
        "choose the delimiter semicolon, or leave it to be detected"
    )
    assert 'x.csv: ",," cannot be the delimiter' in refusal(tmp_path, "a,b\n1,2\n", delimiter=",,")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.json", '[{"a": 1}, {"a": 2]', "x.json, row 2: is not JSON at its character 8: expecting ',' delimiter"),
        ("x.json", '[{"a": 1}, 2]', 'x.json, row 2: "2" is no object'),
        ("x.json", '[{"a": 1}', "x.json, row 2: the list is not closed"),
        ("x.json", '[{"a": 1}] x', "something stands behind the list"),
        ("x.json", '[{"a": NaN}]', "x.json, row 1: NaN is not JSON"),
        ("x.json", "[]", "the list is empty"),
        ("x.json", '{"a": [1, 2], "b": [1]}', "its columns differ in length (a: 2, b: 1)"),
        ("x.json", '{"a": [{}], "b": [{}]}', "x.json: it holds 2 lists of objects"),
        ("x.json", "[" * 100_000, "is nested too deep"),
        ("x.json", '{"a":' * 100_000, "x.json: it is nested too deep"),
        ("x.json", '[{"a": {"b": {"c": 1}}}]', "x.json, row 1, column a.b: holds records within records"),
        ("x.json", '[{"a": [[1]]}]', "x.json, row 1, column a: holds records within records or lists"),
        ("x.json", '[{"a": ' + "9" * 5000 + "}]", "holds a number too long"),
        ("x.jsonl", '{"a": NaN}\n', 'x.jsonl, row 1: "{"a": NaN}" NaN is not JSON'),
        ("x.jsonl", '{"a":' + "[" * 100_000 + "]" * 100_000 + "}\n", "is nested too deep"),
        ("x.jsonl", '{"a": {"b": {"c": 1}}}\n', "x.jsonl, column a.b: holds values of type struct"),
        ("x.jsonl", "a,b\n1,2\n", 'x.jsonl, row 1: "a,b" is not JSON'),
        ("x.jsonl", "{}\n{}\n", "its objects hold nothing"),
        ("x.parquet", "a,b\n1,2\n", "x.parquet: not a Parquet file"),
        ("x.parquet", b"PAR1" + bytes(40), "x.parquet: damaged or incomplete"),
    ],
)
def test_damaged_json_and_parquet(tmp_path: Path, name: str, content: str | bytes, message: str) -> None:
    assert message in refusal(tmp_path, content, name)


def test_a_name_for_every_line_does_not_fill_the_memory(tmp_path: Path) -> None:
    lines = "".join(f'{{"k{place}": 1}}\n' for place in range(50_000))
    assert "the table has 1,001 columns, the limit is 1,000" in refusal_of_all(tmp_path, lines, "x.jsonl")
    assert "the table has 1,001 columns" in refusal_of_all(tmp_path, f"[{lines.strip()}]".replace("\n", ","), "x.json")


def refusal_of_all(folder: Path, content: str, name: str) -> str:
    """What is said about a whole file."""
    (folder / name).write_text(content)
    with pytest.raises(FileError) as caught:
        read_file(folder / name)
    return str(caught.value)


def parquet_refusal(folder: Path, table: pa.Table, **how: object) -> str:
    """What is said about a Parquet file."""
    pq.write_table(table, folder / "x.parquet", **how)
    with pytest.raises(FileError) as caught:
        read_file(folder / "x.parquet")
    return str(caught.value)


def test_nested_parquet_names_the_column(tmp_path: Path) -> None:
    deep = pa.table({"id": [1], "a": [{"b": {"c": 1}}]})
    assert "x.parquet, column a.b: holds values of type struct<c: int64>" in parquet_refusal(tmp_path, deep)
    assert read_file(tmp_path / "x.parquet", columns=["id"]).table.to_pydict() == {"id": [1]}
    maps = pa.table({"m": pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64()))})
    assert "x.parquet, column m: holds values of type map<string, int64" in parquet_refusal(tmp_path, maps)
    lists = pa.table({"l": [[[1]], None]})
    assert "column l: holds values of type list<element: int64>" in parquet_refusal(tmp_path, lists)
    binary = pa.table({"b": pa.array([b"\xff\xfe"])})
    assert "column b: holds values of type binary that are no text" in parquet_refusal(tmp_path, binary)


def test_an_empty_parquet_table_is_said(tmp_path: Path) -> None:
    empty = pa.table({"a": pa.array([], pa.int64())})
    assert parquet_refusal(tmp_path, empty).startswith("x.parquet: the table has no rows")


def test_a_parquet_bomb_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = limits.MAX_ROWS + 1
    zeros = pa.DictionaryArray.from_arrays(_zeros(rows), ["x"])
    said = parquet_refusal(tmp_path, pa.table({"a": zeros}))
    assert (tmp_path / "x.parquet").stat().st_size < 1 << 20
    assert "the table has 20,000,001 rows, the limit is 20,000,000" in said
    monkeypatch.setattr(limits, "MAX_DECODED_BYTES", 50 << 20)
    long = pa.DictionaryArray.from_arrays(_zeros(1_000), ["x" * 1_000_000])
    assert "the table takes more than" in parquet_refusal(tmp_path, pa.table({"a": long}))
    assert (tmp_path / "x.parquet").stat().st_size < 1 << 20


def test_no_more_than_the_limit_and_a_batch_is_ever_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def seen(table: pa.Table, file: str) -> pa.Table:
        sizes.append(table.nbytes)
        return plain_table(table, file)

    monkeypatch.setattr(limits, "MAX_DECODED_BYTES", 200 << 20)
    monkeypatch.setattr("core.read.parquet.plain_table", seen)
    long = pa.DictionaryArray.from_arrays(_zeros(300), ["x" * 1_000_000])
    assert "the table takes more than" in parquet_refusal(tmp_path, pa.table({"a": long, "b": long}), row_group_size=50)
    assert max(sizes) <= 65 << 20
    assert sum(sizes) <= (200 + 65) << 20


def _zeros(count: int) -> pa.Array:
    return pa.Array.from_buffers(pa.int8(), count, [None, pa.py_buffer(bytes(count))])


def test_a_cut_parquet_file_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"a": list(range(1000))}), path)
    whole = path.read_bytes()
    for size in (len(whole) - 1, len(whole) // 2, 12):
        assert "x.parquet: damaged or incomplete" in refusal(tmp_path, whole[:size], "x.parquet")


def test_sizes_are_checked_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n1,2\n")
        file.truncate(limits.MAX_FILE_BYTES + 1)
    with pytest.raises(FileError, match="the file has 2.0 GB, the limit is 2 GB"):
        read_file(path)


def test_rows_are_counted_against_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ROWS", 10)
    (tmp_path / "x.csv").write_text("a,b\n" + "1,2\n" * 11)
    with pytest.raises(FileError, match="rows, the limit is 10"):
        read_file(tmp_path / "x.csv")


def test_what_cannot_be_opened_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=": a folder, not a file: choose a file inside it"):
        read_file(tmp_path)
    with pytest.raises(FileError, match=re.escape("passwd: there is no such file")):
        read_file(tmp_path / "nothing", name="../../etc/passwd")
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with pytest.raises(FileError, match="pipe.csv: a device or a pipe"):
        read_file(pipe)


def test_a_file_that_may_not_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(self: Path, *args: object, **how: object) -> io.BytesIO:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(FileError, match=re.escape("x.csv: the file cannot be opened (Permission denied)")):
        read_file(tmp_path / "x.csv")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.csv", "a.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\data\\log.csv", "log.csv"),
        ("a\nb\x00.csv", "ab.csv"),
        ("/", "file"),
        ("x" * 300, "x" * 99 + "…"),
    ],
)
def test_only_the_last_part_of_a_name_is_shown(name: str, shown: str) -> None:
    assert shown_name(name) == shown
