"""What is asked: whom lists are made for, in which context, and what of their histories counts then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from .audience import Audience, logged
from .context.emphasis import emphasis
from .context.replay import as_of, not_yet, parse_moment
from .context.rules import Applied, applied, parse
from .recipe import Recipe
from .splits import ItemLists, People, rows_of, users_of
from .types import Array, Catalog, Dataset, Interactions, readonly

KEPT = 8
STRANGER = -1
"""In place of a user index: somebody that no strategy has learned from."""


@dataclass(frozen=True, slots=True)
class Asking:
    """An audience in a context. Equal ones speak of the same histories; hashable.

    window: days of history that count, 0 = all. now: unix seconds they are counted back from; without a moment the end
    of the log, live events aside: one user's click must not end everybody's window. daypart, weekday, season, affinity:
    as in the recipe. n_items: of the catalogue; an item index from there on is no item. strangers: True where
    the audience are not the users of the log that was learned from.
    """

    audience: Audience
    n_items: int
    strangers: bool = False
    window: int = 0
    now: int | None = None
    daypart: str = "any"
    weekday: str = "any"
    season: str = "any"
    affinity: float = 0.0

    def emphasis(self, histories: Interactions) -> Array | None:
        """(n_rows,) float64 in [0, 1]: how much each row counts in this context; None where all count in full."""
        return emphasis(
            histories,
            window=self.window,
            now=self.now,
            daypart=self.daypart,
            weekday=self.weekday,
            season=self.season,
            affinity=self.affinity,
        )

    def whole(self, users: Array) -> People:
        """Users (n,) of the audience with all that is known of them."""
        who = np.full(len(users), STRANGER, dtype=np.int64) if self.strangers else np.asarray(users)
        return People(readonly(who), users_of(self.audience.log, users))

    def people(self, users: Array) -> People:
        """The same as strategies learn of them: only items, and only rows that count in this context."""
        found = self.whole(users)
        counts = self.emphasis(found.histories)
        keep = found.histories.items < self.n_items
        if counts is not None:
            keep &= counts > 0
        return found if keep.all() else People(found.users, rows_of(found.histories, keep))

    def hidden(self, users: Array, *, seen: bool) -> tuple[Array, Array]:
        """(row, item) of what is not to be shown, rows ascending: what each user has, where asked, and put off."""
        log = users_of(self.audience.log, users) if seen else None
        parts = [] if log is None else [ItemLists(log.indptr, log.items).pairs()]
        if self.audience.hidden is not None:
            parts.append(self.audience.hidden.take(users).pairs())
        if not parts:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        rows, items = (np.concatenate(column).astype(np.int64) for column in zip(*parts, strict=True))
        order = np.argsort(rows, kind="stable")
        real = items[order] < self.n_items
        return rows[order][real], items[order][real]


def asking(recipe: Recipe, dataset: Dataset, audience: Audience | None = None) -> Asking:
    """The recipe's context around an audience; None = the users of the data set as logged.

    Nothing later than ``as_of`` is known of anybody. Raises InputError for a moment that cannot be read.
    """
    found = logged(dataset) if audience is None else audience
    strangers = found.log.n_users != dataset.interactions.n_users or not np.array_equal(
        found.log.user_ids, dataset.interactions.user_ids
    )
    moment = parse_moment(recipe.as_of) if recipe.as_of else None
    if moment is not None:
        found = _until(found, moment)
    return Asking(
        audience=found,
        n_items=len(dataset.catalog),
        strangers=strangers,
        window=recipe.window,
        now=moment if moment is not None else _latest(found.log if strangers else dataset.interactions),
        daypart=recipe.daypart,
        weekday=recipe.weekday,
        season=recipe.season,
        affinity=recipe.affinity,
    )


def world(recipe: Recipe, dataset: Dataset) -> Dataset:
    """The data set as it was at the recipe's moment: nothing later is in its log. The same one where there is none.

    Raises InputError for a moment that cannot be read, or where interactions have no times.
    """
    return _world(dataset, parse_moment(recipe.as_of)) if recipe.as_of else dataset


def not_there_yet(recipe: Recipe, dataset: Dataset) -> Array | None:
    """(n_items,) bool: items that come after the recipe's moment, as far as their years tell; None without a moment."""
    return not_yet(dataset, parse_moment(recipe.as_of)) if recipe.as_of else None


def rules_of(recipe: Recipe, catalog: Catalog) -> Applied | None:
    """What the recipe's rules say of every item, None where it has none. Raises InputError for one that cannot be
    read."""
    return _applied(recipe.rules, catalog) if recipe.rules.strip() else None


@lru_cache(maxsize=KEPT)
def _applied(text: str, catalog: Catalog) -> Applied:
    return applied(parse(text), catalog)


@lru_cache(maxsize=KEPT)
def _world(dataset: Dataset, moment: int) -> Dataset:
    times = dataset.interactions.times
    return dataset if times is not None and not (times > moment).any() else as_of(dataset, moment)


@lru_cache(maxsize=KEPT)
def _until(audience: Audience, moment: int) -> Audience:
    times = audience.log.times
    if times is None or not (times > moment).any():
        return audience
    return replace(audience, log=rows_of(audience.log, times <= moment), version=f"{audience.version}@{moment}")


@lru_cache(maxsize=KEPT)
def _latest(log: Interactions) -> int | None:
    return int(log.times.max()) if log.times is not None and len(log.times) else None
