"""Reading: any file a user brings along becomes a Sheet, or one FileError that says what to do.

    bytes --signatures--> text? --encodings--> UTF-8 --dialects--> delimiter, header --pyarrow--> Sheet

One file, one format: ``key``, ``label``, ``order``, ``suffixes`` and the methods of :class:`Format`. Every limit is
checked before the bytes it guards against are decoded (limits.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from ..sheets import Dialect, Sheet

DETECT = Dialect()
"""No wish at all: everything is to be detected."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be read, and how.

    name: what the user calls the file, without folders. wish: what the user decided ("" = detect).
    head: only about the first 1,000 rows. columns: only these, None = all.
    """

    path: Path
    name: str
    wish: Dialect = DETECT
    head: bool = False
    columns: tuple[str, ...] | None = None


class Format(Protocol):
    """What every format of this folder offers."""

    key: ClassVar[str]
    label: ClassVar[str]
    order: ClassVar[int]
    suffixes: ClassVar[tuple[str, ...]]

    def matches(self, name: str, start: bytes) -> float:
        """How sure this format is, in [0, 1], from the name and the first bytes (as UTF-8 where they are text)."""
        ...

    def __call__(self, request: Request) -> Sheet:
        """Read. Raises FileError."""
        ...
