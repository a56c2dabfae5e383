"""Newcomers to keep and to share: the text that the address holds, and those saved under a name."""

from __future__ import annotations

import streamlit as st

from core.errors import RecallscopeError
from core.newcomer.persona import MOST_ANSWERS
from core.store.personas import delete_persona, load_persona, persona_names, save_persona
from core.types import Dataset

from . import state
from .blocks import error_card
from .newcomer_answers import NAME, SAID
from .text import plain_markdown, t

LONGEST = MOST_ANSWERS * 1_000
PICKED, NEW_NAME = "newcomer-picked", "newcomer-name"


def draw(dataset: Dataset) -> str:
    """Behind one button: the newcomer as text, saving, loading and deleting. Returns the text.

    To be drawn before the text is asked for: after a step back in the browser, only the field knows what it is now.
    """
    with st.popover(t("newcomer.keep"), icon=":material/bookmark:"):
        text = st.text_input(
            t("newcomer.as_text"),
            key=NAME,
            help=t("newcomer.as_text_help"),
            max_chars=LONGEST,
            bind="query-params",
            persist_state="session",
        )
        _saving(dataset, text)
        try:
            _saved(persona_names())
        except RecallscopeError as error:
            error_card(str(error))
    return text


def _saving(dataset: Dataset, text: str) -> None:
    name, button = st.columns([2, 1], vertical_alignment="bottom")
    name.text_input(t("newcomer.save_name"), key=NEW_NAME, max_chars=60)
    button.button(
        t("newcomer.save"),
        key="newcomer-save",
        disabled=not text.strip(),
        on_click=_keep,
        args=(text, dataset.name),
        width="stretch",
    )


def _saved(names: tuple[str, ...]) -> None:
    if not names:
        st.caption(t("newcomer.none_saved"))
        return
    picked = st.selectbox(t("newcomer.pick"), names, key=PICKED)
    with st.container(horizontal=True, gap="small"):
        st.button(t("newcomer.load"), key="newcomer-load", on_click=_load, args=(picked,))
        st.button(
            t("newcomer.delete"), icon=":material/delete:", key="newcomer-delete", on_click=_delete, args=(picked,)
        )


def _keep(text: str, dataset: str) -> None:
    try:
        kept = save_persona(str(state.chosen(NEW_NAME, "")), text, dataset)
        state.choose(SAID, (False, t("newcomer.saved", name=kept)))
        state.choose(NEW_NAME, "")
        state.choose(PICKED, kept)
    except RecallscopeError as error:
        state.choose(SAID, (True, str(error)))


def _load(name: str) -> None:
    try:
        found = load_persona(name)
    except RecallscopeError as error:
        state.choose(SAID, (True, str(error)))
        return
    state.choose(NAME, found.text)
    if found.dataset != state.picked_dataset():
        state.choose(SAID, (False, t("newcomer.other_data", name=name, dataset=found.dataset)))


def _delete(name: str) -> None:
    try:
        delete_persona(name)
        state.drop(PICKED)
        state.choose(SAID, (False, t("newcomer.deleted", name=plain_markdown(name))))
    except RecallscopeError as error:
        state.choose(SAID, (True, str(error)))
