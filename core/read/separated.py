"""CSV, TSV and their relatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..sheets import Sheet
from . import Request
from .delimited import read_delimited
from .text import open_text


@dataclass(frozen=True, slots=True)
class Separated:
    """Cells parted by a character; the delimiter, the quotes, the header and the encoding are found out."""

    key: ClassVar[str] = "csv"
    label: ClassVar[str] = "CSV, TSV"
    order: ClassVar[int] = 1
    suffixes: ClassVar[tuple[str, ...]] = (".csv", ".tsv", ".tab", ".txt", ".dat")

    def matches(self, name: str, start: bytes) -> float:
        """What is left when no other format fits."""
        return 0.5 if name.lower().endswith(self.suffixes) else 0.3

    def __call__(self, request: Request) -> Sheet:
        """Read. Raises FileError."""
        return read_delimited(request, open_text(request), self.key)
