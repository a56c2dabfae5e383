"""A taste over time: how like the rest each period is, what it is made of, and when anything happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import plotly.graph_objects as go

from core.portrait.activity import Activity
from core.portrait.drift import Drift

from .. import palette
from ..text import t
from .evaluate_look import faint
from .map_marks import INK, plain
from .profile_behaviour import bin_name
from .profile_frame import QUIET, SOFT, accent, colours, cut, framed

MOST_LINES = 5
"""Categories that get a line over time: those whose share changes most."""
BAND, EMPTY = 0.25, 0.07
"""How much of its colour the band has, and an hour in which nothing happened."""


def drift(found: Drift, dark: bool) -> go.Figure:
    """A dot a period, on the band in which shuffled likes would lie; dots below it are outlined in another colour."""
    x, names = list(range(len(found.periods))), period_names(found)
    low, high = [one.low for one in found.periods], [one.high for one in found.periods]
    outside = palette.roles(dark)["left"]
    figure = go.Figure()
    figure.add_trace(_line(x, high, width=0))
    figure.add_trace(_line(x, low, width=0, fill="tonexty", fillcolor=faint(QUIET[dark], BAND)))
    figure.add_trace(
        go.Scatter(
            x=x,
            y=[one.cosine for one in found.periods],
            mode="lines+markers",
            line={"color": SOFT[dark], "width": 1.5},
            marker={
                "size": 11,
                "color": [outside if one.cosine < one.low else accent(dark) for one in found.periods],
                "symbol": ["diamond" if one.cosine < one.low else "circle" for one in found.periods],
            },
            hovertext=[
                t(
                    "user.drift_hover",
                    when=name,
                    n=one.n,
                    cosine=f"{one.cosine:.2f}",
                    low=f"{one.low:.2f}",
                    high=f"{one.high:.2f}",
                )
                for one, name in zip(found.periods, names, strict=True)
            ],
            hoverinfo="text",
            cliponaxis=False,
        )
    )
    framed(figure, dark)
    figure.update_xaxes(tickvals=x, ticktext=names, showgrid=False, range=[-0.3, len(x) - 0.7])
    return figure.update_yaxes(title_text=t("user.drift_axis"), tickformat=".1f")


def mix(found: Drift, dark: bool) -> go.Figure:
    """The share of the likes with a category, period by period, for those whose share moves most."""
    x, names = list(range(len(found.periods))), period_names(found)
    shares = np.array([one.shares for one in found.periods])
    moving: list[int] = np.argsort(-np.ptp(shares, axis=0), kind="stable")[:MOST_LINES].tolist() if shares.size else []
    hues = palette.slots(dark)
    figure = go.Figure()
    for slot, column in enumerate(moving):
        name = plain(cut(found.names[column]))
        figure.add_trace(
            go.Scatter(
                x=x,
                y=shares[:, column].tolist(),
                mode="lines+markers",
                name=name,
                line={"color": hues[slot], "width": 2},
                marker={"size": 7, "symbol": ("circle", "diamond", "square", "cross", "triangle-up")[slot]},
                hovertext=[
                    t("user.mix_hover", name=name, when=when, share=f"{100 * share:.0f} %")
                    for when, share in zip(names, shares[:, column].tolist(), strict=True)
                ],
                hoverinfo="text",
                cliponaxis=False,
            )
        )
    framed(figure, dark)
    figure.update_xaxes(tickvals=x, ticktext=names, showgrid=False, range=[-0.3, len(x) - 0.7])
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    return figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": {"size": 12}, "itemclick": False},
        margin={"t": 40},
    )


def activity(found: Activity, dark: bool) -> go.Figure:
    """Interactions by month or year, the busiest in the accent."""
    names = [bin_name(start, found.unit) for start in found.starts]
    counts = found.counts.tolist()
    busiest = int(found.counts.argmax())
    figure = go.Figure(
        go.Bar(
            x=names,
            y=counts,
            width=0.8 if len(names) > 2 else 0.3,
            marker={"color": colours(len(names), {busiest}, dark), "line": {"width": 0}},
            hovertext=[t("user.activity_hover", when=name, n=f"{n:,}") for name, n in zip(names, counts, strict=True)],
            hoverinfo="text",
        )
    )
    framed(figure, dark)
    return figure.update_xaxes(type="category", showgrid=False, nticks=8)


def week(found: Activity, dark: bool) -> go.Figure:
    """Seven rows of 24 hours, the fuller the more happened."""
    days = t("user.weekdays").split(",")
    figure = go.Figure(
        go.Heatmap(
            z=np.sqrt(found.week),  # one long evening would hide all others
            x=list(range(24)),
            y=days,
            colorscale=[[0, faint(accent(dark), EMPTY)], [1, accent(dark)]],
            showscale=False,
            xgap=2,
            ygap=2,
            hovertext=[
                [
                    t("user.week_hover", day=days[day], hour=f"{hour:02d}", n=int(found.week[day, hour]))
                    for hour in range(24)
                ]
                for day in range(7)
            ],
            hoverinfo="text",
        )
    )
    framed(figure, dark)
    figure.update_xaxes(tickvals=list(range(0, 24, 3)), ticktext=[f"{h:02d}" for h in range(0, 24, 3)], showgrid=False)
    return figure.update_yaxes(
        autorange="reversed", showgrid=False, tickvals=days, ticktext=days, tickfont={"size": 11, "color": INK[dark]}
    )


def period_names(found: Drift) -> list[str]:
    """Years where they tell the periods apart, else months or days."""
    for pattern in ("%Y", "%b %Y", "%d %b %y"):
        names = [_span(one.first, one.last, pattern) for one in found.periods]
        if len(set(names)) == len(names):
            return names
    return [_span(one.first, one.last, "%d %b %y") for one in found.periods]


def day_of(seconds: int, pattern: str = "%d %b %Y") -> str:
    """A moment as a date, "?" beyond the calendar."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime(pattern)
    except (ValueError, OverflowError, OSError):
        return "?"


def _span(first: int, last: int, pattern: str) -> str:
    start, end = day_of(first, pattern), day_of(last, pattern)
    return start if start == end else f"{start} – {end}"


def _line(x: Sequence[int], y: Sequence[float], **look: object) -> go.Scatter:
    width = look.pop("width", 1)
    return go.Scatter(x=x, y=y, mode="lines", line={"width": width}, hoverinfo="skip", showlegend=False, **look)
