"""Why an item of a list stands where it stands, and why another left: one kind of reason each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..pools import DIVERSIFY, EXPLORATION, SPACING
from ..types import Array
from .ledger_trace import CATEGORY, POPULARITY, SIMILARITY, Move, Trace

STAYED, UP, DOWN, LEFT = "stayed", "up", "down", "left"
UNLIKE, LESS_LIKE, LIKE = "unlike", "less-like", "like"
NEEDED, ENOUGH = "needed", "enough"
LITTLE_KNOWN, WELL_KNOWN = "little-known", "well-known"
APART, QUOTA, RELAXED = "apart", "quota", "relaxed"
DRAWN, CHANCE = "drawn", "chance"

ENTRY_KINDS = (
    *(STAYED, UP, DOWN, UNLIKE, LESS_LIKE, LIKE, NEEDED, ENOUGH, LITTLE_KNOWN, WELL_KNOWN),
    *(APART, QUOTA, RELAXED, DRAWN, CHANCE),
)
"""stayed; up, down: moved, for no reason of its own. unlike, less-like, needed (a category the user wants more of),
little-known, drawn: moved up. like, enough (a category that is there already), well-known, apart and quota (held back
by spacing), chance: moved down. relaxed: breaks the rule of spacing, since nothing that keeps it was left."""
GONE_KINDS = (LEFT, LIKE, ENOUGH, WELL_KNOWN, APART, QUOTA, CHANCE)
"""left: for no reason of its own, others count for more. Others as in ENTRY_KINDS."""

CLOSE = 0.5
"""From this cosine on, an item that moved up is called less like another than those it passed were, not unlike it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """kind: of reason. at: which move decided. cause: place of the pick that did. category: column of the mixes."""

    kind: str
    at: int
    cause: int | None = None
    category: int | None = None


def entry_reason(trace: Trace, place: int) -> Reason:
    """Why a pick stands where it stands."""
    for at, move in enumerate(trace.moves):
        if move.name == SPACING and move.penalty(place) > 0:
            return Reason(RELAXED, at, _cause(trace, move, place), _shared(trace, move, place))
    at = _deciding(trace, place)
    move = trace.moves[at]
    moved = place - int(trace.final[place])
    if moved == 0:
        return Reason(STAYED, at, _cause(trace, move, place))
    if move.name == EXPLORATION:
        return Reason(DRAWN if moved > 0 else CHANCE, at)
    if move.name == DIVERSIFY:
        return _moved_up(trace, at, place) if moved > 0 else _weighed(trace, at, place, DOWN)
    return Reason(UP, at) if moved > 0 else _held_back(trace, at, place, DOWN)


def gone_reason(trace: Trace, place: int) -> Reason:
    """Why an item of the first k is not in the list: the last step at which it fell out decides."""
    k = trace.k
    at = max(at for at, move in enumerate(trace.moves) if move.before[place] < k <= move.after[place])
    move = trace.moves[at]
    if move.name == EXPLORATION:
        return Reason(CHANCE, at)
    return _weighed(trace, at, place, LEFT) if move.name == DIVERSIFY else _held_back(trace, at, place, LEFT)


def _deciding(trace: Trace, place: int) -> int:
    """The move that brought an item into the first k; else the longest one in the direction it went as a whole."""
    if place >= trace.k:
        return max(at for at, move in enumerate(trace.moves) if move.after[place] < trace.k <= move.before[place])
    sign = np.sign(place - int(trace.final[place]))
    return int(np.argmax([sign * move.steps_up(place) for move in trace.moves]))


def _moved_up(trace: Trace, at: int, place: int) -> Reason:
    move = trace.moves[at]
    if move.against == SIMILARITY:
        cause = _cause(trace, move, place)
        if cause is None:  # nothing was taken away: then the nearest of what stands above says how unlike it is
            cause = _nearest(trace, move, place)
        if cause is None:
            return Reason(UP, at)
        return Reason(UNLIKE if trace.similarity(place, cause) < CLOSE else LESS_LIKE, at, cause)
    if move.against == CATEGORY:
        category, lack = _tipping(trace, move.left[: move.after[place]], place, 1)
        return Reason(NEEDED, at, None, category) if lack > 0 else Reason(UP, at)
    return Reason(LITTLE_KNOWN, at) if move.against == POPULARITY else Reason(UP, at)


def _weighed(trace: Trace, at: int, place: int, otherwise: str) -> Reason:
    """Why a diversifier put an item further down or out."""
    move = trace.moves[at]
    held = move.penalty(place) > 0 or move.barred(place)
    if move.against == SIMILARITY and held:
        cause = _cause(trace, move, place)
        return Reason(otherwise, at) if cause is None else Reason(LIKE, at, cause)
    if move.against == CATEGORY and held:
        category, lack = _tipping(trace, move.left[: min(trace.k, move.after[place])], place, -1)
        enough = category is not None and lack <= 0
        return Reason(ENOUGH, at, None, category) if enough else Reason(otherwise, at)
    return Reason(WELL_KNOWN, at) if move.against == POPULARITY and held else Reason(otherwise, at)


def _held_back(trace: Trace, at: int, place: int, otherwise: str) -> Reason:
    """Why spacing put an item further down or out."""
    move = trace.moves[at]
    if not move.barred(place):
        return Reason(otherwise, at)
    cause, category = _cause(trace, move, place), _shared(trace, move, place)
    return Reason(QUOTA, at, None, category) if cause is None else Reason(APART, at, cause, category)


def _cause(trace: Trace, move: Move, place: int) -> int | None:
    """The recorded cause; where later steps took it out of the list, the most alike of the list that stood above."""
    cause = move.cause(place)
    if cause is None or trace.final[cause] < trace.k:
        return cause
    return _nearest(trace, move, place)


def _nearest(trace: Trace, move: Move, place: int) -> int | None:
    """The most alike of what is in the list and stood above after a move."""
    above = [other for other in trace.listed if move.after[other] < move.after[place]]
    return max(above, key=lambda other: trace.similarity(place, other), default=None)


def _tipping(trace: Trace, above: Array, place: int, sign: int) -> tuple[int | None, float]:
    """The category of an item that speaks most for it (sign 1) or against it (-1), and how much of it was lacking."""
    mix = trace.mixes(np.array([place]))[0]
    total = trace.mixes(above).sum(axis=0)
    lack = (trace.wanted - total / max(float(total.sum()), 1e-9)) * mix
    if not mix.any():
        return None, 0.0
    category = int(np.where(mix > 0, sign * lack, -np.inf).argmax())
    return category, float(lack[category])


def _shared(trace: Trace, move: Move, place: int) -> int | None:
    """The category by which spacing held an item back: of those it shares with its cause, the one that stood most
    often in the window that ends there; of all its own, the one the list has most of, where there is no cause."""
    own, cause = trace.mixes(np.array([place]))[0] > 0, move.cause(place)
    if cause is None:
        near = move.left[: trace.k]
    else:
        own = own & (trace.mixes(np.array([cause]))[0] > 0)
        end = int(move.after[cause]) + 1
        near = move.left[max(end - max(trace.window - 1, 1), 0) : end]
    if not own.any():
        return None
    often = (trace.mixes(near) > 0).sum(axis=0)
    return int(np.where(own, often, -1).argmax())
