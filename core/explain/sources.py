"""What an explanation is about: one user of an audience, what is known of her, and the strategy that ranks for her."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..asking import STRANGER, Asking, asking, world
from ..audience import Audience
from ..errors import InputError
from ..recipe import Recipe
from ..serving import Serving, needs_fitting, serving
from ..splits import People, rows_of, users_of
from ..types import Array, Dataset, Interactions, Vectors, readonly


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """The m rows of a history that a score is made of, oldest first.

    rows: (m,) places in the user's history, from 0. items: (m,) item indices; n_items + j means what somebody said that
    is no item. weights: (m,) float64, how much the strategy lets each row count, in its own unit: negative ones push
    away, and rows that play no part weigh 0. labels: (m,) titles.
    """

    rows: Array
    items: Array
    weights: Array
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One user, one recipe, all that is needed to score.

    dataset: the world at the recipe's moment. content: the item-text vectors. user: index in the audience. history: a
    log of this one user. found: the fitted strategy, None for the item texts themselves.
    """

    recipe: Recipe
    dataset: Dataset
    content: Vectors
    asked: Asking
    user: int
    history: Interactions
    found: Serving | None

    @property
    def n_items(self) -> int:
        """Items of the catalogue."""
        return len(self.dataset.catalog)

    @property
    def who(self) -> int:
        """The user as strategies know her."""
        return STRANGER if self.asked.strangers else self.user

    def labels(self) -> tuple[str, ...]:
        """(m,) what each row of the history is called."""
        titles, n, said = self.dataset.catalog.titles, self.n_items, self.asked.audience.labels
        own = self.history.items.tolist()
        return tuple(str(titles[item]) if item < n else said[item - n] if item - n < len(said) else "" for item in own)


def case_of(recipe: Recipe, dataset: Dataset, content: Vectors, user: int, audience: Audience | None = None) -> Case:
    """Everything about one user under a recipe. Raises InputError for a user that is not there, and as ``serving``."""
    asked = asking(recipe, dataset, audience)
    if not 0 <= user < asked.audience.log.n_users:
        raise InputError(f"there is no user {user}: the audience has {asked.audience.log.n_users}")
    there = world(recipe, dataset)
    found = serving(recipe, dataset, content) if needs_fitting(recipe) else None
    return Case(recipe, there, content, asked, user, users_of(asked.audience.log, np.array([user])), found)


def counted(case: Case, people: People) -> Array:
    """(n_rows,) bool: rows of the histories that a strategy is told of: items, and what counts in the context."""
    emphasis = case.asked.emphasis(people.histories)
    keep: Array = people.histories.items < case.n_items
    return keep if emphasis is None else keep & (emphasis > 0)


def told(case: Case, people: People) -> tuple[People, Array]:
    """The same people as strategies are told of them, and which rows are left (n_rows,) bool."""
    keep = counted(case, people)
    return (people if keep.all() else People(people.users, rows_of(people.histories, keep))), keep


def as_known(case: Case, histories: Interactions) -> People:
    """Histories that are all of this one user, as people to ask about."""
    return People(readonly(np.full(histories.n_users, case.who)), histories)


def check_items(case: Case, items: Array) -> Array:
    """Item indices (n,) int64; raises InputError for one that is not in the catalogue."""
    given = np.asarray(items, dtype=np.int64).ravel()
    wrong = given[(given < 0) | (given >= case.n_items)]
    if len(wrong):
        raise InputError(f"there is no item {wrong[0]}: the catalogue has {case.n_items}")
    return given
