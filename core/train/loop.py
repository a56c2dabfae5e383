"""The training loop: epochs over users, early stopping on validation recall, resumable to the bit.

Each epoch every user's history is cut anew: a random part is what the user tower sees, the rest is to be predicted, so
that no target stands in its own history. All chance of an epoch comes from (seed, epoch), hence nothing but
parameters and optimiser state has to be kept to go on exactly.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Protocol

import numpy as np

from ..errors import Cancelled, InputError
from ..splits import Split, Training, liked_counts, owners, positives
from ..types import Array, readonly
from .losses import Batch, Pool, loss_of, pool_of
from .settings import Epoch, Trained, TrainSettings
from .towers import first_parameters, pooling, seen_liked, tables, text_features, user_matrix, user_table

RECALL_AT = 10
NOTHING = "there is nothing to train on: no user liked two items, one to know and one to predict"
NOT_FINITE = (
    "training stopped in epoch {epoch}: the loss is no longer a finite number, the steps were too large: use a lower "
    "learning rate (tower_lr, now {lr:g}), or adam as tower_optimiser"
)


class CancelFlag(Protocol):
    """Anything with ``is_set()``."""

    def is_set(self) -> bool:
        """Whether to stop."""
        ...


def train(
    training: Training,
    settings: TrainSettings,
    *,
    valid: Split | None = None,
    on_epoch: Callable[[Epoch, Trained], None] | None = None,
    cancel: CancelFlag | None = None,
    resume: Trained | None = None,
) -> Trained:
    """Train the towers on ``training.interactions``.

    valid: what early stopping watches; its rows must not stand in the training log. on_epoch: called after each epoch
    with its record and the model so far. cancel: ends after the epoch under way was dropped; the model so far comes
    back. resume: goes on from there, exactly as if never stopped.
    Raises InputError (nothing to learn from, a loss that is not finite, another training's ``resume``), Cancelled
    where not one epoch was finished.
    """
    job = _Job.of(training, settings)
    state = job.begin() if resume is None else _checked(resume, settings, job)
    optimiser, tensors = job.optimiser(state)
    began = perf_counter() - (state.epochs[-1].seconds if state.epochs else 0.0)
    while len(state.epochs) < settings.epochs and not _waited(state, settings, valid):
        number = len(state.epochs) + 1
        loss = job.epoch(number, tensors, optimiser, cancel)
        if loss is None:
            break
        now = {name: readonly(tensor.detach().numpy().copy()) for name, tensor in tensors.items()}
        items, history = tables(now, job.text, job.kept)
        recall = math.nan if valid is None else recall_at(valid, items, history, settings.half_life)
        seconds = perf_counter() - began
        epoch = Epoch(number, loss, recall, seconds, seconds / number * (settings.epochs - number))
        better = state.best_epoch == 0 or not recall <= state.recall
        state = Trained(
            settings,
            readonly(items if better else state.items),
            readonly(history if better else state.history),
            now,
            now if better else state.best,
            _optimiser_arrays(optimiser, tensors),
            (*state.epochs, epoch),
            number if better else state.best_epoch,
        )
        if on_epoch is not None:
            on_epoch(epoch, state)
    if not state.epochs:
        raise Cancelled("the training was stopped before its first epoch was finished; nothing is kept")
    return state


def recall_at(valid: Split, items: Array, history: Array, half_life: float) -> float:
    """Validation recall@10 of two tables."""
    users, _ = user_table(valid.people.histories, history, half_life)
    return mean_recall(valid, lambda rows: users[rows] @ items.T)


def mean_recall(valid: Split, score: Callable[[Array], Array]) -> float:
    """Mean over users of hits in the first 10 / relevant items; ties by item index; NaN without users.

    score: rows (n,) of the validation people -> (n, n_items) float scores, NaN = no opinion.
    """
    n_people, total = len(valid.people), 0.0
    for start in range(0, n_people, 1024):
        rows = np.arange(start, min(start + 1024, n_people))
        scores = np.array(score(rows))
        scores[:, ~valid.rankable] = -np.inf
        scores[valid.hidden.take(rows).pairs()] = -np.inf
        top = np.argsort(-scores, axis=1, kind="stable")[:, :RECALL_AT]
        wanted = np.zeros(scores.shape, dtype=bool)
        wanted[valid.relevant.take(rows).pairs()] = True
        n_wanted = wanted.sum(axis=1)
        wanted &= np.isfinite(scores)
        hits = np.take_along_axis(wanted, top, axis=1).sum(axis=1)
        total += float((hits / np.maximum(n_wanted, 1)).sum())
    return total / n_people if n_people else math.nan


def _waited(state: Trained, settings: TrainSettings, valid: Split | None) -> bool:
    """Whether recall has not risen for ``patience`` epochs."""
    waited = len(state.epochs) - state.best_epoch >= settings.patience
    return valid is not None and settings.patience > 0 and bool(state.epochs) and waited


def _checked(resume: Trained, settings: TrainSettings, job: _Job) -> Trained:
    if resume.settings.course() != settings.course():
        old, new = resume.settings.course(), settings.course()
        other = ", ".join(f"{name} was {old[name]}" for name in old if old[name] != new[name])
        raise InputError(f"this training cannot go on with other settings ({other}): use those, or start a new one")
    wanted = {name: array.shape for name, array in job.begin().now.items()}
    if {name: array.shape for name, array in resume.now.items()} != wanted:
        raise InputError("this training was made on another data set or other vectors: resume it there, or start anew")
    return resume


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """The training log made ready. text: (n_items, t). kept: (n_items, 1) float32, items whose id can be learned."""

    training: Training
    settings: TrainSettings
    text: Array
    kept: Array
    pool: Pool
    ratings: Array

    @classmethod
    def of(cls, training: Training, settings: TrainSettings) -> _Job:
        log, n_items = training.interactions, len(training.catalog)
        counts = seen_liked(log, n_items)
        if liked_counts(log).max(initial=0) < 2:
            raise InputError(NOTHING)
        known = training.known | (counts > 0)
        text = text_features(training.text, known)
        ratings = (log.weights - log.weights.mean()).astype(np.float32)
        return cls(training, settings, text, (counts > 0)[:, None].astype(np.float32), pool_of(counts, known), ratings)

    def begin(self) -> Trained:
        """Before the first epoch."""
        now = first_parameters(len(self.text), self.text.shape[1], self.settings.dim, self.settings.seed)
        items, history = tables(now, self.text, self.kept)
        return Trained(self.settings, items, history, now, now, {}, (), 0)

    def optimiser(self, state: Trained) -> tuple[Any, dict[str, Any]]:
        """A torch optimiser with its saved state, and the parameters it moves."""
        import torch

        tensors = {name: torch.from_numpy(array.copy()).requires_grad_() for name, array in state.now.items()}
        kind = torch.optim.Adam if self.settings.optimiser == "adam" else torch.optim.SGD
        made = kind(list(tensors.values()), lr=self.settings.lr, weight_decay=self.settings.weight_decay)
        for name, array in state.optimiser.items():
            parameter, part = name.split(".")
            made.state[tensors[parameter]][part] = torch.from_numpy(np.array(array))
        return made, tensors

    def epoch(self, number: int, tensors: dict[str, Any], optimiser: Any, cancel: CancelFlag | None) -> float | None:
        """One pass over the users -> its mean loss, None where it was cancelled."""
        import torch

        rng = np.random.default_rng([self.settings.seed, number])
        log, settings = self.training.interactions, self.settings
        shown = rng.random(len(log)) < rng.uniform(0.3, 0.9, log.n_users)[owners(log)]
        matrix = user_matrix(log, pooling(log, settings.half_life, shown), len(self.text))
        asked = ~shown if settings.loss == "mse" else ~shown & positives(log)
        text, total, n_steps = torch.from_numpy(self.text), 0.0, 0
        order = rng.permutation(log.n_users)
        for start in range(0, len(order), settings.batch):
            if cancel is not None and cancel.is_set():
                return None
            who = order[start : start + settings.batch]
            batch = self._batch(who, asked)
            if not len(batch.rows):
                continue
            kept = self.kept * (rng.random(self.kept.shape) >= settings.id_dropout)
            items, history = tables(tensors, text, torch.from_numpy(kept.astype(np.float32)))
            pooled = torch.from_numpy(matrix[who].toarray()) @ history
            users = torch.cat((pooled, torch.ones(len(who), 1)), dim=1)
            loss = loss_of(users, items, batch, self.pool, settings, rng)
            value = float(loss.detach())
            if not math.isfinite(value):
                raise InputError(NOT_FINITE.format(epoch=number, lr=settings.lr))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            total, n_steps = total + value, n_steps + 1
        return total / max(n_steps, 1)

    def _batch(self, who: Array, asked: Array) -> Batch:
        log = self.training.interactions
        lengths = np.diff(log.indptr)[who]
        starts = np.repeat(log.indptr[:-1][who] - np.cumsum(lengths) + lengths, lengths)
        places = starts + np.arange(int(lengths.sum()))
        keep = asked[places]
        rows = np.repeat(np.arange(len(who)), lengths)[keep]
        return Batch(rows, log.items[places[keep]].astype(np.int64), self.ratings[places[keep]])


def _optimiser_arrays(optimiser: Any, tensors: dict[str, Any]) -> dict[str, Array]:
    """Its state as arrays called ``parameter.part``; plain SGD has none."""
    parts = ((name, optimiser.state.get(tensor, {})) for name, tensor in tensors.items())
    return {
        f"{name}.{part}": value.numpy().copy()
        for name, held in parts
        for part, value in held.items()
        if value is not None
    }
