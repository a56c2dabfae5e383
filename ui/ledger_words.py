"""The ledger of a list in words: one sentence for each item, in plain text; titles stand in it as they are."""

from __future__ import annotations

from core.explain.ledger import Entry, Gone, category_names
from core.pools import SPACING
from core.types import Dataset

from .text import t


def of_entry(dataset: Dataset, entry: Entry) -> str:
    """Why an item of the list stands where it stands. Plain text: escape it where markup is read."""
    kind = entry.kind
    if kind == "up" and entry.step == SPACING:
        kind = "up_spacing"
    elif kind == "relaxed" and entry.cause is None:
        kind = "relaxed_quota"
    return t(f"ledger.{kind}", before=f"{entry.before:,}", **_values(dataset, entry))


def of_gone(dataset: Dataset, gone: Gone) -> str:
    """Why an item left the list. Plain text: escape it where markup is read."""
    return t(f"ledger.gone_{gone.kind}", before=f"{gone.before:,}", **_values(dataset, gone))


def _values(dataset: Dataset, line: Entry | Gone) -> dict[str, str]:
    catalog = dataset.catalog
    names = category_names(catalog)
    return {
        "title": "" if line.cause is None else str(catalog.titles[line.cause]),
        "similarity": short(line.similarity),
        "category": "" if line.category is None else names[line.category],
    }


def short(cosine: float) -> str:
    """A cosine with two decimals and without the zero before the point: .18, -.05, 1.00; "" where there is none."""
    if cosine != cosine:  # NaN
        return ""
    text = f"{cosine:.2f}"
    return ".00" if text == "-0.00" else text.replace("0.", ".", 1) if abs(float(text)) < 1 else text
