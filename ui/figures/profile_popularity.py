"""Pictures of how unevenly interactions fall on items and users."""

from __future__ import annotations

import math

import plotly.graph_objects as go

from core.describe import Profile
from core.describe.advice import MANY_COLD_ITEMS, MANY_COLD_USERS, percent
from core.describe.bins import Bins
from core.describe.long_tail import LongTail

from ..text import t
from .map_marks import INK
from .profile_frame import SOFT, Picture, accent, bins_table, framed, histogram

MARKED = (1, 10, 20)
STEPS = (0, 20, 40, 60, 80, 100)


def pictures(profile: Profile, dark: bool) -> tuple[Picture, ...]:
    """The concentration curve, then items and users by their number of interactions."""
    return concentration(profile, dark), items(profile, dark), users(profile, dark)


def concentration(profile: Profile, dark: bool) -> Picture:
    """The share of all interactions that falls on the most popular items."""
    tail = profile.long_tail
    if math.isnan(tail.gini):
        return Picture("concentration", t("profile.nothing_happened"), "", None, {})
    tops = (tail.top_1, tail.top_10, tail.top_20)
    figure = go.Figure()
    figure.add_trace(_curve([100 * x for x in tail.items], [100 * y for y in tail.share], dark))
    figure.add_trace(
        go.Scatter(
            x=[0, 100],
            y=[0, 100],
            mode="lines",
            line={"color": SOFT[dark], "width": 1, "dash": "dot"},
            hoverinfo="skip",
        )
    )
    figure.add_trace(_marked(tops, dark))
    figure.add_annotation(
        x=62,
        y=62,
        text=t("profile.even_line"),
        showarrow=False,
        xanchor="left",
        yanchor="top",
        font={"color": SOFT[dark]},
    )
    figure.add_annotation(
        x=98,
        y=6,
        text=t("profile.gini_label", gini=f"{tail.gini:.2f}"),
        showarrow=False,
        xanchor="right",
        yanchor="bottom",
        font={"size": 15, "color": INK[dark]},
    )
    framed(figure, dark, height=340)
    marks = [f"{step} %" for step in STEPS]
    figure.update_xaxes(title_text=t("profile.top_items_axis"), tickvals=STEPS, ticktext=marks, range=[0, 100])
    figure.update_yaxes(title_text=t("profile.share_axis"), tickvals=STEPS[1:], ticktext=marks[1:], range=[0, 103])
    return Picture(
        "concentration",
        t("profile.find_concentration", share=percent(tail.top_10)),
        t(
            "profile.say_concentration",
            half=f"{tail.half_items:,}",
            of=f"{tail.n_items:,}",
            gini=f"{tail.gini_touched:.2f}",
        ),
        figure,
        {
            t("profile.top_items_axis"): [percent(x) for x in tail.items[::5]],
            t("profile.share_axis"): [percent(y) for y in tail.share[::5]],
        },
    )


def _say_concentration(tail: LongTail) -> str:
    half, of = f"{tail.half_items:,}", f"{tail.n_items:,}"
    return t("profile.say_concentration", half=half, of=of, gini=f"{tail.gini_touched:.2f}")


def _curve(x: list[float], y: list[float], dark: bool) -> go.Scatter:
    return go.Scatter(
        x=x,
        y=y,
        mode="lines",
        line={"color": accent(dark), "width": 2.5},
        fill="tozeroy",
        fillcolor=_faint(accent(dark)),
        hovertemplate=t("profile.hover_concentration", x="%{x:.0f}", y="%{y:.1f}") + "<extra></extra>",
    )


def _marked(tops: tuple[float, ...], dark: bool) -> go.Scatter:
    return go.Scatter(
        x=list(MARKED),
        y=[100 * share for share in tops],
        mode="markers+text",
        marker={"size": 9, "color": accent(dark), "line": {"width": 2, "color": INK[not dark]}},
        text=[
            t("profile.top_label", percent=percent_, share=percent(share))
            for percent_, share in zip(MARKED, tops, strict=True)
        ],
        textposition="bottom right",
        textfont={"size": 13, "color": INK[dark]},
        cliponaxis=False,
        hoverinfo="skip",
    )


def _note(figure: go.Figure, x: float, y: float, text: str, *, size: int, colour: str) -> None:
    figure.add_annotation(x=x, y=y, text=text, showarrow=False, xanchor="left", font={"size": size, "color": colour})


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.14)"


def items(profile: Profile, dark: bool) -> Picture:
    """How many items have how many interactions; the title speaks of those that behaviour knows little about."""
    bins, cold = profile.long_tail.per_item, profile.cold
    if cold.items_share >= MANY_COLD_ITEMS:
        title, told = t("profile.find_cold_items", share=percent(cold.items_share)), _below(bins, 1)
    else:
        few = _known(cold.items_share) + _known(cold.near_items_share)
        title, told = t("profile.find_few_items", share=percent(few), few=cold.few), _below(bins, cold.few)
    figure = histogram(bins, dark, told=told, axis=t("profile.per_item"), what="profile.hover_items")
    table = bins_table(bins, t("profile.per_item"), t("profile.items"))
    return Picture("items", title, t("profile.say_items"), figure, table)


def users(profile: Profile, dark: bool) -> Picture:
    """How many users have how many interactions."""
    bins, cold, active = profile.activity.per_user, profile.cold, profile.activity
    if not bins.counts:
        return Picture("users", t("profile.no_users"), "", None, {})
    if cold.users_share >= MANY_COLD_USERS:
        title, told = (
            t("profile.find_cold_users", share=percent(cold.users_share), few=cold.few),
            _below(bins, cold.few),
        )
    else:
        title, told = t("profile.find_users", n=f"{active.at(50):,.0f}"), bin_of(bins, active.at(50))
    figure = histogram(bins, dark, told=told, axis=t("profile.per_user"), what="profile.hover_users")
    caption = t("profile.say_users", share=percent(active.top_10), gini=f"{active.gini:.2f}")
    return Picture("users", title, caption, figure, bins_table(bins, t("profile.per_user"), t("profile.users")))


def _below(bins: Bins, limit: int) -> set[int]:
    return {place for place, high in enumerate(bins.high) if high < limit}


def bin_of(bins: Bins, number: float) -> set[int]:
    """The bar that a number falls in."""
    return {
        place for place, (low, high) in enumerate(zip(bins.low, bins.high, strict=True)) if low <= number < high + 1
    }


def _known(share: float) -> float:
    return 0.0 if math.isnan(share) else share
