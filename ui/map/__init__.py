"""The embedding map: all items as points that a reader moves through, with a user and her list on top.

One call mounts three components under one key. The first holds the map itself and its points; its message does not
change between slider steps, so the browser's message cache answers for it and some hundred bytes cross the wire. The
other two are a few lines of script that hand colours and overlay to the map of the same key. They are apart because
a component's script and data travel with every changed message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import streamlit as st

from .. import palette
from .model import (
    MapColours,
    MapEvents,
    MapOverlay,
    MapPoints,
    colours_message,
    overlay_message,
    points_message,
    read_events,
)
from .words import DEFAULT_WORDS

__all__ = ["DEFAULT_WORDS", "MapColours", "MapEvents", "MapOverlay", "MapPoints", "embedding_map", "read_events"]

_HERE = Path(__file__).parent
SCRIPTS = ("arithmetic", "camera", "surface", "gestures", "points", "marks", "frame", "map")
"""Files that make up the map's module, in this order: a component's script is one module and cannot import others."""


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


_view = st.components.v2.component(
    "recallscope.map",
    css=palette.css() + _read("map.css"),
    js="".join(_read(f"{name}.js") for name in SCRIPTS),
)
_post = st.components.v2.component("recallscope.map_post", js=_read("post.js"))


def embedding_map(
    points: MapPoints,
    colours: MapColours,
    overlay: MapOverlay | Callable[[MapEvents], MapOverlay],
    *,
    key: str,
    height: int = 560,
    words: Mapping[str, str] = DEFAULT_WORDS,
) -> MapEvents:
    """Draw the map and say what the reader did on it.

    overlay: the overlay, or a function that makes it from the events, so that what was clicked is marked in the same
    run. key: unique on the page; camera and selection are kept under it. height: of the map in CSS pixels, less on a
    low screen. words: those that differ from DEFAULT_WORDS.

    A click or a finished region reruns the fragment (or page) that this call stands in. Raises InputError when
    sizes or indices do not fit together.
    """
    with st.container(gap=None):
        state = _view(
            key=key,
            data=points_message(points, key, height, {**DEFAULT_WORDS, **words}),
            on_clicked_change=_listen,
            on_region_change=_listen,
            on_webgl_change=_listen,
        )
        events = read_events(state, points)
        marks = overlay(events) if callable(overlay) else overlay
        _post(key=f"{key}-colours", data=colours_message(colours, points, key))
        _post(key=f"{key}-overlay", data=overlay_message(marks, points, key, has_region=events.region is not None))
    return events


def _listen() -> None:
    """A state has to have a callback to be let in."""
