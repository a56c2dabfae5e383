"""Whom lists are made for: what is known of them at that moment, and what a user model makes of it.

    log (what was learned from)  ----+
    live events, a persona's answers +--> Audience --user model--> Taste per user --history vectors--> UserVectors

Strategies learn from the data set's log; lists are made for an audience, which may know more (what was clicked a moment
ago), less (the world as it was in 2010), or other people altogether (somebody made up in the browser).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from .splits import ItemLists, People, everybody
from .types import Array, Dataset, Interactions

KEPT = 8
"""Data sets whose own audience is kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Audience:
    """People to make lists for, and all that is known of them.

    log: their histories; user index u is row u of it. An item index n_items + j in it means ``extra`` row j.
    hidden: what is not to be shown to each of them for now though it is no part of the history, None = nothing.
    extra: (e, d) float32 vectors, in the space of the item texts as ranked, of what people said that is no item: a
        phrase, a category; None = nothing. labels: what each of them is called.
    version: tells two audiences of one data set apart, "" for the data set's own users as logged.
    """

    log: Interactions
    hidden: ItemLists | None = None
    extra: Array | None = None
    labels: tuple[str, ...] = ()
    version: str = ""

    def people(self, users: Array) -> People:
        """Some of them, as strategies are asked about them."""
        return everybody(self.log).take(users)


@lru_cache(maxsize=KEPT)
def logged(dataset: Dataset) -> Audience:
    """The users of a data set with what its log holds of them; the same object each time, as scores are kept by it."""
    return Audience(dataset.interactions)


@dataclass(frozen=True, slots=True, eq=False)
class Taste:
    """What a user model makes of one history of m rows: one or several directions, each a weighted sum of its items.

    weights: (q, m) float64, a line for each interest, a column for each row of the history in the log's order. The
        positive ones of a line sum to 1, or the line is 0; negative ones push away. Rows that play no part weigh 0.
    shares: (q,) float64 > 0, summing to 1: how much of the user each interest is, the largest first. (0, m) and (0,)
        where nothing speaks for the user.
    """

    weights: Array
    shares: Array


class UserModel(Protocol):
    """How a history becomes directions. One file of ``core/users`` = one frozen dataclass of knobs.

    ``merge_interests``, where a model has several interests: "best" = an item counts by the interest it is nearest to,
    "quota" = each interest gets places in proportion to its share.
    """

    def __call__(
        self, log: Interactions, users: Array, items: Array, emphasis: Array | None = None
    ) -> tuple[Taste, ...]:
        """users: (n,) indices of the log. items: (n_items + e, d) vectors that the log's items stand for.

        emphasis: (n_rows of log,) float64 in [0, 1], how much each row counts in the context asked about; None = 1.
        """
        ...
