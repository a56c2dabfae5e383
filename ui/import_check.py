"""Importing, the second step: check what we understood of each file, and correct it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import streamlit as st

from core.importing.plan import ImportPlan
from core.importing.views import FileView, Inspection
from core.registry import stage
from core.sheets import INTERACTIONS, ITEMS, KINDS, NEEDED, SEVERAL, UNUSED, Guess

from . import import_draft, state
from .import_draft import Draft
from .import_files import head, size
from .text import plain_markdown, t, words

ENCODINGS = ("", "utf-8", "utf-8-sig", "cp1252", "utf-16", "mixed")
DELIMITERS = ("", ",", ";", "\t", "|", " ", "::")
HEADERS = ("", "yes", "no")
USUAL = {INTERACTIONS: ("weight", "datetime"), ITEMS: ("title", "text", "category")}
"""Roles that are in sight even where we found no column for them: most data sets have one."""
COLUMNS = 3
SURE, LIKELY, MAYBE = 0.9, 0.7, 0.4
SAMPLE_LETTERS = 28


def understood(draft: Draft, seen: Inspection) -> None:
    """The second step: a card a file; files that take part first, those that do not in one line each."""
    st.markdown(f"## {t('import.step_check')}")
    st.caption(t("import.step_check_lead"))
    used = [view for view in seen.files if not view.problem and view.kind != UNUSED]
    for view in sorted(used, key=lambda view: KINDS.index(view.kind)):
        _card(draft, view)
    for view in seen.files:
        if view not in used:
            _unused(draft, view)


def _card(draft: Draft, view: FileView) -> None:
    with st.container(border=True):
        head(draft, view.name, "")
        _kind(draft, view)
        st.caption(plain_markdown(format_line(view)))
        for notice in view.notices:
            st.caption(f":material/info: {plain_markdown(notice)}")
        wanted = (*NEEDED[view.kind], *USUAL.get(view.kind, ()))
        shown = [guess for guess in view.guesses if guess.columns or guess.role in wanted]
        rest = [guess for guess in view.guesses if guess not in shown]
        _roles(draft, view, shown)
        with st.container(horizontal=True):
            if rest:
                names = ", ".join(t(f"import.role_{guess.role}").lower() for guess in rest)
                _folded(draft, view, "more", t("import.more_roles", roles=names), lambda: _roles(draft, view, rest))
            if view.columns:
                _folded(draft, view, "read", _how_read(view), lambda: _reading(draft, view))


def _how_read(view: FileView) -> str:
    """The label of the details; it says how many columns play no part, since one of them may be wanted."""
    unused = [column for column in view.columns if _plays(view, column.name) == t("import.not_used")]
    return t("import.how_read") if not unused else t("import.how_read_unused", n=len(unused))


def _folded(draft: Draft, view: FileView, name: str, label: str, body: Callable[[], None]) -> None:
    with st.expander(label, key=import_draft.key_of(draft.token, view.name, name), on_change="rerun") as folded:
        if folded.open:
            body()


def _unused(draft: Draft, view: FileView) -> None:
    """A file that plays no part: what it is, why, and how to make it play one."""
    with st.container(border=True):
        head(draft, view.name, size(view.n_bytes))
        why = view.problem or view.reason or t("import.no_use")
        st.markdown(f":material/visibility_off: **{t('import.not_used')}** · {plain_markdown(why)}")
        if view.problem:
            _folded(draft, view, "read", t("import.read_otherwise"), lambda: _dialect(draft, view))
        else:
            _folded(draft, view, "use", t("import.use_it"), lambda: _use(draft, view))


def _use(draft: Draft, view: FileView) -> None:
    _kind(draft, view)
    st.caption(plain_markdown(format_line(view)))
    _reading(draft, view)


def _kind(draft: Draft, view: FileView) -> None:
    key = import_draft.key_of(draft.token, view.name, "kind")
    state.show_value(key, view.kind)
    given = any(file.name == view.name and file.kind for file in draft.plan.files)
    choice, why = st.columns([1, 2], vertical_alignment="bottom")
    with choice:
        st.selectbox(
            t("import.kind"),
            KINDS,
            format_func=lambda kind: t(f"import.kind_{kind}"),
            key=key,
            on_change=import_draft.writer(
                draft.token, key, lambda plan, kind: import_draft.with_kind(plan, view.name, kind)
            ),
        )
    with why:
        sure = t("import.given") if given else confidence_words(view.confidence)
        st.caption(" · ".join(part for part in (sure, plain_markdown(view.reason)) if part))


def _roles(draft: Draft, view: FileView, guesses: list[Guess]) -> None:
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
    sure = t("import.given") if guess.why == "given" else confidence_words(guess.confidence)
    if guess.why in ("name", "content") and guess.confidence >= LIKELY:
        sure = t(f"import.by_{guess.why}", sure=sure)
    values = " · ".join(_cut(sample) for sample in guess.samples if sample) or t("import.no_values")
    return f"{sure}  \n:material/subdirectory_arrow_right: {plain_markdown(values)}"


def confidence_words(confidence: float) -> str:
    """A confidence in [0, 1] as words and per cent, as markdown; what wants a look is coloured."""
    percent = f"{100 * confidence:.0f} %"
    if confidence >= SURE:
        return t("import.sure", percent=percent)
    if confidence >= LIKELY:
        return t("import.likely", percent=percent)
    return f":orange[{t('import.maybe' if confidence >= MAYBE else 'import.unsure', percent=percent)}]"


def _reading(draft: Draft, view: FileView) -> None:
    """Everything about one file: how it is read, and its columns."""
    _dialect(draft, view)
    st.dataframe(
        {
            t("import.column"): [column.name for column in view.columns],
            t("import.plays"): [_plays(view, column.name) for column in view.columns],
            t("import.values"): [" · ".join(column.samples) for column in view.columns],
        },
        hide_index=True,
        width="stretch",
        key=import_draft.key_of(draft.token, view.name, "columns"),
    )


def _plays(view: FileView, column: str) -> str:
    found = [t(f"import.role_{guess.role}") for guess in view.guesses if column in guess.columns]
    return ", ".join(found) or (t("import.further_field") if view.kind == ITEMS else t("import.not_used"))


def _dialect(draft: Draft, view: FileView) -> None:
    wish = import_draft.dialect_of(draft.plan, view.name)
    fields = (("encoding", ENCODINGS), ("delimiter", DELIMITERS), ("header", HEADERS))
    for place, (field, known) in zip(st.columns(len(fields)), fields, strict=True):
        with place:
            _detail(draft, view, field, known, getattr(wish, field))


def _detail(draft: Draft, view: FileView, field: str, known: tuple[str, ...], given: str) -> None:
    key = import_draft.key_of(draft.token, view.name, field)
    state.show_value(key, given)
    st.selectbox(
        t(f"import.{field}"),
        known if given in known else (*known, given),
        format_func=lambda value: dialect_word(field, value),
        key=key,
        on_change=import_draft.writer(
            draft.token, key, lambda plan, value: import_draft.with_dialect(plan, view.name, field, value)
        ),
    )


def dialect_word(field: str, value: str) -> str:
    """A detail of how a file is written, for readers; "" = detected."""
    if not value:
        return t("import.detect")
    return words().get(f"import.{field}_{value}", value)


def format_line(view: FileView) -> str:
    """ "CSV, UTF-8 with BOM, separated by ;, 3,904 rows, 1.2 MB" """
    parts = [_format(view)]
    if view.dialect.encoding:
        parts.append(dialect_word("encoding", view.dialect.encoding))
    if view.dialect.delimiter:
        parts.append(t("import.separated", by=dialect_word("delimiter", view.dialect.delimiter)))
    if view.dialect.header == "no":
        parts.append(t("import.without_header"))
    if view.n_rows >= 0:
        parts.append(t("import.rows", n=f"{view.n_rows:,}"))
    parts.append(size(view.n_bytes))
    return ", ".join(part for part in parts if part)


def _format(view: FileView) -> str:
    key, suffix = view.dialect.format, PurePath(view.name).suffix.lower()
    if key == "csv":
        return suffix[1:].upper() if suffix in (".csv", ".tsv") else t("import.text_table")
    return str(stage("read").get(key).label) if key in stage("read").names() else key.upper()


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SAMPLE_LETTERS else line[: SAMPLE_LETTERS - 1].rstrip() + "…"
