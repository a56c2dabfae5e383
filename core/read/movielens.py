"""MovieLens' own text: cells parted by two colons, no header, no quotes, usually Latin-1.

The columns of ratings.dat, movies.dat, users.dat and tags.dat are those of the README files of
https://grouplens.org/datasets/movielens/ (1M, 10M).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from ..sheets import Sheet
from . import Request
from .delimited import read_delimited
from .text import open_text

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "ratings": ("UserID", "MovieID", "Rating", "Timestamp"),
    "movies": ("MovieID", "Title", "Genres"),
    "users": ("UserID", "Gender", "Age", "Occupation", "Zip-code"),
    "tags": ("UserID", "MovieID", "Tag", "Timestamp"),
}


@dataclass(frozen=True, slots=True)
class MovieLens:
    """Cells parted by "::"; the columns of the files MovieLens ships are known by the file's name."""

    key: ClassVar[str] = "movielens"
    label: ClassVar[str] = "MovieLens .dat"
    order: ClassVar[int] = 6
    suffixes: ClassVar[tuple[str, ...]] = (".dat",)

    def matches(self, name: str, start: bytes) -> float:
        """Whether nearly all of the first lines have the same number of double colons, and at least one."""
        lines = [line for line in start.split(b"\n")[:20] if line.strip()]
        counts = Counter(line.count(b"::") for line in lines)
        usual, times = counts.most_common(1)[0] if counts else (0, 0)
        return 0.9 if usual and times >= 0.8 * len(lines) else 0.0

    def __call__(self, request: Request) -> Sheet:
        """Read. Raises FileError."""
        names = partial(_names, request.name)
        return read_delimited(
            request, open_text(request), self.key, delimiter="::", quoting=False, header=False, rename=names
        )


def _names(name: str, first: Sequence[str], header: bool) -> Sequence[str]:
    known = COLUMNS.get(name.lower().removesuffix(".dat"), ())
    return first if header else known if len(known) == len(first) else ()
