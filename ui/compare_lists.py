"""The lists of a comparison for one user: side by side with lines, or as a table; and how far they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np
import streamlit as st

from core.answer import message, plain
from core.compare.align import lines, rows
from core.compare.overlap import jaccard, rbo, shared
from core.types import Dataset, Run

from . import blocks, channels
from .aligned import ALONE, DOWN, NEW, SAME, UP, Column, Entry, aligned_lists
from .compare_sides import details_of, letter, title_of
from .text import t


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two lists agree over their first k places. jaccard, rbo: NaN where both are empty."""

    a: str
    b: str
    shared: int
    k: int
    jaccard: float
    rbo: float


def agreements(runs: dict[str, Run], p: float) -> tuple[Agreement, ...]:
    """Every pair of sides, for the first user of their runs. p: of RBO."""
    k = min((run.recipe.k for run in runs.values()), default=0)
    cut = {side: run.selected.items[:1, :k] for side, run in runs.items()}
    return tuple(
        Agreement(
            *(letter(a), letter(b), int(shared(cut[a], cut[b])[0]), k),
            *(float(jaccard(cut[a], cut[b])[0]), float(rbo(cut[a], cut[b], p)[0])),
        )
        for a, b in combinations(runs, 2)
    )


def draw(dataset: Dataset, runs: dict[str, Run]) -> None:
    """The columns. A list of the threshold alone may be long: the first of it are drawn."""
    lists = {side: _items(run) for side, run in runs.items()}
    names = list(runs)
    columns = [_column(dataset, runs[side], side, lists, names) for side in names]
    aligned_lists(columns, key="aligned")
    longest = max((int(run.selected.counts[0]) for run in runs.values()), default=0)
    if longest > blocks.MOST_CARDS:
        st.caption(t("result.first_cards", n=blocks.MOST_CARDS, of=f"{longest:,}"))


def _items(run: Run) -> list[int]:
    return [int(item) for item in run.selected.items[0, : blocks.MOST_CARDS] if item >= 0]


def _column(dataset: Dataset, run: Run, side: str, lists: dict[str, list[int]], names: Sequence[str]) -> Column:
    at = names.index(side)
    kinds = _against_left(lists[side], names[at - 1], lists) if at else _of_first(side, lists)
    entries = tuple(
        Entry(
            item_id=plain(dataset.catalog.item_ids[item]),
            rank=place + 1,
            title=str(dataset.catalog.titles[item]),
            subtitle=blocks.year_of(dataset, item),
            slot=blocks.slot_of(dataset, item),
            kind=kinds[item][0],
            note=kinds[item][1],
            chips=channels.chips(run, place),
        )
        for place, item in enumerate(lists[side])
    )
    empty = "" if entries else message(run, 0)
    return Column(letter(side), title_of(run.recipe), details_of(run.recipe), entries, empty)


def _against_left(items: list[int], left: str, lists: dict[str, list[int]]) -> dict[int, tuple[str, str]]:
    found = dict.fromkeys(items, (NEW, t("compare.not_in", side=letter(left))))
    for line in lines(lists[left], items):
        kind = UP if line.steps > 0 else DOWN if line.steps < 0 else SAME
        said = t(f"compare.{kind}", n=abs(line.steps), side=letter(left)) if kind != SAME else ""
        found[line.item] = (kind, said)
    return found


def _of_first(side: str, lists: dict[str, list[int]]) -> dict[int, tuple[str, str]]:
    others = {item for other, items in lists.items() if other != side for item in items}
    alone = (ALONE, t("compare.only_here", side=letter(side))) if len(lists) > 1 else ("", "")
    return {item: ("", "") if item in others else alone for item in lists[side]}


def table(dataset: Dataset, runs: dict[str, Run]) -> None:
    """The same as a table: every item of any list, and its place in each."""
    lists = {side: _items(run) for side, run in runs.items()}
    found = rows(list(lists.values()))
    names = list(runs)
    shown: dict[str, list[Any]] = {t("table.title"): [str(dataset.catalog.titles[row.item]) for row in found]}
    for at, side in enumerate(names):
        shown[t("compare.place_in", side=letter(side))] = [row.places[at] for row in found]
    for at in range(1, len(names)):
        head = t("compare.change", a=letter(names[at - 1]), b=letter(names[at]))
        shown[head] = [_moved(row.places[at - 1], row.places[at]) for row in found]
    shown |= {
        t("compare.channels", side=letter(side)): [_brought(run, row.places[at]) for row in found]
        for at, (side, run) in enumerate(runs.items())
        if run.channels
    }
    shown[t("table.id")] = [str(plain(dataset.catalog.item_ids[row.item])) for row in found]
    rows_at_once: Literal["content", "auto"] = "content" if len(found) <= blocks.MOST_CARDS else "auto"
    st.dataframe(shown, hide_index=True, width="stretch", height=rows_at_once, key="compare-table", placeholder="")


def _moved(left: int | None, right: int | None) -> int | None:
    """Places up (> 0) or down from the list on the left."""
    return None if left is None or right is None else left - right


def _brought(run: Run, place: int | None) -> str:
    return "" if place is None else ", ".join(chip.text for chip in channels.chips(run, place - 1))


def channel_words(runs: dict[str, Run]) -> list[str]:
    """For each merged list, how many of its items each channel brought."""
    said = []
    for side, run in runs.items():
        n = int(run.selected.counts[0])
        if run.channels and n:
            counts = {name: int(np.count_nonzero(ranks[0, :n])) for name, ranks in run.channels.items()}
            brought = ", ".join(
                t("compare.channel_count", name=channels.channel_name(name), n=count) for name, count in counts.items()
            )
            said.append(t("compare.channels_of", side=letter(side), of=n, counts=brought))
    return said
