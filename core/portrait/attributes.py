"""What items can be told apart by in words: their categories, and the words of their texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..clean.words import plain_texts
from ..types import Array, Catalog, readonly

SHORTEST = 3
"""Letters that a word has at least."""
LEAST_ITEMS = 5
"""Items that a word stands in at least."""
STOP_SHARE = 0.03
"""A word in more than this share of the items says nothing about any of them ..."""
LONG_TEXT, LONG_STOP_SHARE = 20, 0.2
"""... and where items have this many words on average, in more than that share."""
NOT_READ = ("category",)
"""Fields that are no text to be read: categories are attributes of their own."""
LEAST_WORDS = 0.5
"""A field is read where at least this share of its values holds a word, not just a number or an address."""


@dataclass(frozen=True, slots=True, eq=False)
class Attributes:
    """Which items have which of ``names``: item i has ``codes[indptr[i]:indptr[i + 1]]``, ascending, each once."""

    names: tuple[str, ...]
    indptr: Array
    codes: Array

    def counts(self, items: Array) -> Array:
        """(n_names,) in how many of the items (m,) each attribute is found."""
        return np.bincount(self._codes_of(items), minlength=len(self.names))

    def weighed(self, by_item: Array) -> Array:
        """(n_names,) the sum of ``by_item`` (n_items,) over the items that have each attribute."""
        return np.bincount(self.codes, weights=np.repeat(by_item, np.diff(self.indptr)), minlength=len(self.names))

    def has(self, items: Array, code: int) -> Array:
        """(m,) bool: which of the items have an attribute."""
        return np.array([code in self.codes[self.indptr[item] : self.indptr[item + 1]] for item in items], dtype=bool)

    def _codes_of(self, items: Array) -> Array:
        lengths = np.diff(self.indptr)[items]
        starts = np.repeat(self.indptr[:-1][items] - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
        return self.codes[(starts + np.arange(lengths.sum())).astype(np.int64)]


@lru_cache(maxsize=4)
def categories(catalog: Catalog) -> Attributes:
    """The categories, by name."""
    names = tuple(sorted({name for given in catalog.categories for name in given}))
    known = {name: code for code, name in enumerate(names)}
    return _packed(names, [sorted({known[name] for name in given}) for given in catalog.categories])


@lru_cache(maxsize=4)
def terms(catalog: Catalog) -> Attributes:
    """The words of the items' texts: lower case, no accents, no numbers, and none that stands nearly everywhere.

    Words of fewer than SHORTEST letters, of fewer than LEAST_ITEMS items, or of more than STOP_SHARE of them
    (LONG_STOP_SHARE where texts are long) are left out. No list of stop words of any language is needed.
    """
    texts = _texts(catalog)
    words = [{word for word in text.split() if len(word) >= SHORTEST and not _has_digit(word)} for text in texts]
    counts: dict[str, int] = {}
    for found in words:
        for word in found:
            counts[word] = counts.get(word, 0) + 1
    per_item = sum(len(text.split()) for text in texts) / max(len(texts), 1)
    most = (LONG_STOP_SHARE if per_item >= LONG_TEXT else STOP_SHARE) * len(texts)
    names = tuple(sorted(word for word, n in counts.items() if LEAST_ITEMS <= n <= most))
    known = {name: code for code, name in enumerate(names)}
    return _packed(names, [sorted(known[word] for word in found if word in known) for found in words])


def _texts(catalog: Catalog) -> list[str]:
    """The plain text of each item: all fields that hold words."""
    read = [_plain(values.tolist()) for name, values in catalog.fields.items() if name not in NOT_READ]
    kept = [texts for texts in read if _holds_words(texts)]
    return [" ".join(parts) for parts in zip(*kept, strict=True)] if kept else [""] * len(catalog)


def _plain(texts: Sequence[str]) -> list[str]:
    return plain_texts(["" if "://" in text else text for text in texts])


def _holds_words(texts: Sequence[str]) -> bool:
    given = [text for text in texts if text]
    worded = sum(any(len(word) >= SHORTEST and word.isalpha() for word in text.split()) for text in given)
    return worded > LEAST_WORDS * len(given)


def _has_digit(word: str) -> bool:
    return any(char.isdigit() for char in word)


def _packed(names: tuple[str, ...], rows: Iterable[Sequence[int]]) -> Attributes:
    given = list(rows)
    indptr = np.concatenate(([0], np.cumsum([len(row) for row in given]))).astype(np.int64)
    codes = np.array([code for row in given for code in row], dtype=np.int64)
    return Attributes(names, readonly(indptr), readonly(codes))
