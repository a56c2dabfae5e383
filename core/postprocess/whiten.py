"""Whitening: centre, then make every direction count alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import knob
from ..types import Affine, Array

SMALLEST = 1e-12


@dataclass(frozen=True, slots=True)
class Whiten:
    """x' = (x - mean) U diag(1 / sqrt((1 - s) l + s mean(l))) U', with U, l the eigenvectors and eigenvalues of the
    items' covariance and s the shrinkage. Su et al. 2021, "Whitening Sentence Representations for Better Semantics
    and Faster Retrieval", has s = 0 and no closing U', which turns the space but changes no angle; with it, s = 1 is
    centring exactly. The shrinkage (Ledoit & Wolf 2004 shrink towards the same target) keeps directions in which the
    items hardly differ from being blown up into noise. Works with fewer items than dimensions. The result is scaled
    so that the items' mean squared length stays what centring makes it. The default ranks better than centring on
    validation rows (benchmarks/postprocess.py) and still leaves a space that a map shows well (benchmarks/layout.py);
    less shrinkage ranks no better and maps worse.
    """

    key: ClassVar[str] = "whiten"
    label: ClassVar[str] = "Whiten"
    order: ClassVar[int] = 3

    shrinkage: float = knob(
        0.8, "0 = every direction counts alike, 1 = only centred; between, weak directions count less", low=0, high=1,
        step=0.05,
    )  # fmt: skip

    def __call__(self, items: Array) -> Affine:
        """items: (n, d) -> subtraction of the mean, then a (d, d) matrix."""
        if not len(items):
            return Affine()
        x = np.asarray(items, dtype=np.float64)
        mean = x.mean(axis=0)
        centred = x - mean
        values, vectors = np.linalg.eigh(centred.T @ centred / len(x))
        values = np.maximum(values, 0.0)
        average = values.mean()
        if average <= SMALLEST:
            return Affine(mean=mean)
        spread = (1 - self.shrinkage) * values + self.shrinkage * average
        usable = spread > SMALLEST * spread.max()
        scale = np.where(usable, 1 / np.sqrt(np.where(usable, spread, 1.0)), 0.0)
        scale *= np.sqrt(values.sum() / (values * scale**2).sum())
        return Affine(mean=mean, matrix=(vectors * scale) @ vectors.T)
