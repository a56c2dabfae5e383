"""What else can be asked of an item: what would change its place, why not another one, what speaks for it, how sure."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from core.explain.attribution import attribute_case
from core.explain.certainty import LEVEL, rank_interval_of
from core.explain.contrast import contrast
from core.explain.evidence import evidence_of
from core.explain.lift import Lift, lifts_of, together
from core.explain.smallest import smallest_set_of

from . import blocks, explain_bars, explain_choices, explain_sum, page_choices, state
from .channels import channel_name
from .explain_bars import Bar
from .explain_picture import Picture
from .explain_sum import long, said_titles, waterfall
from .text import plain_markdown, t

DEPTHS = (1, 3, 10, 30, 100, 300)
OTHER = "explain-other"
SEARCH = "search"
"""Whether a long search is wanted: a parameter of the address."""


def change(shown: Picture) -> None:
    """In the list: the fewest items without which it is out. Not in it: what, liked, would bring it in."""
    explain_sum.changes(shown, "change")
    k = shown.recipe.k
    if not shown.rank:
        st.info(t("explain.no_score"))
    elif _may_search(shown):
        (_smallest if shown.rank <= k else _lift)(shown, k)


def _may_search(shown: Picture) -> bool:
    """Where scores are no plain sums, every history that is tried is scored anew: seconds, so it has to be wanted."""
    if shown.parts.exact and not shown.parts.channels:
        return True
    st.caption(t("explain.search_about"))
    return page_choices.switch(SEARCH)


def _smallest(shown: Picture, k: int) -> None:
    st.markdown(f"### {t('explain.smallest', k=f'{k:,}')}")
    with st.spinner(t("explain.searching")):
        found = smallest_set_of(shown.now, shown.item, k)
    if found is None:
        st.markdown(t("explain.smallest_none", k=f"{k:,}"))
        return
    rank = (
        t("explain.smallest_nothing") if found.rank_after == 0 else t("explain.to_rank", rank=f"{found.rank_after:,}")
    )
    one = len(found.items) == 1
    st.markdown(
        t(
            "explain.smallest_one" if one else "explain.smallest_set",
            n=len(found.items),
            items=said_titles(shown, list(found.items)),
            now=f"{shown.rank:,}",
            rank=rank,
        )
    )
    st.caption(t("explain.proven" if found.proven else "explain.not_proven"))
    st.button(
        t("explain.take_out_one" if one else "explain.take_out"),
        key="explain-take-out",
        type="primary",
        on_click=explain_choices.take_out,
        args=(shown.dataset, found.items),
    )


def _lift(shown: Picture, k: int) -> None:
    st.markdown(f"### {t('explain.lift', title=plain_markdown(shown.title), k=f'{k:,}')}")
    with st.spinner(t("explain.searching")):
        found = lifts_of(shown.now, shown.item, k)
        steps = () if found else together(shown.now, shown.item, k)
    if found:
        st.markdown(t("explain.lift_any"))
        for one in found:
            _like(shown, (one,), t("explain.lift_to", rank=f"{one.rank:,}"))
    elif steps and steps[-1].rank <= k:
        st.markdown(t("explain.lift_together", n=len(steps)))
        _like(shown, steps, t("explain.lift_to", rank=f"{steps[-1].rank:,}"))
    elif steps:
        st.markdown(t("explain.lift_not", n=len(steps), rank=f"{steps[-1].rank:,}", k=f"{k:,}"))
        _like(shown, steps, t("explain.lift_to", rank=f"{steps[-1].rank:,}"))
    else:
        st.markdown(t("explain.lift_none"))


def _like(shown: Picture, steps: tuple[Lift, ...], then: str) -> None:
    """One way to lift the item, and a button that takes it."""
    words, button = st.columns([3, 1], vertical_alignment="center")
    items = [one.item for one in steps]
    words.markdown(f"{said_titles(shown, items)} · {then}")
    button.button(
        t("explain.like_one" if len(items) == 1 else "explain.like_all"),
        key=f"explain-like-{items[0]}",
        on_click=explain_choices.add,
        args=(shown.dataset, items),
        width="stretch",
    )


def versus(shown: Picture) -> None:
    """Why this item stands above another one, or below."""
    other = _other(shown)
    if other is None:
        st.info(t("explain.nothing_else"))
        return
    parts = attribute_case(shown.now, np.array([shown.item, other]))
    if not np.isfinite(parts.scores).all():
        st.info(t("explain.no_score_other"))
        return
    first, second = (shown.item, other) if parts.scores[0] >= parts.scores[1] else (other, shown.item)
    found = contrast(parts, first, second)
    names = {"first": plain_markdown(_title(shown, first)), "second": plain_markdown(_title(shown, second))}
    st.markdown(f"### {t('explain.above', **names)}")
    st.caption(t("explain.above_about", **names))
    given: dict[str, float] = {}
    for item, value in zip(parts.sources.items.tolist(), found.rows.tolist(), strict=True):
        name = explain_sum.said_title(shown, item)
        given[name] = given.get(name, 0.0) + value
    big = dict(sorted(((name, value) for name, value in given.items() if value), key=lambda one: -abs(one[1])))
    shown_rows = dict(list(big.items())[: explain_sum.SHOWN])
    rest = sum(value for name, value in big.items() if name not in shown_rows)
    fixed = {t(f"explain.part_{name}"): value for name, value in explain_sum.seen(found.parts, abs(found.gap)).items()}
    if len(big) > len(shown_rows):
        fixed = {t("explain.rest", n=f"{len(big) - len(shown_rows):,}"): rest, **fixed}
    rows, zero = waterfall(shown_rows, fixed, t("explain.gap"))
    explain_bars.bars(rows, zero=zero, name=t("explain.above", **names), shown=len(rows), key="explain-versus")
    scores = sorted((float(score) for score in parts.scores), reverse=True)
    st.markdown(t("explain.gap_proof", first=long(scores[0]), second=long(scores[1]), gap=long(found.gap)))
    if found.channels:
        said = ", ".join(
            f"{plain_markdown(channel_name(name))} {explain_sum.signed(value, 4)}"
            for name, value in found.channels.items()
        )
        st.caption(t("explain.gap_channels", said=said))


def _other(shown: Picture) -> int | None:
    """What the item is held against: the address's choice, else its neighbour in the list."""
    known = explain_choices.places(shown.dataset)
    raw = str(state.chosen(explain_choices.AGAINST) or "").strip()
    if raw and raw not in known:
        blocks.error_card(t("explain.unknown_item", id=raw, name=shown.dataset.label))
    others = [item for item in shown.listed if item != shown.item]
    place = shown.listed.index(shown.item) if shown.item in shown.listed else 0
    default = others[min(place, len(others) - 1)] if others else None
    asked = known.get(raw, default)
    if asked is None or asked == shown.item:
        asked = default
    if asked is None:
        return None
    options = list(dict.fromkeys((*others, asked)))
    ids = [explain_choices.id_of(shown.dataset, item) for item in options]
    names = {one: _title(shown, item) for one, item in zip(ids, options, strict=True)}
    state.show_value(OTHER, explain_choices.id_of(shown.dataset, asked))
    st.selectbox(
        t("explain.versus"), ids, key=OTHER, format_func=lambda one: names.get(one, one), on_change=_take_other
    )
    return asked


