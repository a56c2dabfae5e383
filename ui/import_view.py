"""The import, step by step: bring files, check, choose, import, read the report."""

from __future__ import annotations

import streamlit as st

from core.errors import RecallscopeError
from core.importing.views import Inspection

from . import import_check, import_choices, import_draft, import_files, import_report, resources
from .blocks import error_card
from .import_draft import Draft
from .text import plain_markdown, t


def draw() -> None:
    """The step that the draft of this address has come to."""
    try:
        draft = import_draft.current()
        if draft is None:
            refused = import_draft.refused()
            if refused:
                error_card(refused)
            import_files.bring(None)
        else:
            _draw(draft)
    except RecallscopeError as error:  # a data folder that cannot be written, a draft that somebody took away
        error_card(str(error))
    import_files.way_back()


def _draw(draft: Draft) -> None:
    done = import_draft.report_of(draft.token)
    if done is not None:
        import_report.report(draft, done)
        return
    if import_report.running(draft):
        return
    import_files.bring(draft)
    if draft.files:
        with st.spinner(t("import.looking")):
            seen, problem = import_draft.look(draft)
        refused = import_draft.refused()
        if refused:
            error_card(t("import.refused", reason=refused.rstrip(".")))
        if seen is None:
            _cannot_look(draft, problem)
        else:
            _steps(import_draft.load(draft.token), seen)


def _steps(draft: Draft, seen: Inspection) -> None:
    st.markdown(f"## {t('import.step_check')}")
    import_report.ended_badly(draft)
    _go(draft, seen, "first")
    st.caption(t("import.step_check_lead"))
    import_check.understood(draft, seen)
    if seen.problem:
        return
    import_choices.choices(draft, seen, import_report.failure(draft))
    st.markdown(f"## {t('import.step_import')}")
    _go(draft, seen, "last")
    st.caption(t("import.go_text"))


def _go(draft: Draft, seen: Inspection, place: str) -> None:
    """What was understood in a sentence, and the button; or what keeps it from being there."""
    with st.container(border=True):
        if seen.problem:
            st.markdown(f"**{import_check.summary(seen)}**")
            error_card(t("import.not_yet", reason=seen.problem.rstrip(".")))
            return
        problem = import_choices.name_problem(draft)
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            ready = "" if problem else t("import.ready_as", label=plain_markdown(draft.label()))
            st.markdown(f"**{import_check.summary(seen)}** {ready}", width="content")
            st.button(
                t("import.go"),
                key=f"{draft.token}-go-{place}",
                type="primary",
                icon=":material/play_arrow:",
                disabled=bool(problem),
                on_click=import_report.start,
                args=(draft,),
            )
        if problem:
            error_card(t("import.name_problem", reason=problem.rstrip(".")))


def _cannot_look(draft: Draft, problem: str) -> None:
    error_card(t("import.no_look", reason=problem.rstrip(".")))
    import_files.bare_list(draft)
    with st.container(horizontal=True):
        st.button(t("import.look_again"), key=f"{draft.token}-look", on_click=_look_again, args=(draft,))
        st.button(t("import.as_guessed"), key=f"{draft.token}-guessed", on_click=_as_guessed, args=(draft.token,))


def _look_again(draft: Draft) -> None:
    resources.inspected.clear(draft.token, import_draft.looked_at(draft))


def _as_guessed(token: str) -> None:
    import_draft.changed(token, import_draft.as_guessed)
