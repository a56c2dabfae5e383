"""The sides of a comparison: each a recipe in one line of words, which stands in the address and in a text field, and
the widgets that write into that line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.compare.text import from_text, to_text
from core.errors import InputError, OutOfRangeError
from core.recipe import Recipe
from core.registry import stage
from core.types import Dataset

from . import controls, state
from .blocks import error_card
from .channels import channel_name
from .text import plain_markdown, t, words

SIDES = ("a", "b", "c")
DEFAULTS = {"a": "strategy=content", "b": "strategy=content;diversity=0.5", "c": ""}
MOST_LETTERS = 4_000
IN_SIGHT = ("strategy", "k", "diversity")
FOLDED = ("diversify", "metric", "spacing", "exploration", "pool")
PROBLEM = "compare_problem"
"""A change that could not be made: said once."""


def letter(side: str) -> str:
    """What a side is called."""
    return side.upper()


def text_of(side: str) -> str:
    """The line of a side, before its field is drawn as well; "" for a third side that is not there."""
    known = state.chosen(side)
    if known is None:
        known = state.url_value(side)
    return DEFAULTS[side] if known is None else str(known)


def parsed(text: str, dataset: Dataset) -> Recipe:
    """The recipe of a line. Raises InputError where a page cannot show it."""
    n_items = len(dataset.catalog)
    recipe = from_text(text, dataset.name, n_items)
    most = min(controls.MAX_K, n_items)
    if recipe.k > most and recipe.k == Recipe.default_of("k"):  # nobody asked for more than there is
        return recipe.replace(k=most)
    if recipe.k > most:
        raise OutOfRangeError("k", recipe.k, f"a whole number between 1 and {most} (on a page)")
    return recipe


def sides(dataset: Dataset) -> dict[str, Recipe | None]:
    """Side -> its recipe, None, with a sentence in place, where its line cannot be used. A and B are always there."""
    found: dict[str, Recipe | None] = {}
    for side in SIDES:
        text = text_of(side)
        if side == "c" and not text.strip():
            continue
        try:
            found[side] = parsed(text, dataset)
        except InputError as error:
            found[side] = None
            error_card(t("compare.side_problem", side=letter(side), problem=str(error)))
            start_over(side)
    if problem := state.chosen(PROBLEM):
        state.drop(PROBLEM)
        error_card(str(problem))
    return found


def start_over(side: str) -> None:
    """The way out of a line that cannot be used."""
    words, line = t("compare.start_over", side=letter(side)), DEFAULTS[side] or DEFAULTS["a"]
    st.button(words, key=f"over-{side}", on_click=state.choose, args=(side, line))


def _usable(side: str, dataset: Dataset) -> bool:
    try:
        parsed(text_of(side), dataset)
    except InputError:
        return False
    return True


def fields(dataset: Dataset) -> None:
    """Every side as text: always drawn, since the address holds what stands here; open where one cannot be used.

    To be drawn before lines are read: after a step back in the browser, the fields are the first to know.
    """
    wrong = not all(_usable(side, dataset) for side in SIDES)
    with st.expander(t("compare.as_text"), icon=":material/notes:", expanded=wrong):
        for side in SIDES:
            st.text_input(
                t("compare.side", side=letter(side)),
                DEFAULTS[side],
                key=side,
                max_chars=MOST_LETTERS,
                help=t("compare.text_help"),
                placeholder=t("compare.text_none") if side == "c" else "",
                bind="query-params",
                persist_state="session",
            )
        st.caption(plain_markdown(t("compare.text_caption")))


def editor(side: str, recipe: Recipe, dataset: Dataset) -> None:
    """The widgets of one side. They hold nothing themselves: each writes into the line, and shows what stands there."""
    for name in (*IN_SIGHT, *FOLDED):
        state.show_value(_key(side, name), getattr(recipe, name))
    put: dict[str, Any] = {"on_change": _put, "kwargs": {"dataset": dataset}}
    what, length = st.columns([2.2, 1], gap="small")
    with what:
        _select(side, "strategy", channel_name, put)
    with length:
        _number(side, "k", min(controls.MAX_K, len(dataset.catalog)), put)
    st.slider(
        controls.label("diversity"),
        min_value=0.0,
        max_value=1.0,
        step=0.05,
        key=_key(side, "diversity"),
        help=controls.help_text("diversity"),
        args=(side, "diversity"),
        **put,
    )
    with st.expander(t("compare.more"), icon=":material/tune:"):
        for name in FOLDED[:-1]:
            _select(side, name, str, put)
        _number(side, "pool", len(dataset.catalog), put)
        if rest := others(recipe):
            st.caption(plain_markdown(t("compare.by_text", choices="; ".join(rest))))


def _select(side: str, name: str, called: Callable[[str], str], put: dict[str, Any]) -> None:
    st.selectbox(
        controls.label(name),
        controls.knob_named(name).allowed(),
        key=_key(side, name),
        format_func=called,
        args=(side, name),
        **put,
    )


def _number(side: str, name: str, most: int, put: dict[str, Any]) -> None:
    low = int(controls.knob_named(name).low or 0)
    st.number_input(controls.label(name), low, most, key=_key(side, name), args=(side, name), **put)


def others(recipe: Recipe) -> list[str]:
    """Choices that differ from the defaults and have no widget here, as words."""
    shown = {*IN_SIGHT, *FOLDED, "dataset"}
    return [f"{name}={value}" for name, value in recipe.to_flat(changed_only=True).items() if name not in shown]


def _put(side: str, name: str, dataset: Dataset) -> None:
    """Write a widget's value into the line of its side; where it does not fit the rest, say so and leave the line."""
    value = state.chosen(_key(side, name))
    try:
        changed = parsed(text_of(side), dataset).replace(**{name: value})
        state.choose(side, to_text(parsed(to_text(changed), dataset)))
    except InputError as error:
        state.choose(PROBLEM, t("compare.side_problem", side=letter(side), problem=str(error)))


