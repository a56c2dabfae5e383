"""Every word a user reads, by key and language.

The words stand in ``assets/words/<language>.json``, one flat map of key -> text with ``{name}`` places. A missing key
or place is a programming error and raises KeyError, so that a test over the pages finds it.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

WORDS_FOLDER = Path(__file__).parent.parent / "assets" / "words"
DEFAULT_LANGUAGE = "en"


@cache
def words(language: str = DEFAULT_LANGUAGE) -> dict[str, str]:
    """All texts of one language."""
    found: dict[str, str] = json.loads((WORDS_FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return found


def t(key: str, /, **values: Any) -> str:
    """The text of a key with its places filled: ``t("map.kept", share=12)``."""
    text = words()[key]
    return text.format(**values) if values else text


def group(prefix: str) -> dict[str, str]:
    """The texts under a prefix, by the rest of their key: what a component gets as its words."""
    return {key[len(prefix) + 1 :]: text for key, text in words().items() if key.startswith(prefix + ".")}


def plain_markdown(text: str) -> str:
    """Any string as literal text inside Streamlit markdown: no link, image, formula, colour, icon or HTML in it works.

    For words from data (titles, ids, file names) in places that only take markdown, such as a widget's label.
    """
    for start in _AUTOLINK:  # addresses become links by themselves; an invisible joiner keeps them words
        text = text.replace(start, start[0] + "\u2060" + start[1:])
    escaped = "".join("\\" + char if char in _MARKDOWN else char for char in text)
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ")


_AUTOLINK = ("://", "www.", "@")
_MARKDOWN = frozenset("\\`*_{}[]()#+-.!$:~|^=\"'@/")
