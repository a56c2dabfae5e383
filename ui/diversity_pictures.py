"""What a change does to one list: its categories, its pairs, its places on the map; the open picture alone is drawn."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from core.diversifying import category_mixes, likeness_vectors, wanted_mixes
from core.explain.ledger import ledger
from core.recipe import Recipe
from core.types import Array, Dataset, Run

from . import diversity_curve, diversity_map, page_choices, resources, state
from .figures import category_mix, similarity
from .text import t

CATEGORIES, LIKENESS, MAP = "categories", "likeness", "map"
PICTURES = (CATEGORIES, LIKENESS, MAP)


def draw(dataset: Dataset, recipe: Recipe, user: int, run: Run, before: Run) -> None:
    """The trade-off for everybody, and one picture of this list.

    run: at the sliders. before: at diversity 0, without spacing and exploration.
    """
    diversity_curve.draw(dataset, recipe)
    st.markdown(f"## {t('pictures.title')}")
    chosen = page_choices.one_of("picture", PICTURES, CATEGORIES)
    if chosen == CATEGORIES:
        _categories(dataset, user, run, before)
    elif chosen == LIKENESS:
        _likeness(dataset, recipe, run, before)
    else:
        diversity_map.draw(dataset, recipe, user, ledger(run).gone)


def chart(figure: go.Figure, key: str) -> None:
    """A picture in the page's own look."""
    st.plotly_chart(figure, key=f"pictures-{key}", theme=None, width="stretch", config={"displayModeBar": False})


def items_of(run: Run) -> list[int]:
    """The list of the run's first user, best first."""
    return [int(item) for item in run.selected.items[0] if item >= 0]


def _categories(dataset: Dataset, user: int, run: Run, before: Run) -> None:
    catalog = dataset.catalog
    names = sorted({name for found in catalog.categories for name in found})
    if not names:
        st.info(t("pictures.mix_none"), icon=":material/category:")
        return
    wanted = wanted_mixes(dataset.interactions, catalog)[user]
    mix = category_mix.mix_of(names, category_mixes(catalog), wanted, before.selected.items[0], run.selected.items[0])
    st.markdown(f"**{mix_words(mix)}**")
    chart(category_mix.build(mix, state.is_dark()), "categories")
    st.caption(t("pictures.mix_caption"))


def mix_words(mix: category_mix.Mix) -> str:
    """Whether the list came nearer to the user's own mix, in one sentence."""
    if mix.kl_before != mix.kl_before or mix.kl_after != mix.kl_after:
        return t("pictures.mix_unknown")
    values = {"before": f"{mix.kl_before:.2f}", "after": f"{mix.kl_after:.2f}"}
    if values["before"] == values["after"]:
        return t("pictures.mix_same", **values)
    return t("pictures.mix_nearer" if mix.kl_after < mix.kl_before else "pictures.mix_farther", **values)


def _likeness(dataset: Dataset, recipe: Recipe, run: Run, before: Run) -> None:
    vectors = likeness_vectors(recipe, dataset, resources.vectors(recipe))
    old, new = items_of(before), items_of(run)
    then, now = similarity.likeness(vectors, old), similarity.likeness(vectors, new)
    scale = similarity.bounds(then, now)
    sides = st.columns(2, gap="medium")
    with sides[0]:
        _matrix(dataset, then, old, scale, "before", [row for row, item in enumerate(old) if item not in new])
    with sides[1]:
        _matrix(dataset, now, new, scale, "after", [row for row, item in enumerate(new) if item not in old])
    said = t(f"pictures.likeness_caption_{recipe.diversity_space}")
    marked = 2 <= max(len(old), len(new)) <= similarity.NAMED and set(old) != set(new)
    st.caption(f"{said} {t('pictures.likeness_marks')}" if marked else said)


def _matrix(
    dataset: Dataset,
    found: similarity.Likeness,
    items: Sequence[int],
    scale: tuple[float, float],
    side: str,
    marked: Sequence[int],
) -> None:
    if len(items) < 2:
        st.info(t("pictures.likeness_few"), icon=":material/grid_off:")
        return
    st.markdown(f"**{t(f'pictures.likeness_{side}', mean=f'{found.mean:.3f}', ild=f'{found.ild:.3f}')}**")
    titles = _titles(dataset.catalog.titles, items)
    role = "left" if side == "before" else "entered"
    chart(similarity.build(found, titles, scale, state.is_dark(), marked=marked, role=role), f"likeness-{side}")


def _titles(titles: Array, items: Sequence[int]) -> list[str]:
    return [str(titles[item]) for item in items]
