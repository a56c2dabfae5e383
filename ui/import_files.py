"""Importing, the first step: bring files; they are safe on disk at once."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.errors import InputError

from . import import_draft, import_large
from .blocks import error_card
from .import_draft import Draft
from .import_large import TooLarge
from .text import plain_markdown, t

UPLOAD_MB = 50
COMMAND = "python -m core import NAME --interactions FILE --items FILE"


def bring(draft: Draft | None) -> None:
    """The first step: everything is dropped at once, and is safe on disk at once."""
    st.markdown(f"## {t('import.step_files')}")
    if draft is None or not draft.files:
        _explain()
    with st.container(gap=None):
        large = import_large.turned_away(UPLOAD_MB << 20)
        given = st.file_uploader(
            t("import.drop"),
            accept_multiple_files=True,
            key=import_draft.uploader_key(),
            max_upload_size=UPLOAD_MB,
        )
    _too_large(large)
    if draft is None or not draft.files:
        st.caption(t("import.formats"))
    if given:
        try:
            import_draft.take_in(given, draft.token if draft else None)
        except (InputError, OSError) as error:
            error_card(t("import.not_kept", reason=str(error)))
            return
        st.rerun()
    if draft is None:
        return
    awaited = [file.name for file in draft.plan.files if not file.path]
    if awaited:
        st.info(plain_markdown(t("import.awaited", files=", ".join(awaited))), icon=":material/upload_file:")
    with st.container(horizontal=True, vertical_alignment="center"):
        if draft.files:
            kept = "import.kept_here" if len(draft.files) > 1 else "import.kept_here_one"
            total = size(sum(file.n_bytes for file in draft.files))
            st.caption(t(kept, n=len(draft.files), size=total), width="content")
        st.button(
            t("import.start_over"),
            key=f"{draft.token}-over",
            icon=":material/restart_alt:",
            type="tertiary",
            on_click=import_draft.throw_away,
            args=(draft.token,),
        )


def _too_large(files: Sequence[TooLarge]) -> None:
    """What the last drop brought in vain: it stays until the next one."""
    if files:
        said = [
            plain_markdown(t("import.too_large", name=file.name, size=size(file.n_bytes), limit=UPLOAD_MB))
            for file in files
        ]
        with st.container(border=True):
            st.error("\n".join(f"- {line}" for line in said) if len(said) > 1 else said[0], icon=":material/error:")
            st.caption(t("import.too_large_way"))
            st.code(COMMAND, language=None, wrap_lines=True)


def way_back() -> None:
    """The token of the draft as a field bound to the address: it is what a reload finds, and it can be typed too.

    To be drawn after everything that may set it.
    """
    with st.expander(t("import.come_back")):
        st.text_input(
            t("import.code"), key=import_draft.PARAMETER, bind="query-params", persist_state="session", max_chars=64
        )
        st.caption(t("import.code_text"))


def _explain() -> None:
    for place, name in zip(st.columns(3, gap="large"), ("log", "items", "more"), strict=True):
        with place:
            st.markdown(f"**{t(f'import.explain_{name}')}**")
            st.caption(t(f"import.explain_{name}_text"))


def bare_list(draft: Draft) -> None:
    """The files by name only, to be taken out: for when not even a look at them works."""
    for file in draft.files:
        head(draft, file.name, size(file.n_bytes))


def head(draft: Draft, name: str, note: str) -> None:
    """The name of a file, and the way to take it out."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        shown = f"### {plain_markdown(name)}" + (f" :gray[{plain_markdown(note)}]" if note else "")
        st.markdown(shown, width="content")
        st.button(
            t("import.remove"),
            key=import_draft.key_of(draft.token, name, "remove"),
            help=t("import.remove_help", name=plain_markdown(name)),
            icon=":material/close:",
            type="tertiary",
            on_click=import_draft.remove,
            args=(draft.token, name),
        )


def size(n_bytes: int) -> str:
    """ "12 kB", "3.4 MB" """
    for unit, power in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n_bytes >= power:
            amount = n_bytes / power
            return f"{amount:.1f} {unit}" if amount < 10 else f"{amount:,.0f} {unit}"
    return f"{n_bytes} bytes"
