"""Multi-channel recall by ranks: what several channels rank high comes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import knob
from ..splits import People, Training
from ..types import Array
from .fusion_score import CHANNELS, USUAL
from .merging import Channels, channels_for, ranks_of


@dataclass(frozen=True, slots=True)
class FusionRank:
    """score = sum over channels of weight / (constant + rank), ranks from 1 among the items a user does not have.

    An item below a channel's first 500 gets nothing from it. Cormack, Clarke & Buettcher 2009.
    """

    key: ClassVar[str] = "fusion-rank"
    label: ClassVar[str] = "Fusion rank: reciprocal ranks"
    order: ClassVar[int] = 20
    embedded: ClassVar[bool] = False
    reads_space: ClassVar[bool] = True

    fusion_channels: str = knob(
        "", "strategies to merge with their weights: ease=1, sequence=1.5; empty = what suits the task"
    )
    fusion_constant: float = knob(60.0, "the higher, the less the first ranks stand out", low=1, high=1000, step=10)

    def fit(self, training: Training) -> FittedFusionRank:
        """Fit every channel. Raises InputError, UnknownNameError for channels that cannot be merged."""
        parts = channels_for(self.fusion_channels, CHANNELS.get(training.task, USUAL), training)
        return FittedFusionRank(parts, self.fusion_constant)


@dataclass(frozen=True, slots=True, eq=False)
class FittedFusionRank:
    """The fitted channels."""

    parts: Channels
    constant: float

    def score(self, people: People) -> Array:
        """(n_people, n_items) float32 above 0; NaN where no channel brings the item."""
        total = np.zeros((len(people), len(self.parts.among)))
        for name, scores in self.parts.scores(people).items():
            ranks = ranks_of(np.where(self.parts.among, scores, np.nan), people)
            total += np.where(ranks > 0, self.parts.weights[name] / (self.constant + ranks), 0)
        return np.where(total > 0, total, np.nan).astype(np.float32)

    def channels(self, people: People, items: Array) -> Mapping[str, Array]:
        """See ``core.splits.Merged``."""
        return self.parts.ranks(people, items)
