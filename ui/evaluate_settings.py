"""The settings of a protocol and of the chosen strategies: a field for each knob, all of them in the address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st

from core.errors import InputError
from core.recipe import Recipe
from core.registry import Knob, stage
from core.types import Dataset

from . import controls, state
from .figures.evaluate_look import name_of
from .text import plain_markdown, t, words

COLUMNS = 2


def of_protocol(protocol: str) -> tuple[tuple[str, Any], ...]:
    """The knobs of a protocol, folded away -> (knob, value) pairs."""
    specs = stage("protocols").knobs(protocol)
    if not specs:
        return ()
    for spec in specs:
        _check_address(spec)
    with st.expander(t("evaluate.protocol_settings"), icon=":material/tune:"):
        return tuple(_fields(specs).items())


def of_strategies(keys: Iterable[str]) -> dict[str, Any]:
    """The knobs of the chosen strategies, folded away, a group each -> name -> value.

    A knob that two strategies share is drawn once, with the first of them, and holds for both.
    """
    groups: dict[str, list[Knob]] = {}
    seen: set[str] = set()
    for key in keys:
        own = [spec for spec in stage("strategies").knobs(key) if spec.name not in seen]
        seen |= {spec.name for spec in own}
        if own:
            groups[key] = own
    values: dict[str, Any] = {}
    if not groups:
        return values
    with st.expander(t("evaluate.strategy_settings"), icon=":material/tune:"):
        for key, specs in groups.items():
            st.markdown(f"**{plain_markdown(name_of(key))}**")
            values |= _fields(specs)
    return values


def of_user_model(keys: Iterable[str], dataset: Dataset) -> dict[str, Any]:
    """The user model and its knobs, folded away, where a chosen strategy has users with vectors -> name -> value."""
    if not any(stage("strategies").get(key).embedded for key in keys):
        return {}
    chosen = str(state.chosen("user_model") or state.url_value("user_model") or Recipe.default_of("user_model"))
    label = plain_markdown(t("evaluate.user_model", name=chosen))
    with st.expander(label, icon=":material/person:", key="user-model-settings"):
        name = controls.choice("user_model")
        st.caption(words().get(f"user_model.{name}", ""))
        timeless = dataset.interactions.times is None
        specs = [spec for spec in stage("users").knobs(name) if not (timeless and spec.needs == "times")]
        return {"user_model": name} | _fields(specs)


def _fields(specs: Iterable[Knob]) -> dict[str, Any]:
    specs = tuple(specs)
    values = {}
    for start in range(0, len(specs), COLUMNS):
        for column, spec in zip(st.columns(COLUMNS, gap="medium"), specs[start : start + COLUMNS], strict=False):
            with column:
                values[spec.name] = _field(spec)
    return values


def _check_address(spec: Knob) -> None:
    """What the address says and a knob of a protocol cannot be is told, and left out. (Those of a strategy belong to
    the recipe, and every page checks them on entering.)"""
    raw = state.url_value(spec.name)
    if raw is not None:
        try:
            spec.parse(raw)
        except InputError as error:
            st.warning(plain_markdown(t("notice.url_value", problem=error)))
            state.drop(spec.name)


def _own_words(name: str) -> str:
    """ "ease_half_life" -> "Half life": what it belongs to stands above it."""
    return name.partition("_")[2].replace("_", " ").capitalize() or name


def _field(spec: Knob) -> Any:
    """The widget of a knob."""
    label = words().get(f"knob.{spec.name}") or _own_words(spec.name)
    common: dict[str, Any] = {
        "key": spec.name,
        "help": words().get(f"help.{spec.name}", spec.help),
        "bind": "query-params",
        "persist_state": "session",
    }
    if spec.kind is bool:
        return st.toggle(label, spec.default, **common)
    if spec.allowed():
        return st.selectbox(label, spec.allowed(), index=spec.allowed().index(spec.default), **common)
    if spec.kind is str:
        return st.text_input(label, spec.default, **common)
    low, high = (None if bound is None else spec.kind(bound) for bound in (spec.low, spec.high))
    numbers = {"min_value": low, "max_value": high, "value": spec.default, "step": spec.kind(spec.step or 1)}
    return st.number_input(label, format="%d" if spec.kind is int else "%g", **numbers, **common)
