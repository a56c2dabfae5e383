"""Online learning: the kept two-tower moved in small steps towards what was liked on the pages, and what that changed.

    fitted model ---- online steps on the likes ----> moved model, which lists use
    its twin --------- the same steps --------------> held-out recall before and after

The twin was trained without the last part of each history (warm protocol), so that something is held out for it to
find; the fitted model has seen everything, and its recall would say nothing. Every time all likes are learned anew from
the fitted model: what was taken back leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .errors import InputError
from .evaluate.report import compare_values, measured
from .evaluate.types import Comparison, Measure
from .live import liked_events
from .moved import keep_moved
from .recipe import Recipe
from .registry import stage
from .serving import MOVABLE, MOVES, fit_key, prepare, serving, training_of
from .splits import Split, everybody, liked_counts
from .store.events import Event
from .strategies.two_tower import FittedTowers, validation
from .train.online import online_step
from .train.settings import Trained
from .types import Array, Dataset, Interactions, Vectors

STEPS, STEP_SIZE, FULL_STEP = 5, 0.1, 7
"""A step is as large as this from FULL_STEP likes on; of fewer it is smaller in proportion. On the default set two
likes with full steps cost everybody else 0.005 of recall@10, with smaller ones nothing that can be told."""
MOST_EVENTS = 10_000
"""One step takes all likes at once: of more, the newest count."""
AT = 10
BLOCK = 512
"""Users scored at once, which bounds memory."""
BEFORE, AFTER = "before", "after"
Told = Callable[[str], Callable[[int, int, float], None] | None]
"""Stage -> what is to be called with steps done, of, and seconds left; None where nobody listens."""


@dataclass(frozen=True, slots=True, eq=False)
class OnlineResult:
    """What learning from events changed.

    model: the moved one. event_ids: what it learned from. n_left_out: further likes that teach nothing: of users who
    liked nothing before, or older than the newest MOST_EVENTS. loss_before, loss_after: mean cross-entropy of the new
    likes over all items, of the model that lists use. ranks_before, ranks_after: (n,) place, from 1, of each new like
    among what its user had not. recall_before, recall_after: recall@10 on what is held out from people who gave no
    events, with 95 % intervals; difference: after against before on the same people. None where a log is too small to
    hold anything out.
    """

    model: Trained
    event_ids: tuple[str, ...]
    n_left_out: int
    loss_before: float
    loss_after: float
    ranks_before: Array
    ranks_after: Array
    recall_before: Measure | None
    recall_after: Measure | None
    difference: Comparison | None


def learn_from_events(
    recipe: Recipe,
    dataset: Dataset,
    content: Vectors,
    events: Sequence[Event],
    *,
    steps: int = STEPS,
    step_size: float = STEP_SIZE,
    told: Told | None = None,
) -> OnlineResult:
    """Learn from the likes and clicks among events; nothing is kept yet, see ``keep``.

    recipe: a two-tower one; the world is the data set's own log. content: the item-text vectors. Both models are
    fitted first where they are not kept. step_size: from FULL_STEP likes on. Raises InputError where no event teaches
    anything, or steps are too large.
    """
    base = base_recipe(recipe)
    liked = liked_events(dataset, events)
    usable = (liked_counts(dataset.interactions) > 0)[liked.users]
    taught = np.flatnonzero(usable)[-MOST_EVENTS:]
    if not len(taught):
        raise InputError(
            "there is nothing to learn from: no like or click on something new, of a user who liked something before"
        )
    users, items = liked.users[taught], liked.items[taught]
    say = told or (lambda what: None)
    prepare(base, dataset, content, say("fit"))
    step_size *= min(1.0, len(taught) / FULL_STEP)
    model = _model(base, dataset, content)
    log = dataset.interactions
    moved = online_step(model, log, users, items, steps=steps, lr=step_size)
    loss_before, ranks_before = _standing(model, log, users, items)
    loss_after, ranks_after = _standing(moved, log, users, items)
    return OnlineResult(
        moved,
        tuple(liked.ids[place] for place in taught),
        len(liked.ids) - len(taught),
        *(loss_before, loss_after, ranks_before, ranks_after),
        *_held_out(base, dataset, content, users, items, steps, step_size, say),
    )


def keep(recipe: Recipe, dataset: Dataset, content: Vectors, result: OnlineResult) -> None:
    """From now on lists use the moved model. Raises OSError where the disk refuses."""
    keep_moved(model_key(recipe, dataset, content), result.model, result.event_ids)


def model_key(recipe: Recipe, dataset: Dataset, content: Vectors) -> str:
    """The key of the fitted model that a recipe's events move. content: the vectors of that recipe."""
    return fit_key(base_recipe(recipe), dataset, content)


