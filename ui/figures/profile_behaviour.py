"""Pictures of what the interactions weigh and when they happened."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import plotly.graph_objects as go

from core.describe import Profile
from core.describe.advice import percent
from core.describe.weights import Scale, Weights

from ..text import t
from .map_marks import INK
from .profile_frame import LABELLED, SOFT, Picture, bins_table, colours, framed, histogram
from .profile_popularity import bin_of


def pictures(profile: Profile, dark: bool) -> tuple[Picture, ...]:
    """Ratings, counts or events, then the log over time."""
    return weights(profile, dark), time(profile, dark)


def weights(profile: Profile, dark: bool) -> Picture:
    """The distribution of the weights, as what they are."""
    found = profile.weights
    if found.counts is not None and found.counts.counts:
        return _counts(found, dark)
    if found.scale is None:
        return Picture("weights", t("profile.nothing_happened"), "", None, {})
    if len(found.scale.values) == 1:
        return Picture("weights", t("profile.all_alike", value=f"{found.low:g}"), t("profile.say_all_alike"), None, {})
    return _scale(found, found.scale, dark)


def _counts(found: Weights, dark: bool) -> Picture:
    bins = found.counts
    assert bins is not None
    figure = histogram(
        bins, dark, told=bin_of(bins, found.median), axis=t("profile.counts_axis"), what="profile.hover_counts"
    )
    title = t("profile.find_counts", median=f"{found.median:,.0f}", high=f"{found.high:,.0f}")
    table = bins_table(bins, t("profile.counts_axis"), t("profile.interactions"))
    return Picture("weights", title, t("profile.say_counts"), figure, table)


def _scale(found: Weights, scale: Scale, dark: bool) -> Picture:
    if found.kind == "rating":
        told = {place for place, value in enumerate(scale.values) if value >= scale.top_from}
        title = t("profile.find_ratings", share=percent(scale.top_quarter), value=f"{scale.top_from:g}")
    else:
        told = {scale.values.index(scale.commonest)}
        title = t("profile.find_events", share=percent(scale.commonest_share), value=f"{scale.commonest:g}")
    names = [_name(value, scale.width) for value in scale.values]
    shares = [percent(count / sum(scale.counts)) for count in scale.counts]
    figure = framed(go.Figure(_scale_bars(scale, names, shares, told, dark)), dark)
    figure.update_xaxes(title_text=t(f"profile.axis_{found.kind}"), showgrid=False)
    if len(names) <= 2 * LABELLED and scale.width == 0:
        figure.update_xaxes(tickvals=list(scale.values), ticktext=names)
    figure.update_yaxes(range=[0, 1.14 * max(scale.counts)])
    if found.positive_from > found.low:
        _threshold(figure, found.positive_from, dark)
    heads = (t(f"profile.axis_{found.kind}"), t("profile.interactions"), t("profile.share"))
    table = dict(zip(heads, (names, scale.counts, shares), strict=True))
    return Picture("weights", title, _say_scale(found, scale), figure, table)


def _scale_bars(scale: Scale, names: Sequence[str], shares: Sequence[str], told: Collection[int], dark: bool) -> go.Bar:
    """One bar a value, in its place on the scale; a bin stands at its middle."""
    few = len(names) <= LABELLED
    return go.Bar(
        x=[value + scale.width / 2 for value in scale.values],
        y=list(scale.counts),
        text=[share if few or place in told else "" for place, share in enumerate(shares)],
        textposition="outside",
        textangle=0,
        cliponaxis=False,
        textfont={"size": 11, "color": INK[dark]},
        marker={"color": colours(len(names), told, dark), "line": {"width": 0}},
        hovertext=[
            t("profile.hover_weights", label=name, count=f"{count:,}", share=share)
            for name, count, share in zip(names, scale.counts, shares, strict=True)
        ],
        hoverinfo="text",
    )


def _say_scale(found: Weights, scale: Scale) -> str:
    if found.kind == "rating" and found.positive_from > found.low:
        return t("profile.say_liked", value=f"{found.positive_from:g}", share=percent(1 - found.below_positive))
    return t("profile.say_scale", evenness=f"{scale.evenness:.2f}")


def _threshold(figure: go.Figure, value: float, dark: bool) -> None:
    """A line in front of the first rating that counts as liked."""
    figure.add_vline(
        x=value,
        line={"color": SOFT[dark], "width": 1.5, "dash": "dash"},
        annotation_text=t("profile.liked_from", value=f"{value:g}"),
        annotation_position="top left",
        annotation_font={"size": 11, "color": SOFT[dark]},
    )


def _name(value: float, width: float) -> str:
    return f"{value:g}" if width == 0 else f"{value:.4g} – {value + width:.4g}"


def time(profile: Profile, dark: bool) -> Picture:
    """The log over time, the busiest bin in the accent."""
    line = profile.timeline
    if line is None:
        said = "profile.say_order_only" if profile.ordered else "profile.say_no_order"
        return Picture("time", t("profile.no_times"), t(said), None, {})
    total = sum(line.counts)
    busiest = max(range(len(line.counts)), key=line.counts.__getitem__)
    names = [bin_name(start, line.unit) for start in line.starts]
    figure = go.Figure(
        go.Bar(
            x=list(line.starts),
            y=list(line.counts),
            marker={"color": colours(len(names), {busiest}, dark), "line": {"width": 0}},
            hovertext=[
                t("profile.hover_time", label=name, count=f"{count:,}", share=percent(count / total))
                for name, count in zip(names, line.counts, strict=True)
            ],
            hoverinfo="text",
        )
    )
    framed(figure, dark)
    figure.update_xaxes(type="date", showgrid=False, nticks=7)
    title = t(f"profile.find_{line.unit}", label=names[busiest], share=percent(line.counts[busiest] / total))
    table = {t("profile.time"): names, t("profile.interactions"): line.counts}
    return Picture("time", title, t("profile.say_time", unit=t(f"profile.unit_{line.unit}")), figure, table)


def bin_name(start: str, unit: str) -> str:
    """2000-03-01 -> "2000", "Mar 2000", "1 Mar 2000"; dates beyond the calendar stay as they are."""
    try:
        day = date.fromisoformat(start)
    except ValueError:
        return start
    if unit == "year":
        return f"{day.year}"
    return f"{day:%b} {day.year}" if unit == "month" else f"{day.day} {day:%b} {day.year}"
