"""Principal components: the widest directions of a set of vectors, in plain numpy and always the same way round."""

from __future__ import annotations

import numpy as np

from ..errors import InputError, OutOfRangeError
from ..types import Array

BLOCK_ROWS = 8192
"""Rows turned to float64 at a time, so that a large matrix is never held twice."""


def pca(vectors: Array, dims: int) -> Array:
    """Project vectors (n, d) on their ``dims`` widest directions -> (n, dims) float32, centred, widest first.

    Deterministic: each direction is signed so that its largest loading is positive. Directions the data does not
    have (n <= dims, d < dims, constant input) are columns of zeros. Raises InputError for NaN or infinite values and
    OutOfRangeError for dims < 1. Source: Hotelling 1933; directions from the eigenvectors of the covariance, or from
    the singular vectors where there are fewer rows than columns.
    """
    if dims < 1:
        raise OutOfRangeError("dims", dims, "a whole number of at least 1")
    if not np.isfinite(vectors).all():
        raise InputError("the vectors hold NaN or infinite values: a picture of them cannot be drawn")
    n, d = vectors.shape
    out = np.zeros((n, dims), dtype=np.float32)
    if n < 2 or d == 0:
        return out
    mean = vectors.mean(axis=0, dtype=np.float64)
    directions = _directions(vectors, mean, dims)
    for start in range(0, n, BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        out[rows, : directions.shape[1]] = (vectors[rows] - mean) @ directions
    return out


def _directions(vectors: Array, mean: Array, dims: int) -> Array:
    """(d, <= dims) float64 orthonormal directions that really carry variance, widest first, sign-fixed."""
    n, d = vectors.shape
    if n <= d:
        _, lengths, rows = np.linalg.svd(vectors - mean, full_matrices=False)
        variances, columns = lengths**2, rows.T
    else:
        covariance = np.zeros((d, d))
        for start in range(0, n, BLOCK_ROWS):
            block = vectors[start : start + BLOCK_ROWS] - mean
            covariance += block.T @ block
        variances, columns = np.linalg.eigh(covariance)
        variances, columns = variances[::-1], columns[:, ::-1]
    largest = float(np.square(vectors, dtype=np.float64).max(initial=0.0)) * n
    floor = max(n, d) * np.finfo(np.float64).eps * max(float(variances[0]), largest)
    kept = columns[:, :dims][:, variances[:dims] > floor]
    strongest = np.abs(kept).argmax(axis=0)
    signs = np.where(kept[strongest, np.arange(kept.shape[1])] < 0, -1.0, 1.0)
    return kept * signs
