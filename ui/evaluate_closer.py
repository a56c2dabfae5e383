"""A closer look at an evaluation: one of threshold, segments, cold start, or single users, at a time."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.evaluate import report
from core.evaluate.segments import PARTS, segments
from core.evaluate.types import Evaluation
from core.types import Dataset

from . import evaluate_users, page_choices, state
from .evaluate_parts import at, chart, strategy
from .figures import evaluate_board, evaluate_curves
from .figures.evaluate_look import figure_of, name_of
from .text import t

Look = Callable[[Evaluation, Dataset, str, int], None]


def draw(evaluation: Evaluation, dataset: Dataset, metric: str, k: int) -> None:
    """The switch, and the one look that is chosen."""
    st.markdown(f"## {t('evaluate.third')}")
    looks: dict[str, Look] = {
        "segments": _segments,
        "threshold": _threshold,
        "cold-start": _cold_start,
        "users": evaluate_users.draw,
    }
    looks[page_choices.one_of("closer", tuple(looks), "segments")](evaluation, dataset, metric, k)


def _segments(evaluation: Evaluation, dataset: Dataset, metric: str, k: int) -> None:
    by = page_choices.one_of("by", PARTS, PARTS[0])
    found = segments(evaluation, k, metric, by, dataset.catalog)
    if not found:
        st.info(t("evaluate.no_segments"))
        return
    if by == "category":
        found = tuple(sorted(found, key=lambda segment: -segment.n_relevant))
    name = at(metric, k)
    chart(evaluate_board.segment_board(found, tuple(evaluation.ranked), name, state.is_dark()), "parts")
    st.caption(t("evaluate.segments_caption", metric=name))
    if len(found) > evaluate_board.MOST_SEGMENTS:
        st.caption(t("evaluate.more_segments", n=evaluate_board.MOST_SEGMENTS, of=len(found)))


def _threshold(evaluation: Evaluation, dataset: Dataset, metric: str, k: int) -> None:
    keys = tuple(evaluation.ranked)
    key = strategy("scored", keys, keys[0])
    found = report.threshold_curve(evaluation, key)
    if not len(found.thresholds):
        st.info(t("evaluate.no_threshold"))
        return
    axis = t("evaluate.axis_score", name=name_of(key))
    chart(evaluate_curves.against_threshold(found, axis, state.is_dark()), "threshold")
    best = found.best
    st.caption(
        t(
            "evaluate.threshold_caption",
            f1=figure_of(float(found.f1[best])),
            threshold=f"{float(found.thresholds[best]):.4g}",
            kept=f"{float(found.kept[best]):,.1f}",
            precision=figure_of(float(found.precision[best])),
            recall=figure_of(float(found.recall[best])),
        )
    )


def _cold_start(evaluation: Evaluation, dataset: Dataset, metric: str, k: int) -> None:
    found = report.cold_curve(evaluation, k, metric)
    if not found:
        st.info(t("evaluate.no_cold"))
        return
    known = tuple(next(iter(found.values())))
    name = at(metric, k)
    lines = {key: tuple(found[key].values()) for key in found}
    chart(evaluate_curves.cold_start(known, lines, name, state.is_dark()), "cold")
    st.caption(t("evaluate.cold_caption", metric=name))
