"""The two plotly maps: what is shown, how many of how many, and labels that stay text."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from core.errors import InputError
from ui import palette
from ui.figures import map_3d, map_fallback
from ui.figures.map_marks import code_colours
from ui.map import MapColours, MapOverlay, MapPoints

N = 5_000


def points_of(n: int, title: str = "title") -> MapPoints:
    xy = np.random.default_rng(1).normal(size=(n, 2)).astype(np.float32)
    return MapPoints("p", xy, [f"{title} {i}" for i in range(n)], ["<i>1995</i>"] * n)


def categories_of(n: int) -> MapColours:
    codes = (np.arange(n) % 3).astype(np.uint8)
    codes[:2] = 255
    return MapColours(
        "category", codes, ("#111111", "#222222", "#333333"), ("#eeeeee", "#dddddd", "#cccccc"), ("a", "b", "<c>"), "K"
    )


def ramp_of(n: int) -> MapColours:
    codes = (np.arange(n) % 256).astype(np.uint8)
    return MapColours("ramp", codes, palette.ramp(False), palette.ramp(True), ("0", "1"), "Score")


OVERLAY = MapOverlay(
    user_xy=(0.0, 0.0), history=[1, 2], ranked=[10, 11, 12], hits=[30], phrase_xy=(1.0, 1.0), focus=5, neighbours=[6, 7]
)


def by_name(figure: go.Figure) -> dict[str, go.Scatter]:
    return {trace.name: trace for trace in figure.data if trace.name}


def test_the_fallback_says_how_many_it_shows_and_never_drops_a_mark() -> None:
    figure = map_fallback.build(points_of(N), categories_of(N), OVERLAY, dark=False, most=400)
    traces = by_name(figure)
    assert figure.layout.title.text == "400 of 5,000 items drawn, chosen at random"
    assert sum(len(traces[name].x) for name in ("a", "b", "&lt;c&gt;", "no value") if name in traces) == 400
    sizes = {name: len(traces[name].x) for name in ("user", "your phrase", "history", "recommended", "found", "chosen")}
    assert sizes == {"user": 1, "your phrase": 1, "history": 2, "recommended": 3, "found": 1, "chosen": 1}
    assert list(traces["recommended"].text) == ["1", "2", "3"]
    assert all(isinstance(trace, go.Scatter) for trace in figure.data), "scattergl needs WebGL too"


def test_arrows_lead_from_what_left_to_what_entered() -> None:
    points = points_of(50)
    overlay = MapOverlay(ranked=[3, 4], left=[8], arrows=[(8, 4)])
    figure = map_fallback.build(points, categories_of(50), overlay, dark=False)
    (arrow,) = figure.layout.annotations
    assert (arrow.ax, arrow.ay) == tuple(map(float, points.xy[8]))
    assert (arrow.x, arrow.y) == tuple(map(float, points.xy[4]))
    assert (arrow.axref, arrow.ayref, arrow.showarrow) == ("x", "y", True)
    assert len(by_name(figure)["left the list"].x) == 1
    deep = map_3d.build(np.zeros((50, 3), dtype=np.float32), categories_of(50), overlay, False, titles=points.titles)
    assert {trace.name: trace for trace in deep.data}["left the list"].marker.symbol == "x"


def test_a_small_fallback_shows_everything_in_its_place() -> None:
    points = points_of(50)
    figure = map_fallback.build(points, ramp_of(50), MapOverlay(), dark=True)
    assert figure.layout.title.text == "all 50 items drawn"
    (trace,) = figure.data
    assert np.array_equal(np.column_stack([trace.x, trace.y]), points.xy)
    assert trace.marker.color[3] == palette.ramp(True)[round(3 / 254 * 255)]


def test_the_sample_is_the_same_every_time() -> None:
    first = map_fallback.sample(N, 100)
    assert np.array_equal(first, map_fallback.sample(N, 100))
    assert len(np.unique(first)) == 100
    assert np.array_equal(map_fallback.sample(7, 100), np.arange(7))


def test_labels_are_text_to_plotly() -> None:
    hostile = points_of(50, title='<img src=x onerror=alert(1)> <a href="https://example.org">link</a>')
    figures = [
        map_fallback.build(hostile, categories_of(50), OVERLAY, dark=False),
        map_3d.build(np.zeros((50, 3), dtype=np.float32), categories_of(50), OVERLAY, False, titles=hostile.titles),
    ]
    for figure in figures:
        for trace in figure.data:
            for label in [trace.hovertext] if isinstance(trace.hovertext, str) else trace.hovertext or []:
                assert "<" not in label.replace("<br>", "")
        assert "&lt;c&gt;" in by_name(figure)


def test_each_theme_has_its_own_shades() -> None:
    light = by_name(map_fallback.build(points_of(50), categories_of(50), OVERLAY, dark=False))
    dark = by_name(map_fallback.build(points_of(50), categories_of(50), OVERLAY, dark=True))
    assert (light["a"].marker.color, dark["a"].marker.color) == ("#111111", "#eeeeee")
    assert light["recommended"].marker.color == palette.roles(False)["ranked"]
    assert dark["recommended"].marker.color == palette.roles(True)["ranked"]


def test_a_code_without_a_colour_is_grey() -> None:
    shades = code_colours(categories_of(4), dark=False)
    assert len(shades) == 256
    assert set(shades[3:]) == {palette.slots(False)[palette.OTHER]}
    assert code_colours(ramp_of(4), dark=False)[0] == palette.ramp(False)[0]
    assert code_colours(ramp_of(4), dark=False)[254] == palette.ramp(False)[-1]
    assert code_colours(ramp_of(4), dark=False)[255] == palette.slots(False)[palette.OTHER]


def test_three_dimensions_show_every_point_and_mark() -> None:
    xyz = np.random.default_rng(2).normal(size=(N, 3)).astype(np.float32)
    figure = map_3d.build(
        xyz, categories_of(N), OVERLAY, True, titles=points_of(N).titles, user_xyz=np.array([1.0, 2.0, 3.0])
    )
    traces = by_name(figure)
    assert sum(len(traces[name].x) for name in ("a", "b", "&lt;c&gt;", "no value")) == N
    assert (traces["user"].x[0], traces["user"].y[0], traces["user"].z[0]) == (1.0, 2.0, 3.0)
    assert "your phrase" not in traces, "a 2-D place says nothing in three dimensions"
    ranked = traces["recommended"]
    assert np.array_equal(np.column_stack([ranked.x, ranked.y, ranked.z]), xyz[[10, 11, 12]])
    assert ranked.hovertext[0].startswith("title 10<br>")


def test_the_camera_is_kept_for_the_same_revision() -> None:
    xyz = np.zeros((10, 3), dtype=np.float32)
    views = [map_3d.build(xyz, ramp_of(10), MapOverlay(ranked=[k]), False, revision="world-1") for k in (1, 2)]
    assert [view.layout.scene.uirevision for view in views] == ["world-1", "world-1"]


def test_a_large_scene_has_no_label_per_point() -> None:
    n = map_3d.LABELLED
    xyz = np.zeros((n, 3), dtype=np.float32)
    titles = ["a title of some length"] * n
    large = map_3d.build(xyz, ramp_of(n), MapOverlay(), False, titles=titles)
    small = map_3d.build(xyz[:-1], ramp_of(n - 1), MapOverlay(), False, titles=titles[:-1])
    assert large.data[0].hovertext is None
    assert len(small.data[0].hovertext) == n - 1


def test_coordinates_of_another_shape_are_refused() -> None:
    with pytest.raises(InputError, match=r"shape \(n, 3\), got \(5, 2\)"):
        map_3d.build(np.zeros((5, 2)), ramp_of(5), MapOverlay(), False)
    with pytest.raises(InputError, match="5 points needs as many colour codes, got 4"):
        map_3d.build(np.zeros((5, 3)), ramp_of(4), MapOverlay(), False)
