"""A rule by choosing: verb, field, value, strength. It is written as text into the field of rules, nowhere else."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from core.context.rules_text import GRADED, LONGEST, VERBS, number, quoted
from core.datasets.categories import by_count
from core.types import Dataset

from . import state
from .text import t

CATEGORY, TITLE = "category", "title"
SHORT_LIST = 200
"""Values of a field up to which they are listed."""
AT_HAND = 0.5


def draw(dataset: Dataset, text: str, *, full: bool) -> None:
    """Draw the builder. text: the rules so far. full: no further rule is allowed."""
    with st.popover(t("context.build"), icon=":material/add:", width="stretch", disabled=full):
        verb = str(
            st.segmented_control(
                t("context.verb"),
                VERBS,
                default=VERBS[0],
                key="rule-verb",
                required=True,
                wrap=True,
                help=t("context.verb_help"),
            )
        )
        field = str(st.selectbox(t("context.field"), fields(dataset), key=f"rule-field-{dataset.name}"))
        ends = years(dataset, field)
        condition = _numeric(dataset, field, ends) if ends else _named(dataset, field)
        strength = (
            st.slider(t("context.strength"), 0.1, 3.0, AT_HAND, 0.1, key="rule-strength") if verb in GRADED else 0
        )
        rule = f"{verb} {condition}" + (f" {strength:g}" if verb in GRADED else "")
        if condition:
            st.code(rule, language=None, wrap_lines=True)
        st.button(
            t("context.add"),
            key="rule-add",
            disabled=not condition or len(joined(text, rule)) > LONGEST,
            on_click=state.choose,
            args=("rules", joined(text, rule)),
        )


def joined(text: str, rule: str) -> str:
    """The rules with one more."""
    return f"{text.rstrip().rstrip(';')}; {rule}" if text.strip() else rule


@lru_cache(maxsize=8)
def fields(dataset: Dataset) -> tuple[str, ...]:
    """The fields a rule may name, those that hold something; categories first, titles last."""
    filled = [name for name, texts in dataset.catalog.fields.items() if name not in (CATEGORY, TITLE) and texts.any()]
    return (*((CATEGORY,) if any(dataset.catalog.categories) else ()), *filled, TITLE)


@lru_cache(maxsize=64)
def years(dataset: Dataset, field: str) -> tuple[float, float] | None:
    """Lowest and highest number of a field that holds whole numbers almost throughout, else None."""
    if field in (CATEGORY, TITLE):
        return None
    texts = [str(text) for text in dataset.catalog.fields[field] if text]
    found = [value for text in texts if (value := number(text)) is not None]
    whole = all(value == int(value) for value in found)
    few = len(found) < 2 or min(found) == max(found) or len(found) < 0.9 * len(texts)
    return None if few or not whole else (min(found), max(found))


@lru_cache(maxsize=64)
def values(dataset: Dataset, field: str) -> tuple[str, ...]:
    """The values of a field, categories by their number of items, others by name; () where they are too many."""
    if field == CATEGORY:
        return tuple(name for name, _ in by_count(dataset.catalog))
    known = sorted({str(text) for text in dataset.catalog.fields[field]} - {""})
    return tuple(known) if len(known) <= SHORT_LIST else ()


def _numeric(dataset: Dataset, field: str, ends: tuple[float, float]) -> str:
    low, high = int(ends[0]), int(ends[1])
    first, last = st.slider(t("context.range"), low, high, (low, high), key=f"rule-range-{dataset.name}-{field}")
    return f"{quoted(field)}={first}..{last}"


def _named(dataset: Dataset, field: str) -> str:
    known = values(dataset, field)
    label, key = t("context.value"), f"rule-value-{dataset.name}-{field}"
    chosen = st.selectbox(label, known, key=key) if known else st.text_input(label, key=key)
    return f"{quoted(field)}={quoted(str(chosen))}" if chosen else ""
