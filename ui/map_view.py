"""The parts of the Map page: the picture, what lies on it, and what a click or a selection says."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import streamlit as st

from core.answer import plain
from core.layout.neighbours import nearest
from core.layout.preservation import neighbourhood
from core.layout.region import inside
from core.serving import CONTENT, scale_of
from core.types import Array, Dataset, Vectors, unit_rows

from . import blocks, channels, diversity_said, feedback, live, recommend_view, resources, state
from .channels import channel_name
from .figures import map_3d, map_fallback
from .map import MapColours, MapEvents, MapOverlay, colouring, embedding_map
from .map_scene import Scene
from .text import plain_markdown, t

LISTED = 20
NEIGHBOURS = 10
FLAT, DEEP = "2-D", "3-D"
NEAR = {True: "map.neighbours_text", False: "map.neighbours_own"}
"""What neighbours are near by, where the map shows texts or not."""


def colours(view: Scene, by: str) -> MapColours:
    """The colouring that was asked for."""
    if by in (colouring.CATEGORY, colouring.POPULARITY, colouring.YEAR):
        return resources.fixed_colours(view.dataset.name, by)
    scores = None if by == colouring.TRUST else view.scores()
    if scores is None:
        return colouring.by_trust(view.layout.preservation)
    return colouring.by_score(scores, scale_of(view.recipe).native(scores))


def colourings(dataset: Dataset) -> tuple[str, ...]:
    """What the points may be coloured by."""
    return colouring.choices(dataset)


def draw(view: Scene, by: str, dim: bool) -> MapEvents:
    """The map as flat as its layout is."""
    return draw_flat(view, by, dim) if view.layout.xy.shape[1] == 2 else draw_deep(view, by, dim)


def draw_flat(view: Scene, by: str, dim: bool) -> MapEvents:
    """The 2-D map; a plotly picture in its place where the browser has no WebGL2."""
    points = resources.map_points(view.recipe, view.layout)
    painted = colours(view, by)
    flat = MapOverlay(
        user_xy=pair(view.user_place()),
        history=view.history,
        ranked=view.ranked,
        hits=view.found,
        phrase_xy=pair(view.phrase_place()),
        dim=dim or bool(view.found),
    )
    events = embedding_map(points, painted, lambda seen: _focused(view, flat, seen), key="map")
    if not events.webgl:
        figure = map_fallback.build(points, painted, flat, dark=state.is_dark())
        st.plotly_chart(figure, key="map-fallback", theme=None)
    return events


def draw_deep(view: Scene, by: str, dim: bool) -> MapEvents:
    """The 3-D view; plotly's, so it is for looking around, without clicks."""
    figure = map_3d.build(
        view.layout.xy,
        colours(view, by),
        MapOverlay(history=view.history, ranked=view.ranked, hits=view.found, dim=dim),
        dark=state.is_dark(),
        titles=view.dataset.catalog.titles.tolist(),
        user_xyz=view.user_place(),
        phrase_xyz=view.phrase_place(),
    )
    st.plotly_chart(figure, key="map-3d", theme=None, config={"displayModeBar": False})
    return MapEvents()


def pair(xy: Array | None) -> tuple[float, float] | None:
    """A place of the flat map as the overlay takes it."""
    return None if xy is None else (float(xy[0]), float(xy[1]))


def _focused(view: Scene, overlay: MapOverlay, seen: MapEvents) -> MapOverlay:
    if seen.clicked is None or not view.has_place(seen.clicked):
        return overlay
    others, _ = true_neighbours(view.vectors, seen.clicked)
    return replace(overlay, focus=seen.clicked, neighbours=others)


@lru_cache(maxsize=4)
def true_neighbours(vectors: Vectors, item: int) -> tuple[list[int], list[float]]:
    """The nearest items in the original space, by cosine, whatever the picture shows; kept while the item is chosen."""
    found, cosines = nearest(
        vectors.values, vectors.values[item : item + 1], NEIGHBOURS, unit=vectors.unit, exclude_self=np.array([item])
    )
    known = found[0] >= 0
    return [int(other) for other in found[0][known]], [float(value) for value in cosines[0][known]]


def list_below(view: Scene) -> None:
    """The list in words under the picture, where numbers alone do not say what they stand for."""
    if not view.ranked:
        blocks.empty_list(view.run)
        return
    st.markdown(f"## {t('map.list')}")
    diversity_said.above(view.run)
    channels.summary(view.run, chips_shown=True)
    user = int(view.run.users.users[0])
    feedback.line(view.dataset, user, live.counts(view.recipe))
    shown = recommend_view.as_cards(view.run, view.dataset, most=LISTED)
    blocks.rank_cards(shown, view.run, key="map-list", acting=feedback.acting(view.dataset, user, "map-list"))
    if len(view.ranked) > LISTED:
        st.caption(t("result.first_cards", n=LISTED, of=f"{len(view.ranked):,}"))


