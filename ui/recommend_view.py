"""The parts of the Recommend page: choosing a user, and reading her list."""

from __future__ import annotations

import csv
import io
import random

import streamlit as st

from core.answer import command, export_rows, listed, plain
from core.errors import InputError
from core.explain.changes import ENTERED, MOVED, Change, changes
from core.pipeline import user_indices
from core.recipe import Recipe
from core.serving import has_space, needs_fitting, scale_of
from core.types import Dataset, Run

from . import (
    blocks,
    cards,
    channels,
    context_said,
    controls,
    diversity_said,
    feedback,
    feedback_learning,
    feedback_panel,
    fitting,
    live,
    page_choices,
    resources,
    short_reason,
    state,
    strategy,
)
from .channels import channel_name
from .text import plain_markdown, t

CARDS, TABLE = "cards", "table"
MOST_LEFT = 30


def pick_user(dataset: Dataset) -> int | None:
    """The user picker with its shortcuts; None, with a sentence, where the id is unknown."""
    picker, surprise, found = st.columns([1.5, 1, 4], vertical_alignment="bottom")
    with picker:
        chosen = controls.user(dataset)
    with surprise:
        st.button(t("user.random"), icon=":material/casino:", on_click=_choose_any, args=(dataset,), width="stretch")
    with found:
        _examples(dataset)
    try:
        user = int(user_indices(dataset.interactions, [chosen])[0])
    except InputError as error:
        blocks.error_card(str(error))
        return None
    return user


def _choose_any(dataset: Dataset) -> None:
    state.choose("user", str(plain(random.choice(dataset.interactions.user_ids))))


def _examples(dataset: Dataset) -> None:
    """Users worth a look, found from the data; only once vectors are there to tell focused from eclectic."""
    recipe = Recipe(dataset=dataset.name)
    if not resources.ready(recipe):
        return
    with st.container(horizontal=True, gap="small"):
        for example in resources.example_users(recipe):
            user_id = str(plain(dataset.interactions.user_ids[example.user]))
            st.button(
                t(f"example.{example.kind}", user=plain_markdown(user_id)),
                key=f"example-{example.kind}",
                help=t(f"example.help_{example.kind}", n=f"{example.history:,}", focus=f"{example.focus:.2f}"),
                on_click=state.choose,
                args=("user", user_id),
            )


def history(dataset: Dataset, recipe: Recipe | None, user: int) -> None:
    """What the user has done, newest first where that is known; what was done on these pages is marked."""
    try:
        log = dataset.interactions if recipe is None else live.log(dataset, recipe)
    except InputError:  # said in place of the list
        log = dataset.interactions
    done = {} if recipe is None or not live.counts(recipe) else feedback.done(dataset, user)
    shown, total = blocks.history(dataset, user, log, done)
    owner = str(plain(dataset.interactions.user_ids[user]))
    st.markdown(f"## {t('user.history', n=f'{total:,}', order=blocks.history_words(dataset)['order'])}")
    cards.history_strip(shown, key="history", total=total, owner=owner)


def results(dataset: Dataset, recipe: Recipe, user: int) -> None:
    """The list, what changed in it, and ways to take it along."""
    if not fitting.ready(recipe):
        return
    run = diversity_said.answer(recipe, user)
    items = tuple(int(item) for item in run.selected.items[0] if item >= 0)
    setting = f"{recipe!r}/{feedback.version(dataset, recipe, user)}"
    before = state.compare_with_last(f"{dataset.fingerprint}/{user}", setting, items)
    marks, left = changes(before.items, items) if before else ((), ())
    words, shape = st.columns([3, 1], vertical_alignment="bottom")
    with words:
        _headline(dataset, run, marks, left)
    with shape:
        as_table = page_choices.one_of("view", (CARDS, TABLE), CARDS) == TABLE
    feedback.line(dataset, user, live.counts(recipe))
    with st.container():
        context_said.said(run)
        diversity_said.above(run)
        channels.summary(run, chips_shown=not as_table)
    if not items:
        blocks.empty_list(run)
    elif as_table:
        _table(dataset, run, as_cards(run, dataset, marks))
    else:
        shown = as_cards(run, dataset, marks, blocks.MOST_CARDS)
        blocks.rank_cards(shown, run, key="list", acting=feedback.acting(dataset, user, "list"))
        if len(items) > blocks.MOST_CARDS:
            st.caption(t("result.first_cards", n=blocks.MOST_CARDS, of=f"{len(items):,}"))
    with st.container():  # always one element, so that what stands below stays what it is, open or folded
        _gone(dataset, left, () if before is None else before.items)
        if items:
            _take_along(dataset, run)
    with st.container():
        feedback_learning.draw(dataset, recipe)
    feedback_panel.draw(dataset, user)


