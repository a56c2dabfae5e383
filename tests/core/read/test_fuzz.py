"""Whatever bytes a file holds: a sound sheet comes out, or one of our own errors."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RecallscopeError
from core.read.files import read_file, read_vectors
from core.sheets import Sheet

ROWS = [(f"u{n % 7}", f"0{n % 5}", n % 5 + 0.5, 10**9 + n, f'Tïtle "{n}", x\ny') for n in range(30)]


def delimited(delimiter: str, encoding: str) -> bytes:
    """The rows as text with quotes."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows([("user", "item", "rating", "ts", "title"), *ROWS])
    return buffer.getvalue().encode(encoding)


def parquet(**how: object) -> bytes:
    """The rows as Parquet, with lists, records and times."""
    table = pa.table(
        {
            "user": [row[0] for row in ROWS],
            "rating": [row[2] for row in ROWS],
            "title": [row[4] for row in ROWS],
            "tags": [["a", None, "b"]] * len(ROWS),
            "part": [{"x": 1, "y": "q"}] * len(ROWS),
            "v": pa.array([[1.0, 2.0]] * len(ROWS), pa.list_(pa.float32(), 2)),
            "at": pa.array([row[3] for row in ROWS], pa.timestamp("s")),
        }
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **how)
    return buffer.getvalue()


def array() -> bytes:
    """An array file."""
    buffer = io.BytesIO()
    np.save(buffer, np.ones((5, 3), "f4"))
    return buffer.getvalue()


LINES = [
    json.dumps({"user": u, "rating": r, "at": "2014-01-01", "title": t, "tags": [u, None], "part": {"x": 1}})
    for u, _, r, _, t in ROWS
]
FILES = {
    "a.csv": delimited(",", "utf-8"),
    "b.tsv": delimited("\t", "cp1252"),
    "c.csv": delimited(";", "utf-16"),
    "d.jsonl": "\n".join(LINES).encode(),
    "e.json": f"[{','.join(LINES)}]".encode(),
    "f.json": f'{{"data": [{",".join(LINES)}]}}'.encode(),
    "g.inter": b"user_id:token\trating:float\ttags:token_seq\tv:float_seq\n" + b"u1\t3.5\ta b\t1 2.5\n" * 20,
    "ratings.dat": b"1::2::5::978300760\n" * 20,
    "h.parquet": parquet(),
    "i.parquet": parquet(use_dictionary=False, compression="none", row_group_size=11),
    "j.npy": array(),
}
ODD = [b'"', b"\n", b"\r", b",", b"\t", b"\0", b"\xff", b"\xc3", b"[", b"{", b"}", b"NaN", b"::", b'"""', b"9" * 400]


def flip(data: bytes, at: int, size: int, spare: bytes) -> bytes:
    """One byte changed."""
    return data[:at] + bytes([data[at] ^ (1 << size % 8)]) + data[at + 1 :]


def cut(data: bytes, at: int, size: int, spare: bytes) -> bytes:
    """Some bytes left out."""
    return data[:at] + data[at + size :]


def insert(data: bytes, at: int, size: int, spare: bytes) -> bytes:
    """Something odd put in."""
    return data[:at] + ODD[size % len(ODD)] + data[at:]


def double(data: bytes, at: int, size: int, spare: bytes) -> bytes:
    """Some bytes repeated."""
    return data[: at + size] + data[at:]


def splice(data: bytes, at: int, size: int, spare: bytes) -> bytes:
    """Some bytes of another file put in their place."""
    return data[:at] + spare[at % len(spare) :][:size] + data[at + size :]


Change = Callable[[bytes, int, int, bytes], bytes]
CHANGES = st.lists(
    st.tuples(
        st.sampled_from([flip, cut, insert, double, splice]),
        st.integers(0, 10**6),
        st.sampled_from([1, 2, 3, 5, 8, 30, 300]),
        st.sampled_from(sorted(FILES)),
    ),
    min_size=1,
    max_size=6,
)


def check(path: Path, head: bool) -> None:
    """Read, and hold the sheet against what it promises."""
    try:
        sheet = read_file(path, head=head)
    except RecallscopeError as error:
        said = str(error)
    else:
        check_sheet(sheet)
        return
    assert path.name in said
    assert "\n" not in said


def check_sheet(sheet: Sheet) -> None:
    """What every sheet promises."""
    assert len(sheet.rows) == sheet.table.num_rows > 0
    assert sheet.rows.dtype == np.int64
    assert np.all(np.diff(sheet.rows) > 0)
    assert len(set(sheet.columns)) == len(sheet.columns) > 0
    unread = [record.row for record in sheet.unread]
    assert unread == sorted(set(unread))
    assert not set(unread) & set(sheet.rows.tolist())
    sheet.table.validate(full=True)


@pytest.mark.parametrize("name", FILES)
def test_the_unchanged_files_are_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    found = read_vectors(path) if name.endswith(".npy") else read_file(path).rows
    assert len(found) in (5, 20, len(ROWS))


@settings(max_examples=400, deadline=None)
@given(name=st.sampled_from(sorted(FILES)), changes=CHANGES)
def test_changed_bytes_never_escape(
    tmp_path_factory: pytest.TempPathFactory, name: str, changes: list[tuple[Change, int, int, str]]
) -> None:
    data = FILES[name]
    for change, at, size, other in changes:
        data = change(data, at % len(data), size, FILES[other]) if data else data
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(data)
    if name.endswith(".npy"):
        with suppress(RecallscopeError):
            assert np.isfinite(read_vectors(path)).all()
    for head in (False, True):
        check(path, head)
