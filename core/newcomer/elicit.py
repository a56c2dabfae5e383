"""What to ask a newcomer next: items that are known, split people, and are unlike those asked about before.

Every user of the log is a guess at who the newcomer might be. Each answer makes those who agree with it likelier. The
next question is worth most where, under what is left, a like is likely (a list by content learns most from likes) and
the answer tells most: entropy0 (Rashid, Karypis & Riedl 2008, "Learning preferences of new users in recommender
systems", section 4), in which "I don't know it" is an outcome too, of less worth. Among the best, maximal marginal
relevance (Carbonell & Goldstein 1998) keeps the questions apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..splits import owners, positives
from ..types import Array, Catalog, Interactions, Vectors, readonly, unit_rows
from .persona import (
    ABOUT_CATEGORIES,
    ABOUT_ITEMS,
    CATEGORY,
    DISLIKE,
    LIKE,
    Answer,
    Persona,
    item_places,
    members,
)

MOST_ITEMS, MOST_USERS = 500, 4_000
"""Items that may be asked about: those most people know. Users that stand for all, evenly spread over the log."""


@dataclass(frozen=True, slots=True)
class Elicitation:
    """How questions are chosen.

    The defaults are a middle between the best for lists on validation (1 and 0 for the first two: the chance of a like
    alone) and questions that tell more and differ. Among other users the lists are then as good as by asking about
    what is known best, in fewer questions for as many answers, and far better than by lot (benchmarks/newcomer.py).

    like_weight: in [0, 1], what the chance of a like counts against how much an answer tells. diversity: in [0, 1],
    0 = worth only. agreement: in (0.5, 1), how likely somebody of one taste answers alike. unfamiliar: in (0, 1], how
    likely it is, against that, that the newcomer answers like people in general where a user has no opinion.
    """

    like_weight: float = 0.85
    diversity: float = 0.03
    agreement: float = 0.8
    unfamiliar: float = 0.6


UNKNOWN_WEIGHT = 0.5
"""What the outcome "don't know" is worth against like and dislike: that of the source."""


@dataclass(frozen=True, slots=True, eq=False)
class Opinions:
    """What users of the log think of the items that may be asked about.

    items: (m,) int64 item indices, the best known first, smaller index first among equals. liked, disliked:
    (n_users, m) float32 of 0 and 1; neither = does not know it.
    """

    items: Array
    liked: Array
    disliked: Array


@lru_cache(maxsize=4)
def opinions(log: Interactions, most: int = MOST_ITEMS) -> Opinions:
    """The opinions on the ``most`` items that most users have one on; fewer where the log holds fewer.

    Of an item met several times, the last word counts.
    """
    active = np.flatnonzero(np.diff(log.indptr) > 0)
    some = active[np.unique(np.linspace(0, max(len(active) - 1, 0), min(MOST_USERS, len(active))).astype(np.int64))]
    row_of = np.full(log.n_users, -1)
    row_of[some] = np.arange(len(some))
    rows, like = row_of[owners(log)], positives(log)
    known = np.bincount(log.items, minlength=int(log.items.max(initial=-1)) + 1)
    items = np.argsort(-known, kind="stable")[: min(most, int((known > 0).sum()))]
    column_of = np.full(len(known), -1)
    column_of[items] = np.arange(len(items))
    columns = column_of[log.items]
    use = (rows >= 0) & (columns >= 0)
    table = np.zeros((len(some), len(items)), dtype=np.int8)
    table[rows[use], columns[use]] = np.where(like[use], 1, -1)
    liked, disliked = (table == 1).astype(np.float32), (table == -1).astype(np.float32)
    return Opinions(readonly(items.astype(np.int64)), readonly(liked), readonly(disliked))


def entropy0(like: Array, dislike: Array) -> Array:
    """(m,) float64 >= 0, in bits, of the chances (m,) of a like and a dislike; the rest is the chance of neither.

    -(p_like log2 p_like + p_dislike log2 p_dislike + w p_unknown log2 p_unknown) / (2 + w), w = UNKNOWN_WEIGHT
    """
    unknown = np.clip(1 - like - dislike, 0, 1)
    found: Array = (_bits(like) + _bits(dislike) + UNKNOWN_WEIGHT * _bits(unknown)) / (2 + UNKNOWN_WEIGHT)
    return found


def worth(opinion: Opinions, belief: Array, like_weight: float) -> Array:
    """(m,) float64 in [0, 1]: what a question about each item is worth, where belief (n_users,), summing to 1, says
    how likely each user is meant. Chance of a like and entropy0 count against the largest of their kind."""
    likely = belief.astype(np.float32)
    like, dislike = likely @ opinion.liked, likely @ opinion.disliked
    return like_weight * _against_best(like) + (1 - like_weight) * _against_best(entropy0(like, dislike))


def _against_best(values: Array) -> Array:
    best = float(values.max(initial=0.0))
    return values / best if best > 0 else np.zeros(len(values))


def questions(
    log: Interactions, catalog: Catalog, content: Vectors, persona: Persona, size: int, how: Elicitation | None = None
) -> Array:
    """(<= size,) int64: the items to ask about now; never one that was answered or skipped.

    Questions stay until they are answered: an answer replaces its own question with the best one after it, and
    the others keep their places. What was said of anything else has all of them chosen anew. Fewer than ``size``
    where no more are left to ask.
    """
    return _board(opinions(log), catalog, content, persona, size, how or Elicitation()).items


@dataclass(frozen=True, slots=True, eq=False)
class _Board:
    """items: the questions in their places. evidence: (n_users,) float64, log-likelihood of each user so far."""

    items: Array
    evidence: Array


@lru_cache(maxsize=512)
def _board(
    opinion: Opinions, catalog: Catalog, content: Vectors, persona: Persona, size: int, how: Elicitation
) -> _Board:
    """Built from that of the answers before the last one, which is kept: an answer costs one step."""
    if not persona.answers:
        evidence = np.zeros(len(opinion.liked))
        start = np.zeros(0, dtype=np.int64)
    else:
        before = _board(opinion, catalog, content, Persona(persona.answers[:-1]), size, how)
        found = _evidence(opinion, catalog, persona.answers[-1], how)
        evidence = before.evidence + found
        asked = item_places(persona.of(*ABOUT_ITEMS), catalog)[-1:]
        start = before.items if np.isin(before.items, asked).any() or not found.any() else before.items[:0]
    said = item_places(persona.of(*ABOUT_ITEMS), catalog)
    belief = np.exp(evidence - evidence.max(initial=-np.inf))
    value = worth(opinion, belief / max(float(belief.sum()), 1.0), how.like_weight)
    items = _filled(opinion, content, value, start, said, size, how.diversity)
    return _Board(readonly(items), readonly(evidence))


def _evidence(opinion: Opinions, catalog: Catalog, answer: Answer, how: Elicitation) -> Array:
    """(n_users,) log of how likely each user would have answered so; 0 where an answer tells nothing about users.

    Not to know an item tells nothing: most people leave most of what they know without a word.
    """
    if answer.kind in ABOUT_CATEGORIES:
        return _leaning(opinion, members(catalog)[answer.value]) * (1 if answer.kind == CATEGORY else -1)
    column = np.flatnonzero(opinion.items == item_places([answer.value], catalog)[0])
    if answer.kind not in (LIKE, DISLIKE) or not len(column):
        return np.zeros(len(opinion.liked))
    like, dislike = opinion.liked[:, column[0]], opinion.disliked[:, column[0]]
    same, other = (like, dislike) if answer.kind == LIKE else (dislike, like)
    share = (same.sum() + 1) / (same.sum() + other.sum() + 2)
    neutral = how.unfamiliar * np.clip(share, 1 - how.agreement, how.agreement)
    return np.asarray(np.log(np.where(same > 0, how.agreement, np.where(other > 0, 1 - how.agreement, neutral))))


def _leaning(opinion: Opinions, items: Array) -> Array:
    """(n_users,) float64 in [-1, 1]: log of the share of a user's likes among these items against everybody's share."""
    inside = np.isin(opinion.items, items).astype(np.float32)
    mine, everybodys = opinion.liked @ inside, float((opinion.liked @ inside).sum())
    share = (mine + 1) / (opinion.liked.sum(axis=1) + 2)
    return np.clip(np.log(share / ((everybodys + 1) / (float(opinion.liked.sum()) + 2))), -1, 1)


def _filled(
    opinion: Opinions, content: Vectors, value: Array, start: Array, said: Array, size: int, diversity: float
) -> Array:
    """The questions before, each answered one replaced; free places at the end where there were fewer."""
    places = [int(item) for item in start] + [-1] * (size - len(start))
    places = [-1 if item in said else item for item in places]
    rows = _unit_rows(opinion, content)
    free = ~np.isin(opinion.items, [*said.tolist(), *places])
    asked = np.array([item for item in (*said.tolist(), *places) if item >= 0], dtype=np.int64)
    nearest = (rows @ unit_rows(content.values[asked]).T).max(axis=1, initial=0.0)
    for place, item in enumerate(places):
        if item >= 0 or not free.any():
            continue
        gain = np.where(free, np.round((1 - diversity) * value - diversity * nearest, 6), -np.inf)
        best = int(np.lexsort((opinion.items, -gain))[0])
        places[place], free[best] = int(opinion.items[best]), False
        nearest = np.maximum(nearest, rows @ rows[best])
    return np.array([item for item in places if item >= 0], dtype=np.int64)


@lru_cache(maxsize=4)
def _unit_rows(opinion: Opinions, content: Vectors) -> Array:
    return readonly(unit_rows(content.values[opinion.items]))


def _bits(p: Array) -> Array:
    return np.where(p > 0, -p * np.log2(np.where(p > 0, p, 1)), 0.0)
