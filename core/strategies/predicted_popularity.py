"""Predicted popularity: how many users would like an item, going by what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import knob
from ..splits import Training
from ..types import readonly
from .item_features import item_features
from .kernel_ridge import known_likes, predict
from .popularity import FittedPopularity


@dataclass(frozen=True, slots=True)
class PredictedPopularity:
    """score = log(1 + likes) as kernel ridge regression from text, categories and year predicts it; for all items.

    The same list for everybody, and one for items that nobody has met. A known item is predicted as well, from its
    neighbours and itself; what was met and not liked counts in part. Memory and time: core/strategies/kernel_ridge.py.
    """

    key: ClassVar[str] = "predicted-popularity"
    label: ClassVar[str] = "Predicted popularity"
    order: ClassVar[int] = 2
    embedded: ClassVar[bool] = False

    predicted_l2: float = knob(0.5, "how strongly the regression is held back", low=1e-3, high=1000, step=0.5)
    predicted_width: float = knob(
        0.2, "how quickly likeness fades with the distance of two items' features", low=0.01, high=100, step=0.1
    )
    predicted_met: float = knob(
        0.2,
        "how much an item that was met but not liked counts beside a like; users know more items than they like",
        low=0,
        high=1,
        step=0.1,
    )
    predicted_category: float = knob(
        0.3, "how much categories tell items apart beside the text", low=0, high=10, step=0.1
    )
    predicted_year: float = knob(1.0, "how much the year tells items apart beside the text", low=0, high=10, step=0.1)

    def fit(self, training: Training) -> FittedPopularity:
        """Count, then predict. Raises InputError where nothing is liked or the regression has no solution."""
        matrix, rows = known_likes(training, self.label, self.predicted_met)
        likes = np.log1p(np.asarray(matrix.sum(axis=0), dtype=np.float64).ravel())
        features = item_features(training.catalog, training.text, self.predicted_category, self.predicted_year)
        off = (likes - likes.mean()).astype(np.float32)[:, None]
        found = predict(features, rows, off, self.predicted_width, self.predicted_l2, training.seed)
        return FittedPopularity(readonly(found[:, 0] + np.float32(likes.mean())))
