"""Drafts: found again by their token, apart from each other, and never outside their folder."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.errors import InputError
from core.store import drafts
from core.store.paths import data_dir


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECALLSCOPE_DATA", str(tmp_path / "data"))
    return tmp_path


def test_files_and_plan_are_found_again() -> None:
    token = drafts.new_draft()
    assert drafts.files(token) == ()
    assert drafts.read_plan(token) is None
    drafts.save_file(token, "b.csv", b"1;2\n")
    drafts.save_file(token, "a.csv", b"3;4")
    drafts.save_plan(token, {"name": "x", "label": "Ü ‮", "files": [1]})
    assert [(file.name, file.n_bytes, file.path.read_bytes()) for file in drafts.files(token)] == [
        ("a.csv", 3, b"3;4"),
        ("b.csv", 4, b"1;2\n"),
    ]
    assert drafts.read_plan(token) == {"name": "x", "label": "Ü ‮", "files": [1]}


def test_a_file_of_the_same_name_is_replaced_and_its_stamp_moves() -> None:
    token = drafts.new_draft()
    first = drafts.save_file(token, "a.csv", b"old")
    os.utime(first.path, (1, 1))
    before = drafts.files(token)[0].stamp
    drafts.save_file(token, "a.csv", b"newer")
    (file,) = drafts.files(token)
    assert file.path.read_bytes() == b"newer"
    assert file.stamp != before
    drafts.remove_file(token, "a.csv")
    drafts.remove_file(token, "a.csv")
    assert drafts.files(token) == ()


def test_two_drafts_do_not_see_each_other() -> None:
    one, other = drafts.new_draft(), drafts.new_draft()
    assert one != other
    drafts.save_file(one, "a.csv", b"1")
    drafts.save_plan(one, {"name": "one"})
    assert drafts.files(other) == ()
    assert drafts.read_plan(other) is None
    drafts.forget(one)
    assert not drafts.exists(one)
    assert drafts.exists(other)


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "../drafts",
        "0" * 15,
        "0" * 17,
        "0" * 16,
        "ABCDEF0123456789",
        "0123456789abcde/",
        "a\x00b",
        "/etc",
    ],
)
def test_a_token_that_is_none_is_refused_everywhere(token: str, own_folder: Path) -> None:
    drafts.new_draft()
    before = sorted(own_folder.rglob("*"))
    assert not drafts.exists(token)
    for call in (
        lambda: drafts.files(token),
        lambda: drafts.read_plan(token),
        lambda: drafts.save_plan(token, {}),
        lambda: drafts.save_file(token, "a.csv", b""),
        lambda: drafts.remove_file(token, "a.csv"),
        lambda: drafts.forget(token),
    ):
        with pytest.raises(InputError, match="there is no such draft"):
            call()
    assert sorted(own_folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("items.csv", "items.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\log.csv", "log.csv"),
        ("..", "file"),
        ("", "file"),
        (".hidden", "hidden"),
        ("a\nb\x00.csv", "a_b_.csv"),
        ("CON:1?.csv", "CON_1_.csv"),
        ("x.tmp-1.csv", "x_tmp-1.csv"),
        ("schöne Daten.csv", "schöne Daten.csv"),
        ("a" * 400 + ".parquet", "a" * 172 + ".parquet"),
    ],
)
def test_names_become_safe(name: str, kept: str) -> None:
    assert drafts.safe_name(name) == kept


@given(st.text(max_size=300))
@example("\ud800.csv")
@example("/\\/\\")
def test_any_name_is_a_plain_short_name_and_safe_already(name: str) -> None:
    kept = drafts.safe_name(name)
    assert 0 < len(kept.encode()) <= drafts.MOST_BYTES
    assert not {"/", "\\", "\x00"} & set(kept)
    assert Path(kept).name == kept
    assert kept not in (".", "..")
    assert drafts.safe_name(kept) == kept


def test_a_file_of_any_name_lands_in_its_draft() -> None:
    token = drafts.new_draft()
    for name in ("../../../out.csv", "/abs.csv", "a/../b.csv", "‮fdp.csv", "名前.csv"):
        file = drafts.save_file(token, name, b"x")
        assert file.path.parent == data_dir() / "drafts" / token / "files"
    assert len(drafts.files(token)) == 5


def test_a_damaged_note_is_as_if_there_were_none() -> None:
    token = drafts.new_draft()
    for content in (b"", b"{", b"[1]", b"\xff"):
        drafts.note_path(token, "plan").write_bytes(content)
        assert drafts.read_plan(token) is None
    drafts.save_note(token, "report", {"a": 1})
    assert drafts.read_note(token, "report") == {"a": 1}
    drafts.remove_note(token, "report")
    assert drafts.read_note(token, "report") is None
    with pytest.raises(ValueError, match="not the name of a note"):
        drafts.note_path(token, "../plan")


def test_only_drafts_that_nobody_touched_are_swept(own_folder: Path) -> None:
    old, fresh, used = drafts.new_draft(), drafts.new_draft(), drafts.new_draft()
    stranger = data_dir() / "drafts" / "notes of mine"
    stranger.mkdir()
    long_ago = time.time() - 10_000
    for token in (old, used):
        for folder in (drafts.note_path(token, "x").parent, drafts.note_path(token, "x").parent / "files"):
            os.utime(folder, (long_ago, long_ago))
    os.utime(stranger, (long_ago, long_ago))
    drafts.save_plan(used, {})
    assert drafts.sweep(5_000) == 1
    assert [drafts.exists(token) for token in (old, fresh, used)] == [False, True, True]
    assert stranger.is_dir()
