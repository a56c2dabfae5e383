"""Saved recipes: found again, never outside their folder, and damage said in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError, IntegrityError, UnknownNameError
from core.recipe import Recipe
from core.store.recipes import check_name, delete_recipe, load_recipe, save_recipe, saved_names

EASE = Recipe(strategy="ease", diversity=0.3, template="{title}; Ü")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECALLSCOPE_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / "recipes"


def test_what_is_saved_is_found_again(folder: Path) -> None:
    assert saved_names() == ()
    assert save_recipe("  Größe 2 ", EASE) == "Größe 2"
    save_recipe("a", Recipe())
    assert saved_names() == ("a", "Größe 2")
    assert load_recipe("Größe 2").recipe == EASE
    assert load_recipe("Größe 2").saved > 0
    assert sorted(path.name for path in folder.iterdir()) == ["Größe 2.json", "a.json"]
    delete_recipe("a")
    assert saved_names() == ("Größe 2",)


def test_a_taken_name_is_not_written_over_unless_that_is_wanted() -> None:
    save_recipe("Mine", EASE)
    with pytest.raises(InputError, match="already"):
        save_recipe("mine", Recipe())
    assert load_recipe("Mine").recipe == EASE
    save_recipe("Mine", Recipe(), replace=True)
    assert load_recipe("Mine").recipe == Recipe()


def test_an_unknown_name_lists_those_there_are() -> None:
    save_recipe("Mine", EASE)
    for ask in (load_recipe, delete_recipe):
        with pytest.raises(UnknownNameError, match="Mine"):
            ask("Yours")


@pytest.mark.parametrize(
    "name", ["", "  ", "../up", "a/b", "a\\b", ".hidden", "-x", "a\0b", "con", "x" * 61, "a\nb", "a:b", "a.", "<b>"]
)
def test_names_that_cannot_be_files_are_refused(name: str, folder: Path) -> None:
    with pytest.raises(InputError):
        save_recipe(name, EASE)
    assert not folder.exists()


@pytest.mark.parametrize("name", ["NUL", "nul .x", "com7.a", "com\u00b9"])
def test_names_that_one_system_keeps_for_itself_are_refused(name: str) -> None:
    with pytest.raises(InputError):
        check_name(name)
    assert check_name(f"my {name}")


@given(st.text(max_size=70))
def test_every_name_that_passes_is_a_plain_file_name(name: str) -> None:
    try:
        kept = check_name(name)
    except InputError:
        return
    assert Path(kept).name == kept
    assert kept[0] not in ".-"
    assert kept.isprintable()
    assert check_name(kept) == kept


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"format": 1}',
        b'{"format": 2, "recipe": {}, "saved": 1}',
        b'{"format": 1, "recipe": [1], "saved": 1}',
        b'{"format": 1, "recipe": {"strategy": "gone"}, "saved": 1}',
        b'{"format": 1, "recipe": {"k": NaN}, "saved": 1}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_is_one_sentence_and_can_be_deleted(content: bytes, folder: Path) -> None:
    save_recipe("good", EASE)
    (folder / "bad.json").write_bytes(content)
    with pytest.raises(IntegrityError, match="'bad'") as caught:
        load_recipe("bad")
    assert "\n" not in str(caught.value)
    assert saved_names() == ("bad", "good")
    delete_recipe("bad")
    assert load_recipe("good").recipe == EASE


def test_the_file_is_plain_json(folder: Path) -> None:
    save_recipe("x", EASE)
    values = json.loads((folder / "x.json").read_text(encoding="utf-8"))
    assert Recipe.from_flat(values["recipe"]) == EASE
