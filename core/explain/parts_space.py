"""Attribution where users and items are points: what each row of the history adds to the metric's value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..candidates import interest_scores
from ..errors import InputError
from ..scoring import spread_of
from ..select.interests import best_of
from ..types import Array
from .attribution import LENGTHS, OFFSET, RULES, TOGETHER, Attribution
from .directions import Sums, as_asked, interests, space_of
from .histories import whole, without_each
from .sources import Case, Sources
from .standing import bonus_of, native_scores

NO_DIRECTION = "this user's history gives no direction to explain: nothing in it counts as liked, or it cancels out"


def space_parts(case: Case, targets: Array) -> Attribution:
    """The scores of items (n,) of a strategy with a space. Raises InputError for a user without a place."""
    found = interests(case, whole(case.history))
    said = _summed(case, targets, found) if found is not None else _without(case, targets)
    return with_rules(case, with_gaps(case, said))


def _summed(case: Case, targets: Array, found: Sums) -> Attribution:
    """Each item by the interest of the user that ranks it highest, also where interests share out the places."""
    raw = found.raw()
    there = np.flatnonzero(~np.isnan(raw).any(axis=1))
    if not len(there):
        raise InputError(NO_DIRECTION)
    items = space_of(case).values[targets].astype(np.float64)
    lengths = np.sqrt(np.einsum("qd,qd->q", raw[there], raw[there]))
    scale = 1.0 / np.where(lengths > 0, lengths, 1) if found.unit else np.ones(len(there))
    users = raw[there] * scale[:, None]
    dots = users @ items.T
    scores, factors, lost = _metric(case.recipe.metric, users, items, dots)
    best = scores.argmax(axis=0)
    column = np.arange(len(targets))
    factor = factors[best, column] * scale[best]
    weights = found.weights[there[best]].T  # (m, n)
    values = weights * (found.vectors @ items.T) * factor
    parts = {}
    if found.offset.any():
        parts[OFFSET] = items @ found.offset * factor
    if lost is not None:
        parts[LENGTHS] = lost[best, column]
    residual = sum(parts.values(), np.zeros(len(targets)))
    sources = sources_of(case, found.weights[there].mean(axis=0) if found.shares is None else _mixed(found, there))
    chosen = scores[best, column]
    return Attribution(case.recipe.strategy, case.recipe.metric, targets, chosen, sources, values, residual, parts,
                       note=found.note)  # fmt: skip


def _mixed(found: Sums, there: Array) -> Array:
    assert found.shares is not None
    mixed: Array = found.shares[there] @ found.weights[there]
    return mixed


def _metric(metric: str, users: Array, items: Array, dots: Array) -> tuple[Array, Array, Array | None]:
    """-> scores (q, n), what u.v is multiplied with (q, n), and what is left besides (q, n) or None."""
    squares = np.einsum("qd,qd->q", users, users)[:, None], np.einsum("nd,nd->n", items, items)[None, :]
    if metric == "dot":
        return dots, np.ones_like(dots), None
    if metric == "cosine":
        both = np.sqrt(squares[0] * squares[1])
        factors = np.divide(1.0, both, out=np.zeros_like(both), where=both > 0)
        return dots * factors, factors, None
    gaps = users[:, None, :] - items[None, :, :] if len(users) == 1 else None
    apart = np.sqrt(
        np.einsum("qnd,qnd->qn", gaps, gaps) if gaps is not None else np.maximum(squares[0] + squares[1] - 2 * dots, 0)
    )
    factors = np.divide(2.0, apart, out=np.zeros_like(apart), where=apart > 0)
    return -apart, factors, -(squares[0] + squares[1]) * factors / 2


def sources_of(case: Case, weights: Array) -> Sources:
    """The rows of the case's history."""
    return Sources(np.arange(len(case.history)), case.history.items, weights, case.labels())


def _without(case: Case, targets: Array) -> Attribution:
    """Users that are no sums: the score less the score without each row; one call for all histories."""
    full = native_scores(case, as_asked(case, whole(case.history)).values, targets)[0]
    if np.isnan(full).all():
        raise InputError(NO_DIRECTION)
    rest = native_scores(case, as_asked(case, without_each(case.history)).values, targets)
    return left_out(case, targets, full, rest)


def left_out(case: Case, targets: Array, full: Array, rest: Array) -> Attribution:
    """From scores (n,) and those without each row (m, n). Where nothing is left without a row, it has all the score."""
    values = full[None, :] - np.nan_to_num(rest)
    over = full - values.sum(axis=0)
    sources = sources_of(case, np.ones(len(case.history)))
    return Attribution(case.recipe.strategy, "without", targets, full, sources, values, over, {TOGETHER: over},
                       exact=False, note="leave-one-out")  # fmt: skip


def with_gaps(case: Case, said: Attribution) -> Attribution:
    """The same with NaN for items that have no place in the space."""
    if case.found is None or case.found.placed[said.targets].all():
        return said
    gone = ~case.found.placed[said.targets]
    parts = {name: np.where(gone, np.nan, part) for name, part in said.residual_parts.items()}
    scores, residual = (np.where(gone, np.nan, given) for given in (said.scores, said.residual))
    values = np.where(gone[None, :], np.nan, said.values)
    return replace(said, scores=scores, residual=residual, values=values, residual_parts=parts)


def with_rules(case: Case, said: Attribution) -> Attribution:
    """The same with what the recipe's rules add to each score, in standard deviations of all the user's scores."""
    bonus = bonus_of(case)
    if bonus is None:
        return said
    users = as_asked(case, whole(case.history))
    scores, owners, _ = interest_scores(case.recipe, space_of(case), users, np.array([0]))
    return plus_rules(said, bonus[said.targets] * float(spread_of(best_of(scores, owners, 1))[0]))


def plus_rules(said: Attribution, added: Array) -> Attribution:
    """added: (n,), what rules add."""
    parts = {**said.residual_parts, RULES: added}
    return replace(said, scores=said.scores + added, residual=said.residual + added, residual_parts=parts)
