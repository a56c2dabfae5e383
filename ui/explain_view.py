"""The parts of the Explain page: whose item, where it stands and why in a sentence, then one question at a time."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import InputError
from core.recipe import Recipe
from core.types import Dataset, Run

from . import (
    blocks,
    explain_bars,
    explain_choices,
    explain_more,
    explain_picture,
    explain_said,
    explain_sum,
    explain_text,
    fitting,
    page_choices,
    recommend_view,
    resources,
    state,
)
from .explain_picture import Picture
from .knob_panel import knob_panel, strategy_picker
from .text import plain_markdown, t

OWN = (*explain_choices.OWN, explain_sum.INSIDE, explain_more.SEARCH)
SECTIONS: MappingProxyType[str, Callable[[Picture], None]] = MappingProxyType(
    {
        "sum": explain_sum.draw,
        "change": explain_more.change,
        "words": explain_text.draw,
        "contrast": explain_more.versus,
        "evidence": explain_more.evidence,
        "certainty": explain_more.certainty,
    }
)


def draw(dataset: Dataset) -> None:
    """Everything below the lead. The answer comes first; the knobs stand beside it, on a phone below."""
    user = recommend_view.pick_user(dataset)
    if state.swap("explain_user", user) not in (None, user):  # what was taken out was another one's
        explain_choices.undo_all()
    answer, side = st.columns([2.7, 1], gap="large")
    with side:
        recipe = knob_panel(dataset, strategy_picker(dataset))
    with answer:
        head = st.container()
        if recipe is None or user is None or not fitting.ready(recipe):
            with head:
                explain_choices.fields()
            return
        _answer(dataset, recipe, user, head)


def _answer(dataset: Dataset, recipe: Recipe, user: int, head: DeltaGenerator) -> None:
    with head:
        picker, link = st.columns([3, 1], vertical_alignment="bottom")
        with link:
            explain_choices.fields()
        try:
            run = resources.run(recipe, user)
        except InputError as error:
            blocks.error_card(str(error))
            return
        item = _item(dataset, run, picker)
        if item is None:
            return
        without, plus = (explain_choices.several(dataset, name) for name in ("without", "plus"))
        try:
            with st.spinner(t("explain.taking_apart")):  # seen only where every history has to be scored anew
                shown = explain_picture.picture(dataset, recipe, user, item, run, without, plus)
            explain_said.card(shown)
            _remarks(shown)
            _strangers(shown, without)
            explain_bars.sentence(explain_said.sentence(shown), key="explain-sentence")
        except InputError as error:
            blocks.error_card(str(error))
            _way_back(without or plus)
            return
    why = page_choices.one_of(explain_choices.WHY, tuple(SECTIONS), "sum")
    SECTIONS.get(why, explain_sum.draw)(shown)


def _item(dataset: Dataset, run: Run, picker: DeltaGenerator) -> int | None:
    """The item asked for, else the first of the list; None, with a sentence, where there is none."""
    listed = [int(item) for item in run.selected.items[0] if item >= 0]
    asked = explain_choices.item_asked(dataset)
    item = asked if asked is not None else (listed[0] if listed else None)
    if item is None:
        blocks.empty_list(run)
        return None
    with picker:
        explain_choices.pick_item(dataset, listed, item)
    return item


def _remarks(shown: Picture) -> None:
    """What has to be known beside rank and score."""
    if shown.has_it:
        st.caption(t("explain.has_it"))
    place = shown.listed.index(shown.item) + 1 if shown.item in shown.listed else 0
    rank = int(shown.stood.ranks[0])
    if place and rank and place != rank:
        st.caption(t("explain.other_place", place=place, rank=f"{rank:,}"))
    elif not place and not shown.has_it and 0 < rank <= shown.recipe.k:
        st.caption(t("explain.not_listed", rank=f"{rank:,}"))
    if not shown.parts.exact:
        st.caption(t("explain.left_out"))


def _strangers(shown: Picture, without: tuple[int, ...]) -> None:
    """Items that the address takes out of a history in which they are not."""
    mine = set(shown.before.history.items.tolist())
    titles = [str(shown.dataset.catalog.titles[item]) for item in without if item not in mine]
    if titles:
        st.warning(t("explain.not_hers", titles=plain_markdown(", ".join(titles))))


def _way_back(changed: tuple[int, ...]) -> None:
    if changed:
        st.button(t("explain.undo_all"), key="explain-undo-error", on_click=explain_choices.undo_all)
