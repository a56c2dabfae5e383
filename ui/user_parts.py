"""The parts of the profile that are figures and tables: taste, time, last likes, activity, readers alike."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from core.describe.advice import percent
from core.portrait.against import against_others
from core.portrait.lifts import LESS, MORE, UNSURE, Lift

from . import blocks, state
from .figures import user_lifts, user_time
from .figures.profile_behaviour import bin_name
from .text import plain_markdown, t
from .user_facts import Facts
from .user_words import SURE, by_change, named, p_text

MOST_ROWS = 16
"""Rows of a picture of lifts: all that are sure first, then the commonest of the rest."""
OTHERS, EARLIER = "others", "earlier"
LAST, LEAST_LAST, MOST_LAST = 10, 5, 50


def taste(facts: Facts) -> None:
    """Categories and words beside everybody else's."""
    found = facts.against
    if not len(facts.liked):
        st.info(t("user.say_little_0"))
        return
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"### {_taste_title(found.categories, 'category')}")
        _lifts(found.categories, "user-categories")
        st.caption(t("user.taste_caption", n=f"{found.n:,}", others=f"{found.n_others:,}", users=f"{found.n_users:,}"))
    with right:
        st.markdown(f"### {_taste_title(found.terms, 'term')}")
        _lifts(found.terms, "user-terms")
        st.caption(t("user.terms_caption"))


def _taste_title(found: Sequence[Lift], kind: str) -> str:
    if not found:
        return t("user.no_terms" if kind == "term" else "user.no_categories")
    more, less = len(named(found, MORE)), len(named(found, LESS))
    if kind == "term":
        return t("user.terms_title" if more > 1 else "user.terms_title_one", n=more) if more else t("user.terms_none")
    return (
        t("user.categories_title", more=more, less=less, of=len(found)) if more or less else t("user.categories_none")
    )


def _lifts(found: Sequence[Lift], key: str, held: str = OTHERS) -> None:
    """The picture, and its table folded away; nothing where there is nothing.

    held: what the shares are held against, OTHERS or EARLIER.
    """
    if not found:
        return
    sure = [one for one in found if one.verdict != UNSURE]
    rest = sorted((one for one in found if one.verdict == UNSURE), key=lambda one: -one.count)
    shown = sorted((sure + rest)[:MOST_ROWS], key=lambda one: -one.lift)
    _chart(user_lifts.build(shown, state.is_dark(), f"user.lift_axis_{held}"), key)
    with st.expander(t("profile.as_table")):
        st.dataframe(lift_table(found, held), hide_index=True, key=f"{key}-table")


def lift_table(found: Sequence[Lift], held: str) -> dict[str, list[Any]]:
    """All of them as columns."""
    return {
        t("user.column_name"): [one.name for one in found],
        t("user.column_count"): [f"{one.count:,} / {one.of:,}" for one in found],
        t("user.column_share"): [f"{100 * one.share:.1f} %" for one in found],
        t(f"user.column_{held}"): [f"{100 * one.others:.1f} %" for one in found],
        t("user.column_lift"): [round(one.lift, 2) for one in found],
        t("user.column_interval"): [f"{one.low:.2f} – {one.high:.2f}" for one in found],
        t("user.column_q"): [round(one.q, 4) for one in found],
        t("user.column_verdict"): [t(f"user.verdict_{one.verdict or 'unsure'}") for one in found],
    }


def _chart(figure: go.Figure, key: str) -> None:
    st.plotly_chart(figure, key=key, theme=None, width="stretch", config={"displayModeBar": False})


def time(facts: Facts) -> None:
    """Drift and the mix of categories, period by period."""
    found = facts.drift
    if found.why:
        st.info(t(f"user.drift_{found.why}", n=f"{found.n:,}", days=f"{found.days:,.1f}"))
        return
    dark = state.is_dark()
    left, right = st.columns(2, gap="large")
    with left:
        moved = found.p < SURE
        st.markdown(f"### {t('user.drift_moved' if moved else 'user.drift_steady', p=p_text(found.p))}")
        _chart(user_time.drift(found, dark), "user-drift")
        st.caption(t("user.drift_caption", n=len(found.periods)))
    with right:
        st.markdown(f"### {_changed_title(found.changed, user_time.day_of(found.turn, '%b %Y'))}")
        if found.names:
            _chart(user_time.mix(found, dark), "user-mix")
            st.caption(t("user.mix_caption"))
    with st.expander(t("profile.as_table")):
        names = user_time.period_names(found)
        st.dataframe(
            {
                t("user.column_period"): names,
                t("user.column_likes"): [one.n for one in found.periods],
                t("user.column_cosine"): [round(one.cosine, 3) for one in found.periods],
                t("user.column_band"): [f"{one.low:.3f} – {one.high:.3f}" for one in found.periods],
            },
            hide_index=True,
            key="user-drift-table",
        )
        if found.changed:
            st.dataframe(lift_table(found.changed, EARLIER), hide_index=True, key="user-changed-table")


def signed(value: float) -> str:
    """Two decimals, with a real minus."""
    return f"{value:.2f}".replace("-", "\u2212")