def base_recipe(recipe: Recipe) -> Recipe:
    """The two-tower of a recipe, learned from the log as it is. A recipe of another strategy has the default one."""
    own = {spec.name for spec in stage("strategies").knobs(MOVABLE)}
    flat = recipe.embedding().to_flat() | {name: value for name, value in recipe.options if name in own}
    return Recipe.from_flat(flat | {"strategy": MOVABLE, "events": MOVES})


def _model(recipe: Recipe, dataset: Dataset, content: Vectors) -> Trained:
    """The model as fitted: as if nothing had been learned online."""
    fitted = serving(recipe.replace(events="off"), dataset, content).fitted
    assert isinstance(fitted, FittedTowers)
    return fitted.model


def _held_out(
    recipe: Recipe,
    dataset: Dataset,
    content: Vectors,
    users: Array,
    items: Array,
    steps: int,
    step_size: float,
    say: Told,
) -> tuple[Measure | None, Measure | None, Comparison | None]:
    """Recall of the twin before and after, and the paired difference."""
    cut = validation(training_of(recipe, dataset, content))
    if cut is None:
        return None, None, None
    inner, split = cut
    usable = (liked_counts(inner.interactions) > 0)[users]
    people = np.flatnonzero(~np.isin(split.people.users, users))
    if not usable.any() or not len(people):
        return None, None, None
    without = recipe.replace(tower_refit=False)
    prepare(without, dataset, content, say("held-out"))
    twin = _model(without, dataset, content)
    moved = online_step(twin, inner.interactions, users[usable], items[usable], steps=steps, lr=step_size)
    values = {AFTER: _recalls(moved, split, people), BEFORE: _recalls(twin, split, people)}
    return measured(values[BEFORE]), measured(values[AFTER]), compare_values(values, "recall", AT)[0]


def _recalls(model: Trained, split: Split, people: Array) -> Array:
    """(n,) recall@10 of some of a split's people; ties by item index."""
    found = []
    for start in range(0, len(people), BLOCK):
        rows = people[start : start + BLOCK]
        scores = np.array(FittedTowers(model).score(split.people.take(rows)))
        scores[:, ~split.rankable] = -np.inf
        scores[split.hidden.take(rows).pairs()] = -np.inf
        top = np.argsort(-scores, axis=1, kind="stable")[:, :AT]
        wanted = np.zeros(scores.shape, dtype=bool)
        wanted[split.relevant.take(rows).pairs()] = True
        hits = np.take_along_axis(wanted & np.isfinite(scores), top, axis=1).sum(axis=1)
        found.append(hits / np.maximum(wanted.sum(axis=1), 1))
    return np.concatenate(found)


def _standing(model: Trained, log: Interactions, users: Array, items: Array) -> tuple[float, Array]:
    """Mean cross-entropy of the new likes over all items, and (n,) their places among what their users had not."""
    losses, ranks = np.empty(len(users)), np.empty(len(users), dtype=np.int64)
    who, of_event = np.unique(users, return_inverse=True)
    for start in range(0, len(who), BLOCK):
        some = who[start : start + BLOCK]
        scores = FittedTowers(model).score(everybody(log).take(some)).astype(np.float64)
        for event in np.flatnonzero((of_event >= start) & (of_event < start + len(some))):
            own, wanted = scores[of_event[event] - start], int(items[event])
            top = own.max()
            losses[event] = top + np.log(np.exp(own - top).sum()) - own[wanted]
            had = np.unique(log.items[log.history(int(users[event]))])
            ahead = np.count_nonzero(own > own[wanted]) - np.count_nonzero(own[had] > own[wanted])
            ranks[event] = ahead + 1
    return float(losses.mean()), ranks
