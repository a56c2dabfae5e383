"""RecBole, MovieLens, JSON and Parquet: what each hands over."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import FileError
from core.read.files import HEAD_ROWS, format_of, read_file
from core.registry import stage
from core.sheets import Dialect, Sheet
from core.values import as_lists


def read(folder: Path, content: str | bytes, name: str, **how: object) -> Sheet:
    """Write a file and read it."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_file(path, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "start", "key"),
    [
        ("x.csv", b"a,b\n1,2\n", "csv"),
        ("x", b"a,b\n1,2\n", "csv"),
        ("x.csv", b"PAR1...", "parquet"),
        ("x.txt", b'{"a": 1}\n{"a": 2}\n', "jsonl"),
        ("x.jsonl", b'{"a": 1}', "jsonl"),
        ("x.json", b'{"a": 1}\n{"a": 2}\n', "jsonl"),
        ("x.json", b'[\n {"a": 1}]', "json"),
        ("x.json", b'\xef\xbb\xbf{"a":\n [1]}', "json"),
        ("x.csv", b"user_id:token\titem_id:token\n1\t2\n", "recbole"),
        ("ratings.dat", b"1::2::3::4\n1::2::3::4\n", "movielens"),
        ("artists.dat", b"id\tname\n1\tC::ool\n", "csv"),
    ],
)
def test_a_format_is_known_by_name_and_content(name: str, start: bytes, key: str) -> None:
    assert format_of(name, start) == key


def test_every_format_says_what_it_is() -> None:
    formats = [stage("read").get(key) for key in stage("read").names()]
    assert [known.key for known in formats] == ["csv", "parquet", "jsonl", "json", "recbole", "movielens"]
    assert all(known.label and known.suffixes and known.__doc__ for known in formats)


def test_recbole_types_leave_the_names(tmp_path: Path) -> None:
    text = "item_id:token\tname:token\ttags:token_seq\tv:float_seq\tx:float\n01\ta: b\tp q\t1 2.5\t3\n02\t\t\t\t\n"
    sheet = read(tmp_path, text, "x.item")
    assert sheet.dialect.format == "recbole"
    assert dict(sheet.declared) == {
        "item_id": "token",
        "name": "token",
        "tags": "token_seq",
        "v": "float_seq",
        "x": "float",
    }
    assert sheet.table.to_pydict() == {
        "item_id": ["01", "02"],
        "name": ["a: b", ""],
        "tags": [["p", "q"], []],
        "v": [[1.0, 2.5], []],
        "x": ["3", ""],
    }
    one = read(tmp_path, text, "x.item", columns=["tags"])
    assert (one.columns, dict(one.declared)) == (("tags",), {"tags": "token_seq"})


def test_a_float_seq_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match='x.item, row 3, column v: "abc" is not a number, though'):
        read(tmp_path, "item_id:token\tv:float_seq\n1\t1 2\n2\t1 abc\n", "x.item")


def test_movielens_files_get_their_known_columns(tmp_path: Path) -> None:
    sheet = read(tmp_path, "1::Cité, La (1995)::Action|Drama\n2::B: C (1996)::\n".encode("latin-1"), "movies.dat")
    assert sheet.dialect == Dialect("movielens", "cp1252", "::", "no")
    assert sheet.table.to_pydict() == {
        "MovieID": ["1", "2"],
        "Title": ["Cité, La (1995)", "B: C (1996)"],
        "Genres": ["Action|Drama", ""],
    }
    assert sheet.rows.tolist() == [1, 2]
    assert read(tmp_path, "1::2::5::9\n", "Ratings.dat").columns == ("UserID", "MovieID", "Rating", "Timestamp")
    assert read(tmp_path, "1::2::5\n", "ratings.dat").columns == ("column_1", "column_2", "column_3")


def test_movielens_ragged_rows_keep_their_colons(tmp_path: Path) -> None:
    sheet = read(tmp_path, "1::2\n" * 9 + "1::2::3\n", "x.dat")
    assert [(bad.row, bad.text, bad.reason) for bad in sheet.unread] == [(10, "1::2::3", "has 3 cells, row 1 has 2")]