def _key(side: str, name: str) -> str:
    return f"compare-{side}-{name}"


def buttons(there: dict[str, Recipe | None]) -> None:
    """What can be done with whole sides."""
    a, b = text_of("a"), text_of("b")
    with st.container(horizontal=True, gap="small"):
        st.button(
            t("compare.swap"),
            icon=":material/swap_horiz:",
            key="swap-sides",
            on_click=_choose,
            args=({"a": b, "b": a},),
        )
        st.button(
            t("compare.copy"),
            icon=":material/arrow_forward:",
            key="copy-side",
            on_click=_choose,
            args=({"b": a},),
            help=t("compare.copy_help"),
        )
        if "c" in there:
            st.button(
                t("compare.remove"), icon=":material/close:", key="remove-side", on_click=_choose, args=({"c": ""},)
            )
        else:
            st.button(t("compare.add"), icon=":material/add:", key="add-side", on_click=_choose, args=({"c": b},))


def _choose(texts: dict[str, str]) -> None:
    for side, text in texts.items():
        state.choose(side, text)


def title_of(recipe: Recipe) -> str:
    """What a side is, in a few words."""
    return channel_name(recipe.strategy)


def details_of(recipe: Recipe) -> str:
    """The rest of it: "diversity 0.50 (MMR), K 10"."""
    said = []
    if recipe.diversity > 0:
        label = str(stage("diversify").get(recipe.diversify).label).partition(":")[0]
        said.append(t("compare.diversity", strength=f"{recipe.diversity:.2f}", method=label))
    said += [
        f"{words().get(f'knob.{name}', name)} {getattr(recipe, name)}"
        for name in ("spacing", "exploration")
        if getattr(recipe, name) != "none"
    ]
    return ", ".join([*said, t("compare.length", k=recipe.k), *others(recipe)])
