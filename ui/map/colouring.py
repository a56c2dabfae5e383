"""What the points may be coloured by: category, popularity, year, score for this user, how far to trust the place."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from core.types import Dataset

from .. import blocks, palette
from ..text import t
from .model import NO_VALUE, MapColours

CATEGORY, POPULARITY, YEAR, SCORE, TRUST = "category", "popularity", "year", "score", "trust"
LEVELS = 254
EDGE = 0.005
"""Share of the values cut off at either end of a ramp, so that a few extremes do not take all its colours."""


def choices(dataset: Dataset) -> tuple[str, ...]:
    """The colourings that this data set has something to show for."""
    years = dataset.catalog.fields.get("year")
    has_years = years is not None and any(years)
    return (
        *((CATEGORY,) if any(dataset.catalog.categories) else ()),
        SCORE,
        POPULARITY,
        *((YEAR,) if has_years else ()),
        TRUST,
    )


def by_category(dataset: Dataset) -> MapColours:
    """Each item in the colour of its most telling category; the legend names them."""
    slots = blocks.category_slots(dataset)
    named = [name for name, slot in slots.items() if slot != palette.OTHER]
    codes = np.array([blocks.slot_of(dataset, item) for item in range(len(dataset.catalog))], dtype=np.uint8)
    codes[codes == palette.OTHER] = len(named)
    light, dark = palette.slots(dark=False), palette.slots(dark=True)
    return MapColours(
        kind="category",
        codes=codes,
        palette_light=(*light[: len(named)], light[palette.OTHER]),
        palette_dark=(*dark[: len(named)], dark[palette.OTHER]),
        labels=(*named, t("colour.other")),
        title=t("colour.category"),
    )


def by_popularity(dataset: Dataset) -> MapColours:
    """How many interactions an item has, on a log scale."""
    counts = np.bincount(dataset.interactions.items, minlength=len(dataset.catalog))
    labels = (f"{int(counts.min(initial=0)):,}", f"{int(counts.max(initial=0)):,}")
    return _ramp(np.log1p(counts), labels, "popularity", cut=False)


def by_year(dataset: Dataset) -> MapColours:
    """The item's year; items without one are grey."""
    years = np.array([float(year) if year.isdecimal() else np.nan for year in dataset.catalog.fields["year"]])
    low, high = np.nanquantile(years, (EDGE, 1 - EDGE))
    return _ramp(years, (f"≤ {low:.0f}", f"≥ {high:.0f}"), "year")


def by_score(scores: npt.NDArray[Any], native: npt.NDArray[Any]) -> MapColours:
    """How near each item is to the user: (n,) scores, and the same in the metric's own unit for the legend.

    NaN: an item without a score.
    """
    known = np.flatnonzero(np.isfinite(scores))
    if not len(known):
        return _ramp(scores, ("", ""), "score")
    ends = np.quantile(scores[known], (EDGE, 1 - EDGE))
    low, high = (float(native[known[np.argmin(np.abs(scores[known] - end))]]) for end in ends)
    digits = ",.0f" if max(abs(low), abs(high)) >= 100 else ".2f" if max(abs(low), abs(high)) >= 0.1 else ".2g"
    return _ramp(scores, (f"≤ {low:{digits}}", f"≥ {high:{digits}}"), "score")


def by_trust(preservation: npt.NDArray[Any]) -> MapColours:
    """The share of each item's true neighbours that are its neighbours here as well."""
    known = preservation[np.isfinite(preservation)]
    return _ramp(preservation, ("0 %", f"{100 * float(known.max(initial=0)):.0f} %"), "trust", cut=False)


def _ramp(values: npt.NDArray[Any], labels: tuple[str, str], key: str, *, cut: bool = True) -> MapColours:
    return MapColours(
        kind="ramp",
        codes=levels(values, cut=cut),
        palette_light=palette.sequential(dark=False, count=32),
        palette_dark=palette.sequential(dark=True, count=32),
        labels=labels,
        title=t(f"colour.{key}"),
    )


def levels(values: npt.NDArray[Any], *, cut: bool = True) -> npt.NDArray[np.uint8]:
    """(n,) numbers -> (n,) levels 0 .. 254 from low to high, 255 for NaN; ``cut``: outermost values share an end."""
    known = values[np.isfinite(values)]
    if not len(known):
        return np.full(len(values), NO_VALUE, dtype=np.uint8)
    low, high = np.quantile(known, (EDGE, 1 - EDGE)) if cut else (known.min(), known.max())
    share = np.clip((values - low) / (high - low), 0, 1) if high > low else np.where(np.isfinite(values), 0.5, np.nan)
    return np.where(np.isfinite(share), np.round(np.nan_to_num(share) * LEVELS), NO_VALUE).astype(np.uint8)


FIXED = {CATEGORY: by_category, POPULARITY: by_popularity, YEAR: by_year}
"""Colourings that depend on the data set alone."""
