"""Interactions with items that are not in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .state import Finding, Log, counted, nothing


@dataclass(frozen=True, slots=True)
class UnknownItem:
    """Interactions with items that are not in the catalogue."""

    key: ClassVar[str] = "unknown_item"
    label: ClassVar[str] = "Unknown item"
    help: ClassVar[str] = "Interactions with items that the items file does not have."
    order: ClassVar[int] = 8
    table: ClassVar[str] = "interactions"
    mode: ClassVar[str] = "apply"

    def __call__(self, log: Log) -> Finding:
        """Rows whose item is not in the catalogue; a missing item is not this rule's business."""
        if log.known_items is None:
            return nothing(log, "Not looked at: no items were given, so the log itself says which there are.")
        unknown = np.append(~log.known_items, False)  # code -1, a missing item, meets the last place
        touched = unknown[log.items]
        n = int(touched.sum())
        if not n:
            return Finding(touched, "Every item is in the items file.")
        items = len(np.unique(log.items[touched]))
        return Finding(touched, f"{counted(n, 'row')} with {counted(items, 'item')} that the items file does not have.")
