"""Imported sets can be listed, renamed and deleted, and what an import left out can be downloaded."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from core.datasets.build import build_dataset
from core.errors import InputError, IntegrityError, UnknownNameError
from core.sources import (
    dataset_names,
    delete_dataset,
    kept_sets,
    load_dataset,
    rejected_csv,
    rename_dataset,
    stamp_of,
)
from core.store.tables import REJECTED, parquet_bytes, write_dataset


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with the imported sets one and two."""
    monkeypatch.setenv("RECALLSCOPE_DATA", str(tmp_path))
    for name in ("one", "two"):
        items = {"item_id": [1], "title": [name]}
        write_dataset(
            tmp_path / "datasets" / name, build_dataset(name, name.upper(), items, {"user_id": [1], "item_id": [1]})
        )
    return tmp_path / "datasets"


def test_a_listed_set_says_what_it_holds(folder: Path) -> None:
    one, two = kept_sets()
    assert (one.name, one.label, one.n_users, one.n_items, one.n_interactions) == ("one", "ONE", 1, 1, 1)
    assert one.created > 1_600_000_000
    assert one.n_bytes == sum(path.stat().st_size for path in (folder / "one").iterdir())
    assert one.problem == two.problem == ""
    (folder / "one" / "manifest.json").write_text("{}")
    one, two = kept_sets()
    assert "damaged" in one.problem
    assert two.label == "TWO"


def test_a_renamed_set_keeps_its_content(folder: Path) -> None:
    before = load_dataset("one")
    rename_dataset("one", "three", "Number three")
    assert dataset_names() == ("movielens-small", "three", "two")
    after = load_dataset("three")
    assert (after.name, after.label, after.fingerprint) == ("three", "Number three", before.fingerprint)
    rename_dataset("three", "three", "")
    assert load_dataset("three").label == "Number three"


@pytest.mark.parametrize(
    ("name", "new_name", "error", "words"),
    [
        ("one", "two", InputError, "already a data set two"),
        ("one", "../two", InputError, "cannot be called"),
        ("one", "movielens-small", InputError, "built-in"),
        ("movielens-small", "mine", InputError, "built-in"),
        ("none", "mine", UnknownNameError, "known: one, two"),
        ("../datasets/one", "mine", UnknownNameError, "known: one, two"),
    ],
)
def test_a_rename_that_cannot_be_changes_nothing(
    folder: Path, name: str, new_name: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        rename_dataset(name, new_name)
    assert dataset_names() == ("movielens-small", "one", "two")


def test_a_deleted_set_is_gone_and_the_others_stay(folder: Path) -> None:
    delete_dataset("one")
    assert dataset_names() == ("movielens-small", "two")
    assert [path.name for path in folder.iterdir()] == ["two"]
    for name in ("one", "movielens-small", "..", ""):
        with pytest.raises(InputError):
            delete_dataset(name)


def test_a_damaged_set_can_be_deleted(folder: Path) -> None:
    (folder / "one" / "manifest.json").write_text("{}")
    with pytest.raises(IntegrityError):
        rename_dataset("one", "three")
    delete_dataset("one")
    assert dataset_names() == ("movielens-small", "two")


def test_the_stamp_changes_when_a_set_is_written_anew(folder: Path) -> None:
    before, other = stamp_of("one"), stamp_of("two")
    items = {"item_id": [1], "title": ["new"]}
    write_dataset(folder / "one", build_dataset("one", "One", items, {"user_id": [1], "item_id": [1]}))
    assert stamp_of("one") != before
    assert stamp_of("two") == other
    assert stamp_of("movielens-small") == ""


def test_a_set_is_only_replaced_where_that_was_asked_for(folder: Path) -> None:
    dataset = load_dataset("two")
    with pytest.raises(FileExistsError):
        write_dataset(folder / "one", dataset, replace=False)
    assert load_dataset("one").label == "ONE"
    assert sorted(path.name for path in folder.iterdir()) == ["one", "two"]


def test_rejected_rows_are_safe_to_open(folder: Path) -> None:
    assert rejected_csv("one") == b"file,row,rule,reason\n"
    table = pa.table(
        {"file": ["a.csv"], "row": [7], "rule": ["bad_weight"], "reason": ["not a number"], "=x": ["=1+1"]}
    )
    write_dataset(folder / "one", load_dataset("one"), {REJECTED: parquet_bytes(table)})
    assert rejected_csv("one").decode().splitlines() == [
        '"file","row","rule","reason","\'=x"',
        '"a.csv",7,"bad_weight","not a number","\'=1+1"',
    ]


def test_a_spoiled_table_is_found_where_the_whole_set_is_read(folder: Path) -> None:
    (folder / "one" / "users.parquet").write_bytes(b"nothing")
    one, two = kept_sets()
    assert "one/users.parquet is damaged" in one.problem
    assert str(folder) not in one.problem
    assert two.problem == ""
    assert kept_sets(whole=False)[0].label == "ONE"
