"""Widgets drawn from knobs: one description gives the widget, its range, its help and its URL parameter.

Every widget is bound to the URL under the knob's own name, so an address is a recipe. A value in the address that
cannot be used is left out with a notice that says what was expected.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from core.embed.template import fields_in
from core.errors import InputError, OutOfRangeError
from core.recipe import COMMON_TEMPLATE, Recipe, all_knobs
from core.registry import Knob, stage
from core.types import Dataset

from . import blocks, resources, state
from .text import t, words
from .threshold import threshold_slider

MAX_K = 100
MAX_LISTED_USERS = 5_000
SHARED = ("user", *(spec.name for spec in all_knobs()))
"""Every parameter that pages share."""


ENCODER = ("template", "model", "precision", "max_tokens", "prompt")
"""The choices that need the language model to run again."""


def reset_encoder() -> None:
    """Put the encoder's choices back to their defaults: to be used as an ``on_click``."""
    for name in ENCODER:
        state.choose(name, knob_named(name).default)


def knob_named(name: str) -> Knob:
    """The knob behind a URL parameter."""
    return next(spec for spec in all_knobs() if spec.name == name)


def label(name: str) -> str:
    """A knob's label: its own words where there are some, else its name."""
    return words().get(f"knob.{name}", name.replace("_", " ").capitalize())


def help_text(name: str) -> str:
    """A knob's help: its own words where there are some, else the one-liner of the command line."""
    return words().get(f"help.{name}", knob_named(name).help)


def start(page: str) -> Dataset:
    """Start a page: its title and lead, and what could not be used or had to be repaired; returns its data set."""
    dataset, repaired = resources.dataset(state.picked_dataset())
    other = state.swap("dataset_before", dataset.name) not in (None, dataset.name)
    if state.enter_page(page, (name for name in SHARED if name != "dataset")):
        state.clear_notices()
        _check_address(dataset)
    if other:
        _leave_behind(dataset)
    st.title(t(f"{page}.title"))
    st.markdown(t(f"{page}.lead"))
    blocks.notices(repaired)
    return dataset


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


def choice(name: str) -> str:
    """A knob with few names, as a row of buttons. The names are those of the URL and the command line."""
    spec = knob_named(name)
    return str(
        st.segmented_control(
            label(name),
            spec.allowed(),
            default=spec.default,
            key=name,
            help=help_text(name),
            required=True,
            wrap=True,
            bind="query-params",
            persist_state="session",
        )
    )


def number(name: str, *, low: float | None = None, high: float | None = None) -> int | float:
    """A number knob as a slider, its range narrowed where the caller knows better."""
    spec = knob_named(name)
    cast = spec.kind
    bottom = cast(spec.low if low is None else low)
    top = cast(spec.high if high is None else high)
    state.keep_within(name, bottom, top)
    value: int | float = st.slider(
        label(name),
        bottom,
        top,
        min(top, max(bottom, cast(spec.default))),
        cast(spec.step or 1),
        key=name,
        help=help_text(name),
        bind="query-params",
        persist_state="session",
    )
    return value


def whole(name: str, high: int | None = None) -> int:
    """A whole number without a natural top, as a field to type in."""
    spec = knob_named(name)
    if high is not None:
        state.keep_within(name, 0, high)
    return int(
        st.number_input(
            label(name),
            int(spec.low or 0),
            int(spec.high or 0) if high is None else high,
            int(spec.default),
            key=name,
            help=help_text(name),
            bind="query-params",
            persist_state="session",
        )
    )


def toggle(name: str) -> bool:
    """A yes/no knob."""
    return st.toggle(
        label(name),
        knob_named(name).default,
        key=name,
        help=help_text(name),
        bind="query-params",
        persist_state="session",
    )


def text(name: str) -> str:
    """A free text knob."""
    return st.text_input(
        label(name),
        knob_named(name).default,
        key=name,
        help=help_text(name),
        bind="query-params",
        persist_state="session",
    )


def ranking_knobs(
    dataset: Dataset, metric_range: Callable[[dict[str, Any]], tuple[float, float]], normalize: bool
) -> dict[str, Any]:
    """K, metric, selection, threshold: what a reader moves most. Returns flat values.

    metric_range: the range of a metric (with its knobs, flat) in its own unit.
    """
    metric: dict[str, Any] = {"metric": choice("metric")}
    metric |= stage_knobs("score", metric["metric"])
    values = {**metric, "select": choice("select")}
    values |= stage_knobs("select", values["select"])
    uses = stage("select").get(values["select"]).uses
    if "k" in uses:
        values["k"] = number("k", high=min(MAX_K, len(dataset.catalog)))
    if "threshold" in uses:
        values["threshold"] = threshold_slider(Recipe.from_flat(metric).build("score"), metric_range(metric), normalize)
    return values


def stage_knobs(stage_name: str, key: str, dataset: Dataset | None = None) -> dict[str, Any]:
    """The knobs an implementation brings, drawn from its own description.

    dataset: a knob that needs what this data lacks is left out, and said so.
    """
    flat = {}
    for spec in stage(stage_name).knobs(key):
        if dataset is not None and spec.needs == "times" and dataset.interactions.times is None:
            st.caption(t("knobs.no_times", name=label(spec.name)))
        else:
            flat[spec.name] = drawn(spec)
    return flat


def drawn(spec: Knob) -> Any:
    """The widget that fits a knob."""
    if spec.kind is bool:
        return toggle(spec.name)
    if spec.allowed():
        return choice(spec.name)
    if spec.kind is str:
        return text(spec.name)
    return whole(spec.name) if spec.kind is int else number(spec.name)


def user(dataset: Dataset) -> str:
    """Choose a user by typing part of the id; returns the id as text."""
    ids = dataset.interactions.user_ids
    if len(ids) <= MAX_LISTED_USERS:
        return str(
            st.selectbox(
                label("user"),
                [str(value) for value in ids],
                key="user",
                help=t("help.user"),
                bind="query-params",
                persist_state="session",
            )
        )
    return st.text_input(
        label("user"), str(ids[0]), key="user", help=t("help.user"), bind="query-params", persist_state="session"
    )


def pick_dataset() -> None:
    """The data set of this run: the picker appears in the sidebar as soon as there is a choice."""
    known = resources.names()
    default = str(knob_named("dataset").default)
    name = default
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
    state.remember_dataset(name)
