"""The Compare page: two or three recipes for the same user and for everybody."""

from __future__ import annotations

import shlex

import streamlit as st

from core.answer import plain
from core.compare.overlap import PERSISTENCE
from core.compare.text import to_text
from core.errors import InputError
from core.recipe import Recipe
from core.types import Dataset, Run

from . import (
    blocks,
    compare_everybody,
    compare_lists,
    compare_saved,
    compare_sides,
    compare_wait,
    controls,
    page_choices,
    recommend_view,
    resources,
    state,
)
from .compare_sides import letter
from .nav import page_path
from .text import plain_markdown, t

OWN = (*compare_sides.SIDES, "rbo_p")
"""Parameters of this page alone."""
CARDS, TABLE = "cards", "table"
P_RANGE = (0.5, 0.99)


def draw(dataset: Dataset) -> None:
    """Everything below the lead."""
    user = recommend_view.pick_user(dataset)
    top, editors, waiting, lists, everyone, below = (st.container() for _ in range(6))
    with below:
        compare_sides.fields(dataset)
        p = _persistence()
    with top:
        sides = compare_sides.sides(dataset)
    with editors:
        _editors(dataset, sides, user)
    usable = {side: recipe for side, recipe in sides.items() if recipe is not None}
    with waiting:
        there = compare_wait.ready(usable)
    runs = _runs(there, user)
    found = compare_everybody.found(dataset, there, p) if len(there) > 1 else None
    with top:
        agreements = compare_lists.agreements(runs, p)
        for said in compare_everybody.headlines(agreements, found.compared if found else None):
            st.markdown(f"### {said}")
    with lists:
        _lists(dataset, runs, user)
    with everyone:
        if found is not None:
            compare_everybody.draw(dataset, there, found)
    with below:
        _command(dataset, usable, user, p)


def _editors(dataset: Dataset, sides: dict[str, Recipe | None], user: int | None) -> None:
    for column, (side, recipe) in zip(st.columns(len(sides), gap="large"), sides.items(), strict=True):
        with column, st.container(border=True):
            name = "" if recipe is None else plain_markdown(compare_sides.title_of(recipe))
            st.markdown(f"**{letter(side)}** {name}")
            if recipe is None:
                st.caption(t("compare.mend"))
                continue
            compare_sides.editor(side, recipe, dataset)
            _on_recommend(side, recipe, dataset, user)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        compare_sides.buttons(sides)
        compare_saved.draw(sides)
    compare_saved.outcome()


def _on_recommend(side: str, recipe: Recipe, dataset: Dataset, user: int | None) -> None:
    """The way to the page of one list, with every choice of this side: those at their defaults where that page still
    remembers others."""
    flat = recipe.to_flat()
    changed = recipe.to_flat(changed_only=True)
    values = {name: value for name, value in flat.items() if name in changed or state.chosen(name) not in (None, value)}
    target = {name: _address(value) for name, value in values.items() if value is not None}
    if user is not None:
        target["user"] = str(plain(dataset.interactions.user_ids[user]))
    label = t("compare.on_recommend", side=letter(side))
    st.page_link(page_path("recommend"), label=label, icon=":material/format_list_numbered:", query_params=target)


def _address(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _runs(sides: dict[str, Recipe], user: int | None) -> dict[str, Run]:
    found: dict[str, Run] = {}
    if user is None:
        return found
    for side, recipe in sides.items():
        try:
            found[side] = resources.run(recipe, user)
        except InputError as error:
            blocks.error_card(t("compare.side_problem", side=letter(side), problem=str(error)))
    return found


def _lists(dataset: Dataset, runs: dict[str, Run], user: int | None) -> None:
    if not runs or user is None:
        return
    name = plain_markdown(str(plain(dataset.interactions.user_ids[user])))
    title, shape = st.columns([3, 1], vertical_alignment="bottom")
    with title:
        st.markdown(f"## {t('compare.lists', user=name)}")
    with shape:
        as_table = page_choices.one_of("view", (CARDS, TABLE), CARDS) == TABLE
    if as_table:
        compare_lists.table(dataset, runs)
    else:
        compare_lists.draw(dataset, runs)
    for said in compare_lists.channel_words(runs):
        st.caption(plain_markdown(said))
    for side, run in runs.items():
        for notice in run.notices:
            st.caption(f":material/info: {letter(side)}: {plain_markdown(notice)}")


def _persistence() -> float:
    """p of RBO, folded away with what the measures mean."""
    raw = state.url_value("rbo_p")
    if raw is not None and not _is_persistence(raw):
        st.warning(plain_markdown(t("notice.url_value", problem=t("compare.p_problem", given=raw))))
    with st.expander(t("compare.measures"), icon=":material/function:"):
        st.markdown(t("compare.measures_text"))
        return float(
            st.slider(
                controls.label("rbo_p"),
                *P_RANGE,
                PERSISTENCE,
                0.01,
                key="rbo_p",
                help=t("compare.p_help"),
                bind="query-params",
                persist_state="session",
            )
        )


def _is_persistence(raw: str) -> bool:
    try:
        return P_RANGE[0] <= float(raw) <= P_RANGE[1]
    except ValueError:
        return False


def _command(dataset: Dataset, sides: dict[str, Recipe], user: int | None, p: float) -> None:
    """The command that prints the same numbers."""
    if len(sides) < 2:
        return
    flags = [f"--{side} {shlex.quote(to_text(recipe))}" for side, recipe in sides.items()]
    flags += [f"--dataset {shlex.quote(dataset.name)}"] if dataset.name != Recipe.default_of("dataset") else []
    if user is not None:
        flags.append(f"--user {shlex.quote(str(plain(dataset.interactions.user_ids[user])))}")
    flags += [f"--p {p:g}"] if p != PERSISTENCE else []
    with st.popover(t("compare.command"), icon=":material/terminal:"):
        st.code(f"python -m core compare {' '.join(flags)} --json", language="bash", wrap_lines=True)
