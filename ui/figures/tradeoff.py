"""The trade-off curve: what a list is worth to everybody against how diverse it is, at every strength of every method.

A line a method at the K of the page; other K lie faintly behind. The front, the setting of the page and a proposed one
are marked. Points whose relevance cannot be told from that at diversity 0 are hollow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Any

import plotly.graph_objects as go

from core.evaluate.types import Measure
from core.registry import stage
from core.tradeoff.points import Point, pareto

from .. import palette
from ..text import t
from .evaluate_look import MARKS, faint, figure_of
from .map_marks import INK, plain
from .profile_frame import SOFT, cut, framed

HEIGHT = 460
MARK, SMALL, RING = 9, 4, 22
FRONT_PX = 14
FRONT, BAND, BEHIND = 0.28, 0.12, 0.5
"""How much of their colour the front, the interval and the lines of another K keep."""
MARGIN = 0.08
"""Room around the points, as a share of their range."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A place on the curve: that of the page, or a proposed one."""

    method: str
    k: int
    diversity: float


def build(dots: Sequence[Point], now: Setting, knee: Setting | None, dark: bool) -> go.Figure:
    """dots: in any order, tested. now: of the page; its K decides what lies in front. knee: the proposed setting."""
    dots = [dot for dot in dots if isfinite(dot.ndcg.mean) and isfinite(dot.ild.mean)]
    figure = go.Figure()
    near = [dot for dot in dots if dot.k == now.k]
    front = sorted(
        (dot for dot, is_best in zip(near, pareto(near), strict=True) if is_best), key=lambda dot: dot.ild.mean
    )
    if len(front) > 1:
        figure.add_trace(_front(front, dark))
    styles = {
        method: (palette.slots(dark)[slot], MARKS[slot % len(MARKS)]) for slot, method in enumerate(_methods(dots))
    }
    others = sorted({dot.k for dot in dots} - {now.k})
    for method, (colour, _) in styles.items():
        if lines := [line for k in others if (line := _line_of(dots, method, k))]:
            figure.add_trace(_behind(lines, colour))
    for k in others:
        if named := _line_of(dots, now.method, k):
            end = named[-1].ild.mean, named[-1].ndcg.mean
            _say(figure, end, t("pictures.curve_k", k=k), SOFT[dark], dark, -14)
    chosen = _line_of(dots, now.method, now.k)
    if chosen:
        figure.add_trace(_band(chosen, styles[now.method][0]))
    for method, (colour, mark) in styles.items():
        if line := _line_of(dots, method, now.k):
            figure.add_trace(_line(line, name_of(method), colour, mark, dark))
    figure.add_trace(_hollow_key(dark))
    if knee is not None and (there := place_of(dots, knee)):
        colour = palette.roles(dark)["focus"]
        figure.add_trace(_mark(there, "star", 15, colour))
        _say(figure, there, f"<b>{t('pictures.curve_knee')}</b>", colour, dark, -22)
    if there := place_of(dots, now):
        figure.add_trace(_mark(there, "circle-open", RING, INK[dark]))
        _say(figure, there, f"<b>{t('pictures.curve_now')}</b>", INK[dark], dark, 24)
    return _framed(figure, dots, now.k, dark)


def name_of(method: str) -> str:
    """What a method is called on a picture: its label up to the colon; its key where nobody knows it."""
    methods = stage("diversify")
    if method not in methods.names():
        return method
    return str(methods.get(method).label).partition(":")[0]


def place_of(dots: Sequence[Point], at: Setting) -> tuple[float, float] | None:
    """(ILD, NDCG) of a setting, on the line between the two strengths around it; None where it is not on the curve."""
    line = _line_of(dots, at.method, at.k)
    if at.diversity == 0:  # the same list by every method
        line = line or [dot for dot in dots if dot.k == at.k and dot.diversity == 0]
    below = [dot for dot in line if dot.diversity <= at.diversity + 1e-9]
    above = [dot for dot in line if dot.diversity >= at.diversity - 1e-9]
    if not below or not above:
        return None
    low, high = below[-1], above[0]
    step = high.diversity - low.diversity
    part = (at.diversity - low.diversity) / step if step > 0 else 0.0
    x, y = ((1 - part) * a + part * b for a, b in ((low.ild.mean, high.ild.mean), (low.ndcg.mean, high.ndcg.mean)))
    return x, y


@lru_cache(maxsize=4096)
def hover(dot: Point) -> str:
    """All numbers of one point."""
    said = t(
        "pictures.curve_hover",
        name=plain(name_of(dot.method)),
        diversity=f"{dot.diversity:.2f}",
        k=dot.k,
        ndcg=_interval(dot.ndcg),
        ild=_interval(dot.ild),
        recall=_interval(dot.recall),
        categories=f"{dot.categories.mean:.1f}",
    )
    if dot.diversity == 0:
        return said + t("pictures.curve_hover_zero")
    ndcg, recall = (_change(getattr(dot, f"{name}_delta"), *_ends(dot, name)) for name in ("ndcg", "recall"))
    return said + t("pictures.curve_hover_real" if dot.real else "pictures.curve_hover_none", ndcg=ndcg, recall=recall)


def _ends(dot: Point, name: str) -> tuple[float, float]:
    return getattr(dot, f"{name}_low"), getattr(dot, f"{name}_high")


def _change(delta: float, low: float, high: float) -> str:
    if not isfinite(delta):
        return figure_of(delta)
    said = f"{delta:+.4f}" + (f" ({low:+.4f} – {high:+.4f})" if isfinite(low) else "")
    return said.replace("-", "−")


