"""The newcomer's list, what the last answer changed in it, and how it settled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.answer import plain
from core.commands.newcomer import command
from core.errors import InputError
from core.explain.changes import ENTERED, MOVED, Change, changes
from core.newcomer.audience import Balance, Encode
from core.newcomer.converge import Convergence
from core.newcomer.lists import counting, listed, nobody_rated, only_items, settled, suited, unasked
from core.newcomer.persona import LIKE, Answer, Persona, item_places, to_text
from core.recipe import Recipe
from core.serving import has_space, scale_of
from core.types import Array, Dataset, Run, Vectors, unit_rows

from . import blocks, cards, diversity_said, fitting, resources, state, strategy
from .cards import Card
from .channels import channel_name, chips
from .figures.newcomer_converge import Told, kept_line, moved_bars
from .newcomer_answers import label_of
from .text import plain_markdown, t

MOST_LEFT = 10


def answer(dataset: Dataset, recipe: Recipe, persona: Persona, balance: Balance) -> Run | None:
    """The run of this newcomer's list, that of somebody unknown before the first answer; None, with a sentence in
    place, where there is none."""
    if not fitting.ready(recipe):
        return None
    content = resources.vectors(recipe)
    try:
        if not counting(recipe, persona).answers:
            return unasked(recipe, dataset, content)
        with st.spinner(t("newcomer.reading"), show_time=False):
            return listed(
                suited(recipe, persona), dataset, content, [persona], encode=_encoder(recipe), balance=balance
            )
    except InputError as error:
        blocks.error_card(str(error))
        return None


def moved(dataset: Dataset, recipe: Recipe, persona: Persona, balance: Balance) -> Convergence | None:
    """What each answer did to the list; None below one that counts."""
    if not counting(recipe, persona).answers:
        return None
    asked = suited(recipe, persona)
    return settled(asked, dataset, resources.vectors(recipe), persona, encode=_encoder(recipe), balance=balance)


def told(recipe: Recipe, persona: Persona, found: Convergence | None) -> Answer | None:
    """The answer that moved the list most, once there are two to choose from."""
    answers = counting(recipe, persona).answers
    return None if found is None or found.most < 0 or len(answers) < 2 else answers[found.most]


def draw(dataset: Dataset, run: Run, recipe: Recipe, persona: Persona) -> None:
    """The list with its changes."""
    items = tuple(int(item) for item in run.selected.items[0] if item >= 0)
    setting = f"{recipe!r}|{to_text(counting(recipe, persona))}"
    before = state.compare_with_last(f"newcomer/{dataset.fingerprint}", setting, items)
    marks, left = changes(before.items, items) if before else ((), ())
    _headline(run, recipe, persona, marks, left)
    diversity_said.above(run)
    if not items:
        st.info(t("newcomer.no_direction"), icon=":material/person_off:")
    else:
        blocks.rank_cards(_cards(dataset, run, persona, marks), run, key="newcomer-list")
    if before and left:
        cards.left_list(blocks.left_items(dataset, left[:MOST_LEFT], before.items), key="newcomer-left")


def _headline(run: Run, recipe: Recipe, persona: Persona, marks: Sequence[Change], left: Sequence[int]) -> None:
    count = len(counting(recipe, persona).answers)
    key = "newcomer.list_none" if not count else "newcomer.list_one" if count == 1 else "newcomer.list"
    st.markdown(f"## {t(key, n=count)}")
    said = [t("newcomer.unasked")] if not count else []
    if marks or left:
        entered = sum(change.kind == ENTERED for change in marks)
        shifted = sum(change.kind == MOVED for change in marks)
        said.append(t("newcomer.changed", entered=entered, left=len(left), moved=shifted))
    idle = len(persona.telling) - count
    if only_items(recipe) and idle:
        said.append(t("newcomer.idle", strategy=plain_markdown(channel_name(recipe.strategy)), n=idle))
    if run.recipe.user_model != recipe.user_model:
        strength = dict(run.recipe.options)["dislike_strength"]
        said.append(t("newcomer.pushed", strength=f"{strength:g}"))
    new = run_of_nobody(run)
    if new:
        said.append(t("newcomer.cold", n=new))
    st.caption(" ".join(said) if said else t("newcomer.time", ms=f"{run.timings_ms['total']:.0f}"))


def take_along(recipe: Recipe, persona: Persona, balance: Balance) -> None:
    """The command that gives the same list."""
    with st.popover(t("export.command"), icon=":material/terminal:"):
        st.code(command(recipe, to_text(persona), balance), language="bash", wrap_lines=True)


def run_of_nobody(run: Run) -> int:
    """How many of the list nobody has rated yet."""
    items = run.selected.items[0]
    return int(nobody_rated(resources.dataset(run.dataset)[0], items[items >= 0]).sum())


def _cards(dataset: Dataset, run: Run, persona: Persona, marks: Sequence[Change]) -> list[Card]:
    items = run.selected.items[0][: blocks.MOST_CARDS]
    items = items[items >= 0]
    scale, scores = scale_of(run.recipe), run.selected.scores[0]
    bounds = resources.metric_range(run.recipe) if has_space(run.recipe) else (0.0, float(scores[0]))
    near = _closest(strategy.explaining(run.recipe), persona, dataset, items)
    shifts = {change.item: change for change in marks}
    why, new = blocks.reasons(run, dataset), nobody_rated(dataset, items)
    return [
        Card(
            rank=place + 1,
            item_id=plain(dataset.catalog.item_ids[item]),
            title=str(dataset.catalog.titles[item]),
            subtitle=" · ".join(
                part for part in (blocks.year_of(dataset, item), t("newcomer.unrated") if new[place] else "") if part
            ),
            categories=blocks.categories_of(dataset, item),
            score_text=blocks.score_text(run, float(scores[place])),
            score_share=blocks.score_share(scale, float(scores[place]), bounds),
            unit=scale.unit,
            closest=near[place],
            change=blocks.change_word(shifts[item]) if item in shifts else "",
            channels=chips(run, place),
            why=why.get(item, ""),
        )
        for place, item in enumerate(items.tolist())
    ]


def _closest(vectors: Vectors, persona: Persona, dataset: Dataset, items: Array) -> list[tuple[str, ...]]:
    """The liked items that each item is nearest to, by their titles."""
    liked = item_places(persona.of(LIKE), dataset.catalog)
    if not len(liked):
        return [()] * len(items)
    cosines = unit_rows(vectors.values[items]) @ unit_rows(vectors.values[liked]).T
    nearest = np.argsort(-cosines, axis=1, kind="stable")[:, : blocks.CLOSEST_SHOWN]
    titles = dataset.catalog.titles
    return [tuple(str(titles[liked[place]]) for place in row) for row in nearest]


def settling(dataset: Dataset, recipe: Recipe, persona: Persona, found: Convergence) -> None:
    """How the list settled, as two pictures and a sentence."""
    answers = counting(recipe, persona).answers
    st.markdown(f"## {t('newcomer.settling')}")
    if len(answers) < 2:
        st.caption(t("newcomer.settling_soon"))
        return
    most = told(recipe, persona, found)
    if most is not None:
        share = f"{100 * float(found.moved[found.most]):.0f}"
        st.markdown(t("newcomer.most", answer=plain_markdown(label_of(dataset, most)), share=share))
    rows = [
        Told(label_of(dataset, one), float(kept), float(change), place == found.most)
        for place, (one, kept, change) in enumerate(zip(answers, found.kept, found.moved, strict=True))
    ]
    dark = state.is_dark()
    line, bars = st.columns(2, gap="large")
    with line:
        st.caption(t("newcomer.kept_caption"))
        st.plotly_chart(kept_line(rows, dark), key="newcomer-kept", config={"displayModeBar": False})
    with bars:
        st.caption(t("newcomer.moved_caption"))
        st.plotly_chart(moved_bars(rows, dark), key="newcomer-moved", config={"displayModeBar": False})


def _encoder(recipe: Recipe) -> Encode:
    """Texts placed by the server's own memory of phrases: each is encoded once."""
    return lambda texts: np.vstack([resources.phrase_vector(recipe, text) for text in texts])
