"""The weights of a log that is about to be imported: how often each occurs, and from which on they count as liked."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from core.describe.advice import percent

from ..text import t
from .map_marks import INK
from .profile_frame import accent, colours, framed

HEIGHT = 230
LABELLED = 12
"""At most so many bars carry their share above them."""
FEW = 5
"""Below so many rows every whole number has its tick."""

Bars = Sequence[tuple[float, float, int]]


def weights_figure(bars: Bars, dark: bool, *, liked_from: float | None = None, axis: str = "") -> go.Figure:
    """A bar for each (from, to, rows), equally wide, in the order given.

    liked_from: the bars from this weight on are in the accent, and a line stands before the first of them; None: all
    bars count alike. axis: what the weights are.
    """
    total = max(sum(rows for _, _, rows in bars), 1)
    shares = [percent(rows / total) for _, _, rows in bars]
    labels = [_label(low, high, place == len(bars) - 1) for place, (low, high, _) in enumerate(bars)]
    told = liked(bars, liked_from)
    figure = go.Figure(
        go.Bar(
            x=list(range(len(bars))),
            y=[rows for _, _, rows in bars],
            width=0.9,
            text=[share if len(bars) <= LABELLED else "" for share in shares],
            textposition="outside",
            cliponaxis=False,
            textfont={"size": 11, "color": INK[dark]},
            marker={"color": colours(len(bars), told, dark), "line": {"width": 0}},
            hovertext=[
                t("import.hover_weights", label=label, rows=f"{rows:,}", share=share)
                for label, (_, _, rows), share in zip(labels, bars, shares, strict=True)
            ],
            hoverinfo="text",
        )
    )
    framed(figure, dark, height=HEIGHT)
    places = range(0, len(bars), max(1, math.ceil(len(bars) / LABELLED)))
    figure.update_xaxes(
        title_text=axis,
        tickvals=list(places),
        ticktext=[_tick(bars[place][0]) for place in places],
        tickangle=0,
        showgrid=False,
    )
    most = max((rows for _, _, rows in bars), default=1)
    figure.update_yaxes(range=[0, 1.18 * max(most, 1)])
    if most < FEW:
        figure.update_yaxes(dtick=1, tickformat="d")  # there are no half rows
    if liked_from is not None and bars:
        figure.update_layout(margin_t=28)
        _line(figure, len(bars) - len(told), dark)
    return figure


def liked(bars: Bars, liked_from: float | None) -> range:
    """The places of the bars that count as liked: those that begin at the threshold or above it."""
    if liked_from is None:
        return range(len(bars))
    return range(next((place for place, (low, _, _) in enumerate(bars) if low >= liked_from), len(bars)), len(bars))


def _line(figure: go.Figure, before: int, dark: bool) -> None:
    figure.add_vline(
        x=before - 0.5,
        line={"color": accent(dark), "width": 2, "dash": "dot"},
        annotation={
            "text": t("import.liked_line"),
            "font": {"size": 11, "color": INK[dark]},
            "xanchor": "right" if before > 1 else "left",
            "yanchor": "bottom",
            "y": 1.0,
        },
    )


def _tick(low: float) -> str:
    """Where a bar begins, short enough to stand level: 512, 1k, 131k."""
    return f"{low / 1000:,.0f}k" if low >= 1000 else f"{low:g}"


def _label(low: float, high: float, last: bool) -> str:
    if low == high:
        return f"{low:g}"
    if float(low).is_integer() and float(high).is_integer():
        top = high if last else high - 1
        return f"{low:,.0f}" if top <= low else f"{low:,.0f}–{top:,.0f}"
    return f"{low:g}–{high:g}"
