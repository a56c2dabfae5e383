"""What the map is told and what it answers: sizes, encodings, and answers that are not to be trusted."""

from __future__ import annotations

import base64
import json
import math
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.layout.region import Region
from ui.map import DEFAULT_WORDS, MapColours, MapEvents, MapOverlay, MapPoints, read_events
from ui.map.model import CACHED_FROM, MAX_TEXT, colours_message, overlay_message, points_message


def points_of(n: int = 4, **changes: Any) -> MapPoints:
    values: dict[str, Any] = {
        "fingerprint": "abc",
        "xy": np.arange(2 * n, dtype=np.float32).reshape(n, 2),
        "titles": [f"title {i}" for i in range(n)],
        "subtitles": [f"sub {i}" for i in range(n)],
    }
    return MapPoints(**(values | changes))


def colours_of(n: int = 4, **changes: Any) -> MapColours:
    values: dict[str, Any] = {
        "kind": "category",
        "codes": np.zeros(n, dtype=np.uint8),
        "palette_light": ("#111111", "#222222"),
        "palette_dark": ("#eeeeee", "#dddddd"),
        "labels": ("a", "b"),
        "title": "Kind",
    }
    return MapColours(**(values | changes))


def unpacked(message: bytes) -> tuple[dict[str, Any], np.ndarray, dict[str, list[str]]]:
    """The three parts of a points message, read as the browser reads them."""
    size = int.from_bytes(message[:4], "little")
    head = json.loads(message[4 : 4 + size])
    end = 4 + size + 8 * head["n"]
    return (
        head,
        np.frombuffer(message[4 + size : end], "<f4").reshape(-1, 2),
        json.loads(zlib.decompress(message[end:])),
    )


def test_the_points_message_reads_back() -> None:
    titles = ["<b>é</b>", 'quote " and \\', "line\nbreak", "\ud800 half a pair"]
    points = points_of(titles=titles)
    head, xy, texts = unpacked(points_message(points, "map", 500, {**DEFAULT_WORDS, "pan": "Bouger"}))
    assert (head["map"], head["n"], head["fp"], head["height"]) == ("map", 4, "abc", 500)
    assert head["words"]["pan"] == "Bouger"
    assert np.array_equal(xy, points.xy)
    assert texts["titles"] == [*titles[:3], "? half a pair"]
    assert texts["subtitles"] == list(points.subtitles)


@given(st.integers(0, 30), st.text(max_size=12))
def test_the_coordinates_are_aligned_whatever_stands_before_them(n: int, key: str) -> None:
    message = points_message(points_of(n), key, 500, {})
    assert int.from_bytes(message[:4], "little") % 4 == 0
    head, xy, texts = unpacked(message)
    assert len(xy) == len(texts["titles"]) == head["n"] == n


def test_the_same_points_make_the_same_bytes_and_encode_once() -> None:
    points = points_of()
    assert points.body is points.body
    assert points_message(points, "map", 500, {}) == points_message(points_of(), "map", 500, {})


def test_an_endless_title_is_cut_visibly() -> None:
    _, _, texts = unpacked(points_message(points_of(titles=["x" * 9999, "b", "c", "d"]), "map", 500, {}))
    assert len(texts["titles"][0]) == MAX_TEXT
    assert texts["titles"][0].endswith("\u2026")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"xy": np.zeros((4, 3), dtype=np.float32)}, r"shape \(n, 2\), got \(4, 3\)"),
        ({"titles": ["only one"]}, "4 points needs 4 titles and subtitles, got 1 and 4"),
        (
            {"xy": np.array([[0, 0], [1, np.nan], [np.inf, 0], [1, 1]], dtype=np.float32)},
            "finite, 2 of 4 points are not",
        ),
    ],
)
def test_points_that_do_not_fit_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        points_of(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "rainbow"}, "category or ramp, got 'rainbow'"),
        ({"codes": np.zeros(4, dtype=np.int64)}, "uint8, got .* int64"),
        ({"palette_dark": ("#eeeeee",)}, "light palette has 2 colours, the dark one 1"),
        ({"labels": ("a",)}, "1 categories need as many colours"),
        ({"kind": "ramp", "labels": ("low",)}, "a ramp needs 2 labels"),
        ({"kind": "ramp", "palette_light": ("#111111",), "palette_dark": ("#111111",)}, "at least 2 colours"),
    ],
)
def test_colours_that_do_not_fit_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        colours_of(**changes)


def test_the_colours_message() -> None:
    colours = colours_of(codes=np.array([0, 1, 255, 1], dtype=np.uint8))
    message = colours_message(colours, points_of(), "map")
    assert list(base64.b64decode(message["codes"])) == [0, 1, 255, 1]
    assert (message["scale"], message["light"], message["dark"]) == (
        "category",
        ["#111111", "#222222"],
        ["#eeeeee", "#dddddd"],
    )
    assert message["seq"] == colours_message(colours, points_of(), "map")["seq"]
    assert message["seq"] != colours_message(colours_of(), points_of(), "map")["seq"]
    with pytest.raises(InputError, match="4 points needs as many colour codes, got 3"):
        colours_message(colours_of(3), points_of(), "map")


