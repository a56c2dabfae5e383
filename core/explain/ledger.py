"""The ledger of one list: for each pick what brought it to its place, for each item that left who took its chance.

Read from what the steps between pool and list recorded (``core.pools.Picks``). Values only: the words for a kind are
written elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..candidates import score_threshold
from ..pools import Diversified, relevance_of
from ..recipe import Recipe
from ..types import Catalog, Run
from .ledger_reasons import STAYED, Reason, entry_reason, gone_reason
from .ledger_trace import Trace, traced


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of the list. Items are item indices, ranks count from 1.

    before: its rank by relevance alone. relevance: on the scale the recipe mixes with similarity. penalty: >= 0, what
    the deciding step took away from it (of the first step where none decided). cause: the earlier pick that caused most
    of the penalty or barred the item, the nearest one for an item that is unlike all; None where no single one did.
    similarity: cosine with the cause, NaN without one. kind: one of ``core.explain.ledger_reasons.ENTRY_KINDS``. step:
    the one of ``core.pools.STEPS`` that decided, "" where the item stayed. category: column of the mixes, see
    :func:`category_names`; None where none decided.
    """

    item: int
    rank: int
    before: int
    relevance: float
    penalty: float
    cause: int | None
    similarity: float
    kind: str
    step: str
    category: int | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """One item of the first K by relevance alone that is not in the list.

    cause: the pick it is too like or was to be kept apart from, None where no single one is to blame. shortfall: what
    it lacks to the value of the list's last pick in the eyes of the deciding step, NaN where a rule or chance decided.
    Where the steps ordered the whole pool, its value is that of the moment when its turn came; NaN where that is no
    smaller. kind: one of ``core.explain.ledger_reasons.GONE_KINDS``. instead: the newcomer that stands for it:
    newcomers by their rank in the list, one for each that left by its rank before; None where the list became shorter.
    Others as in :class:`Entry`.
    """

    item: int
    before: int
    cause: int | None
    similarity: float
    shortfall: float
    kind: str
    step: str
    category: int | None = None
    instead: int | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """entries: the list, in its order. gone: what left, the most relevant first."""

    entries: tuple[Entry, ...]
    gone: tuple[Gone, ...]


def ledger(run: Run, row: int = 0) -> Ledger:
    """The ledger of one row of a run; where nothing took part between pool and list, all entries stayed."""
    if run.diversified is not None:
        return ledger_of(run.diversified, run.recipe, row)
    scores, threshold = run.pool.scores[row : row + 1], score_threshold(run.recipe)
    passing = scores if threshold is None else np.where(scores >= threshold, scores, np.nan)
    relevance = relevance_of(passing, run.recipe.relevance_scale)[0]
    items = [int(item) for item in run.selected.items[row] if item >= 0]
    return Ledger(
        tuple(
            Entry(item, rank, rank, float(relevance[rank - 1]), 0.0, None, float("nan"), STAYED, "")
            for rank, item in enumerate(items, start=1)
        ),
        (),
    )


def ledger_of(steps: Diversified, recipe: Recipe, row: int = 0) -> Ledger:
    """The ledger of one row of lists that the recipe made."""
    trace = traced(steps, recipe, row)
    return Ledger(tuple(_entry(trace, place) for place in trace.listed), tuple(_left(trace)))


def _entry(trace: Trace, place: int) -> Entry:
    reason = entry_reason(trace, place)
    moved = trace.moves[reason.at]
    return Entry(
        item=trace.item(place),
        rank=int(trace.final[place]) + 1,
        before=place + 1,
        relevance=float(trace.relevance[place]),
        penalty=moved.penalty(place),
        cause=_item(trace, reason.cause),
        similarity=trace.similarity(place, reason.cause),
        kind=reason.kind,
        step="" if reason.kind == STAYED else moved.name,
        category=reason.category,
    )


def _left(trace: Trace) -> list[Gone]:
    new = [place for place in trace.listed if place >= trace.k]
    out = []
    for at, place in enumerate(trace.gone):
        reason: Reason = gone_reason(trace, place)
        out.append(
            Gone(
                item=trace.item(place),
                before=place + 1,
                cause=_item(trace, reason.cause),
                similarity=trace.similarity(place, reason.cause),
                shortfall=trace.moves[reason.at].shortfall(place),
                kind=reason.kind,
                step=trace.moves[reason.at].name,
                category=reason.category,
                instead=trace.item(new[at]) if at < len(new) else None,
            )
        )
    return out


def _item(trace: Trace, place: int | None) -> int | None:
    return None if place is None else trace.item(place)


@lru_cache(maxsize=4)
def category_names(catalog: Catalog) -> tuple[str, ...]:
    """The category behind each column of the mixes: names in ascending order."""
    return tuple(sorted({name for given in catalog.categories for name in given}))
