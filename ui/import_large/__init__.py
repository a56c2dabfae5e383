"""Files too large to be uploaded: the upload field keeps them to itself, so a listener beside it tells of them.

What it says comes from a browser and is taken as such: names as text, sizes as whole numbers, a few of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import component, state

KEY = "large-files"
MOST = 20
NAME_LETTERS = 120
_KEPT = "_large_files"
_mount = component.register(Path(__file__).parent, "import_large")


@dataclass(frozen=True, slots=True)
class TooLarge:
    """A file that was turned away."""

    name: str
    n_bytes: int


def turned_away(limit_bytes: int) -> tuple[TooLarge, ...]:
    """Listen to the upload fields of the page; returns what the last drop brought that is larger than the limit."""
    kept: tuple[TooLarge, ...] = state.chosen(_KEPT, ())
    _mount(key=KEY, data={"limit": limit_bytes, "said": bool(kept)}, on_large_change=_keep)
    return kept


def forget() -> None:
    """Say nothing more of them."""
    state.drop(_KEPT)


def _keep() -> None:
    state.choose(_KEPT, understood(getattr(state.chosen(KEY), "large", None)))


def understood(said: Any) -> tuple[TooLarge, ...]:
    """What the browser said, as far as it makes sense."""
    found = [entry for entry in said if isinstance(entry, dict)] if isinstance(said, list) else []
    return tuple(
        TooLarge(str(entry["name"])[:NAME_LETTERS], int(entry["size"]))
        for entry in found[:MOST]
        if isinstance(entry.get("size"), int | float) and 0 < entry["size"] < 1e18 and entry.get("name")
    )