def test_json_lines_keep_their_types(tmp_path: Path) -> None:
    lines = '{"u": "007", "n": 1, "t": "2014-01-01", "l": ["a"], "ok": true}\n\n{"n": 2.5, "more": "x"}\n'
    sheet = read(tmp_path, lines, "x.jsonl")
    assert sheet.table.to_pydict() == {
        "u": ["007", None],
        "n": [1.0, 2.5],
        "t": ["2014-01-01", None],
        "l": [["a"], None],
        "ok": [True, None],
        "more": [None, "x"],
    }
    assert sheet.rows.tolist() == [1, 2]


def test_json_lines_that_are_none_are_listed(tmp_path: Path) -> None:
    good = '{"a": 1}\n'
    lines = good * 3 + 'oops\n{"a": NaN}\n[1]\n{"a": "x"} {"a": "y"}\n' + good * 4
    sheet = read(tmp_path, lines.encode() + b'{"a": "\xff"}\n', "x.jsonl")
    assert sheet.table.column("a").to_pylist() == [1] * 7
    assert sheet.rows.tolist() == [1, 2, 3, 8, 9, 10, 11]
    assert [(bad.row, bad.reason.partition(":")[0]) for bad in sheet.unread] == [
        (4, "is not JSON at its character 1"),
        (5, "NaN is not JSON; write null where a number is missing"),
        (6, "is no object"),
        (7, "is not JSON at its character 12"),
        (12, "is not UTF-8"),
    ]


def test_a_column_of_numbers_and_words_becomes_text(tmp_path: Path) -> None:
    sheet = read(tmp_path, '{"a": 1}\n{"a": "x"}\n{"a": true}\n{"a": 12345678901234567890}\n', "x.jsonl")
    assert sheet.table.column("a").to_pylist() == ["1", "x", "true", "12345678901234567890"]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('[{"a": 1, "b": "é"}, {"a": 2}]', [{"a": 1, "b": "é"}, {"a": 2, "b": None}]),
        ('{"data": [{"a": 1}], "version": 3}', [{"a": 1}]),
        ('{"a": [1, 2], "b": ["x", null]}', [{"a": 1, "b": "x"}, {"a": 2, "b": None}]),
        ('{"a": {"0": 1, "1": 2}}', [{"a": 1}, {"a": 2}]),
        ('[{"a": {"b": 1, "c": [2]}}]', [{"a.b": 1, "a.c": [2]}]),
        ('[{"a": "\\ud800"}]', [{"a": "\ufffd"}]),
        ('[{"a": [1, "x"]}, {"a": 2}]', [{"a": ["1", "x"]}, {"a": ["2"]}]),
    ],
)
def test_json_documents(tmp_path: Path, text: str, rows: list[dict[str, object]]) -> None:
    sheet = read(tmp_path, text, "x.json")
    assert (sheet.dialect.format, sheet.table.to_pylist()) == ("json", rows)
    assert sheet.rows.tolist() == list(range(1, len(rows) + 1))


def test_the_head_of_a_list_is_its_first_objects(tmp_path: Path) -> None:
    rows = [{"a": place} for place in range(HEAD_ROWS + 1)]
    for name, text in (
        ("x.json", json.dumps(rows)),
        ("x.jsonl", "".join(json.dumps(row) + "\n" for row in rows)),
    ):
        head = read(tmp_path, text, name, head=True)
        assert (head.table.num_rows, head.whole) == (HEAD_ROWS, False)
        assert read(tmp_path, text, name).whole


def test_a_long_list_is_read_piece_by_piece(tmp_path: Path) -> None:
    rows = [{"a": place, "b": "é" * 50} if place < 30_000 else {"a": place, "c": "x"} for place in range(60_000)]
    sheet = read(tmp_path, json.dumps(rows, ensure_ascii=False), "x.json")
    assert sheet.table.column("a").to_pylist() == list(range(60_000))
    assert sheet.table.column("c").null_count == 30_000


def parquet(folder: Path, table: pa.Table, **how: object) -> Path:
    """Write a Parquet file."""
    path = folder / "x.parquet"
    pq.write_table(table, path, **how)
    return path


