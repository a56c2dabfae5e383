"""The trade-off curve: what is in front, what is hollow, where the page's setting lies, and what hovering says."""

from __future__ import annotations

import math
from dataclasses import replace

import plotly.graph_objects as go
import pytest

from core.evaluate.types import Measure
from core.tradeoff.points import Point
from ui.figures.tradeoff import Setting, build, hover, name_of, place_of
from ui.text import t


def point_of(
    ild: float, ndcg: float, diversity: float, *, method: str = "mmr", k: int = 10, real: bool = False
) -> Point:
    around = Measure(ndcg, ndcg - 0.01, ndcg + 0.01, 100)
    return Point(
        *(method, k, diversity),
        ndcg=around,
        recall=around,
        ild=Measure(ild, ild - 0.001, ild + 0.001, 100),
        categories=Measure(5.0, 4.9, 5.1, 100),
        ndcg_delta=ndcg - 0.2,
        ndcg_low=ndcg - 0.21,
        ndcg_high=ndcg - 0.19,
        recall_delta=-0.004,
        recall_low=math.nan,
        recall_high=math.nan,
        p=0.01 if real else 0.5,
        real=real,
    )


LINE = [point_of(0.5, 0.2, 0.0), point_of(0.6, 0.19, 0.5), point_of(0.7, 0.1, 1.0, real=True)]
NOW = Setting("mmr", 10, 0.5)


def by_name(figure: go.Figure) -> dict[str, go.Scatter]:
    return {trace.name: trace for trace in figure.data if trace.name}


def test_a_line_runs_from_relevance_to_diversity_whatever_the_order_of_its_points() -> None:
    drawn = by_name(build([LINE[2], LINE[0], LINE[1]], NOW, None, False))["MMR"]
    assert (list(drawn.x), list(drawn.y)) == ([0.5, 0.6, 0.7], [0.2, 0.19, 0.1])
    assert [list(row) for row in drawn.customdata] == [["mmr", 10, 0.0], ["mmr", 10, 0.5], ["mmr", 10, 1.0]]


@pytest.mark.parametrize("dark", [False, True])
def test_what_cannot_be_told_from_diversity_0_is_hollow_and_the_legend_says_so(dark: bool) -> None:
    figure = build(LINE, NOW, None, dark)
    marker = by_name(figure)["MMR"].marker
    assert marker.color[0] == marker.color[1] != marker.color[2] == marker.line.color
    assert by_name(figure)[t("pictures.curve_hollow")].marker.symbol == "circle-open"
    assert figure.layout.showlegend


def test_the_front_leaves_out_what_another_method_beats_at_the_same_k() -> None:
    worse = [replace(point, method="dpp", ndcg=Measure(0.05, 0.04, 0.06, 9)) for point in LINE[1:]]
    elsewhere = point_of(0.9, 0.9, 0.5, k=20)
    front = by_name(build([*LINE, *worse, elsewhere], NOW, None, False))[t("pictures.curve_front")]
    assert list(front.x) == [0.5, 0.6, 0.7]


def test_other_k_lie_behind_without_a_place_in_the_legend() -> None:
    others = [point_of(0.4, 0.3, 0.0, k=5), point_of(0.5, 0.2, 1.0, k=5), point_of(0.3, 0.1, 0.0, k=20)]
    figure = build([*LINE, *others], NOW, None, False)
    (behind,) = [trace for trace in figure.data if trace.line.dash == "dot"]
    assert behind.showlegend is False
    assert list(behind.x) == [0.4, 0.5, None, 0.3, None]  # one trace for a method, broken between lengths
    places = list(behind.customdata)
    assert [list(places[place]) for place in (1, 3)] == [["mmr", 5, 1.0], ["mmr", 20, 0.0]]
    (said,) = [said for said in figure.layout.annotations if said.text == t("pictures.curve_k", k=5)]
    assert (said.x, said.y) == (0.5, 0.2)


def test_the_present_setting_lies_between_the_strengths_around_it() -> None:
    assert place_of(LINE, Setting("mmr", 10, 0.5)) == (0.6, 0.19)
    x, y = place_of(LINE, Setting("mmr", 10, 0.75)) or (0.0, 0.0)
    assert (x, y) == pytest.approx((0.65, 0.145))


@pytest.mark.parametrize("at", [Setting("mmr", 20, 0.5), Setting("cap", 10, 0.5)])
def test_a_setting_off_the_curve_has_no_ring(at: Setting) -> None:
    assert place_of(LINE, at) is None
    assert not any(t("pictures.curve_now") in said.text for said in build(LINE, at, None, False).layout.annotations)


def test_at_diversity_0_all_methods_are_at_the_same_place() -> None:
    assert place_of(LINE, Setting("cap", 10, 0.0)) == (0.5, 0.2)


def test_the_band_is_that_of_the_change_around_the_level_at_diversity_0() -> None:
    band = by_name(build(LINE, NOW, None, False))[t("pictures.curve_band")]
    assert list(band.x) == [0.5, 0.6, 0.7, 0.7, 0.6, 0.5]
    assert list(band.y) == pytest.approx([0.21, 0.2, 0.11, 0.09, 0.18, 0.19])


def test_the_proposal_is_marked() -> None:
    figure = build(LINE, NOW, Setting("mmr", 10, 0.5), False)
    (star,) = [trace for trace in figure.data if trace.marker.symbol == "star"]
    assert (star.x, star.y) == ((0.6,), (0.19,))
    words = [t("pictures.curve_knee"), t("pictures.curve_now")]
    assert [said.text for said in figure.layout.annotations] == [f"<b>{word}</b>" for word in words]


def test_hovering_says_all_numbers() -> None:
    said = hover(LINE[1])
    assert "MMR at 0.50, K 10" in said
    assert "0.190 (0.180 – 0.200)" in said
    assert "−0.0100 (−0.0200 – +0.0000)" in said
    assert "not distinguishable" in said
    assert "not distinguishable" not in hover(LINE[2])
    assert "relevance alone" in hover(LINE[0])


def test_undefined_points_are_left_out() -> None:
    nowhere = replace(LINE[1], ndcg=Measure(math.nan, math.nan, math.nan, 0))
    assert list(by_name(build([LINE[0], nowhere, LINE[2]], NOW, None, False))["MMR"].x) == [0.5, 0.7]


def test_nothing_yet_is_an_empty_frame() -> None:
    assert build([], NOW, None, True).layout.xaxis.title.text == t("pictures.curve_x")


def test_a_method_nobody_knows_keeps_its_key() -> None:
    assert name_of("not-a-method") == "not-a-method"
    assert name_of("mmr") == "MMR"
