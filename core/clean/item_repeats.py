"""Item rows whose id stands more than once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .state import Finding, Items, counted


@dataclass(frozen=True, slots=True)
class ItemRepeats:
    """Item rows whose id stands more than once."""

    key: ClassVar[str] = "item_repeats"
    label: ClassVar[str] = "Item id again"
    help: ClassVar[str] = "Item rows whose id another row above has already: the first one stays."
    order: ClassVar[int] = 22
    table: ClassVar[str] = "items"
    mode: ClassVar[str] = "apply"

    def __call__(self, items: Items) -> Finding:
        """All rows of an id but the one that stands first in the sheet."""
        order = np.argsort(items.at)
        ids = items.ids[order].tolist()
        first = dict(zip(reversed(ids), reversed(order.tolist()), strict=True))
        touched = np.ones(len(items), dtype=bool)
        touched[list(first.values())] = False
        touched &= items.ids != ""
        n = int(touched.sum())
        if not n:
            return Finding(touched, "Every id stands once.")
        names = len(set(items.ids[touched].tolist()))
        return Finding(touched, f"{counted(n, 'row')} with {counted(names, 'id')} that a row above has already.")
