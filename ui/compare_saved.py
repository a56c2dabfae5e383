"""Saved recipes: start a side from one, save what a side is, delete one."""

from __future__ import annotations

import streamlit as st

from core.compare.text import to_text
from core.errors import RecallscopeError
from core.recipe import Recipe
from core.store.recipes import delete_recipe, load_recipe, save_recipe, saved_names

from . import state
from .blocks import error_card
from .compare_sides import letter
from .text import plain_markdown, t

SAID = "compare_said"


def draw(sides: dict[str, Recipe | None]) -> None:
    """The button behind which all of it stands."""
    with st.popover(t("compare.saved"), icon=":material/bookmark:"):
        try:
            names = saved_names()
        except RecallscopeError as error:
            error_card(str(error))
            return
        _start_from(names, sides)
        _save(sides)


def outcome() -> None:
    """What became of the last click, once."""
    problem, text = state.chosen(SAID) or (False, "")
    state.drop(SAID)
    if problem:
        error_card(text)
    elif text:
        st.success(plain_markdown(text))


def _start_from(names: tuple[str, ...], sides: dict[str, Recipe | None]) -> None:
    if not names:
        st.caption(t("compare.none_saved"))
        return
    picked = st.selectbox(t("compare.pick_saved"), names, key="saved-name")
    with st.container(horizontal=True, gap="small"):
        for side in sides:
            st.button(
                t("compare.use_saved", side=letter(side)), key=f"use-saved-{side}", on_click=_use, args=(picked, side)
            )
        st.button(
            t("compare.delete_saved"), icon=":material/delete:", key="delete-saved", on_click=_delete, args=(picked,)
        )


def _save(sides: dict[str, Recipe | None]) -> None:
    st.text_input(t("compare.save_name"), key="save-name", max_chars=60)
    with st.container(horizontal=True, gap="small"):
        for side, recipe in sides.items():
            st.button(
                t("compare.save_side", side=letter(side)),
                key=f"save-{side}",
                disabled=recipe is None,
                on_click=_keep,
                args=(recipe,),
            )


def _use(name: str, side: str) -> None:
    try:
        state.choose(side, to_text(load_recipe(name).recipe))
    except RecallscopeError as error:
        state.choose(SAID, (True, str(error)))


def _delete(name: str) -> None:
    try:
        delete_recipe(name)
        state.choose(SAID, (False, t("compare.deleted", name=name)))
    except RecallscopeError as error:
        state.choose(SAID, (True, str(error)))


def _keep(recipe: Recipe) -> None:
    try:
        kept = save_recipe(str(state.chosen("save-name", "")), recipe)
        state.choose(SAID, (False, t("compare.kept", name=kept)))
        state.choose("save-name", "")
    except RecallscopeError as error:
        state.choose(SAID, (True, str(error)))
