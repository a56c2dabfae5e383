"""EASE with item features: categories and texts speak beside the users, so that items without behaviour score too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import knob
from ..splits import Training
from ..types import Array, readonly
from .closed_form import solve
from .ease import FittedEase
from .item_features import category_rows
from .matrices import half_life_knob, training_matrix, weighted_matrix


@dataclass(frozen=True, slots=True)
class EaseFeatures:
    """EASE on rows of users, of categories and of text directions, one under the other.

    A category is a pseudo-user who likes all its items; a text direction is one who likes items as far as they lie
    that way. Users' rows fade with the position, as in the history that is asked with. After Jeunen, Van Balen and
    Goethals, "Closed-Form Models for Collaborative Filtering with Side-Information", RecSys 2020 (Collective EASE).
    """

    key: ClassVar[str] = "ease-features"
    label: ClassVar[str] = "EASE with item features"
    order: ClassVar[int] = 10
    embedded: ClassVar[bool] = False

    easef_l2: float = knob(
        200.0, "how strongly the model is held back from fitting noise", low=0.1, high=10_000, step=50
    )
    easef_half_life: float = half_life_knob(25.0)
    easef_row_half_life: float = knob(
        0.0,
        "the same for the users that are learned from; 0 = all their likes count alike",
        low=0,
        high=1000,
        step=5,
        unit="items",
    )
    easef_category: float = knob(4.0, "how much a category speaks beside a user; 0 = off", low=0, high=100, step=0.5)
    easef_text: float = knob(20.0, "how much the texts speak beside the users; 0 = off", low=0, high=1000, step=1)
    easef_directions: int = knob(
        64, "main directions of the texts that become rows", low=1, high=1024, step=16, unit="directions"
    )

    def fit(self, training: Training) -> FittedEase:
        """Solve. Raises InputError where nothing is liked or the system is too large."""
        training_matrix(training, self.label)
        rows = weighted_matrix(training.interactions, len(training.catalog), self.easef_row_half_life)
        features = self.feature_rows(training)
        spoken = (np.bincount(rows.indices, minlength=rows.shape[1]) > 0) | features.any(axis=0)
        return FittedEase(solve(rows, self.easef_l2, features), readonly(spoken), self.easef_half_life)

    def feature_rows(self, training: Training) -> Array:
        """(n_features, n_items) float32: weighted category rows, then text rows."""
        parts: list[Array] = [np.zeros((0, len(training.catalog)), dtype=np.float32)]
        if self.easef_category > 0:
            parts.append(self.easef_category * category_rows(training.catalog))
        if self.easef_text > 0:
            parts.append(self.easef_text * text_rows(training.text, self.easef_directions))
        return np.vstack(parts)


def text_rows(text: Array, directions: int) -> Array:
    """(at most directions, n_items) float32: the centred texts along their main directions, as they are spread."""
    centred = text.astype(np.float64) - text.mean(axis=0, dtype=np.float64)
    spread, axes = np.linalg.eigh(centred.T @ centred)
    best = np.argsort(-spread, kind="stable")[:directions]
    kept = best[spread[best] > 1e-9 * max(float(spread.max()), 1e-30)]
    return np.ascontiguousarray((centred @ axes[:, kept]).T, dtype=np.float32)
