"""Multi-channel recall by scores: each channel's scores on one scale, added up with weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ..registry import knob
from ..splits import COLD_ITEMS, COLD_USERS, People, Training
from ..types import Array
from .merging import Channels, channels_for

CHANNELS = {
    COLD_ITEMS: "content-ridge=1, predicted-popularity=0.8, ease-features=0.2, content-nearest=0.2",
    COLD_USERS: "ease=1, sequence=1.5, popularity=0.25",
}
"""Channels and weights by task; chosen on validation rows."""
USUAL = "ease=1, sequence=1.5, content-nearest=0.25"


@dataclass(frozen=True, slots=True)
class FusionScore:
    """score = sum over channels of weight * z, z = (s - mean) / standard deviation of the channel's scores for one user
    over the items she does not have. A channel without an opinion on an item adds 0 (Fox & Shaw 1994, CombSUM)."""

    key: ClassVar[str] = "fusion-score"
    label: ClassVar[str] = "Fusion score: sum of standardised scores"
    order: ClassVar[int] = 21
    embedded: ClassVar[bool] = False
    reads_space: ClassVar[bool] = True

    fusion_channels: str = knob(
        "", "strategies to merge with their weights: ease=1, sequence=1.5; empty = what suits the task"
    )

    def fit(self, training: Training) -> FittedFusionScore:
        """Fit every channel. Raises InputError, UnknownNameError for channels that cannot be merged."""
        return FittedFusionScore(channels_for(self.fusion_channels, CHANNELS.get(training.task, USUAL), training))


@dataclass(frozen=True, slots=True, eq=False)
class FittedFusionScore:
    """The fitted channels."""

    parts: Channels

    def score(self, people: People) -> Array:
        """(n_people, n_items) float32; NaN where no channel has an opinion."""
        return self.parts.summed(self.parts.standardised(people))

    def channels(self, people: People, items: Array) -> Mapping[str, Array]:
        """See ``core.splits.Merged``."""
        return self.parts.ranks(people, items)
