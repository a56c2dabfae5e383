"""Pasted titles: the same film however it is written, asked back where several are meant, and never made up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.build import build_dataset
from core.newcomer.titles import common_form, find_titles, lines_of

TITLES = (
    "Matrix, The (1999)",
    "Sabrina (1954)",
    "Sabrina (1995)",
    "The Godfather: Part II",
    "Star Wars: A New Hope",
    "Star Wars: Return of the Jedi",
    "Amelie (Fabuleux destin d'Amélie Poulain, Le)",
    "Seven (a.k.a. Se7en)",
    "Alien",
    "Aliens",
    "WALL·E",
    "Terminator, The",
)
CATALOG = build_dataset(
    "titles",
    "Titles",
    {"item_id": list(range(len(TITLES))), "title": list(TITLES)},
    {"user_id": [1], "item_id": [0], "weight": [1.0]},
).catalog
KNOWN = np.array([9, 1, 2, 3, 8, 7, 1, 1, 1, 1, 1, 1])


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("the matrix", 0),
        ("Matrix, The (1999)", 0),
        ("MATRIX", 0),
        ("The Mattrix", 0),
        ("sabrina (1954)", 1),
        ("the godfather part 2", 3),
        ("Star Wars - Return of the Jedi", 5),
        ("amélie", 6),
        ("Le fabuleux destin d'Amelie Poulain", 6),
        ("se7en", 7),
        ("alien", 8),
        ("aliens", 9),
        ("wall-e", 10),
        ("Termintor", 11),
    ],
)
def test_a_title_is_found_however_it_is_written(asked: str, title: int) -> None:
    match = find_titles(CATALOG, [asked], KNOWN)[0]
    assert (match.item, match.choices) == (title, ())
    assert match.likeness > 0.8


@pytest.mark.parametrize(
    ("asked", "choices"),
    [("Sabrina", (2, 1)), ("star wars", (4, 5)), ("Sabrina (1970)", (2, 1)), ("Matirx", (0,))],
)
def test_what_may_mean_several_is_asked_back_the_best_known_first(asked: str, choices: tuple[int, ...]) -> None:
    match = find_titles(CATALOG, [asked], KNOWN)[0]
    assert (match.item, match.choices) == (-1, choices)


@pytest.mark.parametrize("asked", ["xyzzy plugh", "", "!!!", "Gone with the Wind"])
def test_what_is_not_there_is_not_found(asked: str) -> None:
    match = find_titles(CATALOG, [asked], KNOWN)[0]
    assert (match.item, match.choices) == (-1, ())


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_may_be_asked_for(asked: str) -> None:
    match = find_titles(CATALOG, [asked])[0]
    assert 0 <= match.likeness <= 1
    assert match.item == -1 or not match.choices


@settings(deadline=None)
@given(st.sampled_from(TITLES))
def test_every_title_finds_itself_or_is_among_the_choices(title: str) -> None:
    match = find_titles(CATALOG, [title])[0]
    assert TITLES.index(title) in (match.item, *match.choices)


def test_the_common_form() -> None:
    assert common_form("Beautiful Mind, A (2001)") == "beautiful mind"
    assert common_form("The The") == "the"
    assert common_form("Rocky III") == common_form("rocky 3") == "rocky 3"
    assert common_form("Tom & Jerry") == "tom and jerry"


def test_a_pasted_list_is_taken_line_by_line() -> None:
    assert lines_of("1. The Matrix\n- Alien ; \u201cAliens\u201d\n\n  * Alien\n12 Monkeys") == (
        "The Matrix",
        "Alien",
        "Aliens",
        "12 Monkeys",
    )
