"""Lines with their bands: metrics against K, against the threshold, and against what is known of a new user."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from core.evaluate.types import Curve, Measure, ThresholdCurve

from .. import palette
from ..text import t
from .evaluate_look import LABEL_ROOM, Look, faint, figure_of, looks, name_of, short_name, spread
from .map_marks import INK, plain
from .profile_frame import SOFT, framed

HEIGHT = 360
BAND = 0.16
LABEL_PX = 18
"""Height of a label."""
FRAME_PX = 70
"""What the axis and its words take of the height."""
PARTS = {"precision": 0, "recall": 1, "f1": 3}
"""Palette slots of the three lines against the threshold."""


def against_k(curves: Mapping[str, Curve], k: int, axis: str, dark: bool) -> go.Figure:
    """A metric at every K, a line and a 95 % band for each strategy, the K of the page marked."""
    lines = {
        key: (list(range(1, len(curve.mean) + 1)), curve.mean.tolist(), curve.low.tolist(), curve.high.tolist())
        for key, curve in curves.items()
    }
    figure = _banded(lines, dark, "lines", axis)
    figure.update_xaxes(
        title_text=t("evaluate.axis_k"), range=[1, max((len(x) for x, *_ in lines.values()), default=1)]
    )
    return figure.add_vline(x=k, line={"color": SOFT[dark], "width": 1, "dash": "dot"})


def cold_start(known: Sequence[int], measures: Mapping[str, Sequence[Measure]], axis: str, dark: bool) -> go.Figure:
    """A metric against the number of positives known of a new user. measures: one a number, for each strategy."""
    lines = {
        key: (
            list(range(len(known))),
            [measure.mean for measure in found],
            [measure.low for measure in found],
            [measure.high for measure in found],
        )
        for key, found in measures.items()
    }
    figure = _banded(lines, dark, "lines+markers", axis)
    return figure.update_xaxes(
        title_text=t("evaluate.axis_known"),
        tickvals=list(range(len(known))),
        ticktext=[f"{number:,}" for number in known],
        range=[-0.1, len(known) - 0.9],
    )


def _height(n: int) -> int:
    """Enough for the names of n lines under each other."""
    return max(HEIGHT, n * (LABEL_PX + 2) + FRAME_PX)


def label_gap(n: int) -> float:
    """Least distance of two labels, as a share of the height of the axes."""
    return LABEL_PX / (_height(n) - FRAME_PX)


Line = tuple[list[int], list[float], list[float], list[float]]


def _banded(lines: Mapping[str, Line], dark: bool, mode: str, axis: str) -> go.Figure:
    styles = looks(lines, dark)
    figure = go.Figure()
    for key, line in lines.items():
        figure.add_trace(_band(line, styles[key]))
    for key, line in lines.items():
        figure.add_trace(_line(key, line, styles[key], mode))
    framed(figure, dark, height=_height(len(lines)))
    figure.update_layout(margin={"r": LABEL_ROOM})
    top = max((value for _, mean, _, high in lines.values() for value in (*mean, *high) if value == value), default=1.0)
    top = 1.05 * top or 1.0
    figure.update_yaxes(title_text=axis, range=[0, top], tickformat=".3~f")
    _names(figure, {key: line[1] for key, line in lines.items()}, top, dark)
    return figure


def _band(line: Line, look: Look) -> go.Scatter:
    """The interval as one closed shape, left out where it is undefined."""
    known = [(x, low, high) for x, _, low, high in zip(*line, strict=True) if not (math.isnan(low) or math.isnan(high))]
    return go.Scatter(
        x=[x for x, _, _ in known] + [x for x, _, _ in reversed(known)],
        y=[high for _, _, high in known] + [low for _, low, _ in reversed(known)],
        fill="toself",
        fillcolor=faint(look.colour, BAND),
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
    )


def _line(key: str, line: Line, look: Look, mode: str) -> go.Scatter:
    x, mean, low, high = line
    return go.Scatter(
        name=plain(name_of(key)),
        x=x,
        y=mean,
        customdata=[[figure_of(a), figure_of(b)] for a, b in zip(low, high, strict=True)],
        mode=mode,
        line={"color": look.colour, "width": 2.5, "dash": look.dash},
        marker={"size": 8, "symbol": look.mark, "color": look.colour},
        hovertemplate=t("evaluate.hover_line", name=plain(name_of(key))) + "<extra></extra>",
    )


def _names(figure: go.Figure, lines: Mapping[str, Sequence[float]], top: float, dark: bool) -> None:
    """The name of each line beside its end."""
    styles = looks(lines, dark)
    said = {
        key: f'<span style="color:{styles[key].colour}">{_GLYPHS[styles[key].mark]}</span> {short_name(key)}'
        for key in lines
    }
    _beside_ends(figure, lines, said, top, dark)


def _beside_ends(
    figure: go.Figure, lines: Mapping[str, Sequence[float]], said: Mapping[str, str], top: float, dark: bool
) -> None:
    ends = {key: found[-1] for key, mean in lines.items() if (found := [value for value in mean if value == value])}
    for key, y in spread(ends, label_gap(len(said)) * top, top).items():
        figure.add_annotation(
            xref="paper",
            x=1,
            xshift=6,
            y=y,
            xanchor="left",
            showarrow=False,
            text=said[key],
            font={"size": 11, "color": INK[dark]},
        )


_GLYPHS = {"circle": "●", "diamond": "◆", "square": "■"}


def against_threshold(curve: ThresholdCurve, axis: str, dark: bool) -> go.Figure:
    """Precision, recall and F1 of keeping everything with at least a score; the best F1 marked. axis: the scale."""
    x = curve.thresholds.tolist()
    figure = go.Figure()
    values = {"precision": curve.precision, "recall": curve.recall, "f1": curve.f1}
    colours = {part: palette.slots(dark)[slot] for part, slot in PARTS.items()}
    for part, found in values.items():
        figure.add_trace(_part(t(f"evaluate.part_{part}"), x, found.tolist(), curve.kept.tolist(), colours[part]))
    best_x, best_y = x[curve.best], float(curve.f1[curve.best])
    figure.add_trace(_best(best_x, best_y, colours["f1"], dark))
    framed(figure, dark, height=HEIGHT)
    figure.update_layout(margin={"r": LABEL_ROOM})
    figure.update_xaxes(title_text=axis)
    figure.update_yaxes(range=[0, 1.03], tickformat=".1f")
    said = {part: f'<span style="color:{colours[part]}">●</span> {t(f"evaluate.part_{part}")}' for part in values}
    _beside_ends(figure, {part: found.tolist() for part, found in values.items()}, said, 1.0, dark)
    return figure


def _part(name: str, x: list[float], y: list[float], kept: list[float], colour: str) -> go.Scatter:
    return go.Scatter(
        name=name,
        x=x,
        y=y,
        customdata=kept,
        mode="lines",
        line={"color": colour, "width": 2.5},
        hovertemplate=t("evaluate.hover_threshold", name=name) + "<extra></extra>",
    )


def _best(x: float, y: float, colour: str, dark: bool) -> go.Scatter:
    return go.Scatter(
        x=[x],
        y=[y],
        mode="markers+text",
        marker={"size": 15, "symbol": "star", "color": colour, "line": {"width": 1, "color": INK[dark]}},
        text=[t("evaluate.best_f1", f1=f"{y:.3f}")],
        textposition="top center",
        textfont={"size": 12, "color": INK[dark]},
        cliponaxis=False,
        hoverinfo="skip",
    )
