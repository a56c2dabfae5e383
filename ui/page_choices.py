"""Choices of a page that are not part of the recipe: how something is shown. They stand in the address as well."""

from __future__ import annotations

import streamlit as st

from core.types import Dataset
from core.vectors import OWN_VECTORS

from . import controls, state
from .text import plain_markdown, t, words


def one_of(name: str, options: tuple[str, ...], default: str) -> str:
    """One of a few, as a row of buttons. Something else in the address is said, and the default taken."""
    raw = state.url_value(name)
    if raw is not None and raw not in options:
        st.warning(plain_markdown(t("notice.choice", name=name, given=raw, known=", ".join(options))))
    return str(
        st.segmented_control(
            controls.label(name),
            options,
            default=default,
            key=name,
            help=words().get(f"help.{name}"),
            required=True,
            wrap=True,
            bind="query-params",
            persist_state="session",
        )
    )


def phrase(dataset: Dataset) -> str:
    """A phrase to look up on the map; switched off among vectors whose model nobody knows."""
    unknown = (not state.chosen("model") and dataset.own_vectors is not None) or state.chosen("model") == OWN_VECTORS
    text = st.text_input(
        controls.label("phrase"),
        key="phrase",
        help=t("help.phrase"),
        placeholder=t("map.phrase_example"),
        max_chars=400,
        disabled=unknown,
        bind="query-params",
        persist_state="session",
    )
    if unknown:
        st.caption(t("map.no_phrase"))
    return "" if unknown else text


def switch(name: str, default: bool = False) -> bool:
    """A yes/no of the page, not of the recipe."""
    return st.toggle(
        controls.label(name),
        default,
        key=name,
        help=words().get(f"help.{name}"),
        bind="query-params",
        persist_state="session",
    )
