"""The trade-off for everybody: the curve as it grows, the setting it proposes, and a click that sets the sliders."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from core.recipe import Recipe
from core.registry import stage
from core.tradeoff.knee import Knee, knee
from core.tradeoff.points import Point
from core.types import Dataset

from . import state, tradeoff_job
from .figures import tradeoff
from .figures.tradeoff import Setting
from .text import plain_markdown, t

POLL_S = 1.5
SAME = 1e-9


def draw(dataset: Dataset, recipe: Recipe) -> None:
    """The section: what is there of the curve, and the run that makes the rest."""
    st.markdown(f"## {t('tradeoff.title')}")
    if "k" not in stage("select").get(recipe.select).uses:
        st.caption(t("tradeoff.threshold"))
        return
    if recipe.k == 1:
        st.caption(t("tradeoff.one"))
        return
    if tradeoff_job.running(recipe, dataset) is not None:
        _growing(dataset, recipe)
        return
    found, total = tradeoff_job.points(recipe, dataset)
    if found:
        _curve(recipe, found, nested=False)
        _proposal(recipe, found)
    if len(found) < total:
        tradeoff_job.offer(recipe, dataset, len(found), total)


@st.fragment(run_every=POLL_S)
def _growing(dataset: Dataset, recipe: Recipe) -> None:
    """The curve while points arrive: drawn anew by itself, and by what is chosen on it the whole page."""
    job = tradeoff_job.running(recipe, dataset)
    if job is None or state.whole_page_wanted():
        st.rerun()
    found, total = tradeoff_job.points(recipe, dataset)
    tradeoff_job.progress(job, len(found), total)
    if found:
        _curve(recipe, found, nested=True)


def _curve(recipe: Recipe, found: Sequence[Point], *, nested: bool) -> None:
    now = setting_of(recipe)
    proposed = None if nested else knee(found, recipe.diversify, recipe.k)  # half a curve bends elsewhere
    figure = tradeoff.build(found, now, _of_point(proposed.point) if proposed else None, state.is_dark())
    # A chart remembers what was chosen on it; under another name for each setting the same point can be chosen again.
    key = f"tradeoff-curve-{now.method}-{now.k}-{now.diversity:g}"
    st.plotly_chart(
        figure,
        key=key,
        theme=None,
        width="stretch",
        config={"displayModeBar": False},
        on_select=lambda: _take(key, nested=nested),
        selection_mode="points",
    )
    st.caption(t("tradeoff.caption"))


def _take(key: str, *, nested: bool) -> None:
    """Set the sliders to the point that was clicked."""
    clicked = state.chosen(key)
    rows = clicked["selection"]["points"] if clicked else []
    given = next((row["customdata"] for row in rows if row.get("customdata")), None)
    if given is None:
        return
    _use(Setting(str(given[0]), int(given[1]), float(given[2])))
    if nested:
        state.want_whole_page()


def _use(chosen: Setting) -> None:
    state.choose("diversify", chosen.method)
    state.choose("k", chosen.k)
    state.choose("diversity", chosen.diversity)


def _proposal(recipe: Recipe, found: Sequence[Point]) -> None:
    """What the curve of the page's method and K proposes, and why."""
    proposed = knee(found, recipe.diversify, recipe.k)
    if proposed is None:
        return
    words, button = st.columns([5, 1], vertical_alignment="center")
    with words:
        st.markdown(knee_words(proposed))
    with button:
        there = abs(recipe.diversity - proposed.point.diversity) < SAME
        st.button(
            t("tradeoff.used" if there else "tradeoff.use"),
            key="use-knee",
            disabled=there,
            on_click=_use,
            args=(_of_point(proposed.point),),
            width="stretch",
        )


def knee_words(found: Knee) -> str:
    """The proposal and its reason, in markdown."""
    point = found.point
    said = t(
        "tradeoff.knee",
        method=plain_markdown(tradeoff.name_of(point.method)),
        strength=f"{point.diversity:.2f}",
        ild=percent(found.ild_share),
        ndcg=percent(found.ndcg_share),
        sure=t("tradeoff.sure" if point.real else "tradeoff.unsure"),
    )
    if found.bend is not None and found.bend.place == point.place:
        lost = f"{max(0.0, 100 * found.ndcg_of_loss):.0f}"  # a point that happens to gain has lost nothing
        said += " " + t("tradeoff.knee_bend", gain=f"{100 * found.ild_of_gain:.0f}", loss=lost)
    if found.free is not None:
        said += " " + t("tradeoff.knee_free", strength=f"{found.free.diversity:.2f}")
    if found.bend is not None and found.bend.diversity > point.diversity:
        said += " " + t("tradeoff.knee_later", strength=f"{found.bend.diversity:.2f}")
    return said


def percent(share: float) -> str:
    """ "+18 %", with a decimal below ten; a dash where undefined."""
    if not math.isfinite(share):
        return "–"
    value = 100 * share
    return f"{value:+.{0 if abs(value) >= 10 else 1}f} %".replace("-", "−")


def setting_of(recipe: Recipe) -> Setting:
    """Where a recipe lies on its curve."""
    return Setting(recipe.diversify, recipe.k, recipe.diversity)


def _of_point(point: Point) -> Setting:
    return Setting(point.method, point.k, point.diversity)
