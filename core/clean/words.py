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
END = "\0"
"""Stands between texts in the fast way."""
_ASCII = bytes(
    code if chr(code) == END or code > 0x7F else ord(chr(code).lower().translate(_BLANKS)) for code in range(256)
)


def plain(text: str) -> str:
    """The words of a text, in lower case and without accents, one blank between them.

    A text of signs only stays as it is: it has no other form.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    folded = text.casefold()
    return " ".join(folded.translate(_BLANKS).split()) or folded.strip()


def plain_texts(texts: Sequence[str]) -> list[str]:
    """The plain form of each text; those in ASCII, which are most, in one pass over all of them."""
    out = [""] * len(texts)
    rows = [row for row, text in enumerate(texts) if text.isascii() and END not in text]
    for row, found in zip(rows, _plain_ascii([texts[row] for row in rows]), strict=True):
        out[row] = found
    # What has no words in ASCII has signs only, or waits for the slow way.
    return [found or plain(text) for found, text in zip(out, texts, strict=True)]


def _plain_ascii(texts: Sequence[str]) -> list[str]:
    """The words of texts in ASCII without END, "" where there are none."""
    if not texts:
        return []
    data = np.frombuffer(END.join((*texts, "")).encode().translate(_ASCII), dtype=np.uint8)
    blank, end = data == ord(" "), data == ord(END)
    data = data[~(blank & np.append(blank[1:] | end[1:], True))]
    leading = np.append(True, data[:-1] == ord(END)) & (data == ord(" "))
    return data[~leading].tobytes().decode().split(END)[:-1]


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

    def take(self, rows: Array) -> Words:
        """The words of some of the texts, rows (m,) ascending."""
        chosen = np.zeros(len(self.lengths), dtype=bool)
        chosen[rows] = True
        starts = np.append(0, np.cumsum(self.lengths[rows]))
        return Words(self.codes[np.repeat(chosen, self.lengths)], starts, self.numeric)

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
