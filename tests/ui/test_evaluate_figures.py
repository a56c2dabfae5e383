"""The pictures of an evaluation as data: what is drawn, in which order, and that undefined values stay out."""

from __future__ import annotations

import math

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evaluate.types import Curve, Measure, Segment, ThresholdCurve, UserDelta
from ui import palette
from ui.figures import evaluate_board, evaluate_curves, evaluate_users
from ui.figures.evaluate_look import faint, figure_of, looks, spread, top_of

HOSTILE = '<a href="https://example.org">link</a>'
NAN = math.nan


def measure(mean: float, half: float = 0.01) -> Measure:
    return Measure(mean, mean - half, mean + half, 625)


def traces(figure: go.Figure) -> dict[str, go.Scatter]:
    return {trace.name: trace for trace in figure.data if trace.name}


def notes(figure: go.Figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def test_the_best_stands_on_top_and_undefined_ones_last() -> None:
    measures = {"poor": measure(0.05), "none": Measure(NAN, NAN, NAN, 0), "rich": measure(0.101)}
    assert evaluate_board.ranking(measures) == ["rich", "poor", "none"]
    figure = evaluate_board.board(measures, "Recall@10", dark=False)
    assert figure.layout.yaxis.ticktext == ("rich", "poor", "none")
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]  # row 0 on top
    dots = traces(figure)
    assert (dots["rich"].x, dots["rich"].y, dots["rich"].text) == ((0.101,), (0,), ("0.101",))
    assert dots["rich"].error_x.array == pytest.approx((0.01,))
    assert dots["rich"].error_x.arrayminus == pytest.approx((0.01,))
    assert dots["none"].x == ()
    assert figure.layout.xaxis.range[1] == pytest.approx(1.08 * 0.111)
    assert "0.101 (0.091–0.111)<br>625 users" in dots["rich"].hovertext[0]


def test_looks_follow_the_choice_and_are_the_same_on_every_picture() -> None:
    """Nine strategies have nine colours; twenty still differ. A picture of two of them shows them as the others do."""
    chosen = [f"s{number}" for number in range(20)]
    many = looks(chosen, dark=True)
    assert len({many[key].colour for key in chosen[:9]}) == 9
    assert len(set(many.values())) == 20  # colour, dash and mark together
    assert palette.slots(True)[palette.OTHER] not in {look.colour for look in many.values()}
    measures = {key: measure(0.5 - place / 100) for place, key in enumerate(reversed(chosen))}
    dots = traces(evaluate_board.board({key: measures[key] for key in chosen}, "Recall@10", dark=True))
    assert dots["s3"].marker.color == many["s3"].colour
    pair = evaluate_users.deltas([UserDelta(0, 0, 0, 0.4, 0.2)], "s7", "s2", "Recall@10", True, chosen)
    assert [bar.marker.color for bar in pair.data] == [many["s7"].colour, many["s2"].colour]
    curves = {key: curve(0.2 + place / 1000) for place, key in enumerate(chosen)}
    figure = evaluate_curves.against_k(curves, 10, "Recall", dark=True)
    assert traces(figure)["s7"].line.color == many["s7"].colour
    heights = sorted(note.y for note in figure.layout.annotations)
    top, gap = figure.layout.yaxis.range[1], evaluate_curves.label_gap(20)
    assert min(np.diff(heights)) >= gap * top - 1e-9  # all twenty names stand apart, within the axes
    assert 0 <= heights[0] <= heights[-1] <= top


def test_segments_are_panels_on_one_scale() -> None:
    found = [
        Segment("activity", HOSTILE, 120, 900, {"b": measure(0.02), "a": measure(0.3)}),
        Segment("activity", "many", 505, 9_114, {"b": measure(0.04), "a": Measure(NAN, NAN, NAN, 0)}),
    ]
    figure = evaluate_board.segment_board(found, ["a", "b"], "Recall@10", dark=True)
    assert figure.layout.yaxis.ticktext == ("a", "b", "a", "b")
    dots = traces(figure)
    assert dots["a"].y == (1,)
    assert len(dots["b"].y) == 2
    words = notes(figure)
    assert "<a href" not in words[0]
    assert words[1] == "<b>many</b> · 505 users · 9,114 relevant"
    assert figure.layout.xaxis.range[1] == pytest.approx(1.08 * 0.31)


def test_no_more_panels_than_can_be_read() -> None:
    found = [Segment("category", f"c{number}", 3, 3, {"a": measure(0.1)}) for number in range(20)]
    figure = evaluate_board.segment_board(found, ["a"], "Recall@10", dark=False)
    assert len(figure.layout.annotations) == evaluate_board.MOST_SEGMENTS


def curve(height: float) -> Curve:
    mean = height * np.sqrt(np.arange(1, 101) / 100)
    return Curve(mean, 0.9 * mean, 1.1 * mean)


