"""A closer look at an evaluation: one of threshold, segments, cold start, or single users, at a time."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.answer import plain
from core.evaluate import report
from core.evaluate.segments import PARTS, segments, user_deltas
from core.evaluate.types import Evaluation, UserDelta
from core.types import Dataset

from . import controls, page_choices, state
from .evaluate_parts import at, chart
from .figures import evaluate_board, evaluate_curves, evaluate_users
from .figures.evaluate_look import figure_of, name_of
from .text import t

Look = Callable[[Evaluation, Dataset, str, int], None]
MOST_USERS = 2_000


def draw(evaluation: Evaluation, dataset: Dataset, metric: str, k: int) -> None:
    """The switch, and the one look that is chosen."""
    st.markdown(f"## {t('evaluate.third')}")
    looks: dict[str, Look] = {
        "segments": _segments,
        "threshold": _threshold,
        "cold-start": _cold_start,
        "users": _users,
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
    strategy = _strategy("scored", keys, keys[0])
    found = report.threshold_curve(evaluation, strategy)
    if not len(found.thresholds):
        st.info(t("evaluate.no_threshold"))
        return
    axis = t("evaluate.axis_score", name=name_of(strategy))
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


def _users(evaluation: Evaluation, dataset: Dataset, metric: str, k: int) -> None:
    keys = tuple(evaluation.ranked)
    if len(keys) < 2:
        st.info(t("evaluate.two_needed"))
        return
    left, right, who = st.columns([1, 1, 1.4], gap="medium")
    with left:
        a = _strategy("a", keys, keys[-1])
    with right:
        b = _strategy("b", keys, keys[0])
    if a == b:
        st.info(t("evaluate.same_two"))
        return
    found = sorted(user_deltas(evaluation, k, metric, a, b), key=lambda one: one.b - one.a)
    if not found:
        return
    name = at(metric, k)
    chart(evaluate_users.deltas(found, a, b, f"{name}, {t('evaluate.difference')}", state.is_dark()), "users")
    n_a, n_b, even = evaluate_users.wins(found)
    st.caption(
        t(
            "evaluate.users_caption",
            metric=name,
            a=name_of(a),
            b=name_of(b),
            n_a=f"{n_a:,}",
            n_b=f"{n_b:,}",
            even=f"{even:,}",
        )
    )
    with who:
        one = _who(found, dataset)
    _two_lists(evaluation, dataset, one, k, a, b)


def _strategy(name: str, keys: tuple[str, ...], default: str) -> str:
    chosen = st.selectbox(
        t(f"evaluate.{name}") if name in ("a", "b") else controls.label(name),
        keys,
        index=keys.index(default),
        format_func=name_of,
        key=f"evaluate-{name}",
    )
    return str(chosen)


def _who(found: list[UserDelta], dataset: Dataset) -> UserDelta:
    """A user, those first where the first strategy wins most; of very many only the two ends."""
    ends = found if len(found) <= MOST_USERS else [*found[: MOST_USERS // 2], *found[-MOST_USERS // 2 :]]
    ids = dataset.interactions.user_ids
    place = st.selectbox(
        t("evaluate.who"),
        range(len(ends)),
        format_func=lambda row: f"{plain(ids[ends[row].user])}  ({ends[row].a - ends[row].b:+.3f})",
        help=t("evaluate.who_help"),
        key="evaluate-who",
    )
    return ends[int(place)]


def _two_lists(evaluation: Evaluation, dataset: Dataset, one: UserDelta, k: int, a: str, b: str) -> None:
    """The lists that this user really got, hits marked."""
    relevant = {int(item) for item in evaluation.splits[one.split].relevant.of(one.row)}
    lists = {
        key: [int(item) for item in evaluation.ranked[key][one.split].items[one.row, :k] if item >= 0] for key in (a, b)
    }
    hits = {key: sum(item in relevant for item in items) for key, items in lists.items()}
    st.markdown(
        t(
            "evaluate.relevant",
            n=f"{len(relevant):,}",
            a=name_of(a),
            b=name_of(b),
            n_a=hits[a],
            n_b=hits[b],
        )
    )
    for column, (key, items) in zip(st.columns(2, gap="large"), lists.items(), strict=True):
        with column:
            st.markdown(f"### {name_of(key)}")
            st.dataframe(
                {
                    t("table.rank"): list(range(1, len(items) + 1)),
                    t("evaluate.column_hit"): [t("evaluate.hit") if item in relevant else "" for item in items],
                    t("table.title"): [str(dataset.catalog.titles[item]) for item in items],
                },
                hide_index=True,
                width="stretch",
                height="content" if len(items) <= 20 else "auto",
                key=f"evaluate-list-{key}",
            )
