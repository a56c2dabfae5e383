"""Dots with their intervals: the leaderboard, and the same for each segment."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from core.evaluate.types import Measure, Segment

from ..text import t
from .evaluate_look import looks, short_name, top_of, whiskers
from .map_marks import INK, plain
from .profile_frame import cut, framed

ROW = 44
SEGMENT_ROW = 36
MOST_SEGMENTS = 8


def ranking(measures: Mapping[str, Measure]) -> list[str]:
    """Strategies by their mean, the best first; undefined ones last, ties as given."""
    return sorted(measures, key=lambda key: (math.isnan(measures[key].mean), -_number(measures[key].mean)))


def board(measures: Mapping[str, Measure], axis: str, dark: bool) -> go.Figure:
    """One metric of every strategy, in the order of choice; the best is drawn on top. axis: the metric with its K."""
    order = ranking(measures)
    rows = [(float(row), key, measures[key]) for row, key in enumerate(order)]
    figure = go.Figure(whiskers(rows, looks(measures, dark), dark))
    framed(figure, dark, height=ROW * len(order) + 60)
    figure.update_xaxes(title_text=axis, range=[0, top_of(measures.values())], tickformat=".3~f", nticks=6)
    return figure.update_yaxes(
        tickvals=list(range(len(order))),
        ticktext=[short_name(key) for key in order],
        range=[len(order) - 0.4, -0.75],
        tickfont={"size": 12, "color": INK[dark]},
        showgrid=False,
        ticklabelstandoff=6,
    )


def segment_board(found: Sequence[Segment], keys: Sequence[str], axis: str, dark: bool) -> go.Figure:
    """A small leaderboard for each segment, under each other on one scale; the first ``MOST_SEGMENTS`` of them.

    keys: the strategies in the order of every panel, so that a panel differs by its dots and not by its rows.
    """
    shown = found[:MOST_SEGMENTS]
    rows: list[tuple[float, str, Measure]] = []
    heads: list[tuple[float, Segment]] = []
    at = 0.0
    for segment in shown:
        heads.append((at, segment))
        here = [key for key in keys if key in segment.measures]
        rows += [(at + 1 + place, key, segment.measures[key]) for place, key in enumerate(here)]
        at += len(here) + 1.35
    figure = go.Figure(whiskers(rows, looks(keys, dark), dark))
    framed(figure, dark, height=int(SEGMENT_ROW * at) + 60)
    figure.update_xaxes(title_text=axis, range=[0, top_of(row[2] for row in rows)], tickformat=".3~f", nticks=6)
    figure.update_yaxes(
        tickvals=[row[0] for row in rows],
        ticktext=[short_name(row[1]) for row in rows],
        range=[at - 0.6, -0.6],
        showgrid=False,
        ticklabelstandoff=6,
    )
    for height, segment in heads:
        figure.add_annotation(
            xref="paper",
            x=0,
            y=height,
            xanchor="left",
            showarrow=False,
            text=t(
                "evaluate.panel",
                name=plain(cut(segment.name)),
                users=f"{segment.n_users:,}",
                relevant=f"{segment.n_relevant:,}",
            ),
            font={"size": 12, "color": INK[dark]},
        )
    return figure


def _number(value: float) -> float:
    return 0.0 if math.isnan(value) else value
