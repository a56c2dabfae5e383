"""Saved newcomers: found again with their data set, and damage said in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.errors import InputError, IntegrityError, UnknownNameError
from core.store.personas import delete_persona, load_persona, persona_names, save_persona


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECALLSCOPE_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / "personas"


def test_what_is_saved_is_found_again_until_it_is_deleted(folder: Path) -> None:
    assert persona_names() == ()
    assert save_persona("  Zoë 2 ", "l1.d2", "blocks") == "Zoë 2"
    save_persona("a", "", "blocks")
    assert persona_names() == ("a", "Zoë 2")
    found = load_persona("Zoë 2")
    assert (found.name, found.text, found.dataset) == ("Zoë 2", "l1.d2", "blocks")
    assert found.saved > 0
    assert sorted(path.name for path in folder.iterdir()) == ["Zoë 2.json", "a.json"]
    delete_persona("a")
    assert persona_names() == ("Zoë 2",)


def test_a_taken_name_is_not_written_over_unless_that_is_wanted() -> None:
    save_persona("Mine", "l1", "blocks")
    with pytest.raises(InputError, match="saved newcomer called 'mine' already"):
        save_persona("mine", "l2", "blocks")
    save_persona("Mine", "l2", "blocks", replace=True)
    assert load_persona("Mine").text == "l2"


@pytest.mark.parametrize("name", ["", "  ", "../x", "a/b", "con", ".hidden", "x" * 61])
def test_names_that_are_no_file_names_are_refused(name: str) -> None:
    for act in (lambda: save_persona(name, "l1", "blocks"), lambda: load_persona(name), lambda: delete_persona(name)):
        with pytest.raises(InputError):
            act()


def test_nobody_of_that_name_and_damaged_files_are_told_apart(folder: Path) -> None:
    with pytest.raises(UnknownNameError, match="saved newcomer"):
        load_persona("nobody")
    with pytest.raises(UnknownNameError):
        delete_persona("nobody")
    save_persona("hurt", "l1", "blocks")
    path = folder / "hurt.json"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(IntegrityError):
        load_persona("hurt")
    delete_persona("hurt")
    assert persona_names() == ()


@pytest.mark.parametrize("values", [{"persona": 3, "dataset": "x"}, {"dataset": "x"}, {"persona": "l1"}])
def test_a_file_without_a_persona_is_damaged(folder: Path, values: dict[str, object]) -> None:
    from core.store.sealed import write_atomic

    folder.mkdir(parents=True)
    write_atomic(folder / "odd.json", json.dumps({"format": 1, "name": "odd", "saved": 1, **values}).encode())
    with pytest.raises(IntegrityError, match="'odd' is damaged"):
        load_persona("odd")
