"""Try one set of knobs after another on the validation part, and keep each result at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from time import perf_counter
from typing import Any

import numpy as np

from ..embed.encoder import CancelFlag
from ..errors import Cancelled, InputError, IntegrityError
from ..evaluate.judge import batches, candidates_of, padded, world_of
from ..evaluate.report import measured, per_user
from ..evaluate.types import Evaluation, Plan, Ranked
from ..metrics.judged import DEPTH, World
from ..recipe import Recipe
from ..registry import stage
from ..select.scored import rank_scores
from ..serving import text_vectors
from ..splits import Fitted, Split, Training
from ..types import Array, Dataset, Vectors
from ..vectors import embed_items
from .held import training_part, validation_part
from .record import key_of, path_of, read_first, read_record, write_first, write_record
from .space import spelled
from .types import Outcome, Question, Try

Progress = Callable[[int, int, float | None], None]
FAILURES = (InputError, ArithmeticError, np.linalg.LinAlgError, MemoryError)
"""What one set of knobs may break by itself; anything else ends the search."""


def tune(
    question: Question,
    dataset: Dataset,
    space: Iterable[Mapping[str, Any]],
    tries: int,
    *,
    progress: Progress | None = None,
    cancel: CancelFlag | None = None,
) -> Outcome:
    """Run the first ``tries`` of a space whose first entry is the defaults; those on record are not run again.

    space: values of every knob of the strategy. progress: called with (tries done, tries in all, seconds left or
    None). Raises InputError where there is nothing to validate on or every try failed, Cancelled (finished tries stay
    on record).
    """
    wanted = list(islice(space, tries))
    bench = bench_of(question, dataset)
    log = _Log(question, dataset.fingerprint, bench, wanted[0])
    began, n_run = perf_counter(), 0
    for done, values in enumerate(wanted):
        if cancel is not None and cancel.is_set():
            raise Cancelled("the search was stopped; tries that were finished are kept")
        if not log.has(values):
            log.add(bench, values)
            n_run += 1
        if progress is not None:
            left = (perf_counter() - began) / n_run * (len(wanted) - done - 1) if n_run else None
            progress(done + 1, len(wanted), left)
    found = tuple(log.of(values) for values in wanted)
    best = best_of(question, found)
    few = (f"There are only {len(wanted):,} different tries.",) if len(wanted) < tries else ()
    return Outcome(question, found, best, n_run, len(log.tries), log.path, (*bench.notices, *few, *log.notices))


def best_of(question: Question, tries: Sequence[Try]) -> int:
    """Place of the best try, the earlier of equals. Raises InputError where all of them failed."""
    sign = -1.0 if stage("metrics").get(question.metric).better == "lower" else 1.0
    scores = [-np.inf if one.measure is None else sign * one.measure.mean for one in tries]
    if not np.isfinite(scores).any():
        raise InputError(f"none of {len(tries)} tries worked; the first said: {tries[0].failure}")
    return int(np.argmax(scores))


@dataclass(frozen=True, slots=True, eq=False)
class Bench:
    """Where tries are measured: the validation splits and all that a strategy learns from. It holds no test part."""

    question: Question
    dataset: str
    trainings: tuple[Training, ...]
    splits: tuple[Split, ...]
    worlds: tuple[World, ...]
    vectors: Vectors
    notices: tuple[str, ...]

    def values(self, recipe: Recipe) -> Array:
        """Fit and make lists -> (n_users,) float64, the metric at K for each validation user, ascending by user."""
        strategy, fits = recipe.build("strategies"), _Fits()
        ranked = tuple(
            _ranked(fits.on(strategy, training), split)
            for training, split in zip(self.trainings, self.splits, strict=True)
        )
        plan = Plan((recipe,), self.question.protocol, recipe.seed)
        answered = Evaluation(plan, self.dataset, "", self.splits, self.worlds, {recipe.strategy: ranked})
        values: Array = per_user(answered, self.question.metric, recipe.strategy, np.array([recipe.k]))[1][:, 0]
        return values


def bench_of(question: Question, dataset: Dataset) -> Bench:
    """Cut training off, then the validation part from it. Raises InputError."""
    recipe = question.recipe
    known = training_part(dataset, question)
    splits = validation_part(known, question)
    vectors, text = embed_items(recipe, dataset), text_vectors(recipe, dataset)
    trainings = tuple(
        Training(dataset.catalog, split.train, vectors, text, split.known, split.task, recipe.seed) for split in splits
    )
    worlds = tuple(world_of(split, dataset.catalog, text) for split in splits)
    return Bench(question, dataset.name, trainings, splits, worlds, vectors, known.notices)


class _Fits:
    """One fit for splits that share their training log."""

    def __init__(self) -> None:
        self._last: tuple[Any, Fitted] | None = None

    def on(self, strategy: Any, training: Training) -> Fitted:
        if self._last is None or self._last[0] is not training.interactions:
            self._last = training.interactions, strategy.fit(training)
        return self._last[1]


def _ranked(fitted: Fitted, split: Split) -> Ranked:
    """The lists of everybody; no thresholds are counted, which would take longer than the lists."""
    n, parts = len(split.people), []
    for rows in batches(n, len(split.known)):
        scores = candidates_of(fitted, split, rows)
        parts.append(padded(rank_scores(scores, min(DEPTH, scores.shape[1]))[0].items, -1))
    none = np.zeros((n, 0), dtype=np.float32)
    return Ranked(np.concatenate(parts), none, none[0], none, none, 0.0, 0.0, {})


class _Log:
    """The tries of a question: on disk and at hand."""

    def __init__(self, question: Question, fingerprint: str, bench: Bench, first: Mapping[str, Any]) -> None:
        self.question, self.fingerprint = question, fingerprint
        self.notices: list[str] = []
        self.key = key_of(question, first, fingerprint, bench.vectors.fingerprint)
        self.path = path_of(question, self.key)
        self.tries: dict[tuple[tuple[str, Any], ...], Try] = {}
        self._read()
        self._first = dict(first)
        self._base = read_first(self.path, self.key)

    def has(self, values: Mapping[str, Any]) -> bool:
        return spelled(values) in self.tries

    def of(self, values: Mapping[str, Any]) -> Try:
        return self.tries[spelled(values)]

    def _read(self) -> None:
        """Take over what is on disk: from before, or from another search at the same time."""
        try:
            for one in read_record(self.path, self.key):
                self.tries.setdefault(spelled(one.values), one)
        except IntegrityError as error:
            self.notices.append(f"The record of this search could not be used and is begun anew: {error}.")

    def add(self, bench: Bench, values: Mapping[str, Any]) -> None:
        """Run one set of knobs and keep what came out."""
        is_first = values == self._first
        if not is_first and self._base is None and self.of(self._first).measure is not None:
            self._keep_base(bench.values(self.question.recipe.replace(**self._first)))
        began = perf_counter()
        try:
            found = bench.values(self.question.recipe.replace(**values))
        except FAILURES as error:
            failure = " ".join(str(error).split()) or type(error).__name__
            self._append(Try(dict(values), None, None, perf_counter() - began, failure))
            return
        if is_first:
            self._keep_base(found)
        seconds = perf_counter() - began
        measure = measured(found)
        if np.isnan(measure.mean):
            self._append(Try(dict(values), None, None, seconds, f"{self.question.metric} is defined for nobody"))
            return
        gain = None if self._base is None else measured(found - self._base)
        self._append(Try(dict(values), replace(measure, over_seeds=None), gain, seconds))

    def _keep_base(self, values: Array) -> None:
        self._base = values
        self._write(lambda: write_first(self.path, self.key, values))

    def _append(self, one: Try) -> None:
        self._read()
        self.tries[spelled(one.values)] = one
        tries = list(self.tries.values())
        self._write(lambda: write_record(self.path, self.key, self.question, self.fingerprint, tries))

    def _write(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OSError as error:
            said = f"Tries could not be kept ({error.strerror}) and will be run again next time."
            if said not in self.notices:
                self.notices.append(said)
