"""Texts as words, in a form in which only what they say counts: no case, accents, punctuation or spacing."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..types import Array

MEANINGFUL = "+#"
"""Signs that stay: C, C++ and C# are three things."""
UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
"""Scripts that put no blanks between words: each of their characters counts as a word."""


class _Blanks(dict[int, int | str | None]):
    """Code point -> what stands there in the plain form; filled as characters turn up."""

    def __missing__(self, code: int) -> int | str | None:
        char = chr(code)
        plain: int | str | None = code
        if 0x300 <= code <= 0x36F:
            plain = None
        elif char not in MEANINGFUL and unicodedata.category(char)[0] in "PSZC":
            plain = " "
        elif code > 0x7F and unicodedata.name(char, "").startswith(UNSPACED):
            plain = f" {char} "
        self[code] = plain
        return plain


_BLANKS = _Blanks()


def plain(text: str) -> str:
    """The words of a text, in lower case and without accents, one blank between them.

    A text of signs only stays as it is: it has no other form.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    folded = text.casefold()
    return " ".join(folded.translate(_BLANKS).split()) or folded.strip()


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of n texts: flat codes, text after text.

    codes: (total,) int64. starts: (n + 1,). numeric: (n_words,) bool, the words by code that hold a digit.
    """

    codes: Array
    starts: Array
    numeric: Array

    @property
    def lengths(self) -> Array:
        """(n,) how many words each text has."""
        return np.diff(self.starts)

    @property
    def rows(self) -> Array:
        """(total,) the text each word stands in."""
        return np.repeat(np.arange(len(self.starts) - 1), self.lengths)

    def numbers(self) -> Array:
        """(n,) uint64, equal where two texts hold the same words with digits, equally often."""
        hashed = np.where(self.numeric[self.codes], scattered(self.codes), np.uint64(0))
        sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(hashed, dtype=np.uint64)])
        return sums[self.starts[1:]] - sums[self.starts[:-1]]


def split(texts: Sequence[str]) -> Words:
    """Plain texts as words."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lists = pc.split_pattern(pa.array(texts, pa.large_string()), " ")
    encoded = lists.values.dictionary_encode()
    numeric = pc.match_substring_regex(encoded.dictionary, r"\p{N}")
    return Words(
        codes=encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64),
        starts=lists.offsets.to_numpy().astype(np.int64),
        numeric=numeric.to_numpy(zero_copy_only=False).astype(bool),
    )


def scattered(numbers: Array) -> Array:
    """Whole numbers -> uint64 spread over the whole range (the finaliser of SplitMix64, Steele et al. 2014)."""
    mixed = numbers.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
