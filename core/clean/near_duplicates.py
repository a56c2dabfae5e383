"""Items that say nearly the same as another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from ..registry import knob
from ..types import Array
from .overlap import Sets, candidates, sets
from .state import Finding, Items, counted
from .words import Words, plain_texts, scattered, split

SHORT = 3
"""A text of so many words is a duplicate only of the very same words."""


@dataclass(frozen=True, slots=True)
class NearDuplicates:
    """Items whose text is that of an earlier item, whatever the case, accents, punctuation and spacing, or nearly.

    Nearly: the Jaccard overlap of their pairs of neighbouring words (shingles: Broder 1997) is at least ``overlap``,
    and so is that of the words of their titles, of which one may have words more but none instead: gold ink is not
    silver ink. Words with digits must be the same: part 1 is not part 2, a cartridge 74 not a 75. Each item
    goes with the earliest one that it resembles itself: there are no chains.
    """

    key: ClassVar[str] = "near_duplicates"
    label: ClassVar[str] = "Near-duplicates"
    help: ClassVar[str] = "Items that say nearly the same as an earlier one; applied, they become one item."
    order: ClassVar[int] = 24
    table: ClassVar[str] = "items"
    mode: ClassVar[str] = "look"

    overlap: float = knob(0.9, "least share of word pairs that two texts have in common", low=0.5, high=1.0, step=0.05)

    def __call__(self, items: Items) -> Finding:
        """The later rows of each group; applied, their interactions go to the earliest one."""
        order = np.argsort(items.at)
        texts = plain_texts(items.texts[order].tolist())
        titles = plain_texts(items.titles[order].tolist())
        lead = _equal(texts, titles)
        equal = int((lead != np.arange(len(lead))).sum())
        lead = self._alike(texts, titles, lead)
        n = int((lead != np.arange(len(lead))).sum())
        into = np.empty(len(items), dtype=np.int64)
        into[order] = order[lead]
        touched = into != np.arange(len(items))
        if not n:
            return Finding(touched, "No two items say the same.")
        text = (
            f"{counted(n, 'item')} that {'says' if n == 1 else 'say'} the same as an earlier one{self._how(n, equal)}."
        )
        evidence = _evidence(items, order[lead != np.arange(len(lead))], into)
        return Finding(touched, text, evidence, replace(items, renamed=_renamed(items, touched, into)))

    def _how(self, n: int, equal: int) -> str:
        share = f"{100 * self.overlap:.0f} % or more of the word pairs"
        if equal == n:
            return ", in the same words"
        if not equal:
            return f", in nearly the same words ({share})"
        return f": {equal:,} in the same words, {n - equal:,} in nearly the same ({share})"

    def _alike(self, texts: list[str], titles: list[str], lead: Array) -> Array:
        """lead (n,), with those added that nearly agree with an earlier leader."""
        words = split(texts)
        rows = np.flatnonzero((lead == np.arange(len(lead))) & (words.lengths > SHORT))
        if len(rows) < 2:
            return lead
        words = words.take(rows)
        shingles = _shingles(words)
        one, other = candidates(shingles, words.numbers(), self.overlap)
        near = shingles.jaccard(one, other) >= self.overlap - 1e-9
        one, other = one[near], other[near]
        near = self._titles_agree([titles[row] for row in rows.tolist()], one, other)
        one, other = one[near], other[near]
        found = np.arange(len(rows))
        for at in np.lexsort([one, other]).tolist():
            if found[other[at]] == other[at] and found[one[at]] == one[at]:
                found[other[at]] = one[at]
        lead = lead.copy()
        lead[rows] = rows[found]
        return lead[lead]

    def _titles_agree(self, titles: list[str], one: Array, other: Array) -> Array:
        """(m,) for pairs of rows; only the titles that stand in a pair are looked at."""
        rows, places = np.unique(np.concatenate([one, other]), return_inverse=True)
        one, other = places[: len(one)], places[len(one) :]
        heads = split([titles[row] for row in rows.tolist()])
        named = sets(heads.rows, scattered(heads.codes), len(rows))
        within = named.shared(one, other) == np.minimum(named.sizes[one], named.sizes[other])
        return within & (named.jaccard(one, other) >= self.overlap - 1e-9)


def _equal(texts: list[str], titles: list[str]) -> Array:
    """(n,) the first row with the same words; a blank text, or a short one without a title, is like no other."""
    first: dict[tuple[str, str], int] = {}
    out = np.arange(len(texts))
    for row, (text, title) in enumerate(zip(texts, titles, strict=True)):
        if title or text.count(" ") >= SHORT:
            out[row] = first.setdefault((title, text), row)
    return out


def _shingles(words: Words) -> Sets:
    rows = words.rows
    inside = rows[1:] == rows[:-1]
    pairs = scattered(words.codes[:-1] * len(words.numeric) + words.codes[1:])
    return sets(rows[1:][inside], pairs[inside], len(words.lengths))


def _evidence(items: Items, rows: Array, into: Array) -> tuple[str, ...]:
    return tuple(f"{_named(items, row)} = {_named(items, into[row])}" for row in rows[:5])


def _named(items: Items, row: int) -> str:
    return f"{items.ids[row]} “{' '.join((items.titles[row].strip() or items.texts[row]).split())[:80]}”"


def _renamed(items: Items, touched: Array, into: Array) -> Mapping[str, str]:
    """The ids that go, with the id each goes to; earlier merges follow."""
    stays = set(items.ids[~touched].tolist())
    rows = [row for row in np.flatnonzero(touched).tolist() if items.ids[row] not in stays]
    new = {items.ids[row]: items.ids[into[row]] for row in rows}
    return {**{old: new.get(kept, kept) for old, kept in items.renamed.items()}, **new}
