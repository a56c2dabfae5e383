"""Personas: their text survives the way through an address, and what cannot be used of one is said."""

from __future__ import annotations

from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.newcomer.persona import (
    CATEGORY,
    DISLIKE,
    LIKE,
    LONGEST_SENTENCE,
    MOST_ANSWERS,
    NOT_CATEGORY,
    SENTENCE,
    SKIP,
    Answer,
    Persona,
    from_text,
    item_places,
    to_text,
)
from tests.worlds import block_world

DATASET, _ = block_world()
CATALOG = DATASET.catalog

sentences = st.text(st.characters(codec="utf-8"), max_size=60).filter(lambda text: text.split() != [])
answers = st.one_of(
    st.tuples(st.sampled_from((LIKE, DISLIKE, SKIP)), st.sampled_from([str(value) for value in CATALOG.item_ids])),
    st.tuples(st.sampled_from((CATEGORY, NOT_CATEGORY)), st.sampled_from(("Block 0", "Block 1", "Block 2"))),
    st.tuples(st.just(SENTENCE), sentences),
)


def persona(*given_answers: tuple[str, str]) -> Persona:
    made = Persona()
    for kind, value in given_answers:
        made = made.with_answer(kind, value)
    return made


@settings(deadline=None)
@given(st.lists(answers, max_size=12))
def test_a_persona_comes_back_from_its_text_as_an_address_holds_it(
    given_answers: list[tuple[str, str]],
) -> None:
    made = persona(*given_answers)
    text = to_text(made)
    assert from_text(text, CATALOG) == (made, ())
    assert quote_plus(text) == text
    assert urlencode({"persona": text}) == f"persona={text}"


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_gives_a_persona_and_a_sentence_for_each_part_that_is_none(text: str) -> None:
    made, said = from_text(text, CATALOG)
    assert len(made) + len(said) <= len(text.split("."))
    assert from_text(to_text(made), CATALOG) == (made, ())


def test_the_text_by_hand() -> None:
    made = persona((LIKE, "11"), (NOT_CATEGORY, "Block 2"), (SENTENCE, "slow  films, nö"), (SKIP, "0"))
    assert to_text(made) == "l11.xBlock_2.tslow_films-2C_n-C3-B6.s0"


def test_what_is_unknown_is_said_and_the_rest_kept() -> None:
    made, said = from_text("l11.l999.cBlock_9.z4.l.t-ZZ.d12", CATALOG)
    assert made == persona((LIKE, "11"), (DISLIKE, "12"))
    assert [sentence.split(" was left out")[0] for sentence in said] == [
        "item '999'",
        "category 'Block 9'",
        "'z4'",
        "'l'",
        "'t-ZZ'",
    ]


def test_a_later_answer_to_the_same_replaces_the_first() -> None:
    made = persona((LIKE, "11"), (CATEGORY, "Block 0"), (DISLIKE, "11"), (NOT_CATEGORY, "Block 0"))
    assert made.answers == (Answer(DISLIKE, "11"), Answer(NOT_CATEGORY, "Block 0"))
    assert made.without(Answer(DISLIKE, "11")).answers == (Answer(NOT_CATEGORY, "Block 0"),)


def test_the_way_to_a_persona_leaves_out_what_says_nothing() -> None:
    made = persona((LIKE, "0"), (SKIP, "1"), (DISLIKE, "2"))
    assert made.prefixes() == (persona((LIKE, "0")), persona((LIKE, "0"), (DISLIKE, "2")))


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("love", "1", "must be one of"),
        (LIKE, "", "needs something"),
        (SENTENCE, " \n ", "needs something"),
        (SENTENCE, "x" * (LONGEST_SENTENCE + 1), "at most 300 letters, got 301"),
        (SENTENCE, "\ud800", "not text"),
    ],
)
def test_what_is_no_answer_is_refused(kind: str, value: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        Answer(kind, value)


def test_there_is_an_end_to_answers() -> None:
    full = persona(*((SENTENCE, f"wish {n}") for n in range(MOST_ANSWERS)))
    with pytest.raises(InputError, match="at most 100 answers"):
        full.with_answer(LIKE, "0")
    assert len(full.with_answer(SENTENCE, "wish 3")) == MOST_ANSWERS


def test_places_of_ids() -> None:
    assert item_places(["10", "x", "0"], CATALOG).tolist() == [6, -1, 0]
