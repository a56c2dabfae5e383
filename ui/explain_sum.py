"""The exact sum behind a score, drawn so that it can be checked, and the history items that can be taken out of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial

import numpy as np
import streamlit as st

from core.explain.attribution import OUTSIDE, ROUNDING, Attribution
from core.explain.counterfactual import Removals

from . import blocks, explain_bars, explain_choices, page_choices
from .channels import channel_name
from .explain_bars import FIXED, OUT, REST, TOTAL, Bar, Chip
from .explain_picture import Picture, without_each
from .text import plain_markdown, t, words

SHOWN = 12
ALL = "all"
INSIDE = "inside"
"""Which channel of a merged list is taken apart: a parameter of the address."""


def draw(shown: Picture) -> None:
    """The channels where there are some, the sum over the history, and its proof."""
    parts = shown.parts
    if parts.channels:
        _channels(shown)
        options = (ALL, *parts.channels)
        inside = page_choices.one_of(INSIDE, options, ALL)
        parts = parts.channels.get(inside, parts)
    st.caption(formula(parts))
    changes(shown, "sum")
    gone = without_each(shown)
    rows, zero = _bars(shown, parts, gone)
    explain_bars.bars(
        rows,
        zero=zero,
        name=t("explain.sum_name", title=shown.title),
        shown=SHOWN,
        key=SUM_KEY,
        on_click=partial(explain_choices.on_click, shown.dataset, SUM_KEY),
    )
    _proof(shown, parts)


SUM_KEY = "explain-sum"


def formula(parts: Attribution) -> str:
    """How the score is taken apart, in words."""
    said = t(f"explain.formula_{parts.formula}")
    note = f"explain.note_{parts.note}"
    return f"{said} {t(note)}" if parts.note and note in words() else said


def changes(shown: Picture, where: str) -> None:
    """What was taken out and what was added, each with its way back."""
    gone = [item for item in shown.before.history.items.tolist() if item not in set(shown.now.history.items.tolist())]
    more = [item for item in shown.now.history.items.tolist() if item not in set(shown.before.history.items.tolist())]
    if not gone and not more:
        if where == "sum":
            st.markdown(t("explain.try_it"))
        return
    for name, items, act in (("gone", gone, explain_bars.BACK), ("more", more, explain_bars.DROP)):
        if items:
            key = f"explain-{name}-{where}"
            explain_bars.chips(
                t(f"explain.{name}"),
                [
                    Chip(explain_choices.id_of(shown.dataset, item), said_title(shown, item), act)
                    for item in dict.fromkeys(items)
                ],
                key=key,
                on_click=partial(explain_choices.on_click, shown.dataset, key),
            )
    st.button(
        t("explain.undo_all"), key=f"explain-undo-{where}", icon=":material/undo:", on_click=explain_choices.undo_all
    )


def _channels(shown: Picture) -> None:
    """What each channel gives to a merged score."""
    parts = shown.parts
    given = {channel_name(name): float(one.scores[0]) for name, one in parts.channels.items()}
    size = abs(float(parts.scores[0]))
    fixed = {
        t("explain.part_rounding"): over
        for over in seen({ROUNDING: float(parts.scores[0]) - sum(given.values())}, size).values()
    }
    rows, zero = waterfall(given, fixed, t("explain.total"))
    st.markdown(f"**{t('explain.channels')}**")
    explain_bars.bars(rows, zero=zero, name=t("explain.channels"), shown=len(rows), key="explain-channels")
    st.markdown(f"**{t('explain.inside')}**")


def waterfall(sources: Mapping[str, float], fixed: Mapping[str, float], total: str) -> tuple[list[Bar], float]:
    """Named parts, then what belongs to none, then their sum; each bar begins where the one before it ended."""
    order = sorted(sources, key=lambda name: -abs(sources[name]))
    values = [*(sources[name] for name in order), *fixed.values()]
    names, kinds = [*order, *fixed], ["source"] * len(order) + [FIXED] * len(fixed)
    scale = Scale(values)
    rows, at = [], 0.0
    for name, value, kind in zip(names, values, kinds, strict=True):
        rows.append(_bar(scale, name, name, value, at, kind))
        at += value
    rows.append(_bar(scale, TOTAL, total, at, 0.0, TOTAL))
    return rows, scale.at(0.0)


class Scale:
    """The common scale of bars that follow each other: from the lowest to the highest point they pass."""

    def __init__(self, values: list[float]) -> None:
        points = np.concatenate(([0.0], np.cumsum(np.nan_to_num(values))))
        self.low, self.high = float(points.min()), float(points.max())
        self.decimals = decimals(max(abs(self.low), abs(self.high)))

    def at(self, value: float) -> float:
        """A value's place in [0, 1]."""
        return (value - self.low) / (self.high - self.low) if self.high > self.low else 0.0


def _bar(scale: Scale, key: str, title: str, value: float, start: float, kind: str) -> Bar:
    return Bar(
        id=key,
        title=title,
        value=signed(value, scale.decimals) if kind != TOTAL else plain_number(value, scale.decimals),
        start=scale.at(start),
        end=scale.at(start + value),
        kind=kind,
        against=value < 0 and kind != TOTAL,
    )


