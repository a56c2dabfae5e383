"""Data sets by name: damage to one is that one's, and the wrong kind of file is a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.datasets.build import build_dataset
from core.errors import InputError, IntegrityError
from core.sources import dataset_names, load_dataset
from core.store.tables import write_dataset
from core.types import Dataset

NAMES = ("aaa", "bbb", "ccc")


def tiny(name: str) -> Dataset:
    return build_dataset(name, name.upper(), {"item_id": [1], "title": [name]}, {"user_id": [1], "item_id": [1]})


@pytest.fixture
def imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with three imported sets."""
    monkeypatch.setenv("RECALLSCOPE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("RECALLSCOPE_CACHE", str(tmp_path / "cache"))
    for name in NAMES:
        write_dataset(tmp_path / "data" / "datasets" / name, tiny(name))
    return tmp_path / "data" / "datasets"


@pytest.mark.parametrize("part", ["manifest.json", "items.parquet"])
@pytest.mark.parametrize("damage", ["cut", "empty", "folder", "dangling link"])
def test_a_damaged_set_is_named_and_refused_and_stops_no_other(imported: Path, part: str, damage: str) -> None:
    path = imported / "bbb" / part
    data = path.read_bytes()
    path.unlink()
    if damage == "folder":
        path.mkdir()
    elif damage == "dangling link":
        path.symlink_to("nowhere")
    else:
        path.write_bytes(data[:-1] if damage == "cut" else b"")
    assert dataset_names() == ("movielens-small", *NAMES)
    with pytest.raises(IntegrityError, match="bbb") as caught:
        load_dataset("bbb")
    assert "\n" not in str(caught.value)
    for name in ("aaa", "ccc"):
        assert load_dataset(name).fingerprint == tiny(name).fingerprint


def test_a_file_in_place_of_the_imported_sets_means_there_are_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECALLSCOPE_DATA", str(tmp_path))
    (tmp_path / "datasets").write_text("in the way")
    assert dataset_names() == ("movielens-small",)


def test_a_data_folder_that_cannot_be_listed_is_one_sentence(imported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(InputError, match=r"the data folder .*datasets cannot be read \(Permission denied\)"):
        dataset_names()


def test_a_file_in_place_of_the_converted_sets_is_a_notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECALLSCOPE_CACHE", str(tmp_path))
    (tmp_path / "datasets").write_text("in the way")
    notices: list[str] = []
    assert len(load_dataset("movielens-small", notices.append).catalog) == 9_066
    assert len(notices) == 1
    assert "could not be kept in the cache" in notices[0]
