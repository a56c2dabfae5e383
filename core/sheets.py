"""The frozen values of an import: files as columns, what the columns mean, and the ledger of what was done to them.

    file --read--> Sheet --roles--> Meaning (the user corrects it) --clean--> Ledger, columns --build--> Dataset

A row number is a record's place in its file as a reader would count it: in a file with a header that is row 1, so
the first record is row 2; without a header, in Parquet and in JSON the first record is row 1. Blank lines do not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .types import Array

if TYPE_CHECKING:
    import pyarrow as pa

INTERACTIONS, ITEMS, TAGS, NAMES, VECTORS, UNUSED = "interactions", "items", "tags", "names", "vectors", "unused"
KINDS = (INTERACTIONS, ITEMS, TAGS, NAMES, VECTORS, UNUSED)
"""What a file may be: the log; one row per item; several rows per item (a tag each); names behind codes of another
file; item vectors; nothing we use."""

ROLES: Mapping[str, tuple[str, ...]] = {
    INTERACTIONS: ("user_id", "item_id", "weight", "datetime", "event", "position", "year", "month", "day"),
    ITEMS: ("item_id", "title", "text", "category", "image", "vector"),
    TAGS: ("item_id", "category", "weight"),
    NAMES: ("code", "name"),
    VECTORS: ("item_id", "vector"),
    UNUSED: (),
}
"""Kind -> the roles its columns may play. Columns of an items file without a role are kept as further fields."""
NEEDED: Mapping[str, tuple[str, ...]] = {
    INTERACTIONS: ("user_id", "item_id"),
    ITEMS: ("item_id",),
    TAGS: ("item_id", "category"),
    NAMES: ("code", "name"),
    VECTORS: ("vector",),
    UNUSED: (),
}
"""Kind -> the roles that must be filled."""
SEVERAL = ("text", "category")
"""Roles of an items file that several columns may play together, in the order given."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written; "" = to be detected (as a wish) or of no meaning for this format (as a finding).

    format: key of the format. encoding: utf-8, utf-8-sig, utf-16, cp1252 ...; "mixed" = UTF-8 with some lines in
    cp1252. delimiter: one or two characters. header: "yes" | "no".
    """

    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    header: str = ""


DETECT = Dialect()
"""Nothing is known of how the file is written: find out."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A record that is no row of the table: its number, its text (at most 200 characters), and why, in words."""

    row: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A file as columns, nothing interpreted yet.

    name: the file's own name, without folders. table: n rows; in text formats every column is strings exactly as
    written (empty = ""), otherwise numbers, strings or lists of them. rows: (n,) int64 row numbers.
    whole: False where only the head was read. declared: column -> type of a typed header (RecBole's token, float ...).
    unread: the records that are no rows, in order.
    notices: what a reader should know, a sentence each.
    """

    name: str
    table: pa.Table
    rows: Array
    dialect: Dialect
    whole: bool = True
    declared: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[Unread, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def n_unread(self) -> int:
        """How many records are no rows."""
        return len(self.unread)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, each once."""
        return tuple(self.table.column_names)


@dataclass(frozen=True, slots=True)
class Guess:
    """One role and the columns that play it (() = none).

    confidence: in [0, 1]. why: "name" (the header says so), "content" (the values look like it), "given" (the user).
    samples: three values of the first column, as text.
    """

    role: str
    columns: tuple[str, ...]
    confidence: float
    why: str
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a file is and what its columns mean.

    kind: one of KINDS. guesses: one per role of that kind, in the order of ROLES. reason: one sentence why this kind.
    """

    kind: str
    confidence: float
    guesses: tuple[Guess, ...]
    reason: str = ""

    def columns(self, role: str) -> tuple[str, ...]:
        """The columns that play a role, () where none does."""
        return next((guess.columns for guess in self.guesses if guess.role == role), ())

    def column(self, role: str) -> str | None:
        """The only, or first, column of a role."""
        return next(iter(self.columns(role)), None)


APPLY, LOOK, OFF = "apply", "look", "off"
MODES = (APPLY, LOOK, OFF)
"""What a cleaning rule does with what it finds: acts on it; only shows it; does not even look."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a ledger: what one rule found and did.

    touched: rows it found. dropped: rows it took out (0 where it only looks). text: one sentence with the figures.
    samples: a few of the rows, or the evidence, a line each.
    """

    rule: str
    mode: str
    touched: int
    dropped: int
    text: str
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ledger:
    """What happened to the rows of one table, to the last row: rows_in = rows_out + sum of dropped.

    table: "interactions" | "items". Raises ValueError where the sum does not come out.
    """

    table: str
    rows_in: int
    rows_out: int
    entries: tuple[Entry, ...] = ()

    def __post_init__(self) -> None:
        dropped = sum(entry.dropped for entry in self.entries)
        if self.rows_in != self.rows_out + dropped:
            raise ValueError(f"{self.table}: {self.rows_in} rows in, {self.rows_out} out, but {dropped} dropped")


def ledger_from(data: Mapping[str, Any]) -> Ledger:
    """A ledger back from plain values; ValueError where its sum does not come out."""
    entries = tuple(Entry(**{**entry, "samples": tuple(entry["samples"])}) for entry in data["entries"])
    return Ledger(data["table"], data["rows_in"], data["rows_out"], entries)