def _bars(shown: Picture, parts: Attribution, gone: Removals | None) -> tuple[list[Bar], float]:
    """The history's items by the size of what they add, what is no item's doing, and the sum."""
    given = by_item(parts)
    every = {name: float(part[0]) for name, part in parts.residual_parts.items()}
    fixed = seen(every, abs(float(parts.scores[0])))
    order = sorted(given, key=lambda item: (-abs(given[item]), item))
    scale = Scale([*(given[item] for item in order), *fixed.values()])
    ranks = {} if gone is None else dict(zip(gone.sources.items.tolist(), gone.rank.tolist(), strict=True))
    rows, at = [], 0.0
    for place, item in enumerate(order):
        if place == SHOWN:
            rest = sum(given[other] for other in order[SHOWN:])
            rows.append(_bar(scale, REST, t("explain.rest", n=f"{len(order) - SHOWN:,}"), rest, at, REST))
        rows.append(_source(shown, scale, item, given[item], at, ranks.get(item)))
        at += given[item]
    for name, value in fixed.items():
        rows.append(_bar(scale, name, t(f"explain.part_{name}"), value, at, FIXED))
        at += value
    rows.append(_bar(scale, TOTAL, t("explain.total"), at, 0.0, TOTAL))
    return _rest_last(rows), scale.at(0.0)


def _rest_last(rows: list[Bar]) -> list[Bar]:
    """The folded rest after the rows it stands for, which follow the first ones when unfolded."""
    rest = [row for row in rows if row.kind == REST]
    sources = [row for row in rows if row.kind == "source"]
    return [*sources, *rest, *(row for row in rows if row.kind not in (REST, "source"))]


def _source(shown: Picture, scale: Scale, item: int, value: float, at: float, rank: int | None) -> Bar:
    there = item < len(shown.dataset.catalog)
    return Bar(
        id=explain_choices.id_of(shown.dataset, item) if there else f"extra-{item}",
        title=said_title(shown, item),
        value=signed(value, scale.decimals),
        start=scale.at(at),
        end=scale.at(at + value),
        note="" if rank is None else _without(shown.rank, rank),
        act=OUT if there else "",
        slot=blocks.slot_of(shown.dataset, item) if there else 9,
        against=value < 0,
    )


def _without(now: int, then: int) -> str:
    if then == 0:
        return t("explain.without_nothing")
    return t("explain.without_same") if now == then else t("explain.without", now=f"{now:,}", then=f"{then:,}")


def by_item(parts: Attribution) -> dict[int, float]:
    """Item of the history -> what all its rows add to the first target; those that play no part are left out."""
    out: dict[int, float] = {}
    counts = (parts.sources.weights != 0) | (np.nan_to_num(parts.values[:, 0]) != 0)
    for item, value in zip(parts.sources.items[counts].tolist(), parts.values[counts, 0].tolist(), strict=True):
        out[item] = out.get(item, 0.0) + float(value)
    return out


def seen(parts: Mapping[str, float], size: float) -> dict[str, float]:
    """Residual parts worth a bar beside a score of this size: no zeros, no rounding too small to be read."""
    least = 0.5 * 10.0 ** -decimals(size)
    return {
        name: value
        for name, value in parts.items()
        if math.isfinite(value) and value != 0 and (name != ROUNDING or abs(value) >= least)
    }


def _proof(shown: Picture, parts: Attribution) -> None:
    """The sum in figures, beside the score by which the list ranks, which is computed on another way."""
    history, residual = float(np.nansum(parts.values[:, 0])), float(parts.residual[0])
    score = shown.score if parts is shown.parts else float(parts.scores[0])
    off = abs(history + residual - score)
    said = {
        "history": long(history),
        "residual": long(abs(residual)),
        "sign": "+" if residual >= 0 else "−",
        "sum": long(history + residual),
        "score": long(score),
        "off": f"{off:.0e}" if off else "0",
    }
    alone = "" if abs(residual) >= 5e-7 else "_alone"
    st.markdown(t("explain.proof_left_out" if not parts.exact else f"explain.proof{alone}", **said))
    silent = int((parts.sources.weights == 0).sum())
    if silent:
        st.caption(t("explain.silent", n=f"{silent:,}", of=f"{len(parts.sources):,}"))
    if OUTSIDE in parts.residual_parts:
        st.caption(t("explain.outside"))


def said_title(shown: Picture, item: int) -> str:
    """What a row of the history is called, in plain text."""
    titles = shown.dataset.catalog.titles
    return str(titles[item]) if item < len(titles) else t("explain.said_only")


def decimals(size: float) -> int:
    """Decimals that tell the parts of a sum of this size apart."""
    if not size > 0 or not math.isfinite(size):
        return 4
    return max(0, min(7, 3 - math.floor(math.log10(size))))


def signed(value: float, places: int) -> str:
    """ "+0.0312", "−0.0040"."""
    return f"{'−' if value < 0 else '+'}{abs(value):,.{places}f}"


def plain_number(value: float, places: int) -> str:
    """The same without a plus."""
    return f"{'−' if value < 0 else ''}{abs(value):,.{places}f}"


def long(value: float) -> str:
    """As many digits as it takes to check a sum."""
    return plain_number(value, max(2, decimals(abs(value)) + 2))


def said_titles(shown: Picture, items: list[int]) -> str:
    """Titles as part of a sentence, in markdown: "A, B and C"."""
    names = [f"**{plain_markdown(said_title(shown, item))}**" for item in items]
    return names[0] if len(names) == 1 else t("explain.list_and", first=", ".join(names[:-1]), last=names[-1])