def _gone(dataset: Dataset, left: tuple[int, ...], before: tuple[int, ...]) -> None:
    """What left the list."""
    if not left:
        return
    cards.left_list(blocks.left_items(dataset, left[:MOST_LEFT], before), key="left")
    if len(left) > MOST_LEFT:
        st.caption(t("result.more_left", n=f"{len(left) - MOST_LEFT:,}"))


def as_cards(run: Run, dataset: Dataset, marks: tuple[Change, ...] = (), most: int | None = None) -> list[cards.Card]:
    """The list of the run's first user as cards, each with what it comes from and the way to its explanation."""
    return blocks.cards(
        run,
        dataset,
        strategy.explaining(run.recipe),
        resources.metric_range(run.recipe),
        marks,
        most,
        live.log(dataset, run.recipe),
        short_reason.because(run, dataset, most),
        short_reason.links(run, dataset, most),
    )


def _headline(dataset: Dataset, run: Run, marks: tuple[Change, ...], left: tuple[int, ...]) -> None:
    """One line: how many of how many, by what, and what the last change did."""
    recipe = run.recipe
    by = scale_of(recipe).label.lower() if has_space(recipe) else channel_name(recipe.strategy)
    if has_space(recipe) and needs_fitting(recipe):
        by = f"{channel_name(recipe.strategy)}, {by}"
    counts = {"n": int(run.selected.counts[0]), "of": f"{int(run.n_above_threshold[0]):,}"}
    key = "result.passing" if recipe.select != "top-k" else "result.best"
    if run.diversified is not None:
        key += "_diversified"
    st.markdown(f"## {t(key, **counts, metric=plain_markdown(by))}")
    if not marks and not left:
        st.caption(t("result.time", ms=f"{run.timings_ms['total']:.0f}", pool=f"{int(run.pool.counts[0]):,}"))
        return
    entered = sum(change.kind == ENTERED for change in marks)
    moved = sum(change.kind == MOVED for change in marks)
    st.caption(t("result.changes", entered=entered, left=len(left), moved=moved))


def _table(dataset: Dataset, run: Run, shown: list[cards.Card]) -> None:
    scorer = scale_of(run.recipe)
    entries = listed(run, dataset, 0)
    near = t("table.closest" if has_space(run.recipe) else "table.closest_text")
    categories = dataset.catalog.fields["category"][run.selected.items[0, : len(entries)]]
    st.dataframe(
        {
            t("table.rank"): [card.rank for card in shown],
            t("table.title"): [card.title for card in shown],
            **channels.table_columns(run, len(shown)),
            t("table.year"): [card.subtitle for card in shown],
            t("table.category"): categories.tolist(),
            scorer.unit: [float(scorer.native(entry["score"])) for entry in entries],
            t("table.change"): [cards.change_in_words(card.change) for card in shown],
            **({} if run.diversified is None else {t("table.why"): [card.why for card in shown]}),
            near: [", ".join(card.closest) for card in shown],
            t("table.id"): [str(card.item_id) for card in shown],
        },
        hide_index=True,
        width="stretch",
        height="content" if len(shown) <= blocks.MOST_CARDS else "auto",
        key="table",
        placeholder="",
    )


def _take_along(dataset: Dataset, run: Run) -> None:
    """The list as a file, and the command that gives the same one."""
    sheet = io.StringIO()
    csv.writer(sheet).writerows(export_rows(run, dataset, 0))
    user_id = plain(dataset.interactions.user_ids[run.users.users[0]])
    with st.container(horizontal=True):
        st.download_button(
            t("export.csv"),
            sheet.getvalue().encode("utf-8-sig"),
            file_name=f"recommendations-user-{user_id}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        with st.popover(t("export.command"), icon=":material/terminal:"):  # its code box is heavy: loaded when opened
            st.code(command(run.recipe, user_id), language="bash", wrap_lines=True)
