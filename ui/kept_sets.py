"""The imported sets: what each holds and where it came from; open, rename, import anew, delete."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from core.errors import InputError, RecallscopeError
from core.importing.plan import ImportPlan
from core.sources import Kept, delete_dataset, kept_sets, rename_dataset

from . import import_draft, import_files, import_report, resources, state
from .blocks import error_card
from .import_files import size
from .text import plain_markdown, t

ASKED, RENAMING = "_kept_asked", "_kept_renaming"
_PROBLEM = "_kept_problem"
PART = 8
"""Letters of a short name after which a line may end."""


def draw() -> None:
    """Every imported set in a row of its own, the newest first."""
    problem = state.chosen(_PROBLEM)
    state.drop(_PROBLEM)
    if problem:
        error_card(t("kept.not_done", reason=str(problem).rstrip(".")))
    found = sorted(kept_sets(), key=lambda kept: (-kept.created, kept.name))
    if not found:
        st.info(t("kept.none"), icon=":material/inventory_2:")
        st.button(t("kept.bring"), icon=":material/upload_file:", type="primary", on_click=_part, args=("import",))
    for kept in found:
        with st.container(border=True, gap="xsmall"):
            if kept.problem:
                _damaged(kept)
            else:
                _whole(kept)
    import_files.way_back()


def _whole(kept: Kept) -> None:
    st.markdown(f"## {plain_markdown(kept.label)} :gray[{breakable(kept.name)}]")
    when = datetime.fromtimestamp(kept.created, UTC).strftime("%d %b %Y, %H:%M UTC")
    counts = {"users": kept.n_users, "items": kept.n_items, "interactions": kept.n_interactions}
    said = ", ".join(t(f"kept.{name}_one" if n == 1 else f"kept.{name}_many", n=f"{n:,}") for name, n in counts.items())
    st.caption(plain_markdown(t("kept.line", counts=said, when=when)))
    if state.chosen(ASKED, ("", 0))[0] == kept.name:
        _ask(kept)
    elif state.chosen(RENAMING) == kept.name:
        _rename(kept)
    else:
        _buttons(kept)


def _damaged(kept: Kept) -> None:
    st.markdown(f"## {breakable(kept.name)}")
    error_card(t("kept.damaged", reason=kept.problem.rstrip(".")))
    if state.chosen(ASKED, ("", 0))[0] == kept.name:
        _ask(kept)
    else:
        _delete_button(kept)


def _buttons(kept: Kept) -> None:
    with st.container(horizontal=True):
        if st.button(
            t("kept.open"),
            key=f"kept-open-{kept.name}",
            icon=":material/format_list_numbered:",
            type="primary",
            on_click=import_report.pick,
            args=(kept.name,),
        ):
            import_report.go_to("recommend")
        _button(kept, "understand", ":material/insights:", _understand)
    with st.expander(t("kept.more"), key=f"kept-more-{kept.name}"):
        st.caption(plain_markdown(t("kept.files", files=", ".join(kept.files) or "–", size=size(kept.n_bytes))))
        with st.container(horizontal=True):
            _button(kept, "rename", ":material/edit:", _start_renaming)
            _button(kept, "again", ":material/refresh:", _import_again)
            _delete_button(kept)


def _button(kept: Kept, name: str, icon: str, action: Callable[[Kept], None]) -> None:
    st.button(t(f"kept.{name}"), key=f"kept-{name}-{kept.name}", icon=icon, on_click=action, args=(kept,))


def breakable(name: str) -> str:
    """A short name as markdown that may be broken anywhere, since it may be one word of 64 letters."""
    return plain_markdown("\u200b".join(name[at : at + PART] for at in range(0, len(name), PART)))


def _delete_button(kept: Kept) -> None:
    st.button(
        t("kept.delete"),
        key=f"kept-delete-{kept.name}",
        icon=":material/delete:",
        on_click=state.choose,
        args=(ASKED, (kept.name, 1)),
    )


def _ask(kept: Kept) -> None:
    """Asked twice, in other words and with the buttons the other way round, so that a double click deletes nothing."""
    times = state.chosen(ASKED)[1]
    shown = plain_markdown(kept.label or kept.name)
    st.warning(t(f"kept.ask_{times}", label=shown, n=f"{kept.n_interactions:,}"), icon=":material/warning:")
    keep = partial(st.button, t("kept.keep"), key=f"kept-no-{kept.name}", on_click=state.drop, args=(ASKED,))
    with st.container(horizontal=True):
        if times == 1:
            st.button(
                t("kept.yes_1"), key=f"kept-yes-1-{kept.name}", on_click=state.choose, args=(ASKED, (kept.name, 2))
            )
            keep()
        else:
            keep()
            st.button(t("kept.yes_2"), key=f"kept-yes-2-{kept.name}", on_click=_delete, args=(kept.name,))


def _rename(kept: Kept) -> None:
    label, name = st.columns(2)
    with label:
        new_label = st.text_input(t("import.label"), kept.label, key=f"kept-label-{kept.name}", max_chars=80)
    with name:
        new_name = st.text_input(t("import.name"), kept.name, key=f"kept-name-{kept.name}", max_chars=64)
    with st.container(horizontal=True):
        st.button(
            t("kept.save"),
            key=f"kept-save-{kept.name}",
            type="primary",
            on_click=_save_name,
            args=(kept.name, new_name, new_label),
        )
        st.button(t("kept.cancel"), key=f"kept-cancel-{kept.name}", on_click=state.drop, args=(RENAMING,))


def _part(name: str) -> None:
    state.choose("part", name)


def _understand(kept: Kept) -> None:
    import_report.understand(kept.name)


def _start_renaming(kept: Kept) -> None:
    state.choose(RENAMING, kept.name)


def _save_name(name: str, new_name: str, new_label: str) -> None:
    try:
        rename_dataset(name, new_name.strip(), new_label)
    except RecallscopeError as error:
        state.choose(_PROBLEM, str(error))
        return
    state.drop(RENAMING)
    resources.names.clear()
    state.want_whole_page()
    if state.chosen("dataset") == name:
        state.choose("dataset", new_name.strip())


def _delete(name: str) -> None:
    state.drop(ASKED)
    try:
        delete_dataset(name)
    except (RecallscopeError, OSError) as error:
        state.choose(_PROBLEM, str(error))
        return
    resources.names.clear()
    state.want_whole_page()
    if state.chosen("dataset") == name:
        state.drop("dataset")


def _import_again(kept: Kept) -> None:
    """A new draft with all that was decided the last time, waiting for the files."""
    try:
        plan = ImportPlan.from_json({**kept.plan, "name": kept.name, "label": kept.label, "replace": True})
    except InputError as error:
        state.choose(_PROBLEM, str(error))
        return
    import_draft.begin(plan)
    _part("import")
