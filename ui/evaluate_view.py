"""The parts of the Evaluate page: the verdict, the leaderboard, the curves, and a closer look."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from core.errors import InputError
from core.evaluate import report
from core.evaluate.depths import Depths
from core.evaluate.plain import as_json, protocol_facts
from core.evaluate.types import Comparison, Evaluation, Measure, Plan
from core.registry import stage
from core.splits import COLD_USERS
from core.types import Dataset

from . import (
    blocks,
    controls,
    evaluate_choices,
    evaluate_closer,
    evaluate_export,
    evaluate_job,
    live,
    page_choices,
    page_start,
    preparing,
    resources,
    state,
)
from .evaluate_parts import at, chart
from .evaluate_verdict import verdict, width
from .figures import evaluate_board, evaluate_curves
from .figures.evaluate_look import figure_of, name_of
from .text import plain_markdown, t

MOST_ROWS = 20
"""Of a table that is shown whole; a longer one scrolls."""


def draw(dataset: Dataset) -> None:
    """Everything below the lead: the choices, and what comes of them."""
    plan = evaluate_choices.plan(dataset)
    if plan is None or not preparing.vectors_ready(plan.recipes[0]):
        return
    fingerprint = live.learned(dataset, plan.recipes[0]).fingerprint
    try:
        evaluation = resources.evaluation(plan, fingerprint)
    except InputError as error:  # the protocol finds nobody to ask, or needs times
        blocks.error_card(str(error))
        return
    if evaluation is None:
        evaluate_job.offer(plan, fingerprint)
        return
    _facts(evaluation)
    _results(plan, dataset)


@st.fragment
def _results(plan: Plan, dataset: Dataset) -> None:
    """What moves with K and the metric: a fragment of its own, so that a step leaves the choices alone."""
    fingerprint = live.learned(dataset, plan.recipes[0]).fingerprint
    evaluation = resources.evaluation(plan, fingerprint) if page_start.is_current(dataset) else None
    if evaluation is None:  # thrown away meanwhile, or of data that is another one now
        st.rerun()
    slider, which = st.columns([1, 1], gap="medium", vertical_alignment="top")
    with slider:
        k = int(controls.number("k", high=min(controls.MAX_K, len(dataset.catalog))))
    with which:
        metric = page_choices.one_of("curve", report.COMPARED, report.COMPARED[0])
    depths = resources.evaluation_depths(plan, fingerprint, metric)
    measures, comparisons = depths.measures(k), depths.comparisons(k)
    st.markdown(f"### {verdict(measures, comparisons, at(metric, k))}")
    if comparisons:
        st.caption(t("evaluate.verdict_means", n=len(comparisons)))
    left, right = st.columns(2, gap="large")
    with left:
        _board(measures, at(metric, k))
    with right:
        _curves(depths, k)
    _tables(evaluation, lambda: resources.evaluation_board(plan, fingerprint, k), comparisons, k)
    evaluate_closer.draw(evaluation, dataset, metric, k)
    evaluate_export.draw(
        *(plan, k),
        lambda: report.leaderboard(evaluation, k),
        lambda: as_json(evaluation, k),
    )


def _facts(evaluation: Evaluation) -> None:
    """How many users and positives the figures rest on, and how they have to be read."""
    facts = protocol_facts(evaluation)
    said = t(
        "evaluate.facts" if facts["n_splits"] == 1 else "evaluate.facts_splits",
        splits=facts["n_splits"],
        users=f"{facts['n_users']:,}",
        positives=f"{facts['n_test_positives']:,}",
    )
    if facts["n_left_out"]:
        said += t("evaluate.facts_left_out", left_out=f"{facts['n_left_out']:,}")
    if evaluation.splits[-1].task == COLD_USERS:
        said += t("evaluate.facts_cold_users", label=evaluation.splits[-1].label.removeprefix("n="))
    st.caption(said)
    for notice in evaluation.notices:
        st.caption(f":material/info: {plain_markdown(notice)}")


def _board(measures: Mapping[str, Measure], metric: str) -> None:
    st.markdown(f"## {t('evaluate.board')}")
    chart(evaluate_board.board(measures, metric, state.is_dark()), "board")
    st.caption(t("evaluate.board_caption", metric=metric))
    if said := width(measures):
        st.caption(said)
    repeated = {key: one.over_seeds for key, one in measures.items() if one.over_seeds is not None}
    if repeated:
        said = ", ".join(
            t("evaluate.one_seed", name=name_of(key), mean=figure_of(mean), spread=figure_of(spread))
            for key, (mean, spread) in repeated.items()
        )
        st.caption(t("evaluate.board_seeds", words=said))


def _curves(depths: Depths, k: int) -> None:
    st.markdown(f"## {t('evaluate.curves')}")
    label = stage("metrics").get(depths.metric).label
    chart(evaluate_curves.against_k(depths.curves, k, label, state.is_dark()), "curves")
    st.caption(t("evaluate.curves_caption"))


def _tables(
    evaluation: Evaluation, board: Callable[[], evaluate_export.Board], comparisons: Sequence[Comparison], k: int
) -> None:
    """All metrics, all pairs, and what each metric means: each one click away, and made when it is opened."""
    with st.popover(t("evaluate.contracts"), icon=":material/function:", width="content"):
        st.markdown("\n\n".join(_contract(key) for key in stage("metrics").names()))
    every = st.expander(t("evaluate.all_metrics"), key="evaluate-every", on_change="rerun")
    if every.open:
        with every:
            rows = all_metrics(board(), seconds(evaluation), k)
            st.dataframe(rows, hide_index=True, width="stretch", height="content", key="evaluate-all")
            st.caption(t("evaluate.all_caption"))
    if comparisons:
        with st.expander(t("evaluate.comparisons")):
            st.caption(t("evaluate.pairs_caption", n=len(comparisons)))
            st.dataframe(
                pairs(comparisons),
                hide_index=True,
                width="stretch",
                height="content" if len(comparisons) <= MOST_ROWS else "auto",
                key="evaluate-pairs",
            )


def all_metrics(
    board: evaluate_export.Board, took: Mapping[str, tuple[float, float]], k: int
) -> Mapping[str, Sequence[str]]:
    """The leaderboard as columns: a row a metric, a column a strategy; below, the seconds it took."""
    metrics = tuple(dict.fromkeys(key for measures in board.values() for key in measures))
    names = [at(key, k) for key in metrics]
    rows: dict[str, Sequence[str]] = {
        t("evaluate.column_metric"): [*names, t("evaluate.row_fit"), t("evaluate.row_score")]
    }
    for strategy, measures in board.items():
        figures = [_interval(measures[key]) if key in measures else "–" for key in metrics]
        rows[name_of(strategy)] = [*figures, *(f"{value:,.1f}" for value in took[strategy])]
    return rows


def seconds(evaluation: Evaluation) -> dict[str, tuple[float, float]]:
    """What learning and ranking took each strategy, over all splits."""
    return {
        name: (sum(one.fit_s for one in answers), sum(one.score_s for one in answers))
        for name, answers in evaluation.ranked.items()
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
