"""Where things are kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.errors import InputError
from core.store.memo import MOST_ENTRIES, FileMemo
from core.store.paths import cache_dir, data_dir


def test_variables_name_the_folders_and_they_are_created(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECALLSCOPE_CACHE", str(tmp_path / "a" / "cache"))
    monkeypatch.setenv("RECALLSCOPE_DATA", str(tmp_path / "b" / "data"))
    assert cache_dir() == tmp_path / "a" / "cache"
    assert data_dir() == tmp_path / "b" / "data"
    assert cache_dir().is_dir()
    assert data_dir().is_dir()


def test_without_variables_the_platform_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RECALLSCOPE_CACHE", raising=False)
    monkeypatch.delenv("RECALLSCOPE_DATA", raising=False)
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *args, **kwargs: tmp_path / "c")
    monkeypatch.setattr("platformdirs.user_data_path", lambda *args, **kwargs: tmp_path / "d")
    assert cache_dir() == tmp_path / "c"
    assert data_dir() == tmp_path / "d"


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("RECALLSCOPE_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(InputError, match=r"the cache folder .*file.cache cannot be written: set RECALLSCOPE_CACHE"):
        cache_dir()


@pytest.mark.parametrize("variable", ["RECALLSCOPE_CACHE", "RECALLSCOPE_DATA"])
def test_the_home_of_nobody_is_one_sentence(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "~nosuch-user-here/x")
    with pytest.raises(InputError, match=rf"folder ~nosuch-user-here/x cannot be found: set {variable} to a folder"):
        (cache_dir if variable == "RECALLSCOPE_CACHE" else data_dir)()


def test_memo_remembers_across_objects_and_forgets_the_oldest(tmp_path: Path) -> None:
    path = tmp_path / "memo.json"
    path.write_text(json.dumps({f"k{number}": f"v{number}" for number in range(MOST_ENTRIES)}))
    memo = FileMemo(path)
    for number in range(MOST_ENTRIES, MOST_ENTRIES + 5):
        memo[f"k{number}"] = f"v{number}"
    again = FileMemo(path)
    assert len(again) == MOST_ENTRIES
    assert "k4" not in again
    assert again[f"k{MOST_ENTRIES + 4}"] == f"v{MOST_ENTRIES + 4}"
    del again["k5"]
    assert "k5" not in FileMemo(path)


@pytest.mark.parametrize("content", ["", "[1]", "{broken", '"text"'])
def test_an_unreadable_memo_counts_as_empty(tmp_path: Path, content: str) -> None:
    path = tmp_path / "memo.json"
    path.write_text(content)
    memo = FileMemo(path)
    assert list(memo) == []
    memo["a"] = "b"
    assert FileMemo(path)["a"] == "b"