def test_curves_have_bands_names_and_the_k_of_the_page() -> None:
    figure = evaluate_curves.against_k({"up": curve(0.4), "low": curve(0.39)}, 10, "Recall", dark=False)
    lines = traces(figure)
    assert lines["up"].y[-1] == pytest.approx(0.4)
    assert (lines["up"].x[0], lines["up"].x[-1]) == (1, 100)
    bands = [trace for trace in figure.data if trace.fill == "toself"]
    assert len(bands) == 2
    assert bands[0].x[:2] == (1, 2)
    assert bands[0].y[99] == pytest.approx(0.44)
    assert bands[0].y[100] == pytest.approx(0.36)
    assert figure.layout.shapes[0].x0 == 10
    ends = [note for note in figure.layout.annotations if "up" in note.text or "low" in note.text]
    heights = sorted(note.y for note in ends)
    assert heights[1] - heights[0] >= evaluate_curves.label_gap(2) * figure.layout.yaxis.range[1] - 1e-9


def test_a_curve_that_is_undefined_everywhere_is_not_named() -> None:
    nothing = Curve(np.full(100, NAN), np.full(100, NAN), np.full(100, NAN))
    figure = evaluate_curves.against_k({"up": curve(0.4), "none": nothing}, 10, "Recall", dark=True)
    assert not any("none" in text for text in notes(figure))
    assert figure.layout.yaxis.range[1] == pytest.approx(1.05 * 0.44)


def test_the_cold_start_curve_stands_at_what_is_known() -> None:
    figure = evaluate_curves.cold_start(
        (0, 1, 3), {"a": [measure(0.1), measure(0.2), measure(0.3)]}, "Recall@10", dark=False
    )
    line = traces(figure)["a"]
    assert line.y == pytest.approx((0.1, 0.2, 0.3))
    assert figure.layout.xaxis.ticktext == ("0", "1", "3")
    assert line.customdata[0] == ["0.090", "0.110"]


def test_the_best_threshold_is_marked() -> None:
    found = ThresholdCurve(
        thresholds=np.array([0.0, 0.5, 1.0]),
        precision=np.array([0.1, 0.3, NAN]),
        recall=np.array([1.0, 0.5, 0.0]),
        f1=np.array([0.18, 0.375, 0.0]),
        kept=np.array([900.0, 12.0, 0.0]),
        best=1,
    )
    figure = evaluate_curves.against_threshold(found, "cosine", dark=False)
    star = next(trace for trace in figure.data if trace.marker.symbol == "star")
    assert (star.x, star.y, star.text) == ((0.5,), (0.375,), ("best F1 0.375",))
    lines = traces(figure)
    assert lines["Precision"].y[:2] == (0.1, 0.3)
    assert lines["Recall"].customdata == (900.0, 12.0, 0.0)
    assert len(notes(figure)) == 3
    assert all(0 <= note.y <= 1 for note in figure.layout.annotations)


def test_wins_and_losses_are_sorted_and_counted() -> None:
    found = [UserDelta(user, 0, user, a, b) for user, (a, b) in enumerate([(0.1, 0.1), (0, 0.4), (0.5, 0.2), (0.2, 0)])]
    assert evaluate_users.wins(found) == (2, 1, 1)
    figure = evaluate_users.deltas(found, "one", "two", "Recall@10", dark=False)
    up, down = figure.data
    assert (up.x, up.y) == ((0, 1), pytest.approx((0.3, 0.2)))
    assert (down.x, down.y) == ((3,), pytest.approx((-0.4,)))
    assert notes(figure) == ["one better for 2", "two better for 1"]


def test_figures_in_words() -> None:
    assert figure_of(0.10149) == "0.101"
    assert figure_of(NAN) == "–"
    assert faint("#ff8000", 0.2) == "rgba(255,128,0,0.2)"
    assert top_of([]) == 1.0
    assert top_of([Measure(NAN, NAN, NAN, 0)]) == 1.0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9), st.floats(0.01, 0.3))
def test_labels_never_touch_and_keep_their_order(heights: list[float], gap: float) -> None:
    wanted = {str(place): height for place, height in enumerate(heights)}
    found = spread(wanted, gap)
    ordered = sorted(wanted, key=lambda key: wanted[key])
    steps = np.diff([found[key] for key in ordered])
    assert set(found) == set(wanted)
    assert (steps >= gap - 1e-9).all()
    assert min(found.values()) >= 0


def test_labels_stay_within_the_axes_and_apart() -> None:
    assert spread({"a": 0.0, "b": 0.01}, 0.1, 1.0) == pytest.approx({"a": 0.0, "b": 0.1})
    assert spread({"a": 1.0, "b": 0.99}, 0.1, 1.0) == pytest.approx({"a": 1.0, "b": 0.9})
    assert spread({"a": 0.5, "b": 0.5}, 0.1, 1.0) == pytest.approx({"a": 0.45, "b": 0.55})
    assert spread({"a": 0.2, "b": 0.7}, 0.1, 1.0) == {"a": 0.2, "b": 0.7}
