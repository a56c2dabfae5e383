"""All feedback of one user, folded away: what was done when, each to be taken back; the download; forgetting it all."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import streamlit as st

from core.answer import spreadsheet_safe
from core.errors import RecallscopeError
from core.store.events import Event, event_store
from core.types import Dataset

from . import feedback, live, state
from .text import plain_markdown, t

MOST_ROWS = 20
COLUMNS = ("time", "user_id", "item_id", "title", "kind", "event_id")


def draw(dataset: Dataset, user: int) -> None:
    """The panel; its rows are made only while it is open."""
    if live.problem():  # said above the list
        return
    user_id = feedback.id_of(dataset, user)
    mine = live.events_of(dataset, user_id)
    folded = st.expander(t("feedback.panel"), icon=":material/history:", key="feedback-panel", on_change="rerun")
    if not folded.open:
        return
    with folded:
        st.caption(t("feedback.means"))
        if not mine:
            st.markdown(t("feedback.empty"))
            return
        for event in reversed(mine[-MOST_ROWS:]):
            _row(dataset, event)
        if len(mine) > MOST_ROWS:
            st.caption(t("feedback.first", n=MOST_ROWS, of=f"{len(mine):,}"))
        with st.container(horizontal=True):
            _download(dataset, user_id, mine)
            _reset(dataset, user_id, len(mine))


def _row(dataset: Dataset, event: Event) -> None:
    did = feedback.did(dataset, event)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"feedback-row-{event.id}"):
        st.markdown(
            f"{did[:1].upper()}{did[1:]}  \n:small[:gray[{_moment(event.at, '%d %b %Y, %H:%M UTC')}]]", width="stretch"
        )
        st.button(
            t("feedback.undo"),
            key=f"feedback-undo-{event.id}",
            help=t("feedback.undo_one", did=did),
            type="tertiary",
            icon=":material/undo:",
            on_click=feedback.undo,
            args=(event,),
        )


def _moment(at: float, form: str) -> str:
    return datetime.fromtimestamp(at, UTC).strftime(form)


def sheet(dataset: Dataset, events: tuple[Event, ...]) -> str:
    """The events as CSV, oldest first; cells that a spreadsheet would run are made harmless."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for event in events:
        title = feedback.title_of(dataset, event.item_id)
        cells = (event.user_id, event.item_id, title, event.kind, event.id)
        writer.writerow([_moment(event.at, "%Y-%m-%dT%H:%M:%SZ"), *map(spreadsheet_safe, cells)])
    return out.getvalue()


def _download(dataset: Dataset, user_id: str, mine: tuple[Event, ...]) -> None:
    st.download_button(
        t("feedback.download"),
        sheet(dataset, mine).encode("utf-8-sig"),
        file_name=f"feedback-user-{user_id}.csv",
        mime="text/csv",
        icon=":material/download:",
        key="feedback-download",
        on_click="ignore",
    )


def _reset(dataset: Dataset, user_id: str, n: int) -> None:
    with st.popover(t("feedback.reset"), icon=":material/delete:"):
        st.markdown(t("feedback.reset_why", user=plain_markdown(user_id)))
        st.button(
            t("feedback.reset_sure", n=f"{n:,}"),
            type="primary",
            key="feedback-reset",
            on_click=_forget,
            args=(dataset.name, user_id),
        )


def _forget(name: str, user_id: str) -> None:
    try:
        event_store().reset(name, user_id)
    except RecallscopeError as error:
        state.choose(feedback.LAST, (feedback.NOT_KEPT, str(error)))
        return
    state.choose(feedback.LAST, ("", None))
