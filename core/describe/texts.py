"""How much there is to read about each item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..embed.template import fields_in
from ..recipe import Recipe
from ..types import Array, Catalog, Dataset
from ..vectors import item_texts, template_of
from .bins import Bins, log_bins

SHORT = 5
"""Words; fewer say little about an item."""
LONG = 200
"""Words; a model that reads 256 tokens stops at about this many (an English word is about 1.3 tokens)."""

UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Scripts without spaces between words (Thai, Lao, Burmese, Khmer, Japanese, Chinese): a sign counts as a word, which
is also how a word-piece model takes most of them."""


@dataclass(frozen=True, slots=True)
class TextLength:
    """The item texts as the model reads them, template words included.

    An item of which nothing is known has an empty text, of no words: its title as shown, "Untitled item 42", is not
    something that was said about it. words: texts by their number of words. median_words, median_characters, longest:
    of all items, NaN without any. short, long: the limits in words. short_share: texts of fewer words than ``short``;
    long_share: of ``long`` or more, so that a model of 256 tokens is likely to cut them. empty, empty_share: items
    whose every field of the template is missing.
    """

    words: Bins
    median_words: float
    median_characters: float
    longest: int
    short: int
    short_share: float
    long: int
    long_share: float
    empty: int
    empty_share: float


def text_length(dataset: Dataset) -> TextLength:
    """Length of the item texts. Raises InputError where the data set's template cannot be read."""
    empty = _empty(dataset.catalog, fields_in(template_of(Recipe(), dataset)))
    told = zip(item_texts(Recipe(), dataset), empty.tolist(), strict=True)
    texts = ["" if nothing else text for text, nothing in told]
    words = np.array([count_words(text) for text in texts], dtype=np.int64)
    characters = np.array([len(text) for text in texts], dtype=np.int64)
    some, undefined = len(texts) > 0, float("nan")
    return TextLength(
        words=log_bins(words),
        median_words=float(np.median(words)) if some else undefined,
        median_characters=float(np.median(characters)) if some else undefined,
        longest=int(words.max()) if some else 0,
        short=SHORT,
        short_share=float((words < SHORT).mean()) if some else undefined,
        long=LONG,
        long_share=float((words >= LONG).mean()) if some else undefined,
        empty=int(empty.sum()),
        empty_share=float(empty.mean()) if some else undefined,
    )


def count_words(text: str) -> int:
    """Words between spaces; in scripts without spaces, signs."""
    if text.isascii():
        return len(text.split())
    signs = len(UNSPACED.findall(text))
    return signs + len(UNSPACED.sub(" ", text).split()) if signs else len(text.split())


def _empty(catalog: Catalog, names: Sequence[str]) -> Array:
    """(n_items,) bool: no field of the template has a value."""
    there = np.zeros(len(catalog), dtype=bool)
    for name in names:
        if name in catalog.fields:
            there |= catalog.fields[name] != ""
    return ~there
