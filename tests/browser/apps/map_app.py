"""The map component alone, on made-up points whose answers are known; the query decides what is drawn.

n=9000 points; colour=category|ramp; dim=1; user=0 no overlay; phrase=1; titles=hostile; head=0 no title; echo=0 no mark
on what was clicked; whole=1 no fragment, so that every step runs the whole page; pages=1 a switch that takes the map
off the page; arrows=1 item 0 left the list, and the best of it entered.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path

import numpy as np
import streamlit as st

sys.path.append(str(Path(__file__).resolve().parents[3]))

from core.layout.region import inside
from ui import palette
from ui.figures import map_fallback
from ui.map import MapColours, MapEvents, MapOverlay, MapPoints, embedding_map

HOSTILE = "<img src=x onerror=\"document.title='broken'\"> ![x](http://example.org/x.png) $x^2$"
GENRES = ("Drama", "Comedy", "Thriller", "Action", "Romance", "Horror", "Documentary", "Animation", "Musical")
N_HISTORY = 24


@lru_cache(maxsize=4)
def world(n: int, hostile: bool) -> tuple[MapPoints, np.ndarray]:
    """Clusters of unequal size and shape, and the cluster of each point; item 0 stands alone at (14, 9)."""
    draw = np.random.default_rng(7)
    n_clusters = 26
    centres = draw.normal(0, 4.2, (n_clusters, 2))
    share = draw.dirichlet(np.full(n_clusters, 1.1))
    cluster = draw.choice(n_clusters, n, p=share)
    spread = draw.uniform(0.25, 1.0, (n_clusters, 2))
    turn = draw.uniform(0, np.pi, n_clusters)[cluster]
    raw = draw.normal(size=(n, 2)) * spread[cluster]
    x = raw[:, 0] * np.cos(turn) - raw[:, 1] * np.sin(turn) + 0.25 * np.sin(3 * raw[:, 1])
    y = raw[:, 0] * np.sin(turn) + raw[:, 1] * np.cos(turn)
    xy = (centres[cluster] + np.column_stack([1.6 * x, y])).astype(np.float32)
    xy[0] = (14, 9)
    titles = [f"The long way to number {i}" for i in range(n)]
    if hostile:
        titles[0] = HOSTILE
    subtitles = [f"{1930 + i % 95} · {GENRES[c % len(GENRES)]}" for i, c in enumerate(cluster)]
    return MapPoints(f"world-{n}-{hostile}", xy, titles, subtitles), cluster


def colours_of(kind: str, points: MapPoints, cluster: np.ndarray) -> MapColours:
    """By genre in the product's palette, or by a value that a tenth of the items lacks."""
    if kind == "ramp":
        level = np.hypot(points.xy[:, 0], points.xy[:, 1])
        codes = np.clip(level / level.max() * 254, 0, 254).astype(np.uint8)
        codes[::10] = 255
        return MapColours("ramp", codes, palette.ramp(False), palette.ramp(True), ("0.0", "1.0"), "Score for this user")
    size = len(GENRES)
    light, dark = palette.slots(False)[:size], palette.slots(True)[:size]
    return MapColours("category", (cluster % size).astype(np.uint8), light, dark, GENRES, "Genre")


def pair(place: np.ndarray) -> tuple[float, float]:
    """A place as two numbers."""
    return float(place[0]), float(place[1])


def overlay_of(points: MapPoints, cluster: np.ndarray, k: int, events: MapEvents) -> MapOverlay:
    """A user between two clusters, her history there, and a list whose first k items are always the same."""
    query = st.query_params
    dim = query.get("dim") == "1"
    if query.get("user") == "0":
        return MapOverlay(dim=dim)
    draw = np.random.default_rng(3)
    mine = np.flatnonzero(np.isin(cluster, [2, 5]))
    history = draw.choice(mine, min(N_HISTORY, len(mine)), replace=False)
    user = points.xy[history].mean(axis=0)
    near = np.argsort(np.hypot(*(points.xy - user).T), kind="stable")[: max(200, len(points) // 12)]
    near = near[~np.isin(near, history)]
    ranked = near[:: max(1, len(near) // 60)][:k]
    neighbours: list[int] = []
    if events.clicked is not None:
        distance = np.hypot(*(points.xy - points.xy[events.clicked]).T)
        neighbours = np.argsort(distance, kind="stable")[1:8].tolist()
    found = np.flatnonzero(cluster == 9)[:18] if query.get("phrase") == "1" else np.array([], dtype=np.int64)
    return MapOverlay(
        user_xy=pair(user),
        history=history.tolist(),
        ranked=ranked.tolist(),
        hits=found.tolist(),
        phrase_xy=pair(points.xy[found].mean(axis=0)) if len(found) else None,
        focus=events.clicked if query.get("echo") != "0" else None,
        neighbours=neighbours,
        dim=dim,
        left=[0] if query.get("arrows") == "1" else (),
        arrows=[(0, int(ranked[0]))] if query.get("arrows") == "1" else (),
    )


def view() -> None:
    """Knobs, the map, and what Python knows of it."""
    query = st.query_params
    points, cluster = world(int(query.get("n", "9000")), query.get("titles") == "hostile")
    left, right = st.columns(2)
    with left:
        k = st.slider("K", 1, 60, 10, key="k")
    with right:
        kind = st.segmented_control("Colour by", ("category", "ramp"), default=query.get("colour", "category"))
    colours = colours_of(kind or "category", points, cluster)
    events = embedding_map(points, colours, lambda seen: overlay_of(points, cluster, k, seen), key="map")
    if not events.webgl:
        dark = st.context.theme.type == "dark"
        st.plotly_chart(map_fallback.build(points, colours, overlay_of(points, cluster, k, events), dark))
    selected = int(inside(events.region, points.xy).sum()) if events.region else None
    kind_of = events.region.kind if events.region else None
    st.text(f"python knows: clicked={events.clicked} region={kind_of} selected={selected} webgl={events.webgl} k={k}")


st.set_page_config(layout="wide")
if st.query_params.get("head") != "0":
    st.title("Map")
if st.query_params.get("pages") == "1" and not st.toggle("Map on the page", value=True, key="shown"):
    st.text("the map is away")
elif st.query_params.get("whole") == "1":
    view()
else:
    st.fragment(view)()
st.text("\n".join(f"line {i} below the map" for i in range(40)))
