"""The profile of a data set on a page: key figures, what follows from them, and pictures by topic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import streamlit as st

from core.describe import Advice, Profile, advice
from core.describe.advice import percent
from core.types import Dataset

from . import cards, page_choices, resources, state
from .figures import profile_behaviour, profile_content, profile_popularity
from .figures.profile_frame import Picture
from .text import plain_markdown, t

TOPICS: dict[str, Callable[[Profile, bool], tuple[Picture, ...]]] = {
    "popularity": profile_popularity.pictures,
    "behaviour": profile_behaviour.pictures,
    "content": profile_content.pictures,
}
ADVICE_SHOWN = 6
MARKS = {
    "warn": ":orange[:material/warning:]",
    "info": ":blue[:material/info:]",
    "good": ":green[:material/check_circle:]",
}


def draw(dataset: Dataset) -> None:
    """Everything about the data set; the pictures of one topic at a time."""
    with st.spinner(t("profile.working")):
        profile = resources.profile(dataset.name, dataset.fingerprint)
    st.markdown(f"## {t('profile.title')}")
    cards.stat_tiles(tiles(profile), key="profile-tiles")
    _advice(advice(profile))
    st.markdown(f"## {t('profile.pictures')}")
    topic = page_choices.one_of("topic", tuple(TOPICS), next(iter(TOPICS)))
    _pictures(TOPICS[topic](profile, state.is_dark()))


def tiles(profile: Profile) -> list[tuple[str, str, str]]:
    """(label, value, note) of the key figures."""
    facts, cold, tail = profile.summary, profile.cold, profile.long_tail
    return [
        (t("tile.users"), f"{facts.n_users:,}", t("tile.users_note", n=_figure(facts.per_user))),
        (t("tile.items"), f"{facts.n_items:,}", t("tile.items_note", n=f"{facts.cold_items:,}")),
        (t("tile.interactions"), f"{facts.n_interactions:,}", _period(profile)),
        (t("tile.density"), _share(facts.density), t("tile.density_note")),
        (t("profile.tile_top"), _share(tail.top_10), t("profile.tile_top_note")),
        (t("profile.tile_cold"), _share(cold.users_share), t("profile.tile_cold_note", n=cold.few)),
    ]


def _period(profile: Profile) -> str:
    first, last = profile.summary.first, profile.summary.last
    if first is None or last is None:
        return t("profile.tile_no_times")
    years = [_year(at) for at in (first, last)]
    return years[0] if years[0] == years[1] else " – ".join(years)


def _year(seconds: int) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC).year}"
    except (ValueError, OverflowError, OSError):
        return "?"


def _advice(found: Sequence[Advice]) -> None:
    st.markdown(f"## {t('profile.advice')}")
    if not found:
        st.markdown(t("profile.no_advice"))
        return
    st.markdown(advice_lines(found[:ADVICE_SHOWN]))
    if rest := found[ADVICE_SHOWN:]:
        with st.expander(t("profile.more_advice", n=len(rest))):
            st.markdown(advice_lines(rest))


def advice_lines(found: Sequence[Advice]) -> str:
    """Advice as markdown, a paragraph each: its mark, the finding in bold, then what follows."""
    return "\n\n".join(f"{MARKS[one.level]} **{_words(one.text)}** {_words(one.consequence)}" for one in found)


def _pictures(pictures: Sequence[Picture]) -> None:
    """Two beside each other; of three, the first above the others or, where it is tall, beside them."""
    first, rest = (pictures[:1], pictures[1:]) if len(pictures) > 2 else ((), pictures)
    if first and not first[0].tall:
        _picture(first[0])
    columns = (first, rest) if first and first[0].tall else tuple((picture,) for picture in rest)
    for place, shown in zip(st.columns(len(columns), gap="large"), columns, strict=True):
        with place:
            for picture in shown:
                _picture(picture)


def _picture(picture: Picture) -> None:
    st.markdown(f"### {_words(picture.title)}")
    if picture.figure is not None:
        st.plotly_chart(
            picture.figure, key=f"profile-{picture.key}", theme=None, width="stretch", config={"displayModeBar": False}
        )
    if picture.caption:
        st.caption(_words(picture.caption))
    if picture.table:
        with st.expander(t("profile.as_table")):
            st.dataframe(dict(picture.table), hide_index=True, key=f"profile-{picture.key}-table")


def _words(text: str) -> str:
    """Literal text whose percent signs stay with their numbers at the end of a line."""
    return plain_markdown(text.replace(" %", "\u00a0%"))


def _share(share: float) -> str:
    return "–" if share != share else percent(share)


def _figure(number: float) -> str:
    return "–" if number != number else f"{number:,.0f}"
