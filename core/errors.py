"""The exception tree. Each message is one sentence a user can act on: what, where, what was expected.

RecallscopeError
|-- InputError               the caller gave something we cannot use (command line: exit 2)
|   |-- FileError            a file brought along cannot be read or understood: which, where, and what to do
|   |-- UnknownNameError     a name that is not one of the known ones
|   '-- OutOfRangeError      a number outside its range, or not a number
|-- IntegrityError           shipped or cached bytes are not the expected ones
|-- MissingDependencyError   an optional package is not installed; the text is the pip command
'-- Cancelled                a long job was stopped on request; what it finished is kept
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class RecallscopeError(Exception):
    """Root of every error this product raises on purpose."""


class InputError(RecallscopeError):
    """The caller gave something we cannot use."""


class FileError(InputError):
    """A file that cannot be used: ``items.csv, row 17, column price: "abc" is not a number: <next step>``.

    file: its name as the user knows it. value: what stands there; shown shortened. problem: what is wrong, without a
    full stop. hint: what to do about it, "" where the problem says it.
    """

    def __init__(
        self, file: str, problem: str, *, row: int | None = None, column: str = "", value: object = None, hint: str = ""
    ) -> None:
        where = [file, *([f"row {row:,}"] if row is not None else []), *([f"column {column}"] if column else [])]
        shown = "" if value is None else f"{_short(value)} "
        super().__init__(f"{', '.join(where)}: {shown}{problem}" + (f": {hint}" if hint else ""))
        self.file, self.problem, self.row, self.column, self.hint = file, problem, row, column, hint


class UnknownNameError(InputError):
    """A name that is not one of the known ones; the message lists them, nearest first."""

    def __init__(self, what: str, given: object, known: Iterable[object]) -> None:
        names = [str(name) for name in known]
        near = get_close_matches(str(given), names, n=3)
        shown = near + [name for name in names if name not in near]
        listed = ", ".join(shown[:8]) + (f", ... ({len(names)} in all)" if len(names) > 8 else "")
        super().__init__(f"unknown {what} {str(given)!r}; known: {listed}")
        self.what, self.given, self.known = what, given, tuple(names)


class OutOfRangeError(InputError):
    """A number outside its range, or something that is not a number."""

    def __init__(self, what: str, given: object, expected: str) -> None:
        super().__init__(f"{what} must be {expected}, got {given}")
        self.what, self.given, self.expected = what, given, expected


class IntegrityError(RecallscopeError):
    """Bytes that are not what their checksum says."""


class MissingDependencyError(RecallscopeError):
    """An optional package is missing."""

    def __init__(self, package: str, needed_for: str) -> None:
        super().__init__(f"{needed_for} needs {package}: pip install {package}")


def _short(value: object, most: int = 60) -> str:
    """A value from a file in quotes, on one line, cut where it is long, with what cannot be printed left out."""
    text = "".join(char if char.isprintable() else " " for char in str(value)[: most + 1])
    return f'"{text[:most]}…"' if len(text) > most else f'"{text}"'


class Cancelled(RecallscopeError):
    """A long job was stopped on request."""