def test_parquet_columns_are_plain(tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": pa.array([1, 2], pa.int64()),
            "name": pa.array(["a", None]).dictionary_encode(),
            "large": pa.array(["a", "b"], pa.large_string()),
            "day": pa.array([dt.date(2020, 1, 2), None]),
            "time": pa.array([dt.datetime(2020, 1, 2, 3), None], pa.timestamp("us")),
            "v": pa.array([[1.0, 2.0], [3.0, 4.0]], pa.list_(pa.float32(), 2)),
            "tags": pa.array([["x", "y"], None], pa.list_(pa.string())),
            "s": pa.array([{"p": 1, "q": "z"}, None]),
            "nothing": pa.nulls(2),
        }
    )
    sheet = read_file(parquet(tmp_path, table))
    assert sheet.dialect == Dialect("parquet")
    assert {field.name: str(field.type).replace("element", "item") for field in sheet.table.schema} == {
        "id": "int64",
        "name": "string",
        "large": "string",
        "day": "timestamp[s]",
        "time": "timestamp[us]",
        "v": "list<item: float>",
        "tags": "list<item: string>",
        "s.p": "int64",
        "s.q": "string",
        "nothing": "string",
    }
    assert sheet.table.column("v").to_pylist() == [[1.0, 2.0], [3.0, 4.0]]
    assert sheet.table.column("s.q").to_pylist() == ["z", None]
    assert sheet.table.column("day").to_pylist() == [dt.datetime(2020, 1, 2), None]
    part = read_file(tmp_path / "x.parquet", columns=["s.p", "id"])
    assert part.table.to_pydict() == {"id": [1, 2], "s.p": [1, None]}


def test_parquet_heads_and_repeated_names(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array(range(2500))] * 2, names=["a", "a"])
    path = parquet(tmp_path, table, row_group_size=600)
    head, whole = read_file(path, head=True), read_file(path)
    assert (head.table.num_rows, head.whole, whole.table.num_rows, whole.whole) == (HEAD_ROWS, False, 2500, True)
    assert whole.columns == ("a", "a (2)")
    assert read_file(path, columns=["a (2)"]).table.to_pydict() == {"a (2)": list(range(2500))}


ENDLESS = {
    "x.csv": "a,b\n" + "\n".join(f"x{n},{n}" for n in range(80)),
    "x.tsv": "a\tb\n" + "\n".join(f"x{n}\t{n}" for n in range(80)),
    "quoted.csv": "a,b\n" + "\n".join(f'"x{n}","{n}"' for n in range(80)),
    "returns.csv": "a,b\r" + "\r".join(f"x{n},{n}" for n in range(80)),
    "x.dat": "\n".join(f"x{n}::{n}" for n in range(80)),
    "x.inter": "a:token\tb:float\n" + "\n".join(f"x{n}\t{n}" for n in range(80)),
    "x.jsonl": "\n".join(json.dumps({"a": f"x{n}", "b": n}) for n in range(80)),
    "x.json": json.dumps([{"a": f"x{n}", "b": n} for n in range(80)]),
    "rows.json": json.dumps({"rows": [{"a": f"x{n}", "b": n} for n in range(80)]}),
}


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n"])
@pytest.mark.parametrize("name", ENDLESS)
def test_a_head_holds_the_last_record_whatever_ends_the_file(tmp_path: Path, name: str, end: str) -> None:
    (tmp_path / name).write_bytes((ENDLESS[name] + end).encode())
    head = read_file(tmp_path / name, head=True)
    assert (len(head.rows), head.table.num_rows, head.whole) == (80, 80, True)
    assert head.table.column(0)[79].as_py() == "x79"


@pytest.mark.parametrize("end", ["", "\n"])
@pytest.mark.parametrize("more", [-1, 0, 1, 2])
def test_a_head_of_json_lines_knows_whether_there_is_more(tmp_path: Path, more: int, end: str) -> None:
    lines = "\n".join(f'{{"a": {n}}}' for n in range(HEAD_ROWS + more))
    (tmp_path / "x.jsonl").write_text(lines + end)
    head = read_file(tmp_path / "x.jsonl", head=True)
    assert (len(head.rows), head.whole) == (HEAD_ROWS + min(more, 0), more <= 0)


def test_a_declared_sequence_is_parted_at_its_blanks(tmp_path: Path) -> None:
    (tmp_path / "x.item").write_text("item_id:token\tclass:token_seq\n1\tDrama lamp\n2\tComedy\n3\t\n")
    sheet = read_file(tmp_path / "x.item")
    assert as_lists(sheet.table.column("class")) == [("Drama", "lamp"), ("Comedy",), ()]
