"""Importing, the last step: the job with its progress, and the report of what it did."""

from __future__ import annotations

import math
from dataclasses import replace

import streamlit as st

from core.errors import InputError, RecallscopeError
from core.importing.views import Report
from core.recipe import Recipe
from core.sources import rejected_csv
from core.store import drafts

from . import cards, controls, import_draft, import_ledger, import_rules, preparing, resources, state
from .blocks import error_card
from .import_draft import REPORT, RUN, Draft
from .jobs import CANCELLED, DONE, FAILED, RUNNING, Job
from .nav import page_path
from .text import plain_markdown, t, words

PAGES = (("recommend", ":material/format_list_numbered:"), ("map", ":material/scatter_plot:"))
OF_A_SET = ("user", "threshold", "phrase", *controls.ENCODER)
"""Choices that mean something within one data set only."""
_NEW, _APPEARED = "_import_new", "_import_picker_appeared"


def start(draft: Draft) -> None:
    """Begin the import: to be used as an ``on_click``."""
    try:
        path = drafts.save_note(draft.token, RUN, draft.ready().to_json())
    except (InputError, OSError) as error:
        import_draft.refuse(str(error))
        return
    state.drop(import_rules.FAULT_SHOWN)
    resources.jobs().forget(draft.job_key)
    resources.jobs().start(draft.job_key, "import", {}, "--plan", str(path), "--json")


def running(draft: Draft) -> bool:
    """Draw the job of the draft where there is one; True while it runs. A finished one becomes the draft's report."""
    job = resources.jobs().find(draft.job_key)
    if job is None:
        return False
    if job.progress.state == RUNNING:
        _watch(draft)
        return True
    if job.progress.state == DONE and job.result is not None:
        _finish(draft, job)
        st.rerun()
    return False


def _finish(draft: Draft, job: Job) -> None:
    drafts.save_note(draft.token, REPORT, job.result or {})
    resources.jobs().forget(draft.job_key)
    resources.names.clear()
    state.choose(_NEW, str((job.result or {}).get("name", "")))


def take_up() -> None:
    """Pick the data set that has just come in: to be called before the picker is drawn.

    A picker that appears with its value leaves the address as it is (measured), so where there was none yet, it appears
    first, and the set is picked a moment later.
    """
    name = str(state.chosen(_NEW, ""))
    if name and (state.chosen("dataset") is not None or state.chosen(_APPEARED)):
        state.drop(_NEW)
        state.drop(_APPEARED)
        pick(name)
    elif name:
        state.choose(_APPEARED, True)


def ended_badly(draft: Draft) -> None:
    """Say why the last import of the draft did not come to an end, if so."""
    job = resources.jobs().find(draft.job_key)
    if job is None or job.progress.state == RUNNING:
        return
    if job.progress.state == CANCELLED:
        st.info(t("import.cancelled"))
    else:
        error_card(t("import.failed", reason=failure(draft).rstrip(".")))


def failure(draft: Draft) -> str:
    """Why the last import of the draft came to nothing, "" where it did not."""
    job = resources.jobs().find(draft.job_key)
    if job is None or job.progress.state in (RUNNING, CANCELLED):
        return ""
    return job.progress.message if job.progress.state == FAILED else t("import.no_report")


@st.fragment(run_every=preparing.POLL_S)
def _watch(draft: Draft) -> None:
    job = resources.jobs().find(draft.job_key)
    if job is None or job.progress.state != RUNNING:
        if job is not None and job.progress.state == DONE and job.result is not None:
            _finish(draft, job)  # before the rerun, so that the picker already offers the new set
        st.rerun()
    with st.container(border=True):
        st.markdown(f"**{t('import.running', label=plain_markdown(draft.label()))}**")
        st.progress(job.progress.share, text=_progress(job))
        st.caption(t("import.running_text"))
        if st.button(t("job.cancel"), key=f"{draft.token}-cancel"):
            job.cancel()


def _progress(job: Job) -> str:
    said = words().get(f"import.stage_{job.progress.stage}", t("import.stage_start"))
    eta = job.progress.eta_s
    return said + (t("job.eta", seconds=f"{math.ceil(eta):,}") if math.isfinite(eta) and eta > 0 else "")


