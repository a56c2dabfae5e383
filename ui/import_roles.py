"""The roles of a file's columns: said in a line each where we are sure, to be chosen where we are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.importing.plan import ImportPlan
from core.importing.views import FileView
from core.sheets import INTERACTIONS, ITEMS, NEEDED, SEVERAL, Guess

from . import import_draft, state
from .import_draft import Draft
from .text import plain_markdown, t, words

USUAL = {INTERACTIONS: ("weight", "datetime"), ITEMS: ("title", "text", "category")}
"""Roles that are in sight even where we found no column for them: most data sets have one."""
COLUMNS = 3
SURE, LIKELY, MAYBE = 0.9, 0.7, 0.4
SAMPLE_LETTERS = 28


def is_clear(view: FileView) -> bool:
    """Whether nothing about a file asks for a look: its kind and every role found are likely, and none is missing."""
    found = [guess for guess in view.guesses if guess.columns]
    filled = {guess.role for guess in found}
    return (
        view.confidence >= LIKELY
        and filled.issuperset(NEEDED[view.kind])
        and all(guess.why == "given" or guess.confidence >= LIKELY for guess in found)
    )


def lines(view: FileView) -> str:
    """Every role found in a line, as markdown: its column, how sure we are, and values to check it by."""
    return "\n".join(
        f"- {t(f'import.role_{guess.role}')}: **{plain_markdown(', '.join(guess.columns))}**"
        f" · {_sure(guess)} · {plain_markdown(_values(guess))}"
        for guess in view.guesses
        if guess.columns
    )


def usual(view: FileView) -> tuple[list[Guess], list[Guess]]:
    """The roles to be in sight, and the further ones."""
    wanted = (*NEEDED[view.kind], *USUAL.get(view.kind, ()))
    shown = [guess for guess in view.guesses if guess.columns or guess.role in wanted]
    return shown, [guess for guess in view.guesses if guess not in shown]


def pick(draft: Draft, view: FileView, guesses: Sequence[Guess]) -> None:
    """A column, or several, for each role."""
    for start in range(0, len(guesses), COLUMNS):
        for place, guess in zip(st.columns(COLUMNS, gap="medium"), guesses[start : start + COLUMNS], strict=False):
            with place:
                _role(draft, view, guess)


def _role(draft: Draft, view: FileView, guess: Guess) -> None:
    names = [column.name for column in view.columns]
    key = import_draft.key_of(draft.token, view.name, view.kind, guess.role)
    label = t(f"import.role_{guess.role}") + ("" if guess.role not in NEEDED[view.kind] else f" ({t('import.needed')})")
    several = view.kind == ITEMS and guess.role in SEVERAL

    def change(plan: ImportPlan, value: Any) -> ImportPlan:
        columns = value if several else [] if value is None else [value]
        return import_draft.with_role(plan, view.name, view.kind, guess.role, columns)

    told: dict[str, Any] = {
        "key": key,
        "help": words().get(f"import.role_{guess.role}_help"),
        "placeholder": t("import.no_column"),
        "on_change": import_draft.writer(draft.token, key, change),
    }
    if several:
        state.show_value(key, list(guess.columns))
        st.multiselect(label, names, **told)
    else:
        state.show_value(key, next(iter(guess.columns), None))
        st.selectbox(label, names, index=None, **told)
    st.caption(_why(view, guess))


def _why(view: FileView, guess: Guess) -> str:
    """How sure we are, and three values to check it by, as markdown."""
    if not guess.columns:
        if guess.role in NEEDED[view.kind]:
            return f":orange[{t('import.missing')}]"
        return t("import.none_found")
    return f"{_sure(guess)}  \n:material/subdirectory_arrow_right: {plain_markdown(_values(guess))}"


def _sure(guess: Guess) -> str:
    sure = t("import.given") if guess.why == "given" else confidence_words(guess.confidence)
    if guess.why in ("name", "content") and guess.confidence >= LIKELY:
        sure = t(f"import.by_{guess.why}", sure=sure)
    return sure


def _values(guess: Guess) -> str:
    return " · ".join(shortened(sample) for sample in guess.samples if sample) or t("import.no_values")


def confidence_words(confidence: float) -> str:
    """A confidence in [0, 1] as words and per cent, as markdown; what wants a look is coloured."""
    percent = f"{100 * confidence:.0f} %"
    if confidence >= SURE:
        return t("import.sure", percent=percent)
    if confidence >= LIKELY:
        return t("import.likely", percent=percent)
    return f":orange[{t('import.maybe' if confidence >= MAYBE else 'import.unsure', percent=percent)}]"


def shortened(text: str) -> str:
    """A value short enough to stand in a line: prose loses its end, an address or a path its middle."""
    line = " ".join(text.split())
    if len(line) <= SAMPLE_LETTERS:
        return line
    if " " in line:
        return line[: SAMPLE_LETTERS - 1].rstrip() + "…"
    head = SAMPLE_LETTERS // 3
    return f"{line[:head]}…{line[head + 1 - SAMPLE_LETTERS :]}"
