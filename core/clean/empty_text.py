"""Items with neither title nor text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .state import Finding, Items, counted


@dataclass(frozen=True, slots=True)
class EmptyText:
    """Items with neither title nor text."""

    key: ClassVar[str] = "empty_text"
    label: ClassVar[str] = "No text"
    help: ClassVar[str] = "Items with neither title nor text: their content says nothing."
    order: ClassVar[int] = 23
    table: ClassVar[str] = "items"
    mode: ClassVar[str] = "look"

    def __call__(self, items: Items) -> Finding:
        """Rows whose title and text are both blank."""
        blank = [not title.strip() and not text.strip() for title, text in zip(items.titles, items.texts, strict=True)]
        touched = np.array(blank, dtype=bool)
        n = int(touched.sum())
        if not n:
            return Finding(touched, "Every item has a title or a text.")
        return Finding(
            touched,
            f"{counted(n, 'item')} with neither title nor text: by content, none of them can be told from another.",
        )
