"""Multi-channel recall, learned: what the channels say and what is known of a person and an item, weighed by trees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, ClassVar

import numpy as np

from ..errors import InputError
from ..protocols.cold_items import ColdItems
from ..protocols.cold_users import ColdUsers
from ..protocols.warm import Warm
from ..registry import knob
from ..splits import COLD_ITEMS, COLD_USERS, People, Split, Training, owners
from ..types import Array
from .fusion_score import CHANNELS as SUMMED
from .learned_sources import Sources, sources_for

CHANNELS = {
    COLD_ITEMS: SUMMED[COLD_ITEMS],
    COLD_USERS: "ease=1, sequence=1.5, popularity=0.25, item-knn=0.1, user-knn=0.1",
}
"""Channels and weights by task; the weights decide the candidates and the order below them."""
USUAL = (
    "ease=1, sequence=1.5, content-nearest=0.25, ease-features=0.1, item-knn=0.1, user-knn=0.1, "
    "als=0.1, bpr=0.02, popularity=0.02, recent-popularity=0.02"
)
FEWEST_LABELS = 100
"""Held-back positives among the candidates, below which nothing is learned from them."""
MOST_PEOPLE = 3000
"""People whose candidates are learned from in one cut, which bounds time and memory."""
RIVALS = 0.25
"""Part of the candidates not held back that each model is shown, drawn anew for each: quicker, and no worse."""
MOST_ROWS = 200_000
"""Such candidates at most."""
SMALLEST_LEAF = 50
COLD_CUTS = 3
BLOCK = 512
"""People scored at once, which bounds memory."""
Progress = Callable[[int, int, float], None]


@dataclass(frozen=True, slots=True)
class FusionLearned:
    """score = what gradient-boosted trees give a candidate, between 0 and 1, for the best by the weighted sum of
    standardised scores; all other items follow in the order of that sum, with scores of 0 and below. It is no
    probability: the trees saw a quarter of what was not held back.

    Part of what is learned from is held back by the protocol that suits the task, channels and counts are made from the
    rest, and the trees learn which of the candidates were held back. Then channels and counts are made anew from
    everything. Where fewer than 100 labels are found there is nothing to weigh with: the score is the plain sum.
    """

    key: ClassVar[str] = "fusion-learned"
    label: ClassVar[str] = "Fusion learned: channels weighed by trees"
    order: ClassVar[int] = 22
    embedded: ClassVar[bool] = False
    reads_space: ClassVar[bool] = True

    fusion_channels: str = knob(
        "", "strategies to merge with their weights: ease=1, sequence=1.5; empty = what suits the task"
    )
    learned_candidates: int = knob(
        300, "items that are ordered anew, the best by the weighted sum", low=10, high=5000, step=50, unit="items"
    )
    learned_rounds: int = knob(200, "trees, each correcting those before it", low=1, high=2000, step=10, unit="trees")
    learned_rate: float = knob(0.05, "how much of the error each tree takes away", low=0.001, high=1, step=0.01)
    learned_leaves: int = knob(15, "leaves of a tree", low=2, high=255, step=1, unit="leaves")
    learned_models: int = knob(
        4, "models that differ by the rows and features their trees see, averaged", low=1, high=50, step=1
    )

    def fit(self, training: Training) -> FittedFusionLearned:
        """Learn. Raises InputError, UnknownNameError for channels that cannot be merged."""
        return self.fit_watched(training, lambda done, total, eta_s: None)

    def fit_watched(self, training: Training, progress: Progress) -> FittedFusionLearned:
        """The same, with ``progress`` called after every step: steps done, of at most, seconds left at a like pace."""
        channels = self.fusion_channels or CHANNELS.get(training.task, USUAL)
        splits = _held_back(training)
        steps = Steps(progress, 2 * len(splits) + self.learned_models + 1)
        sources = sources_for(training, channels)
        steps.made()
        return FittedFusionLearned(sources, self._learn(training, channels, splits, steps), self.learned_candidates)

    def _learn(self, training: Training, channels: str, splits: tuple[Split, ...], steps: Steps) -> Forests | None:
        """The trees, None where there are too few labels."""
        tables, labels = [], []
        for split, sources in _fitted(training, channels, splits):
            steps.made()
            people, relevant, hidden = split.people, split.relevant, split.hidden
            if len(people) > MOST_PEOPLE:
                drawn = np.sort(np.random.default_rng(training.seed).choice(len(people), MOST_PEOPLE, replace=False))
                people, relevant, hidden = people.take(drawn), relevant.take(drawn), hidden.take(drawn)
            for start in range(0, len(people), BLOCK):
                rows = np.arange(start, min(start + BLOCK, len(people)))
                seen = sources.look(people.take(rows), self.learned_candidates, split.rankable)
                states = np.zeros(seen.total.shape, dtype=np.int8)
                states[relevant.take(rows).pairs()] = 1
                states[hidden.take(rows).pairs()] = -1
                state = np.take_along_axis(states, seen.places, axis=1)
                used = (seen.there & (state >= 0)).ravel()
                tables.append(seen.table[used])
                labels.append(state.ravel()[used])
            steps.made()
        if not labels or np.concatenate(labels).sum() < FEWEST_LABELS:
            return None
        return self._grown(np.concatenate(tables), np.concatenate(labels), training.seed, steps)

    def _grown(self, table: Array, labels: Array, seed: int, steps: Steps) -> Forests | None:
        """table: (n, n_features) float32. labels: (n,), 1 where a candidate was held back."""
        if len(np.unique(labels)) < 2:
            return None
        told = np.asarray(np.isfinite(table).any(axis=0))
        models = []
        for number in range(self.learned_models):
            models.append(self._one(table[:, told], labels, seed + number))
            steps.made()
        return Forests(tuple(models), told)

    def _one(self, table: Array, labels: Array, seed: int) -> Any:
        from sklearn.ensemble import HistGradientBoostingClassifier
        from threadpoolctl import threadpool_limits

        kept = labels > 0
        rivals = np.flatnonzero(~kept)
        size = min(len(rivals), max(round(RIVALS * len(rivals)), FEWEST_LABELS), MOST_ROWS)
        kept[np.random.default_rng(seed).choice(rivals, size, replace=False)] = True
        model = HistGradientBoostingClassifier(
            max_iter=self.learned_rounds,
            learning_rate=self.learned_rate,
            max_leaf_nodes=self.learned_leaves,
            min_samples_leaf=SMALLEST_LEAF,
            l2_regularization=10.0,
            max_features=0.5,
            early_stopping=False,
            random_state=seed,
        )
        # Its threads wait for one another at every node: on a busy machine many are slower than one.
        with threadpool_limits(1, "openmp"):
            return model.fit(table[kept], labels[kept])


@dataclass(frozen=True, slots=True, eq=False)
class Forests:
    """models: fitted classifiers. told: (n_features,) bool, the columns that held anything when they were fitted."""

    models: tuple[Any, ...]
    told: Array

    def probabilities(self, table: Array) -> Array:
        """(n, n_features) -> (n,) float64, the mean over the models."""
        given = table[:, self.told]
        return np.asarray(np.mean([model.predict_proba(given)[:, 1] for model in self.models], axis=0))


def _held_back(training: Training) -> tuple[Split, ...]:
    """Validation splits, cut as suits the task; none where the log is too small."""
    protocol: Any = {COLD_ITEMS: ColdItems(cold_seeds=COLD_CUTS), COLD_USERS: ColdUsers()}.get(training.task, Warm())
    try:
        splits = protocol(training.interactions, training.known, training.seed).splits
    except InputError:
        return ()
    return tuple(split for split in splits if len(split.people))


def _fitted(training: Training, channels: str, splits: tuple[Split, ...]) -> Iterator[tuple[Split, Sources]]:
    """Each split with what was fitted on the rest of the log; splits that share a rest share that."""
    before: tuple[Split, Sources] | None = None
    for split in splits:
        if before is None or before[0].train is not split.train:
            inner = replace(training, interactions=split.train, known=split.known)
            try:
                before = split, sources_for(inner, channels)
            except InputError:
                return
        yield split, before[1]


class Steps:
    """Counts steps of a like length and tells how long the others will take."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done, self._start = progress, total, 0, perf_counter()

    def made(self) -> None:
        """One more is done."""
        self._done += 1
        left = (perf_counter() - self._start) / self._done * (self._total - self._done)
        self._progress(self._done, self._total, left)


