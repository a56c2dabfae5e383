"""Fit every strategy on every split, and keep what each one answered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from ..embed.encoder import CancelFlag
from ..errors import Cancelled, InputError, IntegrityError
from ..kept_fits import code_digest, learning_code
from ..modelled import model_choices, plays_part, with_user_model
from ..recipe import Recipe
from ..registry import stage
from ..serving import text_vectors
from ..splits import Fitted, Split, Training
from ..store.paths import cache_dir
from ..store.sealed import read_sealed, write_sealed
from ..types import Array, Dataset, Vectors, readonly
from ..vectors import embed_items
from .judge import ranked_of, world_of
from .types import Evaluation, Plan, Ranked

KIND = "ranked"
VERSION = 2
"""Raised whenever the same plan would give other lists than before."""
MODELLING = ("users", "modelled.py", "select")
"""Code that decides, besides what is learned, the answers of strategies asked by way of a user model."""
Progress = Callable[[int, int, float | None], None]


def evaluate(
    plan: Plan, dataset: Dataset, *, progress: Progress | None = None, cancel: CancelFlag | None = None
) -> Evaluation:
    """Every strategy of a plan on every split of its protocol; answers that are kept already are not made again.

    progress: called with (answers done, answers in all, seconds left or None), at the start and after each.
    Raises InputError where the protocol finds nobody to ask or a strategy has nothing to learn from, Cancelled
    (finished answers stay kept).
    """
    task = _Task(plan, dataset)
    ranked: dict[str, tuple[Ranked, ...]] = {}
    total, done, began = len(plan.recipes) * len(task.splits), 0, perf_counter()
    if progress is not None:
        progress(0, total, None)
    for recipe in plan.recipes:
        answers, fits = [], _Fits(recipe, task)
        for number in range(len(task.splits)):
            if cancel is not None and cancel.is_set():
                raise Cancelled("the evaluation was stopped; answers that were finished are kept")
            answers.append(task.kept(recipe, number) or task.answered(fits, number))
            done += 1
            if progress is not None:
                progress(done, total, (perf_counter() - began) / done * (total - done))
        ranked[recipe.strategy] = tuple(answers)
    return task.evaluation(ranked)


def stored(plan: Plan, dataset: Dataset) -> Evaluation | None:
    """The evaluation from what is kept, or None where any answer of it is missing. Raises InputError as above."""
    task = _Task(plan, dataset)
    ranked: dict[str, tuple[Ranked, ...]] = {}
    for recipe in plan.recipes:
        answers: list[Ranked] = []
        for number in range(len(task.splits)):
            found = task.kept(recipe, number)
            if found is None:
                return None
            answers.append(found)
        ranked[recipe.strategy] = tuple(answers)
    return task.evaluation(ranked)


def splits_of(plan: Plan, dataset: Dataset) -> tuple[tuple[Split, ...], tuple[str, ...]]:
    """The splits of a plan that ask somebody, and what has to be said about them. Raises InputError where none does."""
    known = readonly(np.ones(len(dataset.catalog), dtype=bool))
    cut = stage("protocols").get(plan.protocol)(**dict(plan.protocol_options))(dataset.interactions, known, plan.seed)
    if not any(len(split.people) for split in cut.splits):
        raise InputError(
            f"no user of {dataset.name} can be tested by the protocol {plan.protocol}: "
            "histories are too short; choose another protocol"
        )
    asked = tuple(split for split in cut.splits if len(split.people))
    gone = len(cut.splits) - len(asked)
    said = (f"{gone} of {len(cut.splits)} draws hold nothing back from anybody and are left out.",) if gone else ()
    return asked, (*cut.notices, *said)


def key_of(plan: Plan, recipe: Recipe, dataset: Dataset, vectors: Vectors, number: int) -> str:
    """32 hex digits over everything that decides an answer."""
    knobs = {spec.name for spec in stage("strategies").knobs(recipe.strategy)}
    chosen = sorted((name, value) for name, value in recipe.options if name in knobs)
    parts = [
        *(VERSION, learning_code(), dataset.fingerprint, vectors.fingerprint),
        *(plan.protocol, *plan.protocol_options, plan.seed, number),
        *(recipe.strategy, chosen),
    ]
    if plays_part(recipe):
        flat = recipe.to_flat()
        parts += [code_digest(MODELLING), [(name, flat[name]) for name in model_choices(recipe)]]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


class _Task:
    """A plan with all it needs: vectors, splits, and what has to be said."""

    def __init__(self, plan: Plan, dataset: Dataset) -> None:
        embedding = plan.recipes[0]
        self.plan, self.dataset = plan, dataset
        self.splits, said = splits_of(plan, dataset)
        self.vectors, self.text = embed_items(embedding, dataset), text_vectors(embedding, dataset)
        self.notices = list(said)

    def key(self, recipe: Recipe, number: int) -> str:
        return key_of(self.plan, recipe, self.dataset, self.vectors, number)

    def kept(self, recipe: Recipe, number: int) -> Ranked | None:
        return _kept(self.key(recipe, number), self.notices)

    def answered(self, fits: _Fits, number: int) -> Ranked:
        """The answer on one split, made and kept."""
        fitted, fit_s = fits.on(self.splits[number])
        began, key = perf_counter(), self.key(fits.recipe, number)
        arrays = ranked_of(fitted, self.splits[number])
        meta = {"kind": KIND, "key": key, "fit_s": repr(fit_s), "score_s": repr(perf_counter() - began)}
        try:
            write_sealed(_path(key), arrays, meta)
        except OSError as error:
            self.notices.append(f"Results could not be kept ({error.strerror}) and will be computed again next time.")
        return _ranked(arrays, meta)

    def evaluation(self, ranked: dict[str, tuple[Ranked, ...]]) -> Evaluation:
        worlds = tuple(world_of(split, self.dataset.catalog, self.text) for split in self.splits)
        return Evaluation(
            *(self.plan, self.dataset.name, self.dataset.fingerprint, self.splits, worlds, ranked, tuple(self.notices))
        )


class _Fits:
    """One strategy, fitted once for each training log."""

    def __init__(self, recipe: Recipe, task: _Task) -> None:
        self.recipe, self._task = recipe, task
        self._last: tuple[Any, Fitted, float] | None = None

    def on(self, split: Split) -> tuple[Fitted, float]:
        """The fitted strategy and the seconds fitting took."""
        if self._last is None or self._last[0] is not split.train:
            began, task = perf_counter(), self._task
            training = Training(
                *(task.dataset.catalog, split.train, task.vectors, task.text, split.known, split.task, task.plan.seed)
            )
            fitted = with_user_model(self.recipe, self.recipe.build("strategies").fit(training))
            self._last = split.train, fitted, perf_counter() - began
        return self._last[1], self._last[2]


def _kept(key: str, notices: list[str]) -> Ranked | None:
    try:
        arrays, meta = read_sealed(_path(key), {"kind": KIND, "key": key})
        return _ranked(arrays, meta)
    except FileNotFoundError:
        return None
    except (IntegrityError, KeyError, ValueError) as error:
        notices.append(f"A kept result could not be used and is computed again: {error}.")
        return None


def _ranked(arrays: dict[str, Array], meta: dict[str, str]) -> Ranked:
    channels = {name.removeprefix("channel:"): ranks for name, ranks in arrays.items() if name.startswith("channel:")}
    own = {name: readonly(array) for name, array in arrays.items() if not name.startswith("channel:")}
    return Ranked(**own, fit_s=float(meta["fit_s"]), score_s=float(meta["score_s"]), channels=channels)


def _path(key: str) -> Path:
    return cache_dir() / "evaluations" / f"{key}.safetensors"
