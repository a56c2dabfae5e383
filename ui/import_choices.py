"""Importing, the third step: what the set is called, what its weights mean, and what the model reads of an item."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from core.errors import InputError
from core.importing.plan import FEEDBACKS, ImportPlan, check_name
from core.importing.views import Inspection
from core.values import FORMS

from . import import_draft, import_rules, resources, state
from .figures.weights import weights_figure
from .import_draft import Draft
from .text import plain_markdown, t

LABEL_LETTERS = 80
EVENT_COLUMNS = 4


def choices(draft: Draft, seen: Inspection, failure: str = "") -> None:
    """The third step. failure: why the last import came to nothing, to be shown at the rule that it names."""
    st.markdown(f"## {t('import.step_choices')}")
    _names(draft)
    _weights(draft, seen)
    _times(draft, seen)
    _template(draft, seen)
    import_rules.rules(draft, failure)


def name_problem(draft: Draft) -> str:
    """Why the set cannot be called so, "" where it can."""
    try:
        name = check_name(draft.name())
    except InputError as error:
        return str(error)
    if name in resources.names() and not draft.plan.replace:
        return t("import.taken", name=name)
    return ""


def _names(draft: Draft) -> None:
    shown, short = st.columns(2, gap="medium")
    with shown:
        key = f"{draft.token}-label"
        state.show_value(key, draft.plan.label)
        st.text_input(
            t("import.label"),
            key=key,
            placeholder=draft.label(),
            max_chars=LABEL_LETTERS,
            on_change=import_draft.writer(draft.token, key, lambda plan, value: replace(plan, label=value or "")),
        )
    with short:
        key = f"{draft.token}-name"
        state.show_value(key, draft.name())
        st.text_input(
            t("import.name"),
            key=key,
            help=t("import.name_help"),
            max_chars=64,
            on_change=import_draft.writer(draft.token, key, partial(_with_name, draft.made_name())),
        )
    if draft.name() in resources.names() or draft.plan.replace:
        key = f"{draft.token}-replace"
        state.show_value(key, draft.plan.replace)
        st.toggle(
            t("import.replace", name=plain_markdown(draft.name())),
            key=key,
            on_change=import_draft.writer(draft.token, key, lambda plan, value: replace(plan, replace=bool(value))),
        )


def _with_name(made: str, plan: ImportPlan, value: str | None) -> ImportPlan:
    """A name that is what the label gives anyway follows the label on."""
    name = (value or "").strip()
    return replace(plan, name="" if name == made else name, replace=False)


def _weights(draft: Draft, seen: Inspection) -> None:
    st.markdown(f"### {t('import.weights')}")
    left, right = st.columns([1, 1.2], gap="large")
    with left:
        key = f"{draft.token}-feedback"
        state.show_value(key, seen.feedback)
        st.segmented_control(
            t("import.feedback"),
            FEEDBACKS,
            format_func=lambda kind: t(f"import.feedback_{kind}"),
            key=key,
            required=True,
            wrap=True,
            on_change=import_draft.writer(draft.token, key, _with_feedback),
        )
        st.caption(t(f"import.feedback_{seen.feedback}_text"))
        threshold = _threshold(draft, seen)
        if seen.feedback in ("count", "none"):
            _log_scaling(draft, seen.feedback)
    with right:
        if seen.feedback in ("rating", "count") and seen.histogram:
            axis = t(f"import.axis_{seen.feedback}")
            figure = weights_figure(seen.histogram, state.is_dark(), liked_from=threshold, axis=axis)
            st.plotly_chart(
                figure,
                key=f"{draft.token}-histogram",
                theme=None,
                width="stretch",
                config={"displayModeBar": False},
            )
    if seen.feedback == "event" and seen.events:
        _events(draft, seen)


def _with_feedback(plan: ImportPlan, value: str | None) -> ImportPlan:
    """Another meaning of the weight; a threshold of the old one means nothing in it."""
    return replace(plan, feedback=value or "", positive_from=None)


def _threshold(draft: Draft, seen: Inspection) -> float | None:
    """The rating from which on an item counts as liked, None where there are no ratings."""
    if seen.feedback != "rating" or seen.scale is None:
        return None
    low, high = seen.scale
    if not low < high:
        return None
    step = 0.5 if high - low <= 20 else 1.0
    now = low if draft.plan.positive_from is None else min(high, max(low, draft.plan.positive_from))
    key = f"{draft.token}-liked"
    state.show_value(key, now)

    def change(plan: ImportPlan, value: float) -> ImportPlan:
        return replace(plan, positive_from=None if value <= low else value)

    st.slider(
        t("import.liked_from"),
        low,
        high,
        step=step,
        key=key,
        help=t("import.liked_from_help"),
        on_change=import_draft.writer(draft.token, key, change),
    )
    st.caption(t("import.liked_all") if now <= low else t("import.liked_some", share=_share(seen, now)))
    return now if now > low else None


def _times(draft: Draft, seen: Inspection) -> None:
    """How times were read; where days might be months, or the user has decided, a choice."""
    if not seen.time_form:
        return
    st.markdown(f"### {t('import.times')}")
    st.caption(plain_markdown(t("import.times_read", form=seen.time_form)))
    if "(" not in seen.time_form and not draft.plan.time_form:
        return
    key = f"{draft.token}-times"
    state.show_value(key, draft.plan.time_form)
    st.selectbox(
        t("import.time_form"),
        ("", *FORMS),
        format_func=lambda form: form or t("import.detect"),
        key=key,
        on_change=import_draft.writer(draft.token, key, lambda plan, value: replace(plan, time_form=value or "")),
    )


def _share(seen: Inspection, threshold: float) -> str:
    total = sum(rows for _, _, rows in seen.histogram)
    above = sum(rows for low, _, rows in seen.histogram if low >= threshold)
    return f"{100 * above / max(total, 1):.0f}"


def _log_scaling(draft: Draft, feedback: str) -> None:
    key = f"{draft.token}-log"
    state.show_value(key, draft.plan.log_counts)
    st.toggle(
        t(f"import.log_{feedback}"),
        key=key,
        help=t(f"import.log_{feedback}_help"),
        on_change=import_draft.writer(draft.token, key, lambda plan, value: replace(plan, log_counts=bool(value))),
    )


def _events(draft: Draft, seen: Inspection) -> None:
    """A weight for each type of event that the log has, with how often it occurs."""
    for start in range(0, len(seen.events), EVENT_COLUMNS):
        shown = seen.events[start : start + EVENT_COLUMNS]
        for place, (event, rows, weight) in zip(st.columns(EVENT_COLUMNS), shown, strict=False):
            key = import_draft.key_of(draft.token, "event", event)
            state.show_value(key, float(weight))
            with place:
                st.number_input(
                    f"{plain_markdown(event[:60])} ({rows:,})",
                    0.0,
                    1000.0,
                    step=0.5,
                    format="%g",
                    key=key,
                    on_change=import_draft.writer(draft.token, key, partial(_with_event, event)),
                )


def _with_template(plan: ImportPlan, value: str | None) -> ImportPlan:
    return replace(plan, template=(value or "").strip())


def _with_event(event: str, plan: ImportPlan, weight: float | None) -> ImportPlan:
    events = dict(plan.events) | ({} if weight is None else {event: float(weight)})
    return replace(plan, events=tuple(events.items()))


def _template(draft: Draft, seen: Inspection) -> None:
    st.markdown(f"### {t('import.template')}")
    key = f"{draft.token}-template"
    state.show_value(key, seen.template)
    st.text_input(
        t("import.template_label"),
        key=key,
        help=t("help.template"),
        on_change=import_draft.writer(draft.token, key, _with_template),
    )
    st.caption(t("import.template_text"))
