"""The values of an evaluation: what was asked, what each strategy answered, and how it did.

Plan --run--> Evaluation (lists of every strategy on every split) --report--> Measures, comparisons, segments
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import UnknownNameError
from ..metrics.judged import World
from ..recipe import Recipe
from ..registry import stage
from ..splits import Split
from ..types import Array


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be compared. recipes: one a strategy, ``Recipe.strategy`` names it; all share data set and embedding.

    protocol: key of ``core.protocols``. seed: of the cut and of every strategy. protocol_options: sorted (knob, value)
    pairs of the protocol that differ from their defaults; given ones are checked, and defaults dropped, so that equal
    plans are equal. Raises UnknownNameError, OutOfRangeError.
    """

    recipes: tuple[Recipe, ...]
    protocol: str
    seed: int = 0
    protocol_options: tuple[tuple[str, Any], ...] = ()

    def __post_init__(self) -> None:
        specs = {spec.name: spec for spec in stage("protocols").knobs(self.protocol)}
        for name, _ in self.protocol_options:
            if name not in specs:
                raise UnknownNameError(f"setting of the protocol {self.protocol}", name, specs)
        given = {name: specs[name].parse(raw) for name, raw in self.protocol_options}
        changed = sorted((name, value) for name, value in given.items() if value != specs[name].default)
        object.__setattr__(self, "protocol_options", tuple(changed))


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """What one strategy answered on one split.

    items: (n_people, 100) int32, best first, -1 where padded. scores: (n_people, 100) float32, NaN where padded.
    thresholds: (n_t,) float32 ascending, on the strategy's own scale. n_above: (n_people, n_t) int32 candidates with at
    least that score. hits_above: the relevant ones among them. fit_s, score_s: seconds it took.
    channels: for merged lists the rank (from 1, 0 = none) each channel gave the items listed, (n_people, 100) int16 by
    name, which holds MERGED_DEPTH.
    """

    items: Array
    scores: Array
    thresholds: Array
    n_above: Array
    hits_above: Array
    fit_s: float
    score_s: float
    channels: Mapping[str, Array]


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """A plan, its splits and every answer: ``ranked[strategy key][split number]``. worlds: one a split.

    notices: what has to be said about how the numbers must be read.
    """

    plan: Plan
    dataset: str
    fingerprint: str
    splits: tuple[Split, ...]
    worlds: tuple[World, ...]
    ranked: Mapping[str, tuple[Ranked, ...]]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """A mean over users and its 95 % bootstrap interval (jackknife where the metric belongs to all lists together).

    n: users with a defined value. over_seeds: (mean, standard deviation) over the splits of a protocol that repeats
    itself, None otherwise.
    """

    mean: float
    low: float
    high: float
    n: int
    over_seeds: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Strategy a against b on the same users: delta = mean(a - b) with its interval; p by sign-flip permutation,
    p_holm corrected over all pairs of this metric. verdict: "a", "b" (the better one) or "none" (not distinguishable);
    words: the verdict as a sentence."""

    a: str
    b: str
    metric: str
    delta: float
    low: float
    high: float
    p: float
    p_holm: float
    verdict: str
    words: str
    n: int


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of the users (or of the relevant items): by: one of ``segments.PARTS``.
    n_users, n_relevant: what it holds. measures: by strategy key."""

    by: str
    name: str
    n_users: int
    n_relevant: int
    measures: Mapping[str, Measure]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A metric against K = 1..100. mean, low, high: (100,) float64."""

    mean: Array
    low: Array
    high: Array


@dataclass(frozen=True, slots=True, eq=False)
class ThresholdCurve:
    """Precision, recall and F1 (means over users) of keeping every candidate with at least the score.

    thresholds, precision, recall, f1, kept (mean length of the list): (n_t,) float64. best: place of the highest F1.
    A user whose list is empty at a threshold has no precision and is left out of its mean; recall and F1 are 0 there.
    """

    thresholds: Array
    precision: Array
    recall: Array
    f1: Array
    kept: Array
    best: int


@dataclass(frozen=True, slots=True)
class UserDelta:
    """One user of a pairwise look: value of the metric under a and b; user: index in the data set; split: number of
    the split; row: her row in it."""

    user: int
    split: int
    row: int
    a: float
    b: float
