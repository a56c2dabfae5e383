"""The newcomer of this page: what the address says of her, and what every click adds to it or takes back."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.errors import InputError
from core.newcomer.persona import (
    ABOUT_ITEMS,
    CATEGORY,
    DISLIKE,
    LIKE,
    NOT_CATEGORY,
    SKIP,
    Answer,
    Persona,
    from_text,
    item_places,
    to_text,
)
from core.types import Dataset

from . import newcomer_cards, state
from .blocks import error_card
from .newcomer_cards import Chip
from .text import plain_markdown, t

NAME = "persona"
"""The parameter of the address."""
SAID = "newcomer_said"
BACK = "newcomer-answers"
SIGN = {LIKE: "like", CATEGORY: "like", DISLIKE: "dislike", NOT_CATEGORY: "dislike", SKIP: "skip"}


def current(dataset: Dataset) -> Persona:
    """The newcomer as a click finds her: to be asked in callbacks."""
    return from_text(str(state.chosen(NAME) or ""), dataset.catalog)[0]


def read(dataset: Dataset, text: str) -> Persona:
    """The newcomer of a text; what could not be used of it is said."""
    persona, left_out = from_text(text, dataset.catalog)
    if left_out:
        st.warning("\n".join(f"- {plain_markdown(one)}" for one in left_out), icon=":material/info:")
    return persona


def add(dataset: Dataset, kind: str, value: str) -> None:
    """One more answer; where it cannot be one, that is said. To be used as a callback."""
    try:
        keep(current(dataset).with_answer(kind, value))
    except InputError as error:
        state.choose(SAID, (True, str(error)))


def take_back(dataset: Dataset, answers: tuple[Answer, ...]) -> None:
    """Some answers less. To be used as a callback."""
    persona = current(dataset)
    for answer in answers:
        persona = persona.without(answer)
    keep(persona)


def keep(persona: Persona) -> None:
    """Let this be the newcomer of the page."""
    state.choose(NAME, to_text(persona))


def outcome() -> None:
    """What became of the last click, once."""
    problem, text = state.chosen(SAID) or (False, "")
    state.drop(SAID)
    if problem:
        error_card(text)
    elif text:
        st.success(plain_markdown(text))


def label_of(dataset: Dataset, answer: Answer) -> str:
    """An answer in a few words: the title of its item, the category, the sentence."""
    if answer.kind in ABOUT_ITEMS:
        return str(dataset.catalog.titles[int(item_places([answer.value], dataset.catalog)[0])])
    return answer.value


def start_again(persona: Persona) -> None:
    """The way back to no answer."""
    st.button(
        t("newcomer.reset"),
        key="newcomer-reset",
        icon=":material/restart_alt:",
        disabled=not persona.answers,
        on_click=keep,
        args=(Persona(),),
    )


def given(dataset: Dataset, persona: Persona, told: Answer | None) -> None:
    """The answers as chips, each to be taken back. told: the one that moved the list most."""
    n = len(persona.telling)
    key = "newcomer.answers_none" if not n else "newcomer.answers_one" if n == 1 else "newcomer.answers"
    st.markdown(f"**{t(key, n=n)}**")
    if not n:
        return
    chips = [
        Chip(to_text(Persona((answer,))), label_of(dataset, answer), SIGN.get(answer.kind, "like"), answer == told)
        for answer in persona.telling
    ]
    newcomer_cards.answers(chips, key=BACK, on_click=partial(_back, dataset))


def _back(dataset: Dataset) -> None:
    click = newcomer_cards.clicked(BACK)
    if click is not None and click.did == "back":
        take_back(dataset, from_text(click.value, dataset.catalog)[0].answers)
