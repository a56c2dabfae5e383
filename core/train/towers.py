"""The two towers: both are linear in what they look up, so that a score is an exact sum over the history.

    item tower   v_i = [d_i * e_i + x_i W]          (dim + 1); the last column is the item's bias
    user tower   u   = [sum_j w_j (d_j * h_j + x_j Q), 1]

e, h: learned per item; x: the text vector, centred and reduced; d: 0 where the id is dropped, and for items that
training never saw liked, which the text alone then places. w_j = 0.5 ** (age_j / half_life), scaled to a sum of 1
before a square root over how much history there is; age counts positives back from the latest.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..splits import liked_counts, owners, positives
from ..types import Array, Interactions

TEXT_WIDTH = 128
NAMES = ("item_id", "item_text", "history_id", "history_text")


def text_features(text: Array, known: Array) -> Array:
    """(n_items, d) -> (n_items, min(d, TEXT_WIDTH)) float32: principal directions of the known items, mean length 1."""
    rows = np.asarray(text, dtype=np.float64)
    base = rows[known] if known.any() else rows
    rows = rows - base.mean(axis=0)
    base = base - base.mean(axis=0)
    _, directions = np.linalg.eigh(base.T @ base)
    directions = directions[:, ::-1][:, :TEXT_WIDTH]
    # A direction and its opposite are the same answer: take the one whose largest part is positive.
    largest = np.abs(directions).argmax(axis=0)
    directions = directions * np.where(directions[largest, np.arange(directions.shape[1])] < 0, -1.0, 1.0)
    out = rows @ directions
    size = np.sqrt(np.mean(np.einsum("nd,nd->n", out, out)))
    found: Array = (out / size if size > 0 else out).astype(np.float32)
    return found


def first_parameters(n_items: int, text_width: int, dim: int, seed: int) -> dict[str, Array]:
    """Small random numbers; the text projections keep lengths in the mean."""
    rng = np.random.default_rng([seed, 0])
    shapes = {
        "item_id": ((n_items, dim + 1), 0.01),
        "item_text": ((text_width, dim + 1), 1 / np.sqrt(dim)),
        "history_id": ((n_items, dim), 0.01),
        "history_text": ((text_width, dim), 1 / np.sqrt(dim)),
    }
    made = {name: (rng.standard_normal(shape) * size).astype(np.float32) for name, (shape, size) in shapes.items()}
    made["item_text"][:, -1] = 0.0
    return made


def tables(parameters: Any, text: Any, kept: Any) -> tuple[Any, Any]:
    """Both tables (items, history) from parameters; works on numpy arrays and on tensors alike.

    kept: (n_items, 1), 1 where the id plays a part.
    """
    items = kept * parameters["item_id"] + text @ parameters["item_text"]
    return items, kept * parameters["history_id"] + text @ parameters["history_text"]


def seen_liked(log: Interactions, n_items: int) -> Array:
    """(n_items,) int64: how often each item was liked."""
    return np.bincount(log.items[positives(log)], minlength=n_items)


def pooling(log: Interactions, half_life: float, keep: Array | None = None) -> Array:
    """(n_rows,) float64: the weight of each row of a log in its user's vector; 0 where it is not liked or not kept.

    half_life: in positives, 0 = age does not matter. keep: (n_rows,) bool, rows that are known.
    """
    liked = positives(log) if keep is None else positives(log) & keep
    upto = np.cumsum(liked)
    ends = np.concatenate(([0], upto))[log.indptr[1:]]
    who = owners(log)
    age = ends[who] - upto
    weights = np.where(liked, 0.5 ** (age / half_life) if half_life > 0 else 1.0, 0.0)
    total = np.bincount(who, weights, minlength=log.n_users)[who]
    return np.divide(weights, np.sqrt(total), out=np.zeros(len(weights)), where=total > 0)


def user_matrix(log: Interactions, weights: Array, n_items: int) -> Any:
    """The pooling weights as a scipy (n_users, n_items) float32 matrix: times the history table it gives users."""
    from scipy.sparse import csr_matrix

    return csr_matrix((weights.astype(np.float32), log.items, log.indptr), shape=(log.n_users, n_items))


def user_table(log: Interactions, history: Array, half_life: float) -> tuple[Array, Array]:
    """User vectors (n_users, dim + 1) float32 with a last column of 1, and (n_users,) bool who has any history."""
    pooled = user_matrix(log, pooling(log, half_life), len(history)) @ history
    return np.column_stack((pooled, np.ones(log.n_users))).astype(np.float32), liked_counts(log) > 0
