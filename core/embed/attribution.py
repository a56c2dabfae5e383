"""Which words of a text carry a score: leave one word out, score again, and check it by taking words out for good.

A word leaves with the blank before it; punctuation stays. Every shortened text goes through the same encoder as the
whole one, so a share is what the ranking itself would lose. Texts of many words are taken apart in runs of neighbours.
The check is the deletion test of Samek et al. (2017), "Evaluating the visualization of what a deep neural network has
learned": if the shares are right, the score falls faster when words go in their order than when they go at random.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..types import Array, readonly

Scoring = Callable[[Sequence[str]], Array]
"""texts (n) -> (n,) scores, higher is better, encoded as items are."""
MOST_PIECES, FEWEST_PIECES, MOST_WORDS = 64, 16, 4_000
"""A text is taken apart in so many pieces at most, and in fewer where it is so long that all its shortened forms
together would hold more than MOST_WORDS words, which bounds the time; but never in fewer than FEWEST_PIECES."""
STEPS = 8
DRAWS = 5
WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|"
    r"[^\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+(?:['’.&/-][^\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+)*"
)
"""Letters and digits that belong together; scripts without blanks are read sign by sign."""


@dataclass(frozen=True, slots=True)
class Piece:
    """``text[start:end]``: a word, or a run of neighbouring ones."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Deletion:
    """How the score falls when words are taken out one after the other.

    removed: (s,) int64, how many pieces are gone, 0 first. by_share: (s,) the score when those with the largest shares
    go first. by_chance: (s,) the mean of ``DRAWS`` random orders.
    """

    removed: Array
    by_share: Array
    by_chance: Array

    @property
    def ratio(self) -> float:
        """Area lost by share over area lost by chance: above 1 the words were told right. NaN where chance loses
        nothing."""
        lost = [float(np.trapezoid(curve[0] - curve, self.removed)) for curve in (self.by_share, self.by_chance)]
        return lost[0] / lost[1] if lost[1] > 0 else float("nan")


def pieces_of(text: str, most: int = 0) -> tuple[Piece, ...]:
    """The words of a text in order; of more than ``most`` (0 = as the time allows), runs of as equal length as
    possible."""
    words = [Piece(*found.span()) for found in WORD.finditer(text)]
    most = most or min(MOST_PIECES, max(FEWEST_PIECES, MOST_WORDS // max(len(words), 1)))
    if len(words) <= most:
        return tuple(words)
    bounds = [round(part * len(words) / most) for part in range(most + 1)]
    return tuple(Piece(words[low].start, words[high - 1].end) for low, high in pairwise(bounds) if low < high)


def without(text: str, gone: Sequence[Piece]) -> str:
    """The text without some pieces, each with the blanks before it."""
    kept, place = [], 0
    for piece in sorted(gone, key=lambda one: one.start):
        kept.append(text[place : piece.start].rstrip())
        place = piece.end
    return ("".join(kept) + text[place:]).strip()


def leave_one_out(text: str, pieces: Sequence[Piece], scoring: Scoring) -> tuple[float, Array]:
    """The score of the whole text, and (t,) float64 what it loses without each piece; negative where it gains."""
    scores = np.asarray(scoring([text, *(without(text, [piece]) for piece in pieces)]), dtype=np.float64)
    return float(scores[0]), readonly(scores[0] - scores[1:])


def deletion_test(text: str, pieces: Sequence[Piece], shares: Array, scoring: Scoring, *, seed: int = 0) -> Deletion:
    """Take out up to half of the pieces, by share and in ``DRAWS`` random orders, in ``STEPS`` steps at most."""
    half = (len(pieces) + 1) // 2
    counts = np.unique(np.linspace(0, half, min(STEPS, half) + 1).round().astype(np.int64))
    rng = np.random.default_rng(seed)
    orders = [np.argsort(-shares, kind="stable"), *(rng.permutation(len(pieces)) for _ in range(DRAWS))]
    texts = [without(text, [pieces[place] for place in order[:count]]) for order in orders for count in counts]
    scores = _each_once(texts, scoring).reshape(len(orders), len(counts))
    return Deletion(readonly(counts), readonly(scores[0]), readonly(scores[1:].mean(axis=0)))


def _each_once(texts: Sequence[str], scoring: Scoring) -> Array:
    distinct = list(dict.fromkeys(texts))
    found = dict(zip(distinct, np.asarray(scoring(distinct), dtype=np.float64).tolist(), strict=True))
    return np.array([found[text] for text in texts])
