"""Words left out one by one, on scores that can be worked by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.embed.attribution import Piece, deletion_test, leave_one_out, pieces_of, without
from core.types import Array

WEIGHTS = {"space": 3.0, "robots": 2.0, "love": -1.0}


def sums(texts: Sequence[str]) -> Array:
    """A score that is the sum of what its words weigh, in no order."""
    return np.array([sum(WEIGHTS.get(word.strip(".,").lower(), 0.0) for word in text.split()) for text in texts])


def words(text: str, most: int = 0) -> list[str]:
    return [text[piece.start : piece.end] for piece in pieces_of(text, most)]


def test_words_keep_what_belongs_together_and_leave_punctuation() -> None:
    assert words("WALL·E (2008). Don't stop: sci-fi, R&B!") == ["WALL", "E", "2008", "Don't", "stop", "sci-fi", "R&B"]
    assert words("七人の侍 (1954)") == ["七", "人", "の", "侍", "1954"]
    assert words("… ()") == []


def test_a_piece_leaves_with_the_blank_before_it() -> None:
    text = "Big space robots (1995)"
    first, second, third, year = pieces_of(text)
    assert without(text, [second]) == "Big robots (1995)"
    assert without(text, [first]) == "space robots (1995)"
    assert without(text, [third, second]) == "Big (1995)"
    assert without(text, [year]) == "Big space robots ()"


def test_long_texts_are_taken_apart_in_runs_that_hold_every_word_once() -> None:
    text = " ".join(f"w{place}" for place in range(10))
    assert words(text, most=4) == ["w0 w1", "w2 w3 w4", "w5 w6 w7", "w8 w9"]
    assert words(text, most=10) == text.split()


@pytest.mark.parametrize(("n", "pieces"), [(0, 0), (64, 62), (60, 60), (200, 20), (1_000, 16)])
def test_the_longer_a_text_the_fewer_pieces_so_that_the_time_is_bounded(n: int, pieces: int) -> None:
    assert len(pieces_of("word " * n)) == pieces


def test_shares_are_what_the_score_loses() -> None:
    text = "Space robots in love"
    score, shares = leave_one_out(text, pieces_of(text), sums)
    assert score == 4.0
    assert shares.tolist() == [3.0, 2.0, 0.0, -1.0]
    assert not shares.flags.writeable


def test_everything_is_scored_in_one_call() -> None:
    calls: list[int] = []

    def counted(texts: Sequence[str]) -> Array:
        calls.append(len(texts))
        return sums(texts)

    text = "Space robots in love"
    pieces = pieces_of(text)
    _, shares = leave_one_out(text, pieces, counted)
    assert calls == [5]
    deletion_test(text, pieces, shares, counted)
    assert len(calls) == 2


def test_right_shares_lower_the_score_faster_than_chance_and_reversed_ones_slower() -> None:
    text = "a space b robots c d e love"
    pieces = pieces_of(text)
    _, shares = leave_one_out(text, pieces, sums)
    told = deletion_test(text, pieces, shares, sums)
    assert told.removed.tolist() == [0, 1, 2, 3, 4]
    assert told.by_share.tolist() == [4.0, 1.0, -1.0, -1.0, -1.0]
    assert told.by_chance[0] == 4.0
    assert told.ratio > 1.5
    wrong = deletion_test(text, pieces, -shares, sums)
    assert wrong.ratio < 0.5
    again = deletion_test(text, pieces, shares, sums)
    assert np.array_equal(again.by_chance, told.by_chance)


def test_no_ratio_where_chance_loses_nothing() -> None:
    text = "a b c d"
    pieces = pieces_of(text)
    assert np.isnan(deletion_test(text, pieces, np.zeros(4), sums).ratio)


@pytest.mark.parametrize("text", ["one", "one two"])
def test_short_texts_can_be_tested_too(text: str) -> None:
    pieces = pieces_of(text)
    assert deletion_test(text, pieces, np.zeros(len(pieces)), sums).removed.tolist() == [0, 1]


@given(st.text(max_size=60), st.integers(1, 6))
def test_pieces_stand_in_order_within_the_text(text: str, most: int) -> None:
    pieces = pieces_of(text, most)
    assert len(pieces) <= most
    bounds = [place for piece in pieces for place in (piece.start, piece.end)]
    assert bounds == sorted(bounds)
    assert all(piece.start < piece.end <= len(text) for piece in pieces)
    gone = without(text, pieces)
    assert pieces_of(gone) == ()


def test_a_piece_is_a_place_in_the_text() -> None:
    assert pieces_of("one two") == (Piece(0, 3), Piece(4, 7))
