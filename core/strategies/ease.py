"""EASE: each item predicted from all others by one linear model, in closed form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..registry import knob
from ..splits import People, Training
from ..types import Array
from .closed_form import Dual, Primal, heard_items, solve
from .matrices import half_life_knob, informed, training_matrix, weighted_matrix, without_opinion


@dataclass(frozen=True, slots=True)
class Ease:
    """score = h B, B from Steck 2019 (core/strategies/closed_form.py); h fades with the position in the history.

    B is learned from plain likes; only the history that is asked with fades.
    """

    key: ClassVar[str] = "ease"
    label: ClassVar[str] = "EASE"
    order: ClassVar[int] = 9
    embedded: ClassVar[bool] = False
    quick: ClassVar[bool] = True

    ease_l2: float = knob(200.0, "how strongly EASE is held back from fitting noise", low=0.1, high=10_000, step=50)
    ease_half_life: float = half_life_knob(25.0)

    def fit(self, training: Training) -> FittedEase:
        """Solve. Raises InputError where nothing is liked or the system is too large."""
        rows = training_matrix(training, self.label)
        return FittedEase(solve(rows, self.ease_l2), heard_items(rows, training.known), self.ease_half_life)


@dataclass(frozen=True, slots=True, eq=False)
class FittedEase:
    """model: the solved system. heard: (n_items,) bool, items it has an opinion on. half_life: of histories."""

    model: Dual | Primal
    heard: Array
    half_life: float

    def score(self, people: People) -> Array:
        """(n_people, n_items) float32; NaN for unheard items, and rows without one heard item that is liked."""
        histories = weighted_matrix(people.histories, len(self.heard), self.half_life)
        return without_opinion(self.model.score(histories), informed(histories, self.heard), self.heard)

    def weights(self, sources: Array, target: int) -> Array:
        """(len(sources),) float64: what one unit of each source item adds to the target's score, exactly B."""
        return self.model.weights(sources, target)
