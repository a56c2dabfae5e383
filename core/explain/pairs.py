"""Strategies whose score is a sum over the history, score_j = sum_i h_i B_ij: what B is, and what h is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..splits import Fitted
from ..strategies.closed_form import Dual, Primal, columns_of
from ..strategies.content_nearest import FittedNearest, raised
from ..strategies.ease import FittedEase
from ..strategies.item_knn import FittedItemKnn
from ..strategies.matrices import column_counts, row_weights
from ..strategies.sequence import FittedSequence, FittedTogether, backward
from ..types import Array
from .histories import Altered
from .sources import Case, as_known, told

Between = Callable[[Array], Callable[[Array], Array]]
"""Source items (s,) -> targets (n,) -> (s, n) float64, B."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """between: B, first by rows, then by columns. heard: (n_items,) bool, what has an opinion.
    half_life: of histories, in positions; 0 = none. mean: whether h is scaled to a sum of 1."""

    between: Between
    heard: Array
    half_life: float
    mean: bool = False


def table_of(case: Case) -> Table | None:
    """Of the case's strategy; None where its score is no such sum."""
    return None if case.found is None else table_for(case.found.fitted)


def table_for(fitted: Fitted) -> Table | None:
    """Of a fitted strategy; None where its score is no such sum."""
    if isinstance(fitted, FittedEase):
        return Table(_linear(fitted.model), fitted.heard, fitted.half_life)
    if isinstance(fitted, FittedItemKnn):
        weights = fitted.weights
        return Table(lambda sources: _by_columns(weights[sources]), fitted.heard, fitted.half_life)
    if isinstance(fitted, FittedSequence):
        return Table(_sequence(fitted), fitted.heard, fitted.half_life)
    if isinstance(fitted, FittedTogether):
        return Table(_together(fitted), fitted.heard, 0.0)
    if isinstance(fitted, FittedNearest):
        return Table(_nearest(fitted), np.ones(len(fitted.items), dtype=bool), fitted.half_life, mean=True)
    return None


def faded(case: Case, table: Table, histories: Altered) -> tuple[Array, Array]:
    """-> (q, m) float64, h of each row of the base in each history; (q,) bool, whether it tells the strategy anything.

    As core.strategies.matrices.weighted_matrix has it: age counts liked rows that came later, and an item that stands
    there twice counts at its latest place.
    """
    q, m = len(histories), len(histories.base)
    people, keep = told(case, as_known(case, histories.log()))
    weights = row_weights(people.histories, table.half_life)
    where = histories.owners[keep] * m + histories.places[keep]
    out = np.bincount(where, weights=weights, minlength=q * m).reshape(q, m)
    heard = np.zeros(m, dtype=bool)
    there = histories.base.items < len(table.heard)
    heard[there] = table.heard[histories.base.items[there]]
    informed = np.asarray((out[:, heard] > 0).any(axis=1))
    if table.mean:
        totals = out.sum(axis=1, keepdims=True)
        out = np.divide(out, totals, out=np.zeros_like(out), where=totals > 0)
    return out, informed


def _by_columns(rows: Any) -> Callable[[Array], Array]:
    """(s, n_items) sparse rows -> targets (n,) -> (s, n) float64."""
    columns = rows.tocsc()
    return lambda targets: np.asarray(columns[:, targets].toarray(), dtype=np.float64)


def _linear(model: Dual | Primal) -> Between:
    def primal(sources: Array) -> Callable[[Array], Array]:
        assert isinstance(model, Primal)
        rows = model.weights_to[sources]
        return lambda targets: rows[:, targets].astype(np.float64)

    def dual(sources: Array) -> Callable[[Array], Array]:
        assert isinstance(model, Dual)
        users = model.rows.shape[0]
        folded = (columns_of(model.rows, model.extra, sources).T @ model.inner).astype(np.float64)

        def score(targets: Array) -> Array:
            out = np.asarray(folded[:, :users] @ model.rows[:, targets])
            if len(model.extra):
                out = out + folded[:, users:] @ model.extra[:, targets]
            out /= model.diagonal[targets]
            out[sources[:, None] == targets[None, :]] = 0.0
            return out

        return score

    return primal if isinstance(model, Primal) else dual


def _sequence(fitted: FittedSequence) -> Between:
    def between(sources: Array) -> Callable[[Array], Array]:
        rows = fitted.forward[sources]
        if fitted.back > 0:
            rows = rows + fitted.back * backward(fitted)[sources]
        found = _by_columns(rows)
        return lambda targets: found(targets) * fitted.scale[sources][:, None] * fitted.scale[targets]

    return between


def _together(fitted: FittedTogether) -> Between:
    def between(sources: Array) -> Callable[[Array], Array]:
        found, counts = _by_columns(fitted.rows[:, sources].T.tocsr() @ fitted.rows), column_counts(fitted.rows)

        def score(targets: Array) -> Array:
            own = sources[:, None] == targets[None, :]
            shared = found(targets) - np.where(own, counts[targets][None, :], 0.0)
            out: Array = shared * fitted.scale[sources][:, None] * fitted.scale[targets]
            return out

        return score

    return between


def _nearest(fitted: FittedNearest) -> Between:
    def between(sources: Array) -> Callable[[Array], Array]:
        rows = fitted.items[sources]

        def score(targets: Array) -> Array:
            return raised(np.maximum(rows @ fitted.items[targets].T, 0), fitted.power).astype(np.float64)

        return score

    return between
