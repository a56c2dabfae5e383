"""Two-tower: learned item vectors, and users as the recency-weighted sum of what their histories contribute."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar

import numpy as np

from ..errors import InputError
from ..protocols.cold_items import ColdItems
from ..protocols.warm import Warm
from ..registry import knob
from ..splits import COLD_ITEMS, HistorySide, People, Split, Training, owners
from ..train.loop import train
from ..train.settings import LOSSES, OPTIMISERS, Epoch, Trained, TrainSettings
from ..train.towers import pooling, user_table
from ..types import Array, UserVectors, readonly


@dataclass(frozen=True, slots=True)
class TwoTower:
    """score = u . v (core/train/towers.py).

    First trained without a validation part, which finds the best number of epochs; then, where ``tower_refit`` is on,
    on everything for that many.
    """

    key: ClassVar[str] = "two-tower"
    label: ClassVar[str] = "Two-tower: trained vectors"
    order: ClassVar[int] = 12
    embedded: ClassVar[bool] = True

    tower_dim: int = knob(64, "width of the learned vectors", low=2, high=512, step=8)
    tower_loss: str = knob(
        "softmax",
        "what training makes small: softmax over all items or over sampled ones, binary cross-entropy with sampled "
        "negatives, or the squared error on ratings",
        choices=LOSSES,
    )
    tower_optimiser: str = knob("adam", "how parameters follow the gradient", choices=OPTIMISERS)
    tower_lr: float = knob(0.003, "learning rate: how far one step goes", low=1e-6, high=1e6, step=0.001)
    tower_batch: int = knob(64, "users in one step", low=1, high=65536, step=16, unit="users")
    tower_epochs: int = knob(40, "passes over the users at most", low=1, high=1000, step=5)
    tower_negatives: int = knob(
        5,
        "sampled negatives: for each positive (bce), or for each user of the batch (sampled-softmax)",
        low=1,
        high=500,
    )
    tower_positive_weight: float = knob(
        1.0, "how much a positive weighs against one negative (bce)", low=0.01, high=1000, step=0.5
    )
    tower_popularity: float = knob(
        0.0,
        "popularity correction of the softmax losses: 0 = vectors carry popularity, 1 = they are freed of it",
        low=0,
        high=1,
        step=0.1,
    )
    tower_id_dropout: float = knob(
        0.2, "share of items known by their text alone in a step, so that new items work", low=0, high=1, step=0.1
    )
    tower_half_life: float = knob(
        25.0, "liked items after which an older one counts half; 0 = age does not matter", low=0, high=1000, step=5
    )
    tower_weight_decay: float = knob(0.0, "pull of all parameters towards 0", low=0, high=10, step=0.0001)
    tower_patience: int = knob(
        5, "epochs without a better validation recall before training ends; 0 = never early", low=0, high=1000
    )
    tower_refit: bool = knob(True, "train once more on everything, validation part included, for the best epochs found")

    def settings(self, seed: int) -> TrainSettings:
        """The knobs as the training reads them."""
        names = (name for name in TrainSettings.__dataclass_fields__ if name != "seed")
        return TrainSettings(**{name: getattr(self, f"tower_{name}") for name in names}, seed=seed)

    def fit(self, training: Training) -> FittedTowers:
        """Train; raises InputError where there is too little to learn from, or the loss is not finite."""
        return self.fit_watched(training, lambda done, total, eta_s: None)

    def fit_watched(self, training: Training, progress: Callable[[int, int, float], None]) -> FittedTowers:
        """The same, with ``progress`` called after every epoch: epochs done, of at most, seconds left at most."""
        settings, cut = self.settings(training.seed), validation(training)
        twice = cut is not None and self.tower_refit

        def told(before: int, total: int) -> Callable[[Epoch, Trained], None]:
            def tell(epoch: Epoch, model: Trained) -> None:
                done = before + epoch.epoch
                progress(done, total, epoch.seconds / epoch.epoch * (total - done))

            return tell

        if cut is None:
            return FittedTowers(train(training, settings, on_epoch=told(0, settings.epochs)))
        inner, valid = cut
        total = settings.epochs * (2 if twice else 1)
        found = train(inner, settings, valid=valid, on_epoch=told(0, total))
        if twice:
            best, before = found.best_epoch, settings.epochs
            found = train(training, replace(settings, epochs=best), on_epoch=told(before, before + best))
        return FittedTowers(found)


def validation(training: Training) -> tuple[Training, Split] | None:
    """Training without the part that early stopping watches, and that part: cut by the protocol that suits the task.

    None where the log is too small for one.
    """
    protocol = ColdItems(cold_seeds=1) if training.task == COLD_ITEMS else Warm()
    try:
        split = protocol(training.interactions, training.known, training.seed).splits[0]
    except InputError:
        return None
    if not len(split.people):
        return None
    return replace(training, interactions=split.train, known=split.known), split


@dataclass(frozen=True, slots=True, eq=False)
class FittedTowers:
    """A trained model that serves."""

    model: Trained

    def item_vectors(self) -> Array:
        """(n_items, dim + 1) float32; the last column is the item's bias."""
        return self.model.items

    def history_vectors(self) -> Array:
        """(n_items, dim) float32: what each item adds to a user vector, times its weight in the history."""
        return self.model.history

    def history_side(self, people: People) -> HistorySide:
        """See ``core.splits.Linear``: pooled history vectors, with a 0 where the offset puts the 1 for the bias."""
        weights = pooling(people.histories, self.model.settings.half_life)
        totals = np.bincount(owners(people.histories), weights, minlength=len(people))
        vectors, offset = _served_history(self)
        return HistorySide(vectors, offset, weights, totals)

    def user_vectors(self, people: People) -> UserVectors:
        """(n, dim + 1) with a last column of 1; NaN rows for people who liked nothing."""
        values, known = user_table(people.histories, self.model.history, self.model.settings.half_life)
        values[~known] = np.nan
        return UserVectors(people.users, readonly(values), known, known)

    def score(self, people: People) -> Array:
        """(n_people, n_items) float32; NaN rows for people who liked nothing."""
        return self.user_vectors(people).values @ self.model.items.T


@lru_cache(maxsize=2)
def _served_history(fitted: FittedTowers) -> tuple[Array, Array]:
    """(n_items, dim + 1) float32, and the offset (dim + 1,) that stands for the bias."""
    history = fitted.model.history
    offset = np.zeros(history.shape[1] + 1, dtype=np.float32)
    offset[-1] = 1.0
    return readonly(np.pad(history, ((0, 0), (0, 1)))), readonly(offset)
