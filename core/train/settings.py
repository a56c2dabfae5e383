"""What a training is told, and what it reports: plain values."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..types import Array

LOSSES = ("softmax", "sampled-softmax", "bce", "mse")
OPTIMISERS = ("adam", "sgd")
ONE_LOSS = {
    "negatives": ("sampled-softmax", "bce"),
    "positive_weight": ("bce",),
    "popularity": ("softmax", "sampled-softmax"),
}
"""Settings that play a part with some losses only."""


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """Every choice of a training; the strategy's knobs (core/strategies/two_tower.py) explain them.

    popularity: exponent of the popularity correction of the softmax losses. seed: of everything random.
    """

    dim: int = 64
    loss: str = "softmax"
    optimiser: str = "adam"
    lr: float = 0.003
    batch: int = 64
    epochs: int = 40
    negatives: int = 5
    positive_weight: float = 1.0
    popularity: float = 0.0
    id_dropout: float = 0.2
    half_life: float = 25.0
    weight_decay: float = 0.0
    patience: int = 5
    seed: int = 0

    def to_json(self) -> str:
        """One JSON object."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> TrainSettings:
        """The settings that :meth:`to_json` wrote."""
        return cls(**json.loads(text))

    def course(self) -> dict[str, Any]:
        """What shapes every step: two trainings that agree here may continue each other."""
        values = dataclasses.asdict(self)
        return {name: value for name, value in values.items() if name not in ("epochs", "patience")}


@dataclass(frozen=True, slots=True)
class Epoch:
    """One pass. epoch: from 1. loss: mean over its steps. recall: validation recall@10, NaN without a validation.
    seconds: since the training began, pauses left out. eta_s: seconds to the last epoch, at this pace."""

    epoch: int
    loss: float
    recall: float
    seconds: float
    eta_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """A model, and all that is needed to go on training it.

    items: (n_items, dim + 1) float32, the item tower's output, its last column the item's bias; history: (n_items, dim)
    float32, what an item adds to the user vector; both of the best epoch. now, best: the parameters by name.
    optimiser: its state by name. best_epoch: 0 before the first.
    """

    settings: TrainSettings
    items: Array
    history: Array
    now: Mapping[str, Array]
    best: Mapping[str, Array]
    optimiser: Mapping[str, Array]
    epochs: tuple[Epoch, ...]
    best_epoch: int

    @property
    def recall(self) -> float:
        """Validation recall@10 of the best epoch, NaN without a validation."""
        return self.epochs[self.best_epoch - 1].recall if self.best_epoch else float("nan")
