"""What an inspection and an import have to say, as plain values: the page and ``--json`` show the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..sheets import DETECT, Dialect, Guess, Ledger, ledger_from


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column and three of its values."""

    name: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileView:
    """One file as it was understood.

    n_rows: records, -1 where only the head was counted. problem: why it cannot be used, "" where it can; then nothing
    else is known of it.
    """

    name: str
    n_bytes: int
    problem: str = ""
    kind: str = "unused"
    confidence: float = 0.0
    reason: str = ""
    dialect: Dialect = DETECT
    n_rows: int = -1
    columns: tuple[ColumnView, ...] = ()
    guesses: tuple[Guess, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inspection:
    """What an import would do, before it does.

    feedback: rating | count | event | none. scale: lowest and highest rating, None unless ratings. histogram: (from,
    to, rows) of the weights; of counts on a log scale. events: (type, rows, weight). time: "time" | "position" |
    "none"; time_form: how times are written, in words. template: the item text. problem: one sentence that says what
    keeps the import from running, "" = nothing.
    """

    files: tuple[FileView, ...]
    feedback: str = "none"
    scale: tuple[float, float] | None = None
    histogram: tuple[tuple[float, float, int], ...] = ()
    events: tuple[tuple[str, int, float], ...] = ()
    time: str = "none"
    time_form: str = ""
    template: str = ""
    problem: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Inspection:
        """Back from plain values."""
        files = tuple(_file(entry) for entry in data["files"])
        values: dict[str, Any] = dict(data) | {"files": files}
        for key in ("histogram", "events"):
            values[key] = tuple(tuple(row) for row in data[key])
        values["scale"] = None if data["scale"] is None else tuple(data["scale"])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did.

    files: as they were understood, those not used too. ledgers: of the interactions and of the items. off: what this
    data cannot do and is therefore switched off, a sentence each. n_rejected: rows in the file of rejected rows.
    timings_ms: by step.
    """

    name: str
    label: str
    fingerprint: str
    n_users: int
    n_items: int
    n_interactions: int
    feedback: str
    time: str
    files: tuple[FileView, ...]
    template: str
    ledgers: tuple[Ledger, ...]
    notices: tuple[str, ...]
    off: tuple[str, ...]
    n_rejected: int
    timings_ms: Mapping[str, float]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Report:
        """Back from plain values."""
        values = dict(data)
        values["files"] = tuple(_file(entry) for entry in data["files"])
        values["ledgers"] = tuple(ledger_from(entry) for entry in data["ledgers"])
        for key in ("notices", "off"):
            values[key] = tuple(data[key])
        return cls(**values)


def _file(data: Mapping[str, Any]) -> FileView:
    values = dict(data)
    values["dialect"] = Dialect(**data["dialect"])
    values["columns"] = tuple(ColumnView(entry["name"], tuple(entry["samples"])) for entry in data["columns"])
    values["guesses"] = tuple(
        Guess(**{**entry, "columns": tuple(entry["columns"]), "samples": tuple(entry["samples"])})
        for entry in data["guesses"]
    )
    values["notices"] = tuple(data["notices"])
    return FileView(**values)
