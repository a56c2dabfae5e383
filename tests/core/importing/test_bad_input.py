"""Whatever is brought along: one clear sentence, or a data set; never a traceback, never half a set."""

from __future__ import annotations

import io
import json
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import InputError, RecallscopeError
from core.importing.inspect import inspect
from core.importing.run import run_import
from core.sources import kept_sets, load_dataset, rejected_csv

from .files import ITEMS, LOG, plan_of, written

ROOT = Path(__file__).resolve().parents[3]
ROWS = "user,item,rating\n" + "".join(f"u{row % 4},i{row % 5},{row % 5 + 1}\n" for row in range(20))


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data and cache of this test alone."""
    monkeypatch.setenv("RECALLSCOPE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("RECALLSCOPE_CACHE", str(tmp_path / "cache"))


def parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("log.csv", LOG)
    return out.getvalue()


NESTED = pa.table({"user": [1], "item": [1], "deep": [{"a": {"b": [{"c": 1}]}}]})

REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "header only": (b"user,item,rating\n", "header and no rows"),
    "ragged everywhere": (b"user,item\n" + b"1,2,3\n" * 20, "has 3 cells"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "PNG"),
    "zip": (zipped(), "zip"),
    "pickle": (pickle.dumps({"user": [1]}), "pickle"),
    "gzip": (b"\x1f\x8b\x08" + b"0" * 50, "gzip"),
    "nul bytes": (b"user,item\n1,2\x00\n" * 9, "NUL"),
    "one endless line": (b"x" * 10_000_000, "line"),
    "open quote": (b'user,item\n1,"2\n3,4\n', "quote"),
    "nested parquet": (parquet(NESTED), "deep"),
    "cut parquet": (parquet(pa.table({"user": [1, 2], "item": [1, 2]}))[:-9], "damaged"),
    "no user": (b"item,rating\n1,5\n2,4\n", "user"),
    "prose": (b"This is a letter.\n\nIt has no columns; only words, and\nlines.\n", "log.csv"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_used_is_one_sentence(tmp_path: Path, case: str) -> None:
    data, words = REFUSED[case]
    files = written(tmp_path, log_csv=data)
    with pytest.raises(InputError) as caught:
        run_import(plan_of("bad", (files["log_csv"], "interactions")))
    said = str(caught.value)
    assert words.lower() in said.lower()
    assert "log.csv" in said
    assert "\n" not in said
    assert str(tmp_path) not in said
    assert kept_sets() == ()
    assert inspect(plan_of("bad", files["log_csv"])).problem  # the page says it too, and lives


def test_a_parquet_bomb_is_measured_while_it_unpacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.read.limits.MAX_DECODED_BYTES", 50 << 20)
    text = pa.DictionaryArray.from_arrays(pa.array(np.zeros(10_000, np.int32)), ["x" * 9000])
    path = tmp_path / "log.parquet"
    pq.write_table(pa.table({"user": text, "item": text}), path)
    assert path.stat().st_size < 100_000
    with pytest.raises(InputError, match="log.parquet"):
        run_import(plan_of("bomb", (path, "interactions")))


def test_ids_as_floats_and_with_leading_zeros(tmp_path: Path) -> None:
    files = written(
        tmp_path, log_csv="user,item\n007,12.0\n08,13.0\n", items_csv="item_id,title\n12,Twelve\n13,Thirteen\n"
    )
    run_import(plan_of("ids", *files.values()))
    dataset = load_dataset("ids")
    assert dataset.catalog.item_ids.tolist() == [12, 13]
    assert dataset.interactions.user_ids.tolist() == ["007", "08"]
    assert len(dataset.interactions) == 2


def test_weights_that_are_no_ratings_are_taken_out_and_given_back(tmp_path: Path) -> None:
    bad = "u1,i9,NaN\nu1,i8,inf\nu1,i7,-3\nu1,i6,11\nu1,i5,abc\nu1,i4,\nu2,i4,=1+1\n"
    files = written(tmp_path, log_csv=ROWS + bad)
    report = run_import(plan_of("weights", files["log_csv"]))
    dropped = {entry.rule: entry.dropped for entry in report.ledgers[0].entries if entry.dropped}
    assert dropped == {"bad_weight": 5, "weight_range": 2}
    assert report.n_rejected == 7
    lines = rejected_csv("weights").decode().splitlines()
    assert '"log.csv",28,"bad_weight"' in "\n".join(lines)
    assert '"\'=1+1"' in "\n".join(lines)


def test_ragged_rows_are_left_out_to_the_last_one(tmp_path: Path) -> None:
    files = written(tmp_path, log_csv=ROWS + "u1,i1\nu2,i2,3,4\n")
    report = run_import(plan_of("ragged", files["log_csv"]))
    ledger = report.ledgers[0]
    assert (ledger.rows_in, ledger.entries[0].rule, ledger.entries[0].dropped) == (22, "unreadable", 2)
    assert "row 22" in ledger.entries[0].samples[0]
    assert sum('"unreadable"' in line for line in rejected_csv("ragged").decode().splitlines()) == 2


def test_two_hundred_columns_and_headers_that_stand_twice(tmp_path: Path) -> None:
    names = ["id", "title", "title", *(f"c{n}" for n in range(197))]
    rows = [[str(row), f"Item {row}", "again", *(str(row * n) for n in range(197))] for row in range(5)]
    text = "\n".join(",".join(row) for row in [names, *rows])
    files = written(tmp_path, items_csv=text, log_csv="user,item\n1,1\n1,2\n2,3\n")
    report = run_import(plan_of("wide", *files.values()))
    assert report.n_items == 5
    assert any("title" in notice and "(2)" in notice for notice in report.notices)
    assert any("were left out" in notice for notice in report.notices)


def test_texts_of_every_kind_stay_what_they_are(tmp_path: Path) -> None:
    titles = ["שלום עולם", "=HYPERLINK(1)", "<b>bold</b>", "{title}", "A\u202eB", "数学 🎬", "x" * 5000]
    rows = "".join(f'{place},"{title}"\n' for place, title in enumerate(titles))
    files = written(
        tmp_path, items_csv="id,title\n" + rows, log_csv="user,item\n" + "".join(f"1,{n}\n" for n in range(7))
    )
    run_import(plan_of("texts", *files.values()))
    assert load_dataset("texts").catalog.titles.tolist() == titles


def test_mixed_encodings_are_read_line_by_line_and_said(tmp_path: Path) -> None:
    text = b"id,title\n" + "1,Café\n".encode() + "2,Früh\n".encode("cp1252") + b"3,Plain\n" + "4,Él\n".encode()
    files = written(tmp_path, items_csv=text, log_csv="user,item\n1,1\n1,2\n2,3\n2,4\n")
    report = run_import(plan_of("mixed", *files.values()))
    assert load_dataset("mixed").catalog.titles.tolist() == ["Café", "Früh", "Plain", "Él"]
    assert any("not UTF-8" in notice and "row 3" in notice for notice in report.notices)


@pytest.mark.parametrize("name", ["../../up", "/etc/passwd", "a/b", "C:\\x", "..", "-rf", "a" * 300])
def test_a_name_never_becomes_a_path(tmp_path: Path, name: str) -> None:
    files = written(tmp_path, log_csv=LOG)
    with pytest.raises(InputError, match="cannot be called"):
        run_import(plan_of(name, files["log_csv"]))
    assert not (tmp_path / "data" / "datasets").exists()


def test_the_command_line_says_it_in_one_line(tmp_path: Path) -> None:
    files = written(tmp_path, log_csv=LOG, photo_csv=REFUSED["png"][0])

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "core", *words], cwd=ROOT, capture_output=True, text=True)

    bad = run("import", "mine", "--interactions", str(files["photo_csv"]))
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr.startswith("recallscope: photo.csv: ")
    assert bad.stderr.count("\n") == 1
    good = run("import", "mine", "--interactions", str(files["log_csv"]), "--column", "user_id=visitor", "--json")
    assert (good.returncode, good.stderr) == (0, "")
    assert json.loads(good.stdout)["n_users"] == 3
    for words, said in (
        (("--column", "user_id=nobody"), "no file has that column for that role"),
        (("--column", "nonsense=visitor"), "nonsense is no role"),
        (("--column", "user_id"), "expected --column ROLE=NAME"),
        (("--event", "view=much"), "the weight must be a number"),
        (("--positive-from", "nan"), "positive_from must be a number"),
        (("--feedback", "love"), "feedback must be one of"),
        (("--plan", str(files["photo_csv"])), "is no import plan"),
    ):
        refused = run("import", "other", "--interactions", str(files["log_csv"]), *words)
        assert refused.returncode == 2, words
        assert said in refused.stderr
        assert refused.stderr.count("\n") == 1
    assert run("rename", "mine", "yours").returncode == 0
    assert run("delete", "yours").returncode == 2
    assert run("delete", "yours", "--yes").returncode == 0
    assert kept_sets() == ()


SEEDS = {
    "log.csv": LOG.encode(),
    "items.csv": ITEMS.encode(),
    "log.inter": b"user_id:token\titem_id:token\trating:float\n1\t2\t3\n1\t3\t4\n2\t2\t5\n",
    "ratings.dat": b"1::2::3::978300760\n1::3::4::978300761\n2::2::5::978300762\n",
    "log.jsonl": b'{"user": 1, "item": 2}\n{"user": 2, "item": 3, "rating": 4}\n',
    "log.json": b'[{"user": 1, "item": 2}, {"user": 2, "item": 3}]',
    "log.parquet": parquet(pa.table({"user": [1, 2], "item": [3, 4], "rating": [1.0, 5.0]})),
}


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_files_only_ever_give_our_own_errors(tmp_path: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(SEEDS)))
    content = bytearray(SEEDS[name])
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(content)))
        kind = data.draw(st.sampled_from(["flip", "cut", "insert", "repeat"]))
        if kind == "flip" and at < len(content):
            content[at] = data.draw(st.integers(0, 255))
        elif kind == "cut":
            del content[at : at + data.draw(st.integers(1, 40))]
        elif kind == "insert":
            content[at:at] = data.draw(
                st.sampled_from([b"\n", b'"', b"\xff", b"::", b",,,", b"NaN", b"-1e309", "é".encode()])
            )
        else:
            content[at:at] = content[at : at + 30]
    path = tmp_path / name
    path.write_bytes(bytes(content))
    kind = data.draw(st.sampled_from(["", "interactions", "items", "tags"]))
    plan = plan_of("fuzz", (path, kind), replace=True)
    said, report = "", None
    try:
        inspect(plan)
        report = run_import(plan)
    except RecallscopeError as error:
        said = str(error)
    assert "\n" not in said
    if report is None:
        return
    dataset = load_dataset("fuzz")
    assert dataset.fingerprint == report.fingerprint
    assert report.n_interactions == len(dataset.interactions) > 0