@dataclass(frozen=True, slots=True, eq=False)
class FittedFusionLearned:
    """sources: what was fitted on everything. forests: None where the score is the plain sum. size: of
    the candidates that are ordered anew."""

    sources: Sources
    forests: Forests | None
    size: int

    def score(self, people: People) -> Array:
        """(n_people, n_items) float32; NaN where no channel has an opinion."""
        nobody = np.zeros((0, len(self.sources.parts.among)), dtype=np.float32)
        blocks = np.split(np.arange(len(people)), range(BLOCK, len(people), BLOCK)) if len(people) else []
        return np.concatenate([nobody, *(self._score(people.take(rows)) for rows in blocks)])

    def _score(self, people: People) -> Array:
        if self.forests is None:
            return self.sources.total(people)
        seen = self.sources.look(people, self.size, self.sources.parts.among)
        learned = self.forests.probabilities(seen.table).reshape(seen.places.shape)
        total = np.array(seen.total)
        rest = np.where(np.isnan(total), -np.inf, total)
        rows = np.arange(len(people))[:, None]
        rest[rows, seen.places] = -np.inf
        rest[owners(people.histories), people.histories.items] = -np.inf
        best = rest.max(axis=1, keepdims=True)
        out = np.minimum(total - np.where(np.isfinite(best), best, 0), 0)
        out[rows, seen.places] = np.where(seen.there, learned, out[rows, seen.places])
        return out.astype(np.float32)

    def channels(self, people: People, items: Array) -> Mapping[str, Array]:
        """See ``core.splits.Merged``."""
        return self.sources.parts.ranks(people, items)
