"""Single users of an evaluation: where one strategy won and another lost, and the two lists a user really got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.answer import plain
from core.evaluate.segments import user_deltas
from core.evaluate.types import Evaluation, UserDelta
from core.types import Array, Dataset

from . import state
from .evaluate_parts import at, chart, strategy
from .figures import evaluate_users
from .figures.evaluate_look import figure_of, name_of
from .text import plain_markdown, t

MOST_USERS = 2_000
MOST_TITLES = 8
MOST_CHANNELS = 3
WIDE, NARROW = 1.6, st.column_config.Column(width=56)
"""A list with its channels takes more room than one without; ranks and marks take little (pixels)."""
SHORT = 20
"""A list of so many rows is shown whole, a longer one scrolls."""


def draw(evaluation: Evaluation, dataset: Dataset, metric: str, k: int) -> None:
    """Two strategies, every user's difference, and one user's lists."""
    keys = tuple(evaluation.ranked)
    if len(keys) < 2:
        st.info(t("evaluate.two_needed"))
        return
    left, right, who = st.columns([1, 1, 1.4], gap="medium")
    with left:
        a = strategy("a", keys, keys[-1])
    with right:
        b = strategy("b", keys, keys[0])
    if a == b:
        st.info(t("evaluate.same_two"))
        return
    found = sorted(user_deltas(evaluation, k, metric, a, b), key=lambda one: one.b - one.a)
    if not found:
        return
    name = at(metric, k)
    axis = f"{name}, {t('evaluate.difference')}"
    chart(evaluate_users.deltas(found, a, b, axis, state.is_dark(), keys), "users")
    n_a, n_b, even = evaluate_users.wins(found)
    counts = {"n_a": f"{n_a:,}", "n_b": f"{n_b:,}", "even": f"{even:,}"}
    st.caption(t("evaluate.users_caption", metric=name, a=name_of(a), b=name_of(b), **counts))
    with who:
        one = _who(found, dataset)
    st.markdown(
        t(
            "evaluate.one_user",
            user=plain_markdown(str(plain(dataset.interactions.user_ids[one.user]))),
            metric=name,
            a=name_of(a),
            b=name_of(b),
            value_a=figure_of(one.a),
            value_b=figure_of(one.b),
        )
    )
    _two_lists(evaluation, dataset, one, k, a, b)


def _who(found: Sequence[UserDelta], dataset: Dataset) -> UserDelta:
    """A user, those first where the first strategy wins most; of very many only the two ends."""
    ends = found if len(found) <= MOST_USERS else [*found[: MOST_USERS // 2], *found[-MOST_USERS // 2 :]]
    ids = dataset.interactions.user_ids
    by_id = {str(plain(ids[one.user])): one for one in ends}
    chosen = st.selectbox(
        t("evaluate.who"),
        tuple(by_id),
        help=t("evaluate.who_help"),
        key="tested",
        bind="query-params",
        persist_state="session",
    )
    return by_id[str(chosen)]


def _two_lists(evaluation: Evaluation, dataset: Dataset, one: UserDelta, k: int, a: str, b: str) -> None:
    """The lists that this user really got, hits marked."""
    relevant = {int(item) for item in evaluation.splits[one.split].relevant.of(one.row)}
    lists = {
        key: [int(item) for item in evaluation.ranked[key][one.split].items[one.row, :k] if item >= 0] for key in (a, b)
    }
    hits = {key: sum(item in relevant for item in items) for key, items in lists.items()}
    n = f"{len(relevant):,}"
    st.markdown(t("evaluate.relevant", n=n, a=name_of(a), b=name_of(b), n_a=hits[a], n_b=hits[b]))
    st.caption(plain_markdown(t("evaluate.held_back", titles=_titles(dataset, sorted(relevant)))))
    merged = [bool(evaluation.ranked[key][one.split].channels) for key in lists]
    columns = st.columns([WIDE if wide else 1.0 for wide in merged], gap="medium")
    for column, (key, items) in zip(columns, lists.items(), strict=True):
        with column:
            st.markdown(f"### {name_of(key)}")
            if not items:
                st.caption(t("evaluate.empty_list"))
                continue
            ranks = {name: every[one.row] for name, every in evaluation.ranked[key][one.split].channels.items()}
            st.dataframe(
                list_table(dataset, items, relevant, ranks),
                hide_index=True,
                width="stretch",
                height="content" if len(items) <= SHORT else "auto",
                column_config={t("table.rank"): NARROW, t("evaluate.column_hit"): NARROW},
                key=f"evaluate-list-{key}",
            )


def _titles(dataset: Dataset, items: Sequence[int]) -> str:
    shown = [str(dataset.catalog.titles[item]) for item in items[:MOST_TITLES]]
    more = len(items) - len(shown)
    return ", ".join(shown) if not more else t("evaluate.verdict_more", names=", ".join(shown), n=more)


def list_table(
    dataset: Dataset, items: Sequence[int], relevant: set[int], ranks: Mapping[str, Array]
) -> dict[str, Sequence[object]]:
    """One user's list as columns. ranks: for merged lists what ``brought_by`` reads, else {}."""
    columns: dict[str, Sequence[object]] = {
        t("table.rank"): list(range(1, len(items) + 1)),
        t("evaluate.column_hit"): [t("evaluate.hit") if item in relevant else "" for item in items],
        t("table.title"): [str(dataset.catalog.titles[item]) for item in items],
    }
    if ranks:
        columns[t("cards.channels")] = [brought_by(ranks, place) for place in range(len(items))]
    return columns


def brought_by(ranks: Mapping[str, Array], place: int) -> str:
    """ "Sequence #1 · EASE #3": the channels that brought the item at a place of one list, the best rank first.

    ranks: (100,) by channel, from 1, 0 where it did not bring the item.
    """
    found = sorted((int(own[place]), order, name) for order, (name, own) in enumerate(ranks.items()) if own[place] > 0)
    words = [t("channels.chip", name=name_of(name), rank=f"{rank:,}") for rank, _, name in found]
    more = len(words) - MOST_CHANNELS
    return " · ".join(words if more <= 0 else [*words[:MOST_CHANNELS], t("channels.rest", n=more)])