def _interval(one: Measure) -> str:
    if one.low != one.low:
        return figure_of(one.mean)
    return f"{figure_of(one.mean)} ({figure_of(one.low)} – {figure_of(one.high)})"


def _methods(dots: Sequence[Point]) -> list[str]:
    """In the order in which the program lists them, so that a colour stays with its method while points arrive."""
    known = list(stage("diversify").names())
    found = {dot.method for dot in dots}
    return [method for method in known if method in found] + sorted(found.difference(known))


def _line_of(dots: Sequence[Point], method: str, k: int) -> list[Point]:
    return sorted((dot for dot in dots if dot.method == method and dot.k == k), key=lambda dot: dot.diversity)


def _xy(line: Sequence[Point]) -> dict[str, list[float]]:
    return {"x": [dot.ild.mean for dot in line], "y": [dot.ndcg.mean for dot in line]}


def _line(line: Sequence[Point], name: str, colour: str, mark: str, dark: bool) -> go.Scatter:
    ground = palette.GROUND["dark" if dark else "light"]
    return go.Scatter(
        name=plain(cut(name)),
        **_xy(line),
        customdata=[[dot.method, dot.k, dot.diversity] for dot in line],
        mode="lines+markers",
        line={"color": colour, "width": 2},
        marker={
            "size": MARK,
            "symbol": mark,
            "color": [colour if dot.real else ground for dot in line],
            "line": {"width": 1.8, "color": colour},
            "opacity": 1,
        },
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        hovertext=[hover(dot) for dot in line],
        hoverinfo="text",
    )


def _behind(lines: Sequence[Sequence[Point]], colour: str) -> go.Scatter:
    """A method at the other K: one broken line for all of them, since a browser pays by the trace."""
    x: list[float | None] = []
    y: list[float | None] = []
    places: list[list[Any]] = []
    said: list[str] = []
    for line in lines:
        x += [*(dot.ild.mean for dot in line), None]
        y += [*(dot.ndcg.mean for dot in line), None]
        places += [*([dot.method, dot.k, dot.diversity] for dot in line), []]
        said += [*map(hover, line), ""]
    return go.Scatter(
        x=x,
        y=y,
        customdata=places,
        mode="lines+markers",
        line={"color": faint(colour, BEHIND), "width": 1, "dash": "dot"},
        marker={"size": SMALL, "color": faint(colour, BEHIND)},
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        hovertext=said,
        hoverinfo="text",
        showlegend=False,
    )


def _front(front: Sequence[Point], dark: bool) -> go.Scatter:
    return go.Scatter(
        name=t("pictures.curve_front"),
        **_xy(front),
        mode="lines",
        line={"color": faint(palette.roles(dark)["ranked"], FRONT), "width": FRONT_PX},
        hoverinfo="skip",
    )


def _band(line: Sequence[Point], colour: str) -> go.Scatter:
    """The interval of what is lost along the line of the page's method.

    Of the change, user by user, not of the level: users differ from one another far more than two lists for the same
    user do, and it is the change that hollow points speak of.
    """
    known = [
        (dot, dot.ndcg.mean - dot.ndcg_delta) for dot in line if isfinite(dot.ndcg_low) and isfinite(dot.ndcg_high)
    ]
    return go.Scatter(
        name=t("pictures.curve_band"),
        x=[dot.ild.mean for dot, _ in known] + [dot.ild.mean for dot, _ in reversed(known)],
        y=[start + dot.ndcg_high for dot, start in known] + [start + dot.ndcg_low for dot, start in reversed(known)],
        fill="toself",
        fillcolor=faint(colour, BAND),
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
    )


def _hollow_key(dark: bool) -> go.Scatter:
    """What hollow points mean, in the legend."""
    return go.Scatter(
        name=t("pictures.curve_hollow"),
        x=[None],
        y=[None],
        mode="markers",
        marker={"size": MARK, "symbol": "circle-open", "color": SOFT[dark], "line": {"width": 1.8}},
        hoverinfo="skip",
    )


def _mark(there: tuple[float, float], symbol: str, size: int, colour: str) -> go.Scatter:
    return go.Scatter(
        x=[there[0]],
        y=[there[1]],
        mode="markers",
        marker={"size": size, "symbol": symbol, "color": colour, "line": {"width": 2.5, "color": colour}},
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )


def _say(figure: go.Figure, there: tuple[float, float], said: str, colour: str, dark: bool, up: int) -> None:
    """A word beside a mark, on the page's ground, so that lines do not run through it."""
    figure.add_annotation(
        x=there[0],
        y=there[1],
        text=said,
        showarrow=False,
        yshift=up,
        font={"size": 12, "color": colour},
        bgcolor=faint(palette.GROUND["dark" if dark else "light"], 0.8),
        borderpad=1,
    )


def _framed(figure: go.Figure, dots: Sequence[Point], k: int, dark: bool) -> go.Figure:
    framed(figure, dark, height=HEIGHT)
    x = [dot.ild.mean for dot in dots]
    y = [dot.ndcg.mean for dot in dots] + [value for trace in figure.data if trace.fill for value in trace.y]
    figure.update_xaxes(title_text=t("pictures.curve_x"), range=_range(x), tickformat=".2f", nticks=7)
    figure.update_yaxes(title_text=t("pictures.curve_y", k=k), range=_range(y), tickformat=".3~f", nticks=7)
    return figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": {"size": 12}, "itemclick": False},
        margin={"t": 40},
    )


def _range(values: Sequence[float]) -> list[float]:
    known = [value for value in values if value == value] or [0.0, 1.0]
    low, high = min(known), max(known)
    room = MARGIN * (high - low) or MARGIN
    return [low - room, high + room]
