"""Item rows without an id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from .state import Finding, Items, counted


@dataclass(frozen=True, slots=True)
class ItemMissingId:
    """Item rows without an id."""

    key: ClassVar[str] = "item_missing_id"
    label: ClassVar[str] = "Item without an id"
    help: ClassVar[str] = "Item rows without an id: nothing can refer to them."
    order: ClassVar[int] = 21
    table: ClassVar[str] = "items"
    mode: ClassVar[str] = "apply"

    def __call__(self, items: Items) -> Finding:
        """Rows whose id is empty."""
        touched = items.ids == ""
        n = int(touched.sum())
        return Finding(touched, f"{counted(n, 'row')} without an id." if n else "Every item has an id.")
