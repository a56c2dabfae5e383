"""Interactions that name no item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from .state import Finding, Log, counted


@dataclass(frozen=True, slots=True)
class MissingItem:
    """Interactions that name no item."""

    key: ClassVar[str] = "missing_item"
    label: ClassVar[str] = "No item"
    help: ClassVar[str] = "Interactions without an item id."
    order: ClassVar[int] = 2
    table: ClassVar[str] = "interactions"
    mode: ClassVar[str] = "apply"

    def __call__(self, log: Log) -> Finding:
        """Rows whose item id is missing."""
        touched = log.items < 0
        n = int(touched.sum())
        return Finding(touched, f"{counted(n, 'row')} without an item id." if n else "Every row has an item id.")
