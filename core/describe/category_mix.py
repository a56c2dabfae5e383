"""Which categories the catalogue holds, and how much of it each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..datasets.categories import by_count
from ..types import Catalog
from .concentration import entropy_share

SHOWN = 20


@dataclass(frozen=True, slots=True)
class CategoryMix:
    """An item may carry several categories and then counts for each.

    top: (category, items) of the 20 most frequent. rest: items whose categories are all less frequent ones.
    n_categories: different ones. without, without_share: items without any category. per_item: mean number of
    categories of the items that have any. evenness: entropy over its largest value, in [0, 1], of all category
    counts, 1 = all equally frequent. NaN where there is nothing to divide by.
    """

    top: tuple[tuple[str, int], ...]
    rest: int
    n_categories: int
    without: int
    without_share: float
    per_item: float
    evenness: float


def category_mix(catalog: Catalog) -> CategoryMix:
    """The categories of a catalogue."""
    counts = by_count(catalog)
    shown = {name for name, _ in counts[:SHOWN]}
    n, having = len(catalog), sum(1 for names in catalog.categories if names)
    in_top = n if len(counts) <= SHOWN else sum(1 for names in catalog.categories if not shown.isdisjoint(names))
    return CategoryMix(
        top=counts[:SHOWN],
        rest=max(0, having - in_top),
        n_categories=len(counts),
        without=n - having,
        without_share=(n - having) / n if n else float("nan"),
        per_item=sum(count for _, count in counts) / having if having else float("nan"),
        evenness=entropy_share(np.array([count for _, count in counts])),
    )
