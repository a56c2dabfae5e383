"""Where an item stands for a user whose history is another one: its score, and its rank among all candidates.

Candidates are those of the user as she is: what she has stays out of her lists even where a row of it is left out of
the history here, and an item is ranked among the others even where she has it. Rules count; diversity, thresholds and
chance do not: they choose among ranked candidates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..asking import rules_of
from ..candidates import allowance, interest_scores
from ..score import Scorer
from ..scoring import with_bonus
from ..select.interests import best_of
from ..types import Array, UserVectors
from .directions import Sums, as_asked, interests, space_of, sums
from .histories import Altered, whole
from .pairs import table_of
from .ranks import Standing as Standing
from .ranks import among_pairs, among_points, ranked
from .sources import Case, as_known, told

ANEW = 40
"""Histories in which several interests are found anew: that takes long in a large history."""
BLOCK = 64
"""Histories scored against the whole catalogue at once, which bounds memory."""


def bonus_of(case: Case) -> Array | None:
    """(n_items,) float64, what rules add in standard deviations of a user's scores; None where they add nothing."""
    rules = rules_of(case.recipe, case.dataset.catalog)
    return rules.bonus if rules is not None and rules.bonus.any() else None


def rivals_of(case: Case, target: int) -> Array:
    """(n_items,) bool: what the target is ranked among, itself left out."""
    nowhere = None if case.found is None or case.found.vectors is None else ~case.found.placed
    allowed = allowance(case.recipe, case.dataset, case.asked, np.array([case.user]), nowhere)
    out = np.ones(case.n_items, dtype=bool)
    out[allowed.hidden(0, 1)[1]] = False
    if case.recipe.exclude_seen:  # a history may hold more here than the audience knows
        out[case.history.items[case.history.items < case.n_items]] = False
    out[target] = False
    return out


def stand(case: Case, target: int, histories: Altered) -> Standing:
    """Score and rank of an item for each of q histories; no run is made again where the score is a sum.

    Several interests are looked for anew in up to ANEW histories; in more they are held (see :func:`held`).
    """
    rivals, added = rivals_of(case, target), _added(case, histories, target)
    if len(histories) > ANEW and not len(added[0]) and (lines := _several(case)) is not None:
        return _blocks(histories, target, rivals, added, lambda some: _held_scores(case, lines, some))
    has_space = case.found is None or case.found.vectors is not None
    if bonus_of(case) is None:
        if has_space and (users := _at_once(case, histories)) is not None:
            return among_points(case, users, target, rivals, added)
        if not has_space and (table := table_of(case)) is not None:
            return among_pairs(case, table, histories, target, rivals, added)
    return _blocks(histories, target, rivals, added, lambda some: all_scores(case, some))


def _blocks(
    histories: Altered, target: int, rivals: Array, added: tuple[Array, Array], scored: Callable[[Altered], Array]
) -> Standing:
    """From whole rows of scores, some histories at a time."""
    parts = [Standing(np.zeros(0), np.zeros(0, dtype=np.int64))]
    for start in range(0, len(histories), BLOCK):
        stop = min(start + BLOCK, len(histories))
        scores = scored(histories.part(start, stop))
        here = slice(*np.searchsorted(added[0], (start, stop)))
        scores[added[0][here] - start, added[1][here]] = np.nan
        parts.append(ranked(scores, target, rivals))
    return Standing(np.concatenate([one.scores for one in parts]), np.concatenate([one.ranks for one in parts]))


def held(case: Case, n: int) -> bool:
    """Whether the user has several interests that are held as they are in n histories: a row that is left out leaves
    its own interest only, whose other rows weigh more then, and no interest is found anew, which takes too long."""
    return n > ANEW and _several(case) is not None


def in_closed_form(case: Case) -> bool:
    """Whether many histories are a matter of moments: scores are sums, and no rule needs all of them."""
    if bonus_of(case) is not None:
        return False
    if case.found is not None and case.found.vectors is None:
        return table_of(case) is not None
    return _several(case) is None and sums(case, whole(case.history)) is not None


def _several(case: Case) -> Sums | None:
    """The interests of a user who has more than one, else None."""
    if case.found is not None and case.found.vectors is None:
        return None
    found = interests(case, whole(case.history))
    return None if found is None or found.shares is None else found


def _held_scores(case: Case, lines: Sums, histories: Altered) -> Array:
    """(q, n_items) float32: each item by the best of the interests, each of the rows that are left."""
    q, m = len(histories), len(histories.base)
    counts = np.bincount(histories.owners * m + histories.places, minlength=q * m).reshape(q, m)
    scorer: Scorer = case.recipe.build("score")
    values = space_of(case).values
    out = np.full((q, len(values)), -np.inf, dtype=np.float32)
    for line in lines.weights:
        weights = counts * line
        total = np.maximum(weights, 0).sum(axis=1, keepdims=True)
        scale = np.divide(np.maximum(line, 0).sum(), total, out=np.zeros_like(total), where=total > 0)
        users = replace(lines, weights=weights * scale, shares=None).ready()
        known = ~np.isnan(users).any(axis=1)
        out[known] = np.maximum(out[known], scorer(users[known], values))
    out[np.isneginf(out).all(axis=1)] = np.nan
    return with_bonus(out, bonus_of(case))


def _added(case: Case, histories: Altered, target: int) -> tuple[Array, Array]:
    """(history, item) of what a history has beyond the user's own, and is therefore no candidate; each once."""
    more = histories.places >= len(case.history)
    if not more.any() or not case.recipe.exclude_seen:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    items = histories.base.items[histories.places[more]].astype(np.int64)
    keys = np.unique(histories.owners[more] * case.n_items + items)
    keys = keys[keys % case.n_items != target]
    return keys // case.n_items, keys % case.n_items


def _at_once(case: Case, histories: Altered) -> Array | None:
    """(q, d) float32 users; None where they have several interests, which only the whole row of scores tells."""
    found = sums(case, histories)
    if found is not None:
        return found.ready()
    placed = as_asked(case, histories)
    return placed.values if placed.interests is None else None


def all_scores(case: Case, histories: Altered) -> Array:
    """(q, n_items) float32: every item's score for each history, rules included, as a run computes it; NaN where there
    is none."""
    if case.found is None or case.found.vectors is not None:
        scores = _space_scores(case, as_asked(case, histories))
    else:
        people, _ = told(case, as_known(case, histories.log()))
        scores = np.asarray(case.found.fitted.score(people), dtype=np.float32)
    return with_bonus(scores, bonus_of(case))


def _space_scores(case: Case, users: UserVectors) -> Array:
    some = np.flatnonzero(users.known)
    out = np.full((len(users.users), case.n_items), np.nan, dtype=np.float32)
    if len(some):
        scores, owners, _ = interest_scores(case.recipe, space_of(case), users, some)
        out[some] = best_of(scores, owners, len(some))
    return out


def native_scores(case: Case, users: Array, targets: Array) -> Array:
    """(q, n) float64: the metric's score of items (n,) for user vectors (q, d) float32; NaN rows where those are."""
    scorer: Scorer = case.recipe.build("score")
    values = scorer(users.astype(np.float64), space_of(case).values[targets].astype(np.float64))
    return np.where(np.isnan(users).any(axis=1, keepdims=True), np.nan, values)
