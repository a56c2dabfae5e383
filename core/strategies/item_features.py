"""What is known of an item before anybody has liked it: its text, its categories, its year, as numbers."""

from __future__ import annotations

import re

import numpy as np

from ..registry import stage
from ..types import Array, Catalog, unit_rows

YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
YEAR_IN_TITLE = re.compile(r"\((1[5-9]\d\d|20\d\d)\)\s*$")


def item_features(catalog: Catalog, text: Array, category_weight: float, year_weight: float) -> Array:
    """(n_items, f) float32: whitened text of length 1 | categories of length ``category_weight``, or 0 for an item
    without | the year in standard deviations times ``year_weight``, 0 where unknown.

    text: (n_items, d) unit rows, the items' own texts.
    """
    whitened = unit_rows(stage("postprocess").get("whiten")()(text).apply(text))
    categories = category_weight * unit_rows(category_rows(catalog).T)
    years = (year_weight * standardised_years(catalog)[:, None]).astype(np.float32)
    return np.hstack((whitened, categories, years))


def category_rows(catalog: Catalog) -> Array:
    """(n_categories, n_items) float32, names in ascending order; 1 where the item has the category."""
    names = sorted({name for given in catalog.categories for name in given})
    place = {name: row for row, name in enumerate(names)}
    out = np.zeros((len(names), len(catalog)), dtype=np.float32)
    for item, given in enumerate(catalog.categories):
        for name in given:
            out[place[name], item] = 1.0
    return out


def years_of(catalog: Catalog) -> Array:
    """(n_items,) float64: the first year in the field "year", else the one in brackets that ends the title; NaN where
    there is none."""
    given = catalog.fields.get("year")
    fields = [""] * len(catalog) if given is None else given.tolist()
    found = [
        YEAR.search(field) or YEAR_IN_TITLE.search(title) for field, title in zip(fields, catalog.titles, strict=True)
    ]
    return np.array([np.nan if match is None else float(match[1]) for match in found], dtype=np.float64)


def standardised_years(catalog: Catalog) -> Array:
    """(n_items,) float64: years as distances from their mean in standard deviations; 0 where unknown."""
    years = years_of(catalog)
    known = np.isfinite(years)
    spread = years[known].std() if known.any() else 0.0
    if spread <= 0:
        return np.zeros(len(years))
    return np.where(known, (years - years[known].mean()) / spread, 0.0)
