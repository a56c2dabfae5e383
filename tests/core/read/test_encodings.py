"""Encodings: found by mark, by content, or chosen; what does not fit is named by its row."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import FileError
from core.read.encodings import called, repaired, survey
from core.read.files import read_file
from core.sheets import Dialect, Sheet


def read(folder: Path, content: bytes, **wish: str) -> Sheet:
    """Write a file and read it with a wish."""
    path = folder / "x.csv"
    path.write_bytes(content)
    return read_file(path, wish=Dialect(**wish))


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "id,name\n1,Bjørk\n2,日本\n"),
        ("utf-8-sig", "id,name\n1,שלום\n"),
        ("utf-16", "id,name\n1,日本 🎸\n"),
        ("utf-32", "id,name\n1,日本\n"),
        ("cp1252", "id,name\n1,café\n2,“naïve” – €5\n"),
        ("cp1251", "id,name\n1,Преступление и наказание\n2,Война и мир\n3,Мастер и Маргарита\n"),
        ("gb18030", "id,name\n1,红楼梦\n2,西游记\n3,三国演义\n4,水浒传\n"),
    ],
)
def test_an_encoding_is_found(tmp_path: Path, encoding: str, text: str) -> None:
    sheet = read(tmp_path, text.encode(encoding))
    assert sheet.dialect.encoding == encoding
    assert sheet.columns == ("id", "name")
    assert sheet.table.column("name").to_pylist() == [line.split(",", 1)[1] for line in text.splitlines()[1:]]


def test_big_endian_utf_16_is_found_by_its_mark(tmp_path: Path) -> None:
    sheet = read(tmp_path, b"\xfe\xff" + "id,name\n1,日本\n".encode("utf-16-be"))
    assert (sheet.dialect.encoding, sheet.table.column("name").to_pylist()) == ("utf-16", ["日本"])


def test_foreign_lines_among_utf_8_are_repaired_and_counted(tmp_path: Path) -> None:
    good = "".join(f"{place},naïve\n" for place in range(5)).encode()
    sheet = read(tmp_path, b"id,name\n" + good + b"\n7,caf\xe9\n8,x\n9,\x93q\x94\n")
    assert sheet.dialect.encoding == "mixed"
    assert sheet.table.column("name").to_pylist() == ["naïve"] * 5 + ["café", "x", "“q”"]
    assert sheet.notices == ("2 lines are not UTF-8 and read as Windows-1252, the first in row 7",)


def test_bytes_windows_leaves_open_are_still_read(tmp_path: Path) -> None:
    assert read(tmp_path, b"id,name\n1,a\x81\xe9\n").table.column("name").to_pylist() == ["a\x81é"]


def test_a_chosen_encoding_is_used(tmp_path: Path) -> None:
    sheet = read(tmp_path, "id,name\n1,żółć\n".encode("iso8859-2"), encoding="ISO-8859-2")
    assert sheet.dialect.encoding == "iso8859-2"
    assert sheet.table.column("name").to_pylist() == ["żółć"]


@pytest.mark.parametrize(
    ("content", "encoding", "message"),
    [
        (b"id,name\n1,x\n2,caf\xe9\n", "utf-8", "x.csv, row 3: holds bytes that are not UTF-8: choose another"),
        (b"id,name\n1,x\n2,\xff\xff\n", "shift_jis", "x.csv, row 3: holds bytes that are not Shift_JIS"),
        (b"id,name\n1,x\n", "klingon", 'x.csv: "klingon" is no encoding known here: choose utf-8'),
        (b"id,name\n1,x\n", "zlib_codec", "is no encoding known here"),
        (b"id,name\n1,x\n\xff", "utf-16", "holds bytes that are not UTF-16"),
    ],
)
def test_what_an_encoding_cannot_hold_is_said(tmp_path: Path, content: bytes, encoding: str, message: str) -> None:
    with pytest.raises(FileError, match=message):
        read(tmp_path, content, encoding=encoding)


def test_a_survey_counts_lines() -> None:
    found = survey([b"plain\n\xc3\xa9\nbad \xe9\n", b"\xe9 bad\n\xc3\xa9\n\xc3\xa9\xc3\xa9\n"])
    assert (found.good, found.bad, found.first, found.encoding) == (3, 2, 9, "mixed")
    assert survey([b"a\n", "é\n".encode()]).encoding == "utf-8"


def test_repairing_leaves_good_lines_alone() -> None:
    assert repaired(b"a\n\xc3\xa9\n\xe9\nb\n") == "a\né\né\nb\n".encode()


def test_sentences_call_an_encoding_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes("id,name\n1,café\n2,früh\n".encode("cp1252"))
    sheet = read_file(tmp_path / "x.csv")
    assert sheet.dialect.encoding == "cp1252"
    assert sheet.notices == ("not UTF-8: read as Windows-1252; choose another encoding if letters look wrong",)
    names = {"utf-8-sig": "UTF-8", "cp1251": "Windows-1251", "latin-1": "Latin-1", "koi8-r": "KOI8-R"}
    assert {encoding: called(encoding) for encoding in names} == names
