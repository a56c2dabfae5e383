"""The start of every page: which data set, what the address says, what cannot be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

import streamlit as st

from core.embed.template import fields_in
from core.errors import InputError, OutOfRangeError, RecallscopeError
from core.recipe import COMMON_TEMPLATE
from core.registry import Knob
from core.types import Dataset

from . import blocks, resources, state
from .controls import MAX_K, SHARED, knob_named, label
from .text import plain_markdown, t


def pick_dataset() -> None:
    """The data set of this run: the picker appears in the sidebar as soon as there is a choice."""
    known = resources.names()
    default = str(knob_named("dataset").default)
    name = default
    asked = state.url_value("dataset") or state.chosen("dataset")
    if asked and asked not in known:
        state.lose_dataset(str(asked))
        state.drop("dataset")
    if len(known) > 1:
        with st.sidebar:
            name = str(
                st.selectbox(
                    label("dataset"),
                    known,
                    index=known.index(default),
                    key="dataset",
                    bind="query-params",
                    persist_state="session",
                )
            )
            called = resources.labels().get(name, name)
            if called != name:
                st.caption(plain_markdown(called))
    state.remember_dataset(name)


def start(page: str, own: Sequence[str] = ()) -> Dataset:
    """Start a page: its title and lead, and what could not be used or had to be repaired; returns its data set.

    own: parameters of this page alone that have to survive a change of pages, as those of the recipe do.

    Where the data set cannot be opened the page says so, offers a way on, and ends here.
    """
    name = state.picked_dataset()
    try:
        dataset, repaired = resources.dataset(name)
    except RecallscopeError:
        _not_opened(page, name)
    other = state.swap("dataset_before", dataset.name) not in (None, dataset.name)
    if state.enter_page(page, (name for name in (*SHARED, *own) if name != "dataset")):
        state.clear_notices()
        _check_address(dataset)
    if other:
        _leave_behind(dataset)
    if lost := state.take_lost():
        state.add_notice(t("notice.dataset_gone", name=lost, shown=dataset.label))
    st.title(t(f"{page}.title"))
    st.markdown(t(f"{page}.lead"))
    blocks.notices((*repaired, *_says_little(dataset)))
    return dataset


def _says_little(dataset: Dataset) -> tuple[str, ...]:
    """Where items have neither titles nor texts nor vectors of their own, lists by content are lists by id."""
    if dataset.own_vectors is not None or any(values.any() for values in dataset.catalog.fields.values()):
        return ()
    return (t("notice.no_texts"),)


def _not_opened(page: str, name: str) -> NoReturn:
    st.title(t(f"{page}.title"))
    blocks.error_card(t("dataset.damaged", name=name))
    default = str(knob_named("dataset").default)
    if name != default:
        st.button(t("dataset.instead", name=default), key="instead", on_click=state.choose, args=("dataset", default))
    st.stop()


def is_current(dataset: Dataset) -> bool:
    """Whether a data set is still what is kept under its name: another session may have replaced or deleted it."""
    try:
        return resources.dataset(dataset.name)[0].fingerprint == dataset.fingerprint
    except RecallscopeError:
        return False


def _leave_behind(dataset: Dataset) -> None:
    """Choices that belonged to the data set before: its user, its item text."""
    user, template = state.chosen("user"), state.chosen("template")
    if user and _problem("user", str(user), dataset):
        state.drop("user")
    if template and not _fits(str(template), dataset):
        state.drop("template")


def _check_address(dataset: Dataset) -> None:
    for name in SHARED:
        raw = state.url_value(name)
        problem = "" if raw is None else _problem(name, raw, dataset)
        if problem:
            state.add_notice(t("notice.url_value", problem=problem))
            state.drop(name)
        elif name == "threshold" and raw and state.url_value("select") is None:
            state.choose("select", "both")  # as on the command line: a threshold is never left lying


def _problem(name: str, raw: str, dataset: Dataset) -> str:
    try:
        if name == "dataset":
            resources.dataset(raw)
        elif name == "user":
            from core.pipeline import user_indices

            user_indices(dataset.interactions, [raw])
        else:
            _in_range(knob_named(name), raw, len(dataset.catalog))
    except InputError as error:
        return str(error)
    return ""


def _fits(template: str, dataset: Dataset) -> bool:
    try:
        return template == COMMON_TEMPLATE or set(fields_in(template)) <= set(dataset.catalog.fields)
    except InputError:
        return False


def _in_range(spec: Knob, raw: str, n_items: int) -> None:
    """Raise InputError where the value cannot be the knob's; how values fit together is the panel's question."""
    if spec.name == "k":
        expected = f"a whole number between 1 and {min(MAX_K, n_items)} (on a page)"
        try:
            replace(spec, high=min(MAX_K, n_items)).parse(raw)
        except InputError:
            raise OutOfRangeError("k", raw, expected) from None
    spec.parse(raw)
