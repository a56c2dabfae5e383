"""One person's likes against those of all others, by category and by word."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import Array, Catalog, Interactions
from .attributes import Attributes, categories, terms
from .lifts import LEAST_HERS, Lift, lifts
from .likes import item_likes, likes

LEAST_LIKES = 30
"""Likes of anybody's that a word has at least: there are many words, and each that is looked at costs certainty."""


@dataclass(frozen=True, slots=True)
class Against:
    """categories: all that can be compared, more than others' or less. terms: words found at least LEAST_HERS times
    among hers, and more often than among others'. n: items she liked. n_others: likes of the others, n_users: of
    how many users."""

    categories: tuple[Lift, ...]
    terms: tuple[Lift, ...]
    n: int
    n_others: int
    n_users: int


def against_others(log: Interactions, catalog: Catalog, user: int) -> Against:
    """user: index. What is over- and under-represented among her likes, each item once."""
    everybody, n_items = likes(log, len(catalog)), len(catalog)
    hers = everybody.of(user)
    rest = item_likes(log, n_items).copy()
    rest[hers] -= 1
    n_others = int(rest.sum())
    kinds, words = categories(catalog), terms(catalog)
    return Against(
        categories=lifts(kinds.names, kinds.counts(hers), len(hers), _of_others(kinds, rest), n_others),
        terms=lifts(
            words.names,
            words.counts(hers),
            len(hers),
            _of_others(words, rest),
            n_others,
            least_others=LEAST_LIKES,
            least=LEAST_HERS,
            only_more=True,
        ),
        n=len(hers),
        n_others=n_others,
        n_users=log.n_users - 1,
    )


def _of_others(kind: Attributes, rest: Array) -> Array:
    return np.rint(kind.weighed(rest)).astype(np.int64)
