"""The ways in which a newcomer tells what she likes: questions, a sentence, categories, pasted titles."""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np
import streamlit as st

from core.datasets.categories import by_count
from core.newcomer.audience import Balance
from core.newcomer.elicit import questions
from core.newcomer.persona import CATEGORY, LIKE, NOT_CATEGORY, SENTENCE, Answer, Persona
from core.newcomer.titles import Match, find_titles, lines_of
from core.registry import knobs_of
from core.types import Array, Catalog, Dataset, Interactions, Run, Vectors
from core.vectors import OWN_VECTORS

from . import blocks, controls, newcomer_cards, state
from .newcomer_answers import SAID, add, take_back
from .newcomer_cards import Chip, Question
from .text import plain_markdown, t

QUESTIONS, FIRST = 5, 3
MOST_CATEGORIES = 24
ASKED, CATEGORIES = "newcomer-questions", "newcomer-categories"
SENTENCE_FIELD, TITLES_FIELD, LEFT = "newcomer-sentence", "newcomer-titles", "newcomer_left"


def ask(dataset: Dataset, content: Vectors, persona: Persona, run: Run | None) -> None:
    """The questions to answer now. run: the list as it is, None where there is none."""
    st.markdown(f"**{t('newcomer.ask')}**")
    items = questions(dataset.interactions, dataset.catalog, content, persona, QUESTIONS).tolist()
    if not items:
        st.caption(t("newcomer.no_more"))
        return
    ids, titles = dataset.catalog.item_ids, dataset.catalog.titles
    shown = [
        Question(str(ids[item]), str(titles[item]), blocks.subtitle_of(dataset, item), blocks.slot_of(dataset, item))
        for item in items
    ]
    newcomer_cards.questions(shown, _beginning(dataset, run), key=ASKED, on_click=partial(_answered, dataset))


def _beginning(dataset: Dataset, run: Run | None) -> str:
    items = [] if run is None else [int(item) for item in run.selected.items[0, :FIRST] if item >= 0]
    return t("newcomer.now", titles=", ".join(str(dataset.catalog.titles[item]) for item in items)) if items else ""


def _answered(dataset: Dataset) -> None:
    click = newcomer_cards.clicked(ASKED)
    if click is not None and click.did in ("like", "dislike", "skip"):
        add(dataset, click.did, click.value)


def words_possible(dataset: Dataset) -> bool:
    """Whether a sentence has a place among the item vectors: not where nobody knows their model."""
    model = state.chosen("model")
    return model != OWN_VECTORS and (bool(model) or dataset.own_vectors is None)


def sentence(dataset: Dataset, *, possible: bool) -> None:
    """A wish in words; switched off among vectors whose model nobody knows."""
    st.text_input(
        t("newcomer.sentence"),
        key=SENTENCE_FIELD,
        placeholder=t("newcomer.sentence_example"),
        help=t("newcomer.sentence_help"),
        max_chars=300,
        disabled=not possible,
        on_change=_told,
        args=(dataset,),
    )
    if not possible:
        st.caption(t("map.no_phrase"))


def _told(dataset: Dataset) -> None:
    text = str(state.chosen(SENTENCE_FIELD, "")).strip()
    if text:
        add(dataset, SENTENCE, text)
    state.choose(SENTENCE_FIELD, "")


def categories(dataset: Dataset, persona: Persona) -> None:
    """The categories there are, the most frequent first."""
    liked, disliked = set(persona.of(CATEGORY)), set(persona.of(NOT_CATEGORY))
    names = [name for name, _ in by_count(dataset.catalog)]
    shown = names[:MOST_CATEGORIES] + [name for name in names[MOST_CATEGORIES:] if name in liked | disliked]
    if not shown:
        return
    st.caption(t("newcomer.categories"))
    chips = [Chip(name, name, "like" if name in liked else "dislike" if name in disliked else "") for name in shown]
    newcomer_cards.categories(chips, key=CATEGORIES, on_click=partial(_leaned, dataset))


def _leaned(dataset: Dataset) -> None:
    click = newcomer_cards.clicked(CATEGORIES)
    if click is None:
        return
    if click.did == "clear":
        take_back(dataset, (Answer(CATEGORY, click.value), Answer(NOT_CATEGORY, click.value)))
    elif click.did in ("like", "dislike"):
        add(dataset, CATEGORY if click.did == "like" else NOT_CATEGORY, click.value)


def titles(dataset: Dataset) -> None:
    """A field for titles; what may mean several is asked back, what is not there is said."""
    with st.expander(t("newcomer.paste"), icon=":material/content_paste:"):
        st.text_area(t("newcomer.titles"), key=TITLES_FIELD, placeholder=t("newcomer.titles_example"), max_chars=5_000)
        st.button(t("newcomer.find"), key="newcomer-find", on_click=_pasted, args=(dataset,))
    for place, match in enumerate(state.chosen(LEFT, ())):
        _asked_back(dataset, place, match)


def _pasted(dataset: Dataset) -> None:
    asked = lines_of(str(state.chosen(TITLES_FIELD, "")))
    found = find_titles(dataset.catalog, asked, _known(dataset.interactions, dataset.catalog))
    taken = [match for match in found if match.item >= 0]
    for match in taken:
        add(dataset, LIKE, str(dataset.catalog.item_ids[match.item]))
    lost = [match.asked for match in found if match.item < 0 and not match.choices]
    said = [t("newcomer.found", n=len(taken), of=len(found))] if found else []
    if lost:
        said.append(t("newcomer.not_found", titles="; ".join(lost)))
    if said and not state.chosen(SAID):
        state.choose(SAID, (not taken and bool(lost), " ".join(said)))
    state.choose(LEFT, tuple(match for match in found if match.choices))
    state.choose(TITLES_FIELD, "")


def _asked_back(dataset: Dataset, place: int, match: Match) -> None:
    with st.container(border=True):
        st.markdown(t("newcomer.which", asked=plain_markdown(match.asked)))
        with st.container(horizontal=True, gap="small"):
            for item in match.choices:
                year = blocks.year_of(dataset, item)
                title = str(dataset.catalog.titles[item])
                st.button(
                    plain_markdown(f"{title} ({year})" if year and year not in title else title),
                    key=f"newcomer-choice-{place}-{item}",
                    on_click=_chosen,
                    args=(dataset, match, item),
                )
            st.button(
                t("newcomer.none"), key=f"newcomer-none-{place}", type="tertiary", on_click=_settle, args=(match,)
            )


def _chosen(dataset: Dataset, match: Match, item: int) -> None:
    add(dataset, LIKE, str(dataset.catalog.item_ids[item]))
    _settle(match)


def _settle(match: Match) -> None:
    state.choose(LEFT, tuple(other for other in state.chosen(LEFT, ()) if other != match))


@lru_cache(maxsize=4)
def _known(log: Interactions, catalog: Catalog) -> Array:
    return np.bincount(log.items, minlength=len(catalog))


def balance() -> Balance:
    """How much what is no item weighs, as sliders."""
    values = {}
    with st.expander(t("newcomer.weights"), icon=":material/balance:"):
        for spec in knobs_of(Balance):
            values[spec.name] = st.slider(
                controls.label(spec.name),
                float(spec.low or 0),
                float(spec.high or 0),
                float(spec.default),
                float(spec.step or 1),
                key=spec.name,
                help=t(f"help.{spec.name}"),
                bind="query-params",
                persist_state="session",
            )
    return Balance(**values)


BALANCE = tuple(spec.name for spec in knobs_of(Balance))
