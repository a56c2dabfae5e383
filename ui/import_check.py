"""Importing, the second step: check what we understood of each file, and correct it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

import streamlit as st

from core.importing.views import FileView, Inspection
from core.registry import stage
from core.sheets import ITEMS, KINDS, UNUSED, VECTORS

from . import import_draft, import_roles, state
from .import_draft import Draft
from .import_files import head, size
from .text import plain_markdown, t, words

ENCODINGS = ("", "utf-8", "utf-8-sig", "cp1252", "utf-16", "mixed")
DELIMITERS = ("", ",", ";", "\t", "|", " ", "::")
HEADERS = ("", "yes", "no")


def used(seen: Inspection) -> list[FileView]:
    """The files that take part, the log first."""
    found = [view for view in seen.files if not view.problem and view.kind != UNUSED]
    return sorted(found, key=lambda view: KINDS.index(view.kind))


def summary(seen: Inspection) -> str:
    """ "2 files understood, 2 left aside." """
    n = len(used(seen))
    aside = len(seen.files) - n
    said = t("import.understood_one" if n == 1 else "import.understood_many", n=n)
    return (said if not aside else t("import.and_aside", said=said, n=aside)) + "."


def understood(draft: Draft, seen: Inspection) -> None:
    """The second step: a card a file; files that take part first, those that do not in one line each."""
    for view in used(seen):
        _card(draft, view, rows_of(view, seen))
    for view in seen.files:
        if view.problem or view.kind == UNUSED:
            _unused(draft, view)


def rows_of(view: FileView, seen: Inspection) -> str:
    """The name of the array whose rows a file of ids names, "" where it is none."""
    if view.kind != VECTORS or not view.columns or any(g.role == "vector" and g.columns for g in view.guesses):
        return ""
    return next((other.name for other in seen.files if other.kind == VECTORS and not other.columns), "")


def _card(draft: Draft, view: FileView, array: str) -> None:
    with st.container(border=True, gap="xsmall"):
        head(draft, view.name, "")
        clear = bool(array) or import_roles.is_clear(view) or not view.columns
        if clear:
            st.caption(f"{_kind_words(draft, view, array)} · {plain_markdown(format_line(view))}")
        else:
            _kind(draft, view)
            st.caption(plain_markdown(format_line(view)))
        for notice in view.notices:
            st.caption(f":material/info: {plain_markdown(own_words(notice, view.name))}")
        shown, rest = import_roles.usual(view)
        if clear and not array and view.columns:
            st.markdown(import_roles.lines(view))
        elif not clear:
            import_roles.pick(draft, view, shown)
        with st.container(horizontal=True):
            if clear:
                _folded(draft, view, "change", t("import.change_roles"), lambda: _change(draft, view, bool(array)))
            elif rest:
                names = ", ".join(t(f"import.role_{guess.role}").lower() for guess in rest)
                label = t("import.more_roles", roles=names)
                _folded(draft, view, "more", label, lambda: import_roles.pick(draft, view, rest))
            if view.columns:
                _folded(draft, view, "read", _how_read(view), lambda: _reading(draft, view))


def _change(draft: Draft, view: FileView, ids: bool) -> None:
    _kind(draft, view)
    import_roles.pick(draft, view, [guess for guess in view.guesses if not ids or guess.role != "vector"])


def _kind_words(draft: Draft, view: FileView, array: str) -> str:
    """What a file holds and how sure we are, as markdown."""
    if array:
        return f"**{plain_markdown(t('import.ids_of_rows', name=array))}**"
    sure = t("import.given") if _kind_given(draft, view) else import_roles.confidence_words(view.confidence)
    return f"**{t(f'import.kind_{view.kind}')}**" + (f" · {sure}" if view.columns else "")


def _kind_given(draft: Draft, view: FileView) -> bool:
    return any(file.name == view.name and file.kind for file in draft.plan.files)


def own_words(problem: str, name: str) -> str:
    """A sentence that stands under the name of its file, without that name at its beginning."""
    for mark in (": ", ", ", " "):
        if problem.startswith(name + mark):
            problem = problem[len(name + mark) :]
            break
    return problem[:1].upper() + problem[1:]


def _how_read(view: FileView) -> str:
    """The label of the details; it says how many columns play no part, since one of them may be wanted."""
    unused = [column for column in view.columns if _plays(view, column.name) == t("import.not_used")]
    return t("import.how_read") if not unused else t("import.how_read_unused", n=len(unused))


def _folded(draft: Draft, view: FileView, name: str, label: str, body: Callable[[], None]) -> None:
    with st.expander(label, key=import_draft.key_of(draft.token, view.name, name), on_change="rerun") as folded:
        if folded.open:
            body()


def _unused(draft: Draft, view: FileView) -> None:
    """A file that plays no part in one line: what it is and why; and, unfolded, how to make it play one."""
    why = own_words(view.problem, view.name) or view.reason or t("import.no_use")
    label = f"**{plain_markdown(view.name)}** · {t('import.not_used')}: {plain_markdown(why)}"
    with st.expander(
        label,
        key=import_draft.key_of(draft.token, view.name, "aside"),
        icon=":material/visibility_off:",
        on_change="rerun",
    ) as folded:
        if folded.open:
            head(draft, view.name, size(view.n_bytes))
            if not view.problem:
                _kind(draft, view)
                st.caption(plain_markdown(format_line(view)))
            _reading(draft, view)


def _kind(draft: Draft, view: FileView) -> None:
    key = import_draft.key_of(draft.token, view.name, "kind")
    state.show_value(key, view.kind)
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
        sure = t("import.given") if _kind_given(draft, view) else import_roles.confidence_words(view.confidence)
        st.caption(" · ".join(part for part in (sure, plain_markdown(view.reason)) if part))


def _reading(draft: Draft, view: FileView) -> None:
    """Everything about one file: how it is read, and its columns."""
    _dialect(draft, view)
    if view.columns:
        _columns(draft, view)


def _columns(draft: Draft, view: FileView) -> None:
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
    if view.kind == VECTORS and not view.columns:
        return ", ".join((t("import.array"), view.reason, size(view.n_bytes)))
    parts = [_format(view)]
    if view.dialect.encoding:
        parts.append(dialect_word("encoding", view.dialect.encoding))
    if view.dialect.delimiter:
        parts.append(t("import.separated", by=dialect_word("delimiter", view.dialect.delimiter)))
    if view.dialect.header == "no":
        parts.append(t("import.without_header"))
    if view.n_rows >= 0:
        parts.append(t("import.row") if view.n_rows == 1 else t("import.rows", n=f"{view.n_rows:,}"))
    parts.append(size(view.n_bytes))
    return ", ".join(part for part in parts if part)


def _format(view: FileView) -> str:
    key, suffix = view.dialect.format, PurePath(view.name).suffix.lower()
    if key == "csv":
        return suffix[1:].upper() if suffix in (".csv", ".tsv") else t("import.text_table")
    return str(stage("read").get(key).label) if key in stage("read").names() else key.upper()
