"""What a reader may do on cards, and what the browser says was done."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

DEEDS = ("click", "like", "dislike", "not-now", "watched")
"""What can be done on a card, in the order of its buttons."""

MOST_AT_ONCE = 200
"""Deeds of one message; a browser that sends more is not one of ours."""
LONGEST = 1000
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing done on a card. id: 32 hex digits, made by the browser. of: whose cards they were, as ``Acting.of``."""

    id: str
    item_id: str
    kind: str
    of: str


@dataclass(frozen=True, slots=True)
class Acting:
    """Cards that can be acted on.

    of: whose cards they are; the browser sends it back. on_act: called before the page is drawn anew, without
    arguments. on_why: called when the explanation of a card was asked for in this window; the component's value "why"
    is its item. settled: ids of deeds that need not be sent again. given: item id -> what was last done with it.
    """

    of: str
    on_act: Callable[[], None]
    on_why: Callable[[], None]
    settled: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)

    def message(self, words: Mapping[str, str]) -> dict[str, Any]:
        """What the script needs of it."""
        said = {deed: words[deed.replace("-", "_")] for deed in DEEDS}
        said |= {name: words[name] for name in ("actions", "why")}
        return {"of": self.of, "settled": list(self.settled), "words": said}


def read_deeds(sent: Any) -> tuple[Deed, ...]:
    """What a browser sent, as far as it can be a deed; anything else is left out."""
    if not isinstance(sent, list):
        return ()
    return tuple(deed for raw in sent[:MOST_AT_ONCE] if (deed := _read(raw)) is not None)


def _read(raw: Any) -> Deed | None:
    if not isinstance(raw, dict):
        return None
    parts = [raw.get(name) for name in ("id", "item", "deed", "of")]
    texts = [part for part in parts if isinstance(part, str) and len(part) <= LONGEST]
    if len(texts) < len(parts):
        return None
    deed = Deed(*texts)
    return deed if deed.kind in DEEDS and _ID.fullmatch(deed.id) else None
