"""Where one strategy won and the other lost: every user's difference, sorted."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.evaluate.types import UserDelta

from ..text import t
from .evaluate_look import looks, short_name
from .map_marks import INK
from .profile_frame import SOFT, framed

EVEN = 1e-12


def wins(found: Sequence[UserDelta]) -> tuple[int, int, int]:
    """How many users are better off with a, with b, and with neither."""
    a = sum(one.a - one.b > EVEN for one in found)
    b = sum(one.b - one.a > EVEN for one in found)
    return a, b, len(found) - a - b


def deltas(found: Sequence[UserDelta], a: str, b: str, axis: str, dark: bool, chosen: Sequence[str] = ()) -> go.Figure:
    """The difference a - b of every user, from the greatest win of a to the greatest win of b. chosen: all strategies
    of the page, whose order gives the looks."""
    ordered = sorted((one.a - one.b for one in found), reverse=True)
    styles = looks((*chosen, a, b), dark)
    figure = go.Figure()
    for key, keep in ((a, 1), (b, -1)):
        places = [place for place, value in enumerate(ordered) if keep * value > EVEN]
        figure.add_trace(
            go.Bar(
                name=short_name(key),
                x=places,
                y=[ordered[place] for place in places],
                marker={"color": styles[key].colour, "line": {"width": 0}},
                hovertemplate="%{y:+.3f}<extra></extra>",
            )
        )
    framed(figure, dark, height=220)
    figure.update_layout(bargap=0, barmode="overlay")
    figure.update_xaxes(title_text=t("evaluate.axis_users"), showgrid=False, range=[-0.5, max(len(ordered), 1) - 0.5])
    figure.update_yaxes(title_text=axis, tickformat="+.1f", zeroline=True, zerolinecolor=SOFT[dark])
    n_a, n_b, _ = wins(found)
    for key, n, x, y, side in ((a, n_a, 1, 1, "right"), (b, n_b, 0, 0, "left")):  # each where no bars are
        figure.add_annotation(
            xref="paper",
            yref="paper",
            x=x,
            y=y,
            xanchor=side,
            yanchor="top" if side == "right" else "bottom",
            showarrow=False,
            text=t("evaluate.better_for", name=short_name(key), n=f"{n:,}"),
            font={"size": 12, "color": INK[dark]},
        )
    return figure
