"""Ids that read like a stand-in for nobody in particular."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..types import Array
from .robust import MIN_COMPARED, upper_limit
from .state import Finding, Log, counted

NOBODY = (
    *("anonymous", "anon", "unknown", "guest", "visitor", "nobody", "undefined", "unidentified", "none", "null", "nil"),
    *("nan", "n/a", "not set", "(not set)", "not available", "missing", "-1", "-", "?"),
)
WORDS = frozenset(form for word in NOBODY for form in (word, word.upper(), word.title(), word.capitalize()))
ZERO = "0"


@dataclass(frozen=True, slots=True)
class Placeholders:
    """Ids that read like a stand-in for nobody in particular."""

    key: ClassVar[str] = "placeholders"
    label: ClassVar[str] = "Ids that stand for anybody"
    help: ClassVar[str] = "Users or items called guest, unknown, null or the like, which may stand for many."
    order: ClassVar[int] = 9
    table: ClassVar[str] = "interactions"
    mode: ClassVar[str] = "look"

    def __call__(self, log: Log) -> Finding:
        """Rows of users and items whose id is a word for nobody; of 0 only where it holds unusually much."""
        users, user_lines = _placeholders("user", log.user_ids, log.users)
        items, item_lines = _placeholders("item", log.item_ids, log.items)
        touched = users[log.users] | items[log.items]
        n = int(touched.sum())
        if not n:
            return Finding(touched, "No id reads like a stand-in for many.")
        lines = (*user_lines, *item_lines)
        return Finding(touched, f"{counted(n, 'row')} of {counted(len(lines), 'id')} that may stand for many.", lines)


def _placeholders(what: str, ids: Array, codes: Array) -> tuple[Array, list[str]]:
    """A mask by code, with a last false place for the code -1, and a line for each id found."""
    mask = np.zeros(len(ids) + 1, dtype=bool)
    found = [code for code, name in enumerate(ids.tolist()) if name in WORDS or name == ZERO]
    if not found:
        return mask, []
    counts = np.bincount(codes[codes >= 0], minlength=len(ids))
    used = counts[counts > 0]
    limit = upper_limit(used).value if len(used) >= MIN_COMPARED else np.inf
    found = [code for code in found if counts[code] and (ids[code] != ZERO or counts[code] > limit)]
    mask[found] = True
    found.sort(key=lambda code: (-counts[code], code))
    return mask, [f"{what} {ids[code]}: {counted(int(counts[code]), 'interaction')}" for code in found]
