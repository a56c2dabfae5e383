"""The parts of the Diversity page: one user's list before and after, why, and what it costs everybody."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.answer import plain
from core.explain.ledger import Entry, Ledger, ledger
from core.explain.ledger_reasons import STAYED
from core.recipe import Recipe
from core.tradeoff import figures
from core.types import Dataset, Run

from . import (
    blocks,
    controls,
    diversity_everybody,
    diversity_headline,
    diversity_lists,
    diversity_pictures,
    fitting,
    ledger_words,
    recommend_view,
    resources,
    state,
)
from .diversity_knobs import method_knobs, pool_words
from .diversity_lists import Row
from .knob_panel import knob_panel, strategy_picker
from .text import plain_markdown, t

TRIED = 0.3
"""The strength that the page proposes where nothing is traded yet."""


def draw(dataset: Dataset) -> None:
    """Everything below the lead: strength, method and the sentence first, then the other knobs beside the lists."""
    user = recommend_view.pick_user(dataset)
    strength, method = st.columns([1.1, 1], gap="medium")
    with strength:
        flat: dict[str, Any] = {"diversity": controls.number("diversity")}
        pool = st.empty()
    with method:
        flat |= method_knobs(dataset)
    headline = st.container()
    knobs, lists = st.columns([1, 2.7], gap="large")
    with knobs:
        recipe = knob_panel(dataset, flat | strategy_picker(dataset))
    if recipe is None:
        headline.info(t("diversity.no_recipe"))
        return
    pool.caption(pool_words(recipe, len(dataset.catalog)))
    if user is not None:
        _results(dataset, recipe, user, headline, lists)


def _results(dataset: Dataset, recipe: Recipe, user: int, headline: DeltaGenerator, lists: DeltaGenerator) -> None:
    """What comes of the choices: the lists, which are there first, the sentence, everybody's figures, the pictures."""
    with lists:
        if not fitting.ready(recipe):
            return
        run = resources.run(recipe, user)
        before = resources.run(figures.plain(recipe), user) if recipe.rearranges else run
        lines = ledger(run)
        _lists(dataset, before, run, lines)
    with headline:
        with st.spinner(t("diversity.counting")):  # only the first time takes long enough to be seen
            everybody = diversity_everybody.effects(dataset, recipe)
        _headline(dataset, recipe, lines, everybody)
    diversity_everybody.draw(dataset, recipe, everybody)
    diversity_pictures.draw(dataset, recipe, user, run, before)


def _headline(dataset: Dataset, recipe: Recipe, lines: Ledger, everybody: diversity_everybody.Everybody | None) -> None:
    """What the setting does, in two sentences; where it does nothing, what another one would do."""
    effects = () if everybody is None else everybody.effects
    if recipe.rearranges:
        one = diversity_headline.for_one(lines, dataset.catalog.titles)
        st.markdown(f"### {diversity_headline.sentence(recipe, effects, one)}")
        return
    st.markdown(f"### {t('diversity.nothing_yet')}")
    tried = recipe.replace(diversity=TRIED)
    words, button = st.columns([4, 1], vertical_alignment="center")
    with words:
        preview = diversity_everybody.effects(dataset, tried)
        if preview is not None and preview.effects:
            st.markdown(diversity_headline.sentence(tried, preview.effects))
    with button:
        st.button(
            t("diversity.try", strength=f"{TRIED:.2f}"),
            type="primary",
            key="try-diversity",
            on_click=state.choose,
            args=("diversity", TRIED),
            width="stretch",
        )


def _lists(dataset: Dataset, before: Run, run: Run, lines: Ledger) -> None:
    """The list by relevance alone beside the one at the sliders, each row with its mark and its reason."""
    if not lines.entries:
        blocks.empty_list(run)
        return
    gone = {one.item: one for one in lines.gone}
    old, shown = _items(before), lines.entries[: blocks.MOST_CARDS]
    after = [_row(dataset, one.item, one.rank, *_mark(one, len(old)), _why(dataset, one)) for one in shown]
    then = [
        _row(dataset, item, rank, diversity_lists.LEFT, t("diversity.left"), ledger_words.of_gone(dataset, gone[item]))
        if item in gone
        else _row(dataset, item, rank, diversity_lists.SAME, "", "")
        for rank, item in enumerate(old[: blocks.MOST_CARDS], start=1)
    ]
    diversity_lists.side_by_side(then, after, diversity_headline.setting(run.recipe), key="diversity-lists")
    if len(lines.entries) > len(shown):
        st.caption(t("result.first_cards", n=len(shown), of=f"{len(lines.entries):,}"))
    for notice in run.notices:
        st.caption(plain_markdown(notice))


def _items(run: Run) -> list[int]:
    return [int(item) for item in run.selected.items[0] if item >= 0]


def _mark(entry: Entry, k: int) -> tuple[str, str]:
    """How an item of the list after stands to the list before, k long, and the same in words."""
    if entry.before > k:
        return diversity_lists.ENTERED, t("diversity.entered")
    if entry.before == entry.rank:
        return diversity_lists.SAME, ""
    if entry.before > entry.rank:
        return diversity_lists.UP, t("cards.up", n=entry.before - entry.rank)
    return diversity_lists.DOWN, t("cards.down", n=entry.rank - entry.before)


def _why(dataset: Dataset, entry: Entry) -> str:
    return "" if entry.kind == STAYED else ledger_words.of_entry(dataset, entry)


def _row(dataset: Dataset, item: int, rank: int, mark: str, said: str, why: str) -> Row:
    return Row(
        rank=rank,
        item_id=plain(dataset.catalog.item_ids[item]),
        title=str(dataset.catalog.titles[item]),
        subtitle=blocks.subtitle_of(dataset, item),
        slot=blocks.slot_of(dataset, item),
        mark=mark,
        said=said,
        why=why,
    )