def _take_other() -> None:
    state.choose(explain_choices.AGAINST, str(state.chosen(OTHER) or ""))


def evidence(shown: Picture) -> None:
    """True neighbours in the history, and how many others liked it."""
    found = evidence_of(shown.now, shown.item, shown.parts if shown.parts.channels else None, 8)
    st.markdown(f"### {t('explain.nearest')}")
    st.caption(t(f"explain.nearest_{found.space}"))
    if found.nearest:
        top = max(1e-9, *(abs(near.similarity) for near in found.nearest))
        rows = [
            Bar(
                id=str(near.row),
                title=_title(shown, near.item),
                value=f"{near.similarity:.3f}",
                start=0.0,
                end=max(0.0, near.similarity / top),
                note=t("explain.shared", names=", ".join(near.categories))
                if near.categories
                else t("explain.shares_none"),
                slot=blocks.slot_of(shown.dataset, near.item),
                against=near.similarity < 0,
            )
            for near in found.nearest
        ]
        explain_bars.bars(rows, zero=0.0, name=t("explain.nearest"), shown=len(rows), key="explain-evidence")
    else:
        st.markdown(t("explain.nearest_nobody"))
    n_users = shown.dataset.interactions.n_users
    share = f"{100 * found.liked_by / max(n_users, 1):.1f}"
    st.markdown(t("explain.liked_by", n=f"{found.liked_by:,}", of=f"{n_users:,}", share=share))
    if math.isfinite(found.popularity):
        st.markdown(t("explain.popularity", share=f"{100 * found.popularity:.0f}"))


def certainty(shown: Picture) -> None:
    """How much the item's rank depends on what happens to be in the history."""
    with st.spinner(t("explain.drawing")):
        found = rank_interval_of(shown.now, shown.item)
    if found is None:
        st.info(t("explain.no_score"))
        return
    said = {"low": f"{found.low:,}", "high": f"{found.high:,}", "level": f"{100 * LEVEL:.0f}", "now": f"{shown.rank:,}"}
    st.markdown(f"### {t('explain.between', **said)}")
    st.caption(t("explain.between_about", n=f"{len(found.draws):,}", median=f"{found.median:,}", **said))
    depths = sorted({*(depth for depth in DEPTHS if depth < shown.ranked), shown.recipe.k})
    shares = {depth: float(((found.draws > 0) & (found.draws <= depth)).mean()) for depth in depths}
    rows = [
        Bar(
            id=str(depth),
            title=t("explain.within_k" if depth == shown.recipe.k else "explain.within", n=f"{depth:,}"),
            value=f"{100 * share:.0f} %",
            start=0.0,
            end=share,
            slot=0,
        )
        for depth, share in shares.items()
    ]
    explain_bars.bars(rows, zero=0.0, name=t("explain.within_name"), shown=len(rows), key="explain-sure")


def _title(shown: Picture, item: int) -> str:
    return str(shown.dataset.catalog.titles[item])
