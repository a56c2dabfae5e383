"""Minus works: what follows "without" is kept apart from what is wished for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.newcomer.phrases import wishes


@pytest.mark.parametrize(
    ("sentence", "liked", "disliked"),
    [
        ("slow space films without aliens", ["slow space films"], ["aliens"]),
        ("funny but not romantic", ["funny"], ["romantic"]),
        ("no horror", [], ["horror"]),
        ("space -aliens robots", ["space", "robots"], ["aliens"]),
        ("slow, quiet films with dogs", ["slow, quiet films with dogs"], []),
        ("films, not too violent, with dogs", ["films", "dogs"], ["violent"]),
        ("no aliens, robots or zombies", [], ["aliens", "robots or zombies"]),
        ("not only war but love", ["war but love"], []),
        ("well-made no-nonsense thriller", ["well-made no-nonsense thriller"], []),
        ("Space WITHOUT Aliens but robots", ["Space", "robots"], ["Aliens"]),
        ("anything except musicals", ["anything"], ["musicals"]),
        ("without", [], []),
        ("...", [], []),
    ],
)
def test_sentences_by_hand(sentence: str, liked: list[str], disliked: list[str]) -> None:
    found = wishes(sentence)
    assert [wish.text for wish in found if wish.liked] == liked
    assert [wish.text for wish in found if not wish.liked] == disliked


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_taken_apart_and_no_word_is_made_up(sentence: str) -> None:
    for wish in wishes(sentence):
        assert wish.text == wish.text.strip() != ""
        assert all(any(word in given_word for given_word in sentence.split()) for word in wish.text.split())
