"""The drawings of the Diversity page that move with its slider: two lists side by side, and figures with their change.

Every string reaches the screen as text (``textContent``), whatever it holds. Rows and tiles are updated in place, so a
slider step moves them and never blinks. After drawing, the component's root element carries ``data-drawn``: the mark
that the call returned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..component import mark_of, register
from ..palette import OTHER
from ..text import t

_mount = register(Path(__file__).parent, "diversity_lists")

ENTERED, LEFT, UP, DOWN, SAME = "entered", "left", "up", "down", "same"
BETTER, WORSE, OTHERWISE, UNSURE, ALONE = "better", "worse", "otherwise", "unsure", ""


@dataclass(frozen=True, slots=True)
class Row:
    """One item of a list. rank: 1 = best. subtitle: year and categories; slot: palette slot of the first category.

    mark: one of ENTERED, LEFT, UP, DOWN, SAME; said: the mark in words. why: the ledger in words.
    """

    rank: int
    item_id: int | str
    title: str
    subtitle: str
    slot: int = OTHER
    mark: str = SAME
    said: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of the population.

    value and interval: "0.123" and "0.110 – 0.135". Against relevance alone: share, "+12 %"; change, the difference
    with its interval; kind: one of BETTER, WORSE, OTHERWISE (a difference, neither good nor bad), UNSURE, ALONE
    (nothing to compare with); said: the same in words. about: what the figure is, shown on hover.
    """

    label: str
    value: str
    interval: str
    share: str
    change: str
    kind: str
    said: str
    about: str = ""


def side_by_side(before: Sequence[Row], after: Sequence[Row], setting: str, *, key: str) -> str:
    """Draw the list before and the list after, best first; one under the other, the later one first, on a phone.

    setting: what made the list after, in words.
    """
    lists = [
        {"name": t("diversity.before"), "kind": "before", "rows": [_row(row) for row in before]},
        {"name": t("diversity.after", setting=setting), "kind": "after", "rows": [_row(row) for row in after]},
    ]
    return _draw("lists", lists, key)


def tiles(entries: Sequence[Tile], setting: str, *, key: str) -> str:
    """Draw figures as tiles that wrap on narrow screens. setting: what they hold for, in words."""
    drawn = [
        [one.label, one.value, one.interval, one.share, one.change, one.kind, one.said, one.about] for one in entries
    ]
    return _draw("tiles", drawn, key, name=setting)


def _row(row: Row) -> dict[str, Any]:
    return {
        "id": str(row.item_id),
        "rank": row.rank,
        "title": row.title,
        "subtitle": row.subtitle,
        "slot": row.slot,
        "mark": row.mark,
        "said": row.said,
        "why": row.why,
    }


def _draw(kind: str, entries: list[Any], key: str, **rest: str) -> str:
    mark = mark_of(kind, entries, rest)
    _mount(key=key, data={"kind": kind, "entries": entries, "seq": mark, **rest})
    return mark
