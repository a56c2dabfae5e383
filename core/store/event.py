"""What one event is, and what cannot be one."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from ..errors import InputError, OutOfRangeError, UnknownNameError
from .events_schema import LONGEST_ID, LONGEST_NAME

KINDS = ("click", "like", "dislike", "not-now", "watched")
EVENT_ID = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST_ID}}}")
LATEST = 253_402_300_800.0
"""Unix seconds of the end of the year 9999."""
NOT_PRINTED = {"Cc", "Cs", "Zl", "Zp"}
"""Unicode categories that no name may hold: control characters, half characters, and line breaks of other kinds."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that one user did about one item.

    id: made by the sender (32 hex digits, say), the same whenever this event is sent again. dataset: its name.
    user_id, item_id: as text. kind: one of KINDS. at: unix seconds. undone: it was taken back.
    """

    id: str
    dataset: str
    user_id: str
    item_id: str
    kind: str
    at: float
    undone: bool = False


def check(event: Event) -> None:
    """Raises InputError for what cannot be stored: an unknown kind, or an id that no program made."""
    if not isinstance(event.id, str) or not EVENT_ID.fullmatch(event.id):
        raise InputError(
            f"an event's id must be 1 to {LONGEST_ID} letters, digits, hyphens and underscores, got {event.id!r:.80}"
        )
    if event.kind not in KINDS:
        raise UnknownNameError("kind of event", event.kind, KINDS)
    for what in ("dataset", "user_id", "item_id"):
        value = getattr(event, what)
        if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_NAME:
            raise InputError(f"the {what} of an event must be a text of 1 to {LONGEST_NAME} characters")
        if any(unicodedata.category(char) in NOT_PRINTED for char in value):
            raise InputError(f"the {what} of an event holds a control character: {value!r:.80}")
    at = event.at
    if isinstance(at, bool) or not isinstance(at, int | float) or not math.isfinite(at) or not 0 <= at < LATEST:
        raise OutOfRangeError("the time of an event", f"{at!r:.40}", "unix seconds between 1970 and 9999")
