"""The parts of the Evaluate page: the verdict, the leaderboard, the curves, and a closer look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.errors import InputError
from core.evaluate import report
from core.evaluate.types import Comparison, Evaluation, Measure
from core.registry import stage
from core.types import Dataset

from . import (
    blocks,
    controls,
    evaluate_choices,
    evaluate_closer,
    evaluate_export,
    evaluate_job,
    page_choices,
    preparing,
    resources,
    state,
)
from .evaluate_parts import at, chart
from .evaluate_verdict import verdict
from .figures import evaluate_board, evaluate_curves
from .figures.evaluate_look import figure_of, name_of
from .text import plain_markdown, t

CURVES = ("recall", "precision", "f1", "ndcg")


def draw(dataset: Dataset) -> None:
    """Everything below the lead: the choices, and what comes of them."""
    plan = evaluate_choices.plan(dataset)
    if plan is None or not preparing.vectors_ready(plan.recipes[0]):
        return
    try:
        evaluation = resources.evaluation(plan, dataset.fingerprint)
    except InputError as error:  # the protocol finds nobody to ask, or needs times
        blocks.error_card(str(error))
        return
    if evaluation is None:
        evaluate_job.offer(plan, dataset.fingerprint)
        return
    _facts(evaluation)
    slider, which = st.columns([1, 1], gap="large", vertical_alignment="top")
    with slider:
        k = int(controls.number("k", high=min(controls.MAX_K, len(dataset.catalog))))
    with which:
        metric = page_choices.one_of("curve", CURVES, CURVES[0])
    board = report.leaderboard(evaluation, k)
    comparisons = report.compare(evaluation, k, metric)
    st.markdown(f"### {verdict(_column(board, metric), comparisons, at(metric, k))}")
    left, right = st.columns(2, gap="large")
    with left:
        _board(board, metric, k)
    with right:
        _curves(evaluation, metric, k)
    _tables(board, comparisons, k)
    evaluate_closer.draw(evaluation, dataset, metric, k)
    evaluate_export.draw(plan, board, k, report.as_json(evaluation, k))


def _facts(evaluation: Evaluation) -> None:
    """How many users and positives the figures rest on, and how they have to be read."""
    splits = evaluation.splits
    st.caption(
        t(
            "evaluate.facts" if len(splits) == 1 else "evaluate.facts_splits",
            splits=len(splits),
            users=f"{sum(len(split.people) for split in splits):,}",
            positives=f"{sum(int(split.relevant.counts.sum()) for split in splits):,}",
            left_out=f"{sum(split.n_left_out for split in splits):,}",
        )
    )
    for notice in evaluation.notices:
        st.caption(f":material/info: {plain_markdown(notice)}")


def _column(board: evaluate_export.Board, metric: str) -> dict[str, Measure]:
    return {strategy: measures[metric] for strategy, measures in board.items()}


def _board(board: evaluate_export.Board, metric: str, k: int) -> None:
    st.markdown(f"## {t('evaluate.board')}")
    measures = _column(board, metric)
    chart(evaluate_board.board(measures, at(metric, k), state.is_dark()), "board")
    st.caption(t("evaluate.board_caption", metric=at(metric, k)))
    repeated = {key: one.over_seeds for key, one in measures.items() if one.over_seeds is not None}
    if repeated:
        said = [
            t("evaluate.one_seed", name=name_of(key), mean=figure_of(mean), spread=figure_of(spread))
            for key, (mean, spread) in repeated.items()
        ]
        st.caption(t("evaluate.board_seeds", words=", ".join(said)))


def _curves(evaluation: Evaluation, metric: str, k: int) -> None:
    st.markdown(f"## {t('evaluate.curves')}")
    found = {key: report.curve(evaluation, metric, key) for key in evaluation.ranked}
    label = stage("metrics").get(metric).label
    chart(evaluate_curves.against_k(found, k, label, state.is_dark()), "curves")
    st.caption(t("evaluate.curves_caption"))


def _tables(board: evaluate_export.Board, comparisons: Sequence[Comparison], k: int) -> None:
    """All metrics, all pairs, and what each metric means: each one click away."""
    with st.popover(t("evaluate.contracts"), icon=":material/function:", width="content"):
        st.markdown("\n\n".join(_contract(key) for key in stage("metrics").names()))
    with st.expander(t("evaluate.all_metrics")):
        st.dataframe(all_metrics(board, k), hide_index=True, width="stretch", height="content", key="evaluate-all")
    if comparisons:
        with st.expander(t("evaluate.comparisons")):
            st.dataframe(pairs(comparisons), hide_index=True, width="stretch", height="content", key="evaluate-pairs")


def all_metrics(board: evaluate_export.Board, k: int) -> Mapping[str, Sequence[str]]:
    """The leaderboard as columns: a row a metric, a column a strategy."""
    metrics = tuple(dict.fromkeys(key for measures in board.values() for key in measures))
    rows: dict[str, Sequence[str]] = {t("evaluate.column_metric"): [at(key, k) for key in metrics]}
    return rows | {
        name_of(strategy): [_interval(measures[key]) if key in measures else "–" for key in metrics]
        for strategy, measures in board.items()
    }


def pairs(comparisons: Sequence[Comparison]) -> Mapping[str, Sequence[str]]:
    """Comparisons as columns of words."""
    return {
        t("evaluate.column_verdict"): [one.words for one in comparisons],
        t("evaluate.column_delta"): [f"{one.delta:+.3f}" for one in comparisons],
        t("evaluate.column_interval"): [f"{one.low:+.3f} – {one.high:+.3f}" for one in comparisons],
        t("evaluate.column_p"): [f"{one.p_holm:.4f}" for one in comparisons],
        t("evaluate.column_users"): [f"{one.n:,}" for one in comparisons],
    }


def _interval(one: Measure) -> str:
    if one.low != one.low:
        return figure_of(one.mean)
    return f"{figure_of(one.mean)} ({figure_of(one.low)}–{figure_of(one.high)})"


def _contract(key: str) -> str:
    metric = stage("metrics").get(key)
    return t(
        "evaluate.contract",
        label=plain_markdown(metric.label),
        better=t(f"evaluate.better_{metric.better}"),
        formula=plain_markdown(metric.formula),
        denominator=plain_markdown(metric.denominator),
        source=plain_markdown(metric.source),
    )
