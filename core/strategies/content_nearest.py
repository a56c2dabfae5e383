"""Content, item by item: near to some of the history, rather than to its middle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import knob, stage
from ..splits import COLD_ITEMS, People, Training
from ..types import Array, unit_rows
from .matrices import informed, weighted_matrix, without_opinion

BLOCK = 1024
"""Items of histories compared with the catalogue at once, which bounds memory."""
MOST_FACTORS = 8
"""Whole powers up to this are multiplied out."""
AUTO = {COLD_ITEMS: ("whiten", 1.5, 0.0)}
USUAL = ("centre", 4.0, 20.0)
"""Space, power and half-life (0 = no fading) by task. Chosen on validation rows."""


@dataclass(frozen=True, slots=True)
class ContentNearest:
    """score_j = sum over the liked items i of the history of h_i * max(0, cos(v_i, v_j)) ** p, h summing to 1.

    A smoothed maximum: the higher the power, the more the nearest item of the history decides. h fades with the
    position in the history.
    """

    key: ClassVar[str] = "content-nearest"
    label: ClassVar[str] = "Content: nearest items of the history"
    order: ClassVar[int] = 4
    embedded: ClassVar[bool] = False
    reads_space: ClassVar[bool] = True
    quick: ClassVar[bool] = True

    nearest_power: float = knob(
        0.0,
        "how much the nearest item of the history decides; 0 = 4, or 1.5 for items without a history",
        low=0,
        high=16,
        step=0.5,
    )
    nearest_half_life: float = knob(
        0.0,
        "positions back in the history after which a liked item counts half; 0 = 20, or no fading for items without a "
        "history",
        low=0,
        high=1000,
        step=5,
        unit="items",
    )
    nearest_space: str = knob(
        "auto",
        "item vectors compared: as the recipe ranks them, centred, or whitened; auto = centred, whitened for items "
        "without a history",
        choices=("auto", "recipe", "centre", "whiten"),
    )

    def fit(self, training: Training) -> FittedNearest:
        """Nothing is learned but the space."""
        space, power, half_life = AUTO.get(training.task, USUAL)
        space = space if self.nearest_space == "auto" else self.nearest_space
        values = training.vectors.values if space == "recipe" else _placed(space, training.text)
        return FittedNearest(unit_rows(values), self.nearest_power or power, self.nearest_half_life or half_life)


def _placed(space: str, text: Array) -> Array:
    vectors: Array = stage("postprocess").get(space)()(text).apply(text)
    return vectors


@dataclass(frozen=True, slots=True, eq=False)
class FittedNearest:
    """items: (n_items, d) float32 unit rows."""

    items: Array
    power: float
    half_life: float

    def score(self, people: People) -> Array:
        """(n_people, n_items) float32 in [0, 1]; NaN rows where nothing is liked."""
        histories = weighted_matrix(people.histories, len(self.items), self.half_life)
        totals = np.asarray(histories.sum(axis=1)).ravel()
        used = np.unique(histories.indices)
        scores = np.zeros(histories.shape, dtype=np.float32)
        by_item = histories.tocsc()
        for start in range(0, len(used), BLOCK):
            some = used[start : start + BLOCK]
            near = raised(np.maximum(self.items[some] @ self.items.T, 0), self.power)
            scores += by_item[:, some] @ near
        scores /= np.where(totals > 0, totals, 1).astype(np.float32)[:, None]
        everything = np.ones(len(self.items), dtype=bool)
        return without_opinion(scores, informed(histories, everything), everything)


def raised(values: Array, power: float) -> Array:
    """float32 values to a power; a small whole one by multiplying, which is several times faster."""
    if power != int(power) or not 1 <= power <= MOST_FACTORS:
        return np.asarray(values ** np.float32(power))
    out = values.copy()
    for _ in range(int(power) - 1):
        out *= values
    return out
