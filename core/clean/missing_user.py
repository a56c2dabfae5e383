"""Interactions that name no user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from .state import Finding, Log, counted


@dataclass(frozen=True, slots=True)
class MissingUser:
    """Interactions that name no user."""

    key: ClassVar[str] = "missing_user"
    label: ClassVar[str] = "No user"
    help: ClassVar[str] = "Interactions without a user id."
    order: ClassVar[int] = 1
    table: ClassVar[str] = "interactions"
    mode: ClassVar[str] = "apply"

    def __call__(self, log: Log) -> Finding:
        """Rows whose user id is missing."""
        touched = log.users < 0
        n = int(touched.sum())
        return Finding(touched, f"{counted(n, 'row')} without a user id." if n else "Every row has a user id.")
