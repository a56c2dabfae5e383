"""Kernel ridge regression from item features, solved once for any number of targets.

With K_ij = exp(-width |x_i - x_j|^2) over the items learned from, the prediction for an item with features x is
k(x)' (K + l I)^-1 Y (Saunders, Gammerman and Vovk, "Ridge Regression Learning Algorithm in Dual Variables", ICML 1998).
Above ``LARGEST`` items a random ``LANDMARKS`` of them span the answer, still fitted to all: the subset of regressors
k_m(x)' (K_mn K_nm + l K_mm)^-1 K_mn Y (Smola and Schoelkopf, "Sparse Greedy Matrix Approximation", ICML 2000), so time
grows with the items and not with their cube, and no kernel larger than ``LARGEST`` x ``LARGEST`` (0.4 GB) is kept.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..errors import InputError
from ..splits import Training
from ..types import Array
from .matrices import Sparse, liked_matrix, training_matrix

LARGEST = 10_000
"""Items whose whole kernel is factorised: half a minute on one processor."""
LANDMARKS = 4_000
BLOCK = 2_048
"""Items whose kernel rows are made at once where they are only passed through."""


def known_likes(training: Training, label: str, met: float) -> tuple[Sparse, Array]:
    """What is learned from: 1 where a user liked an item, ``met`` where she met it and did not.

    -> (n_users, n) CSR of the known items, (n,) their indices. Raises InputError where none of them is liked.
    """
    rows = np.flatnonzero(training.known)
    likes = training_matrix(training, label)[:, rows]
    if likes.nnz == 0:
        raise InputError(f"{label} has nothing to learn from: nobody likes any of the items that count as known")
    everything = liked_matrix(replace(training.interactions, positive_from=0.0), len(training.known))[:, rows]
    return (1 - met) * likes + met * everything, rows


def predict(features: Array, rows: Array, targets: Array, width: float, l2: float, seed: int) -> Array:
    """features: (n_items, f) float32. rows: (n,) the items learned from. targets: (n, t) float32.

    -> (n_items, t) float32, predictions for all items, those learned from as well. Raises InputError where the system
    has no solution at this regularisation.
    """
    if len(rows) <= LARGEST:
        basis = features[rows]
        solution = solved(kernel(basis, basis, width), targets, l2)
    else:
        chosen = np.sort(np.random.default_rng(seed).choice(rows, LANDMARKS, replace=False))
        basis = features[chosen]
        solution = _spanned(features[rows], basis, targets, width, l2)
    out = np.empty((len(features), targets.shape[1]), dtype=np.float32)
    for start in range(0, len(features), BLOCK):
        out[start : start + BLOCK] = kernel(features[start : start + BLOCK], basis, width) @ solution
    return out


def kernel(left: Array, right: Array, width: float) -> Array:
    """(n, f), (m, f) -> (n, m) float32: exp(-width * squared distance)."""
    out = left @ right.T
    out *= 2
    out -= np.einsum("nf,nf->n", left, left)[:, None]
    out -= np.einsum("mf,mf->m", right, right)[None]
    np.minimum(out, 0, out=out)
    out *= np.float32(width)
    found: Array = np.exp(out, out=out)
    return found


def solved(gram: Array, targets: Array, l2: float) -> Array:
    """(gram + l2 I)^-1 targets, float32, by Cholesky; ``gram`` (n, n) is overwritten."""
    from scipy.linalg import LinAlgError, cho_factor, cho_solve

    gram[np.diag_indices_from(gram)] += np.float32(l2)
    try:
        factor = cho_factor(gram, lower=True, overwrite_a=True, check_finite=False)
    except LinAlgError:
        raise InputError(f"kernel ridge regression has no solution with a regularisation of {l2:g}: raise it") from None
    found: Array = cho_solve(factor, targets.astype(gram.dtype), check_finite=False)
    return found


def _spanned(features: Array, basis: Array, targets: Array, width: float, l2: float) -> Array:
    gram = l2 * kernel(basis, basis, width).astype(np.float64)
    right = np.zeros((len(basis), targets.shape[1]))
    for start in range(0, len(features), BLOCK):
        part = kernel(features[start : start + BLOCK], basis, width)
        gram += part.T @ part
        right += part.T @ targets[start : start + BLOCK]
    # Landmarks that lie on each other make the system singular: a trace of its size keeps it solvable.
    return solved(gram, right, 1e-6 * float(np.diagonal(gram).mean())).astype(np.float32)