def details(view: Scene, events: MapEvents) -> None:
    """What was clicked, and what was selected."""
    if events.clicked is not None:
        _item_details(view, events.clicked)
    if view.found:
        st.markdown(f"## {t('map.found')}")
        _item_table(view, np.array(view.found, dtype=np.int64), key="hits", cosine=nearest_cosines(view))
    if events.region is not None:
        chosen = np.flatnonzero(inside(events.region, view.layout.xy))
        st.markdown(f"## {t('map.selected', n=f'{len(chosen):,}')}")
        _item_table(view, chosen, key="selected")


def nearest_cosines(view: Scene) -> list[float]:
    """How similar each found item is to the phrase, by cosine."""
    if view.phrase is None:
        return []
    texts = resources.vectors(view.recipe).values
    found, phrase = unit_rows(texts[view.found]), unit_rows(view.phrase)[0]
    return [float(value) for value in found @ phrase]


def _item_details(view: Scene, item: int) -> None:
    st.markdown(f"## {t('map.chosen')}")
    st.text(str(view.dataset.catalog.titles[item]))
    st.caption(plain_markdown(blocks.subtitle_of(view.dataset, item)))
    if not view.has_place(item):
        st.caption(t("map.no_place"))
        return
    others, cosines = true_neighbours(view.vectors, item)
    kept = float(view.layout.preservation[item])
    if np.isfinite(kept):
        st.markdown(t("map.kept", share=f"{100 * kept:.0f}"))
    near = "map.neighbours" if view.recipe.strategy == CONTENT else NEAR[view.of_texts]
    st.markdown(f"**{t(near, n=len(others))}**")
    _item_table(view, np.array(others, dtype=np.int64), key="neighbours", cosine=cosines)


def _item_table(view: Scene, items: Array, *, key: str, cosine: list[float] | None = None) -> None:
    catalog = view.dataset.catalog
    columns: dict[str, object] = {t("table.title"): [str(catalog.titles[item]) for item in items]}
    if cosine is not None:
        columns[t("table.cosine")] = cosine
    scores = view.scores()
    if scores is not None:
        scale = scale_of(view.recipe)
        columns[t("table.for_user", unit=scale.unit)] = [_known(value) for value in scale.native(scores[items])]
    columns[t("table.year")] = [blocks.year_of(view.dataset, int(item)) for item in items]
    columns[t("table.category")] = [str(catalog.fields["category"][item]) for item in items]
    columns[t("table.id")] = [str(plain(catalog.item_ids[item])) for item in items]
    st.dataframe(columns, hide_index=True, width="stretch", key=f"table-{key}")


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def as_table(view: Scene) -> None:
    """The overlay in words: the same content for whoever cannot see the picture."""
    rows = [(t("role.ranked", n=place + 1), item) for place, item in enumerate(view.ranked)]
    rows += [(t("role.hit", n=place + 1), item) for place, item in enumerate(view.found)]
    rows += [(t("role.history"), item) for item in view.history]
    catalog, xy = view.dataset.catalog, view.layout.xy
    st.dataframe(
        {
            t("table.role"): [role for role, _ in rows],
            t("table.title"): [str(catalog.titles[item]) for _, item in rows],
            t("table.category"): [str(catalog.fields["category"][item]) for _, item in rows],
            **{
                axis: [round(float(xy[item, index]), 3) for _, item in rows]
                for index, axis in enumerate("xyz"[: xy.shape[1]])
            },
            t("table.kept"): [_percent(float(view.layout.preservation[item])) for _, item in rows],
        },
        hide_index=True,
        width="stretch",
        key="table-map",
    )


def said_of_space(view: Scene) -> None:
    """Which vectors the map shows, where those are not what a reader expects."""
    if view.recipe.strategy == CONTENT:
        return
    name = plain_markdown(channel_name(view.recipe.strategy))
    if view.of_texts:
        st.caption(t("map.of_texts", name=name))
        return
    outside = 0 if view.placed is None else int((~view.placed).sum())
    strip = "map.strip_one" if outside == 1 else "map.strip"
    st.caption(t("map.of_own", name=name) + (t(strip, n=f"{outside:,}") if outside else ""))


def trust_line(view: Scene) -> None:
    """How far this picture may be believed."""
    kept = view.layout.preservation[np.isfinite(view.layout.preservation)]
    if not view.final or not len(kept):
        st.caption(t("map.trust_quick"))
        return
    share = f"{100 * float(kept.mean()):.0f}"
    st.caption(t("map.trust", trust=f"{view.layout.trustworthiness:.3f}", kept=share, n=neighbourhood(len(kept))))


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if np.isfinite(share) else ""
