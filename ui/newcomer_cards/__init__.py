"""What a newcomer answers with: questions to click on, categories to like or to keep away from, answers to take back.

Every string reaches the screen as text (``textContent``), whatever it holds. A question keeps its place until it is
answered, and a new one in its place takes no click for a moment: the second half of a double click answers nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import state
from ..component import mark_of, register
from ..palette import OTHER
from ..text import group

_mount = register(Path(__file__).parent, "newcomer_cards")
LONGEST = 500
"""Letters of what a click may be about."""


@dataclass(frozen=True, slots=True)
class Question:
    """An item to ask about. subtitle: year and categories; slot: palette slot of the first category."""

    item_id: str
    title: str
    subtitle: str
    slot: int = OTHER


@dataclass(frozen=True, slots=True)
class Chip:
    """A category, or an answer. sign: "like", "dislike", "skip" or "" (nothing said). value: what a click is about.

    label: the words on it. told: the answer that moved the list most.
    """

    value: str
    label: str
    sign: str = ""
    told: bool = False


@dataclass(frozen=True, slots=True)
class Click:
    """did: "like", "dislike", "skip", "clear" or "back". value: what about: an item id, a category, an answer."""

    did: str
    value: str


def questions(entries: Sequence[Question], now: str, *, key: str, on_click: Callable[[], None]) -> str:
    """Draw the questions, each with its three answers; returns the mark.

    now: how the list begins, in a line that narrow screens show, where the list itself stands further down.
    """
    rows = [{"id": one.item_id, "title": one.title, "subtitle": one.subtitle, "slot": one.slot} for one in entries]
    return _draw("questions", rows, key, on_click, now)


def categories(entries: Sequence[Chip], *, key: str, on_click: Callable[[], None]) -> str:
    """Draw the categories: a click likes one, the next keeps away from it, the third takes both back."""
    return _draw("categories", [_chip(one) for one in entries], key, on_click)


def answers(entries: Sequence[Chip], *, key: str, on_click: Callable[[], None]) -> str:
    """Draw the answers given, the first one first; a click takes one back."""
    return _draw("answers", [_chip(one) for one in entries], key, on_click)


def clicked(key: str) -> Click | None:
    """What the last click on a drawing was, as far as it makes sense: to be asked in its ``on_click``."""
    said = getattr(state.chosen(key), "said", None)
    if not isinstance(said, dict):
        return None
    did, value = said.get("did"), said.get("value")
    known = did in ("like", "dislike", "skip", "clear", "back")
    return Click(str(did), value) if known and isinstance(value, str) and 0 < len(value) <= LONGEST else None


def _chip(one: Chip) -> dict[str, Any]:
    return {"id": one.value, "label": one.label, "sign": one.sign, "told": one.told}


def _draw(kind: str, entries: list[dict[str, Any]], key: str, on_click: Callable[[], None], now: str = "") -> str:
    mark = mark_of(kind, entries, now)
    data = {"kind": kind, "entries": entries, "now": now, "words": group("newcomer_cards"), "seq": mark}
    _mount(key=key, data=data, on_said_change=on_click)
    return mark
