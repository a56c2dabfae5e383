"""How a newcomer's list settles: what each answer kept of it, and how much it hangs on each answer now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ..text import t
from .map_marks import INK, plain
from .profile_frame import QUIET, accent, cut, framed

HEIGHT, ROW = 240, 26
LETTERS = 26


@dataclass(frozen=True, slots=True)
class Told:
    """One answer. label: in a few words. kept: overlap in [0, 1] of the list after it with the one before it, NaN where
    undefined. moved: 1 - overlap of the list now with the one without it. most: none moves the list more."""

    label: str
    kept: float
    moved: float
    most: bool


def kept_line(rows: Sequence[Told], dark: bool) -> go.Figure:
    """The overlap after each answer, in answer order: a list that settles climbs to 1."""
    places = list(range(1, len(rows) + 1))
    figure = go.Figure(
        go.Scatter(
            x=places,
            y=[None if row.kept != row.kept else row.kept for row in rows],
            mode="lines+markers",
            line={"color": accent(dark), "width": 2},
            marker={"size": 8, "color": accent(dark)},
            hovertext=[
                t("newcomer.hover_kept", n=place, answer=plain(cut(row.label, 60)), share=_percent(row.kept))
                for place, row in zip(places, rows, strict=True)
            ],
            hoverinfo="text",
            cliponaxis=False,
        )
    )
    framed(figure, dark, height=HEIGHT)
    figure.update_xaxes(title_text=t("newcomer.axis_answers"), dtick=max(1, len(rows) // 10), showgrid=False)
    return figure.update_yaxes(range=[-0.02, 1.05], tickformat=".0%", dtick=0.25)


def moved_bars(rows: Sequence[Told], dark: bool) -> go.Figure:
    """A bar for each answer, the first one on top; the one that moves the list most in the accent."""
    shares = [_percent(row.moved) for row in rows]
    figure = go.Figure(
        go.Bar(
            x=[0.0 if row.moved != row.moved else row.moved for row in rows],
            y=list(range(len(rows))),
            orientation="h",
            width=0.7,
            text=shares,
            textposition="outside",
            cliponaxis=False,
            textfont={"size": 11, "color": INK[dark]},
            marker={"color": [accent(dark) if row.most else QUIET[dark] for row in rows], "line": {"width": 0}},
            hovertext=[
                t("newcomer.hover_moved", answer=plain(cut(row.label, 60)), share=share)
                for row, share in zip(rows, shares, strict=True)
            ],
            hoverinfo="text",
        )
    )
    framed(figure, dark, height=max(HEIGHT, ROW * len(rows) + 30))
    figure.update_xaxes(visible=False, range=[0, 1.18])
    return figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=[plain(cut(row.label, LETTERS)) for row in rows],
        range=[len(rows) - 0.4, -0.6],
        showgrid=False,
        ticklabelstandoff=6,
    )


def _percent(share: float) -> str:
    return "–" if share != share else f"{100 * share:.0f} %"
