"""The facts of one recommendation, put together for sentences: numbers only, the words are the templates'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..types import Array
from .attribution import Attribution
from .certainty import RankInterval
from .counterfactual import Removals
from .evidence import Evidence
from .smallest import SmallestSet


@dataclass(frozen=True, slots=True)
class Leading:
    """A row of the history that speaks for the item.

    value: its part of the score. share: of all that speaks for the item, in [0, 1]. rank_without: the item's rank
    without it, 0 = nothing left to rank by, None where that was not asked.
    """

    row: int
    item: int
    label: str
    value: float
    share: float
    rank_without: int | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What can be said about one item. score: as shown. rank: among all candidates, None where not asked.

    leading: the rows that speak for it, the strongest first. against: the same for rows that speak against it.
    n_rows: rows that play a part. outside: what is no row's doing, by name. channels: each channel's part, the largest
    first. decisive: the row whose absence moves the rank most, None where none moves it. exact: as the attribution.
    """

    item: int
    title: str
    score: float
    rank: int | None
    leading: tuple[Leading, ...]
    against: tuple[Leading, ...]
    n_rows: int
    outside: Mapping[str, float]
    channels: Mapping[str, float]
    decisive: Leading | None
    smallest: SmallestSet | None
    sure: RankInterval | None
    evidence: Evidence | None
    exact: bool
    note: str


def facts(
    said: Attribution,
    item: int,
    title: str,
    *,
    removals: Removals | None = None,
    smallest: SmallestSet | None = None,
    sure: RankInterval | None = None,
    evidence: Evidence | None = None,
    most: int = 3,
) -> Facts:
    """Of one of the targets of an attribution, with whatever else is known of it. Raises KeyError for another item."""
    at = said.of(item)
    values = np.nan_to_num(said.values[:, at])
    up, down = (values > 0), (values < 0)
    order = np.argsort(-values, kind="stable")
    rows = [row for row in order.tolist() if up[row]][:most]
    wrong = [row for row in order[::-1].tolist() if down[row]][:most]
    channels = {name: float(one.scores[at]) for name, one in said.channels.items()}
    return Facts(
        item=item,
        title=title,
        score=float(said.scores[at]),
        rank=None if removals is None else removals.base_rank,
        leading=tuple(_leading(said, values, row, removals) for row in rows),
        against=tuple(_leading(said, values, row, removals) for row in wrong),
        n_rows=int((values != 0).sum()),
        outside={name: float(part[at]) for name, part in said.residual_parts.items()},
        channels=dict(sorted(channels.items(), key=lambda pair: -pair[1])),
        decisive=_decisive(said, values, removals),
        smallest=smallest,
        sure=sure,
        evidence=evidence,
        exact=said.exact,
        note=said.note,
    )


def _leading(said: Attribution, values: Array, row: int, removals: Removals | None) -> Leading:
    same_sign = values[(values > 0) == (values[row] > 0)]
    total = float(np.abs(same_sign).sum())
    return Leading(
        row=row,
        item=int(said.sources.items[row]),
        label=said.sources.labels[row],
        value=float(values[row]),
        share=abs(float(values[row])) / total if total > 0 else 0.0,
        rank_without=None if removals is None else int(removals.rank[row]),
    )


def _decisive(said: Attribution, values: Array, removals: Removals | None) -> Leading | None:
    """Where nothing is left to rank by without a row, that moves most; of equal ones the one that says most."""
    if removals is None or not len(removals.rank):
        return None
    moved = np.where(removals.rank == 0, np.inf, np.abs(removals.rank - removals.base_rank))
    row = int(np.lexsort((-np.abs(values), -moved))[0])
    return _leading(said, values, row, removals) if moved[row] > 0 else None
