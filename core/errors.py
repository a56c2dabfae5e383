"""The exception tree. Each message is one sentence a user can act on: what, where, what was expected.

RecallscopeError
|-- InputError               the caller gave something we cannot use (command line: exit 2)
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


class Cancelled(RecallscopeError):
    """A long job was stopped on request."""