def report(draft: Draft, done: Report) -> None:
    """What came of it: the figures, where to go, the ledger, what is switched off."""
    if state.chosen(_NEW):
        _pick_soon()
    st.markdown(f"## {t('import.ready', label=plain_markdown(done.label))}")
    cards.stat_tiles(tiles(done), key="import-tiles")
    try:
        own = resources.dataset(done.name)[0].own_vectors is not None
        recipe = Recipe.from_flat({"dataset": done.name})
    except RecallscopeError as error:
        error_card(t("import.gone", reason=str(error)))
        _again(draft, done)
        return
    _ways_on(done.name)
    if preparing.vectors_ready(recipe):
        st.success(t("import.own_vectors" if own else "import.embedded"), icon=":material/check_circle:")
    st.markdown(f"## {t('import.what_happened')}")
    for book in done.ledgers:
        import_ledger.ledger(book, key=f"{draft.token}-ledger")
    _rejected(done)
    _said(t("import.off"), done.off)
    _said(t("import.notices"), done.notices)
    _again(draft, done)


def tiles(done: Report) -> list[tuple[str, str, str]]:
    """(label, value, note) of the key figures."""
    seconds = done.timings_ms.get("total", 0.0) / 1000
    return [
        (t("tile.users"), f"{done.n_users:,}", ""),
        (t("tile.items"), f"{done.n_items:,}", ""),
        (t("tile.interactions"), f"{done.n_interactions:,}", t(f"import.tile_time_{done.time}")),
        (t("import.tile_rejected"), f"{done.n_rejected:,}", t("import.tile_rejected_note")),
        (t("import.tile_took"), f"{seconds:.1f} s", t("import.tile_took_note")),
    ]


@st.fragment(run_every=preparing.POLL_S)
def _pick_soon() -> None:
    """Draw the whole page anew once the browser has the new picker."""
    if state.swap("import_picker_seen", state.chosen(_NEW)) == state.chosen(_NEW):
        st.rerun()


def _ways_on(name: str) -> None:
    """Big buttons to the pages, with the new set picked."""
    with st.container(horizontal=True):
        for page, icon in PAGES:
            if st.button(
                t(f"import.open_{page}"),
                key=f"open-{page}",
                icon=icon,
                type="primary" if page == "recommend" else "secondary",
                on_click=pick,
                args=(name,),
            ):
                go_to(page)
        st.button(
            t("import.open_profile"), key="open-profile", icon=":material/insights:", on_click=understand, args=(name,)
        )


def pick(name: str) -> None:
    """Take a data set for all pages: to be used as an ``on_click``. What was chosen within another one is dropped."""
    for choice in OF_A_SET:
        state.drop(choice)
    state.choose("dataset", name)


def go_to(page: str) -> None:
    """Open another page, with an address of its own: one whose widgets are in the address cannot be left otherwise."""
    st.switch_page(page_path(page), query_params={})


def understand(name: str) -> None:
    """Take a data set and show what it is like: to be used as an ``on_click``."""
    pick(name)
    state.choose("part", "understand")
    state.want_whole_page()


def _rejected(done: Report) -> None:
    if not done.n_rejected:
        return
    try:
        st.download_button(
            t("import.download_rejected", n=f"{done.n_rejected:,}"),
            rejected_csv(done.name),
            file_name=f"{done.name}-rejected-rows.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    except RecallscopeError as error:
        error_card(str(error))


def _said(title: str, lines: tuple[str, ...]) -> None:
    if lines:
        st.markdown(f"## {title}")
        st.markdown("\n".join(f"- {plain_markdown(line)}" for line in lines))


def _again(draft: Draft, done: Report) -> None:
    with st.container(horizontal=True):
        st.button(
            t("import.change"),
            key=f"{draft.token}-change",
            icon=":material/edit:",
            on_click=_change,
            args=(draft.token, done.name),
        )
        st.button(
            t("import.another"),
            key=f"{draft.token}-another",
            icon=":material/add:",
            on_click=import_draft.leave,
        )


def _change(token: str, name: str) -> None:
    drafts.remove_note(token, REPORT)
    import_draft.changed(token, lambda plan: replace(plan, name=name, replace=True))
