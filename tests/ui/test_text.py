"""Words by key, and untrusted words made harmless."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ui.text import group, plain_markdown, t, words

UI = Path(__file__).resolve().parents[2] / "ui"


@pytest.mark.parametrize(
    "text", ["![x](http://a/b.png)", "<img src=x onerror=alert(1)>", "$x^2$", ":red[hot]", "`code`"]
)
def test_every_active_character_is_escaped(text: str) -> None:
    safe = plain_markdown(text)
    assert "<" not in safe
    assert not re.search(r"(?<!\\)[!\[\]$`:*_#~]", safe)


@pytest.mark.parametrize("text", ["http://a.b/c", "www.a.b", "me@a.b"])
def test_addresses_do_not_become_links_by_themselves(text: str) -> None:
    assert "\u2060" in plain_markdown(text)
    assert plain_markdown(text).replace("\u2060", "").replace("\\", "") == text


def test_plain_words_stay_words() -> None:
    assert plain_markdown("Alien 3, the film").replace("\\", "") == "Alien 3, the film"


def test_places_are_filled_and_missing_ones_are_an_error() -> None:
    assert t("result.changes", entered=1, left=2, moved=3).startswith("Since the last change: 1 entered")
    with pytest.raises(KeyError):
        t("result.changes", entered=1)
    with pytest.raises(KeyError):
        t("no.such.key")


def test_every_key_that_the_code_names_exists() -> None:
    known = words()
    for path in [*UI.rglob("*.py"), *(UI.parent / "pages").rglob("*.py")]:
        for key in re.findall(r"""\bt\(\s*"([a-z_]+\.[a-z0-9_]+)\"""", path.read_text(encoding="utf-8")):
            assert key in known, f"{path.name} names {key}"


def test_groups_are_cut_at_their_prefix() -> None:
    assert group("map_words")["fit"] == words()["map_words.fit"]
