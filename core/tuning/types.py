"""The values of a search: what is asked, what was tried, and what came out.

Question + space --run--> Tries (each kept as soon as it is done) --> Outcome
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..evaluate.types import Measure
from ..recipe import Recipe
from ..registry import stage
from ..splits import Split
from ..types import Array, Interactions

RANDOM, GRID = "random", "grid"
SEARCHES = (RANDOM, GRID)


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be made better. recipe: data set, embedding, strategy, K, seed, and the knobs of the first try.

    protocol: key of ``core.protocols``. metric: key of a metric with a value for each user. protocol_options: knobs of
    the protocol that are not its defaults, as in ``Plan``.
    """

    recipe: Recipe
    protocol: str
    metric: str = "ndcg"
    protocol_options: tuple[tuple[str, Any], ...] = ()

    def cut(self, log: Interactions, known: Array) -> tuple[Split, ...]:
        """The splits of the protocol on any log. known: (n_items,) bool, items that may be used. Raises InputError."""
        protocol = stage("protocols").get(self.protocol)(**dict(self.protocol_options))
        splits: tuple[Split, ...] = protocol(log, known, self.recipe.seed).splits
        return splits


@dataclass(frozen=True, slots=True)
class Try:
    """One set of knobs and how it did on the validation users.

    values: every knob of the strategy. measure: mean and interval of the metric, None where the try failed. gain: the
    mean of (this try - first try) over the same users with its interval, None where either failed. seconds: fit and
    lists. failure: why there is no measure, one sentence, else "".
    """

    values: Mapping[str, Any]
    measure: Measure | None
    gain: Measure | None
    seconds: float
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished search. tries: the first one is the defaults. best: place of the best of them, the earlier of equals.

    n_run: tries that were not on record before. n_recorded: all tries on record, those of other searches included.
    path: the record. notices: sentences on how the numbers must be read.
    """

    question: Question
    tries: tuple[Try, ...]
    best: int
    n_run: int
    n_recorded: int
    path: Path
    notices: tuple[str, ...] = ()
