"""The map component as Streamlit mounts it, without a browser."""

from __future__ import annotations

import json
import re
from pathlib import Path

from streamlit.testing.v1 import AppTest

from ui.map import SCRIPTS

FOLDER = Path(__file__).resolve().parents[2] / "ui" / "map"


def app() -> None:
    import numpy as np
    import streamlit as st

    from ui.map import MapColours, MapOverlay, MapPoints, embedding_map

    k = st.slider("K", 1, 9, 3)
    n = 20_000
    xy = np.zeros((n, 2), dtype=np.float32)
    points = MapPoints("world", xy, [f"title {i}" for i in range(n)], [""] * n)
    colours = MapColours("category", np.zeros(n, dtype=np.uint8), ("#000",), ("#fff",), ("all",), "Kind")
    events = embedding_map(
        points,
        colours,
        lambda seen: MapOverlay(ranked=range(k), focus=seen.clicked),
        key="map",
        words={"pan": "Bouger"},
    )
    st.text(str(events))


def messages(at: AppTest) -> list[object]:
    found = [element.proto for element in at.get("bidi_component")]
    assert len(found) == 3, "the map, its colours and its overlay"
    return found


def test_only_the_overlay_changes_between_slider_steps() -> None:
    at = AppTest.from_function(app).run()
    assert not at.exception
    before = [proto.SerializeToString(deterministic=True) for proto in messages(at)]
    at.slider[0].set_value(5).run()
    after = [proto.SerializeToString(deterministic=True) for proto in messages(at)]
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, True, False]
    assert len(after[0]) > 10_000, "long enough for the browser's message cache"
    assert len(after[1]) > 10_000
    assert len(after[2]) < 2_000


def test_words_given_replace_only_those() -> None:
    at = AppTest.from_function(app).run()
    points = messages(at)[0].bytes  # type: ignore[attr-defined]
    head = json.loads(points[4 : 4 + int.from_bytes(points[:4], "little")])
    assert head["words"]["pan"] == "Bouger"
    assert head["words"]["fit"] == "Show everything (0)"
    assert at.text[0].value == "MapEvents(clicked=None, region=None, webgl=True)"


def test_every_word_the_scripts_ask_for_exists() -> None:
    from ui.map import DEFAULT_WORDS

    script = "".join((FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    asked = set(re.findall(r'word\("(\w+)"', script))
    roles = re.findall(r"^  (\w+): \"\w+\",$", script, flags=re.MULTILINE)
    acts = re.findall(r"^  (\w+): \"M", script, flags=re.MULTILINE)
    assert len(asked) > 8
    assert set(roles) == {"user", "phrase", "ranked", "history", "hits", "focus", "neighbours", "left", "arrows"}
    states = {"loading", "empty", "lost", "no_webgl"}
    assert states <= set(re.findall(r'"(\w+)"', script))
    assert asked | states | set(roles) | set(acts) | {f"tip_{role}" for role in roles} <= set(DEFAULT_WORDS)


def test_the_scripts_take_data_as_text_and_ask_no_one() -> None:
    script = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.js"))
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "fetch(",
        "import(",
    ):
        assert word not in script
    addresses = set(re.findall(r"https?://[^\"'` ]+", script))
    assert addresses <= {"http://www.w3.org/2000/svg"}
