"""The validation part: cut from training by the same protocol. The test part is let go of before anything is tried."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..splits import COLD_USERS, Split
from ..types import Array, Dataset, Interactions, readonly
from .types import Question

SHARED = (
    "The protocol repeats itself with other draws: knobs are tuned inside the training part of the first one, which "
    "holds some of what the others test."
)


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """All that a search gets to see of a data set's behaviour. log: the training rows. items: (n_items,) bool, False
    for items taken out of training. notices: what has to be said about it."""

    log: Interactions
    items: Array
    notices: tuple[str, ...] = ()


def training_part(dataset: Dataset, question: Question) -> Known:
    """What the protocol leaves for training. Whom it tests, and on what, does not leave this function.

    Raises InputError where the protocol cannot be applied.
    """
    every = readonly(np.ones(len(dataset.catalog), dtype=bool))
    splits = question.cut(dataset.interactions, every)
    if not any(len(split.people) for split in splits):
        raise InputError(
            f"no user of {dataset.name} can be tested by the protocol {question.protocol}: "
            "histories are too short; choose another protocol"
        )
    repeated = len({id(split.train) for split in splits}) > 1
    return Known(splits[0].train, splits[0].known, (SHARED,) if repeated else ())


def validation_part(known: Known, question: Question) -> tuple[Split, ...]:
    """The same protocol once more, inside training: the splits that a headline figure is made of.

    Raises InputError where too little is left.
    """
    splits = question.cut(known.log, known.items) if len(known.log) else ()
    chosen = splits[-1:] if splits and splits[-1].task == COLD_USERS else splits
    asked = tuple(split for split in chosen if len(split.people) and len(split.train))
    if not asked:
        raise InputError(
            f"{question.recipe.dataset} is too small to tune on: inside its training part the protocol "
            f"{question.protocol} finds nobody to test; choose another protocol"
        )
    return asked