def _changed_title(found: Sequence[Lift], since: str) -> str:
    sure = by_change([one for one in found if one.verdict != UNSURE])[:3]
    if not sure:
        return t("user.changed_none")
    said = t("user.list").join(
        t("user.changed_new", name=plain_markdown(one.name))
        if math.isinf(one.lift)
        else f"{plain_markdown(one.name)} {user_lifts.times(one.lift)}"
        for one in sure
    )
    return t("user.changed", since=since, said=said)


def recent(facts: Facts) -> None:
    """The last likes beside the earlier ones."""
    last = _last()
    found = facts.recent(last)
    if found.why:
        st.info(t(f"user.recent_{found.why}", n=f"{found.n:,}", last=last))
        return
    key = "user.recent_differs" if found.p < SURE else "user.recent_same"
    figures = {
        name: signed(value) for name, value in (("cosine", found.cosine), ("low", found.low), ("high", found.high))
    }
    st.markdown(f"### {t(key, last=last)}")
    st.markdown(t("user.recent_figures", last=last, p=p_text(found.p), **figures))
    if found.first_at is not None and found.last_at is not None:
        first, end = user_time.day_of(found.first_at), user_time.day_of(found.last_at)
        st.caption(t("user.recent_day", day=first) if first == end else t("user.recent_days", first=first, last=end))
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"### {t('user.recent_categories' if found.changed else 'user.no_categories')}")
        _lifts(found.changed, "user-recent", EARLIER)
    with right:
        st.markdown(f"### {t('user.risers', last=last)}")
        if not found.risers:
            st.info(t("user.no_risers"))
            return
        items = [one.item for one in found.risers]
        st.dataframe(
            {
                t("table.title"): [str(facts.dataset.catalog.titles[item]) for item in items],
                t("user.column_rank"): [one.rank for one in found.risers],
                t("user.column_before"): [one.before for one in found.risers],
                t("table.category"): [blocks.subtitle_of(facts.dataset, item) for item in items],
            },
            hide_index=True,
            width="stretch",
            key="user-risers",
        )
        st.caption(t("user.risers_caption"))


def _last() -> int:
    """How many likes count as recent. Something else in the address is said, and the default taken."""
    raw = state.url_value("last")
    if raw is not None and not (raw.isdecimal() and LEAST_LAST <= int(raw) <= MOST_LAST):
        known = f"{LEAST_LAST} – {MOST_LAST}"
        st.warning(plain_markdown(t("notice.choice", name="last", given=raw, known=known)))
    with st.container(width=420):
        chosen = st.slider(
            t("knob.last"),
            LEAST_LAST,
            MOST_LAST,
            LAST,
            5,
            key="last",
            help=t("help.last"),
            bind="query-params",
            persist_state="session",
        )
    return int(chosen)


def activity(facts: Facts) -> None:
    """When she was here."""
    found = facts.activity
    if found is None:
        st.info(t("user.activity_no_times"))
        return
    dark = state.is_dark()
    left, right = st.columns(2, gap="large")
    busiest = bin_name(found.starts[int(found.counts.argmax())], found.unit)
    with left:
        st.markdown(f"### {t('user.activity_title', when=busiest, n=f'{int(found.counts.max()):,}')}")
        _chart(user_time.activity(found, dark), "user-activity")
        st.caption(t(f"user.activity_{found.unit}"))
    with right:
        days = t("user.weekdays").split(",")
        day, hour = divmod(int(found.week.argmax()), 24)
        share = percent(int(found.week.max()) / found.n)
        st.markdown(f"### {t('user.week_title', day=days[day], hour=f'{hour:02d}', share=share)}")
        _chart(user_time.week(found, dark), "user-week")
        st.caption(t("user.week_one" if found.days == 1 else "user.week_caption", n=f"{found.days:,}"))


def readers(facts: Facts) -> None:
    """Who likes the same, without saying who they are."""
    found = facts.company
    if found is None:
        st.info(t("user.no_readers"))
        return
    first = found.nearest[0]
    said = {"name": first.name, "cosine": signed(first.cosine), "shared": f"{first.shared:,}"}
    key = "user.readers_title_one" if first.shared == 1 else "user.readers_title"
    st.markdown(f"### {t(key, **said)}")
    hers = max(len(facts.liked), 1)
    st.dataframe(
        {
            t("user.column_reader"): [one.name for one in found.nearest],
            t("user.column_cosine"): [one.cosine for one in found.nearest],
            t("user.column_shared"): [one.shared for one in found.nearest],
            t("user.column_hers"): [100 * one.shared / hers for one in found.nearest],
            t("user.column_theirs"): [one.of for one in found.nearest],
            t("user.tile_more"): [stands_out(facts, one.user) for one in found.nearest],
        },
        column_config={
            t("user.column_cosine"): st.column_config.NumberColumn(format="%.3f"),
            t("user.column_hers"): st.column_config.NumberColumn(format="%.0f %%"),
        },
        hide_index=True,
        width="stretch",
        key="user-readers",
    )
    st.caption(t("user.readers_caption", typical=signed(found.typical), n=f"{found.n:,}"))


def stands_out(facts: Facts, user: int) -> str:
    """The categories that another user likes more than others do, the surest two."""
    found = against_others(facts.log, facts.dataset.catalog, user).categories
    return ", ".join(f"{one.name} {user_lifts.times(one.lift)}" for one in named(found, MORE)[:2])
