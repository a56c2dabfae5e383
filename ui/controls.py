"""Widgets drawn from knobs: one description gives the widget, its range, its help and its URL parameter.

Every widget is bound to the URL under the knob's own name, so an address is a recipe. A value in the address that
cannot be used is left out with a notice that says what was expected.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.errors import InputError
from core.recipe import Recipe, all_knobs
from core.registry import Knob, stage
from core.types import Dataset

from . import resources, state
from .text import t, words

MAX_K = 100
MAX_LISTED_USERS = 5_000
THRESHOLD_STEPS = 200
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


def start(page: str) -> tuple[Dataset, tuple[str, ...]]:
    """Start a page: the data set of this run, and what had to be repaired to load it."""
    dataset, repaired = resources.dataset(state.picked_dataset())
    if state.enter_page(page, (name for name in SHARED if name != "dataset")):
        state.clear_notices()
        _check_address(dataset)
    return dataset, repaired


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
            Recipe.from_flat({name: raw, **_companions(name)}, n_items=len(dataset.catalog))
    except InputError as error:
        return str(error)
    return ""


def _companions(name: str) -> Mapping[str, Any]:
    """A knob of an implementation can only be read beside the choice of that implementation."""
    for field, stage_name in (("postprocess", "postprocess"), ("user_model", "users")):
        for key in stage(stage_name).names():
            if any(spec.name == name for spec in stage(stage_name).knobs(key)):
                return {field: key}
    return {}


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


def threshold(recipe_so_far: Mapping[str, Any], longest: float) -> float:
    """The threshold in the metric's own unit; its default lets everything pass."""
    known = {name: value for name, value in recipe_so_far.items() if name != "select"}
    scorer = Recipe.from_flat(known).build("score")
    low, high = scorer.bounds(longest)
    step = 0.01 if high - low <= 2 else float(f"{(high - low) / THRESHOLD_STEPS:.1g}")
    low, high = _outward(low, step, -1), _outward(high, step, +1)
    return st.slider(
        t(f"knob.threshold_{scorer.keeps}", unit=scorer.unit),
        low,
        high,
        low if scorer.keeps == "above" else high,
        step,
        key="threshold",
        help=help_text("threshold"),
        bind="query-params",
        persist_state="session",
    )


def _outward(value: float, step: float, direction: int) -> float:
    import math

    steps = value / step
    return round((math.floor(steps + 1e-9) if direction < 0 else math.ceil(steps - 1e-9)) * step, 10)


def ranking_knobs(dataset: Dataset, longest: float) -> dict[str, Any]:
    """K, metric, selection, threshold: what a reader moves most. Returns flat values."""
    values: dict[str, Any] = {"metric": choice("metric"), "select": choice("select")}
    values |= stage_knobs("score", values["metric"]) | stage_knobs("select", values["select"])
    uses = stage("select").get(values["select"]).uses
    if "k" in uses:
        values["k"] = number("k", high=min(MAX_K, len(dataset.catalog)))
    if "threshold" in uses:
        values["threshold"] = threshold(values, longest)
    return values


def stage_knobs(stage_name: str, key: str) -> dict[str, Any]:
    """The knobs an implementation brings, drawn from its own description."""
    return {spec.name: drawn(spec) for spec in stage(stage_name).knobs(key)}


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
                label_of_user(),
                [str(value) for value in ids],
                key="user",
                help=t("help.user"),
                bind="query-params",
                persist_state="session",
            )
        )
    return st.text_input(
        label_of_user(), str(ids[0]), key="user", help=t("help.user"), bind="query-params", persist_state="session"
    )


def label_of_user() -> str:
    """The label of the user picker."""
    return t("knob.user")


def pick_dataset() -> None:
    """The data set of this run: the picker appears in the sidebar as soon as there is a choice."""
    known = resources.names()
    default = str(knob_named("dataset").default)
    name = default
    if len(known) > 1:
        with st.sidebar:
            name = str(
                st.selectbox(
                    t("knob.dataset"),
                    known,
                    index=known.index(default),
                    key="dataset",
                    bind="query-params",
                    persist_state="session",
                )
            )
    state.remember_dataset(name)
