"""What a user model makes of a user, in words."""

from __future__ import annotations

from core.modelled import Portion
from ui.taste_said import said


def test_likes_that_count_and_what_the_latest_carry() -> None:
    assert said(Portion(40, 40, 5, 0.25, 0, 0.0, (1.0,))) == (
        "This user: 40 of 40 liked items count. The latest 5 carry 25 % of the weight."
    )


def test_a_short_memory_is_all_of_its_latest() -> None:
    assert said(Portion(40, 5, 5, 1.0, 0, 0.0, (1.0,))) == "This user: 5 of 40 liked items count."


def test_dislikes_and_interests_are_told() -> None:
    told = said(Portion(40, 40, 5, 0.1, 12, 0.3, (0.4, 0.2, 0.2, 0.1, 0.1)))
    assert "5 interests, by share of the history: 40 %, 20 %, 20 %, 10 % and 1 more." in told
    assert told.endswith("12 disliked items push away with 30 % of that weight.")


def test_nothing_is_said_to_be_nothing() -> None:
    assert said(Portion(0, 0, 0, 0.0, 0, 0.0, ())) == (
        "Nothing speaks for this user here: of 0 liked items none counts."
    )
