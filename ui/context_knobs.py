"""The folded panel "Context and rules": when lists are asked for, what of a history counts then, and rules of the
house; and the lines that say what these did."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from core.asking import rules_of
from core.context.replay import parse_moment
from core.context.rules import values_near
from core.context.rules_text import LONGEST, MOST, parse
from core.errors import InputError
from core.recipe import Recipe
from core.types import Dataset

from . import controls, rule_builder, state
from .text import plain_markdown, t

OPEN = "context_open"
"""Remembered: there was something wrong, so the panel stands open, also while that is put right."""


def context_knobs(dataset: Dataset) -> dict[str, Any]:
    """Draw the panel; returns flat values, those that cannot be used left out and told in place.

    A panel that holds something wrong opens, and is folded by the reader alone.
    """
    if any(problem(dataset, name, _before(name)) for name in ("as_of", "rules")):
        state.choose(OPEN, True)
    with st.expander(t("context.panel"), icon=":material/event:", expanded=bool(state.chosen(OPEN))):
        times = dataset.interactions.times
        flat = _timed(dataset) if times is not None and len(times) else {}
        if not flat:
            st.caption(t("context.no_times"))
        return flat | {"rules": _rules(dataset)}


def _before(name: str) -> str:
    """What a field is going to show, before it is drawn."""
    known = state.chosen(name)
    return str((state.url_value(name) if known is None else known) or "")


def problem(dataset: Dataset, name: str, text: str) -> str:
    """Why a moment or rules cannot be used, "" where they can."""
    try:
        if name == "as_of":
            return "" if not text.strip() else _moment_problem(dataset, parse_moment(text))
        rules_of(Recipe(rules=text), dataset.catalog)
    except InputError as error:
        return str(error)
    return ""


def _moment_problem(dataset: Dataset, moment: int) -> str:
    first, _ = bounds(dataset)
    early = moment < int(dataset.interactions.times.min()) if dataset.interactions.times is not None else False
    return t("context.too_early", first=first) if early else ""


def bounds(dataset: Dataset) -> tuple[str, str]:
    """The first and the last day of a log that has times."""
    times = dataset.interactions.times
    assert times is not None
    first, last = (datetime.fromtimestamp(int(value), UTC).date().isoformat() for value in (times.min(), times.max()))
    return first, last


def _timed(dataset: Dataset) -> dict[str, Any]:
    flat: dict[str, Any] = {"as_of": controls.text("as_of").strip()}
    first, last = bounds(dataset)
    if wrong := problem(dataset, "as_of", flat["as_of"]):
        _left_out(wrong)
        flat["as_of"] = ""
    st.caption(t("context.bounds", first=first, last=last))
    flat["window"] = controls.whole("window")
    for name in ("daypart", "weekday", "season"):
        flat[name] = controls.choice(name)
    flat["affinity"] = controls.number("affinity")
    st.caption(t("context.utc"))
    return flat


def _rules(dataset: Dataset) -> str:
    text = st.text_area(
        controls.label("rules"),
        "",
        height=100,
        max_chars=LONGEST,
        key="rules",
        help=controls.help_text("rules"),
        placeholder=t("context.rules_example"),
        bind="query-params",
        persist_state="session",
    )
    given = str(text or "")
    wrong = problem(dataset, "rules", given)
    if wrong:
        _left_out(wrong)
    else:
        _in_force(dataset, given)
    rule_builder.draw(dataset, given, full=not wrong and len(parse(given)) >= MOST)
    return "" if wrong else given


def _left_out(wrong: str) -> None:
    st.markdown(f":red[:material/error: {plain_markdown(t('context.left_out', problem=wrong))}]")


def _in_force(dataset: Dataset, text: str) -> None:
    """The rules as they were understood: how much each speaks of, with a way to take it out."""
    found = rules_of(Recipe(rules=text), dataset.catalog)
    if found is None:
        return
    for place, (rule, touched) in enumerate(zip(found.rules, found.touched, strict=True)):
        others = "; ".join(other.text for other in found.rules if other is not rule)
        st.button(
            t("context.take_out", rule=plain_markdown(rule.text), n=f"{int(touched):,}"),
            key=f"rule-out-{place}",
            icon=":material/close:",
            type="tertiary",
            help=t("context.take_out_help"),
            on_click=state.choose,
            args=("rules", others),
        )
        if not touched and (near := values_near(rule, dataset.catalog)):
            st.caption(plain_markdown(t("context.near", names=", ".join(near))))