@pytest.mark.parametrize("n", [10, 2_000, 5_000, 7_000, 20_000])
def test_colours_are_short_or_long_enough_to_be_cached(n: int) -> None:
    size = len(json.dumps(colours_message(colours_of(n), points_of(n), "map")))
    assert size <= CACHED_FROM // 4 or size >= CACHED_FROM


def test_the_overlay_message_is_short_and_reads_back() -> None:
    n = 10_000
    history = np.random.default_rng(0).choice(n, 2_400, replace=False)
    overlay = MapOverlay(
        user_xy=(1.23456789, -2.0),
        history=history.tolist(),
        ranked=[7, 3, 5],
        hits=[9, 2, 2],
        focus=4,
        neighbours=[8, 1],
        dim=True,
    )
    message = overlay_message(overlay, points_of(n), "map", has_region=False)
    assert np.cumsum(message["history"]).tolist() == sorted(history.tolist())
    assert np.cumsum(message["hits"]).tolist() == [2, 9]
    assert message["ranked"] == [7, 3, 5]
    assert message["neighbours"] == [8, 1]
    assert (message["user"], message["phrase"], message["focus"], message["dim"]) == ([1.234568, -2.0], None, 4, True)
    assert len(json.dumps(message, separators=(",", ":"))) < 3 * 2_400


def test_what_left_and_the_arrows_cross_the_wire() -> None:
    overlay = MapOverlay(ranked=[1, 2], left=[3, 0], arrows=[(3, 1), (0, 2)])
    message = json.loads(json.dumps(overlay_message(overlay, points_of(), "map", has_region=False)))
    assert (message["left"], message["arrows"]) == ([3, 0], [[3, 1], [0, 2]])


def test_numpy_numbers_are_as_good_as_python_ones() -> None:
    xy = np.array([0.5, 1.5], dtype=np.float32)
    overlay = MapOverlay(user_xy=(xy[0], xy[1]), ranked=np.array([1, 2], dtype=np.int32), focus=np.int64(3))  # type: ignore[arg-type]
    assert json.loads(json.dumps(overlay_message(overlay, points_of(), "map", has_region=True)))["ranked"] == [1, 2]


@pytest.mark.parametrize(
    ("overlay", "message"),
    [
        (MapOverlay(ranked=[4]), "ranked of a map of 4 points holds the item index 4"),
        (MapOverlay(history=[-1]), "history of a map of 4 points holds the item index -1"),
        (MapOverlay(left=[4]), "left of a map of 4 points holds the item index 4"),
        (MapOverlay(arrows=[(0, 4)]), "arrows of a map of 4 points holds the item index 4"),
        (MapOverlay(focus=9), "focus of a map of 4 points holds the item index 9"),
        (MapOverlay(user_xy=(math.nan, 0.0)), "the user's place on the map must be finite"),
    ],
)
def test_an_overlay_that_does_not_fit_is_refused(overlay: MapOverlay, message: str) -> None:
    with pytest.raises(InputError, match=message):
        overlay_message(overlay, points_of(), "map", has_region=False)


def test_the_digest_changes_with_the_content_only() -> None:
    seqs = [
        overlay_message(overlay, points_of(), "map", has_region=False)["seq"]
        for overlay in (MapOverlay(ranked=[1, 2]), MapOverlay(ranked=[2, 1]), MapOverlay(ranked=[1, 2]))
    ]
    assert seqs[0] == seqs[2] != seqs[1]


def test_events_are_read() -> None:
    box = {"kind": "box", "points": [[0, 0], [1, 2]], "fp": "abc"}
    events = read_events({"clicked": {"index": 3, "fp": "abc"}, "region": box, "webgl": False}, points_of())
    assert events == MapEvents(3, Region("box", ((0.0, 0.0), (1.0, 2.0))), webgl=False)
    assert read_events({"clicked": None, "region": None, "webgl": None}, points_of()) == MapEvents()


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "text",
        [],
        {"clicked": 3},
        {"clicked": {"index": 3}},
        {"clicked": {"index": 3, "fp": "another layout"}},
        {"clicked": {"index": 4, "fp": "abc"}},
        {"clicked": {"index": -1, "fp": "abc"}},
        {"clicked": {"index": True, "fp": "abc"}},
        {"clicked": {"index": "1", "fp": "abc"}},
        {"clicked": {"index": 1.0, "fp": "abc"}},
        {"region": {"kind": "box", "points": [[0, 0], [1, 2]], "fp": "another layout"}},
        {"region": {"kind": "box", "points": [[0, 0], [1, "2"]], "fp": "abc"}},
        {"region": [[0, 0], [1, 2]]},
        {"webgl": "no"},
    ],
)
def test_answers_that_make_no_sense_are_no_events(raw: Any) -> None:
    assert read_events(raw, points_of()) == MapEvents()
