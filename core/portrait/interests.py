"""Interests as groups one can name: what a user model found in a history, in categories, words and typical items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..audience import Taste
from ..types import Array, Catalog, Interactions, readonly, unit_rows
from .attributes import Attributes, categories, terms
from .likes import item_likes

NAMED = 2
"""Categories that make a name."""
OFTEN = 0.4
"""A category names an interest where at least this share of its items has it ..."""
ABOVE = 1.2
"""... and where it is this many times as common there as among everybody's likes."""
LEAST_WORDS, WORD_SHARE = 2, 0.1
"""Items of an interest that a word stands in, and share of them, to be one of its words."""


@dataclass(frozen=True, slots=True, eq=False)
class Interest:
    """share: how much of the user it is, in (0, 1]. items: (m,) her liked items in it, the most typical first, with
    cosines: (m,) with its centre (d,), which has length 1. names: categories it is named by, () where none stands out.
    words: of the items' texts, the most telling first. tightness: mean of the cosines."""

    share: float
    items: Array
    cosines: Array
    centre: Array
    names: tuple[str, ...]
    words: tuple[str, ...]
    tightness: float


def interests(
    taste: Taste, log: Interactions, catalog: Catalog, user: int, spots: Array, *, most_words: int = 5
) -> tuple[Interest, ...]:
    """The lines of one user's taste, largest share first. spots: (n_items, d) of length 1, zero rows without a place;
    lines whose items cancel out, or have no place, are left out."""
    items = log.items[log.history(user)]
    found = []
    for share, weights in zip(taste.shares, taste.weights, strict=True):
        rows = np.flatnonzero((weights > 0) & (items < len(catalog)))
        centre = unit_rows((weights[rows] @ spots[items[rows]])[None, :])[0]
        if len(rows) and centre.any():
            found.append(_interest(float(share), np.unique(items[rows]), centre, log, catalog, spots, most_words))
    return tuple(found)


def _interest(
    share: float, items: Array, centre: Array, log: Interactions, catalog: Catalog, spots: Array, most_words: int
) -> Interest:
    cosines = spots[items] @ centre
    order = np.argsort(-cosines, kind="stable")
    popular = item_likes(log, len(catalog))
    return Interest(
        share=share,
        items=readonly(items[order]),
        cosines=readonly(cosines[order]),
        centre=readonly(centre),
        names=_names(categories(catalog), items, popular),
        words=_words(terms(catalog), items, popular, most_words),
        tightness=float(cosines.mean()),
    )


def _ratios(kind: Attributes, items: Array, popular: Array) -> tuple[Array, Array]:
    """(n,), (n,): the share of the items that has each attribute, and how often that is the share among all likes."""
    share = kind.counts(items) / len(items)
    usual = kind.weighed(popular) / max(int(popular.sum()), 1)
    return share, np.divide(share, usual, out=np.zeros(len(share)), where=usual > 0)


def _names(kind: Attributes, items: Array, popular: Array) -> tuple[str, ...]:
    share, ratio = _ratios(kind, items, popular)
    fit = np.flatnonzero((share >= OFTEN) & (ratio >= ABOVE))
    telling = share[fit] * np.log(ratio[fit])  # common here and rare elsewhere
    return tuple(kind.names[code] for code in fit[np.argsort(-telling, kind="stable")][:NAMED])


def _words(kind: Attributes, items: Array, popular: Array, most: int) -> tuple[str, ...]:
    share, ratio = _ratios(kind, items, popular)
    least = max(LEAST_WORDS / len(items), WORD_SHARE)
    fit = np.flatnonzero((share >= least) & (ratio > 1))
    telling = share[fit] * np.log(ratio[fit])
    return tuple(kind.names[code] for code in fit[np.argsort(-telling, kind="stable")][:most])
