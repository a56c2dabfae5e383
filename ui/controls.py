"""Widgets drawn from knobs: one description gives the widget, its range, its help and its URL parameter.

Every widget is bound to the URL under the knob's own name, so an address is a recipe. A value in the address that
cannot be used is left out with a notice that says what was expected.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.recipe import Recipe, all_knobs
from core.registry import Knob, stage
from core.types import Dataset

from . import state
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


def typed(spec: Knob) -> int | float:
    """A number as a field to type in: for ranges over many powers of ten, where a slider finds nothing."""
    low, high, default = spec.kind(spec.low or 0), spec.kind(spec.high or 0), spec.kind(spec.default)
    value: int | float = st.number_input(
        label(spec.name),
        low,
        high,
        default,
        spec.kind(spec.step or 1),
        format="%d" if spec.kind is int else "%g",
        key=spec.name,
        help=help_text(spec.name),
        bind="query-params",
        persist_state="session",
    )
    return value


def strategy() -> str:
    """The strategy picker. Its options are the keys, since the address holds what the picker shows."""
    known = stage("strategies").names()
    default = str(knob_named("strategy").default)
    return str(
        st.selectbox(
            label("strategy"),
            known,
            index=known.index(default),
            key="strategy",
            help=help_text("strategy"),
            bind="query-params",
            persist_state="session",
        )
    )


def reset_strategy() -> None:
    """Back to the strategy that needs no fitting: to be used as an ``on_click``."""
    state.choose("strategy", knob_named("strategy").default)


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


def own_score_knobs(dataset: Dataset) -> dict[str, Any]:
    """K alone: what is left to choose where a strategy ranks by its own scores, which have no unit to bound."""
    return {"select": "top-k", "k": number("k", high=min(MAX_K, len(dataset.catalog)))}


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


def stage_knobs(
    stage_name: str, key: str, dataset: Dataset | None = None, number_by: Callable[[Knob], Any] | None = None
) -> dict[str, Any]:
    """The knobs an implementation brings, drawn from its own description.

    dataset: a knob that needs what this data lacks is left out, and said so. number_by: draws the numbers.
    """
    flat = {}
    for spec in stage(stage_name).knobs(key):
        if dataset is not None and spec.needs == "times" and dataset.interactions.times is None:
            st.caption(t("knobs.no_times", name=label(spec.name)))
        else:
            typed_in = number_by is not None and spec.kind in (int, float) and not spec.allowed()
            flat[spec.name] = number_by(spec) if number_by and typed_in else drawn(spec)
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
