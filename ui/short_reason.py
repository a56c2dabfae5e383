"""The short form of an explanation, on a card: what its score comes from, and the way to the whole of it."""

from __future__ import annotations

from urllib.parse import urlencode

import numpy as np

from core.answer import plain
from core.errors import InputError
from core.explain.attribution import attribute
from core.recipe import Recipe
from core.types import Array, Dataset, Run

from . import live, resources
from .nav import page_files
from .text import t

SHOWN = 2
"""Items of the history that a card names."""
LEAST = 0.005
"""Of a score: less than half a percent is not told."""
PAGE = "explain"


def because(run: Run, dataset: Dataset, most: int | None = None) -> dict[int, str]:
    """Item -> the items of the history that its score owes most to, each with its share of all they add and take away;
    without those whose score is no such sum."""
    items = _items(run, most)
    if not len(items):
        return {}
    content, people = resources.vectors(run.recipe), live.audience(dataset, run.recipe)
    try:
        known = live.learned(dataset, run.recipe)
        parts = attribute(run.recipe, known, content, int(run.users.users[0]), items, people)
    except InputError:
        return {}
    found = shares_of(parts.values, parts.sources.items)
    return {item: said for item, shares in zip(items.tolist(), found, strict=True) if (said := _said(dataset, shares))}


def _said(dataset: Dataset, shares: list[tuple[int, float]]) -> str:
    told = [(item, share) for item, share in shares if abs(share) >= LEAST]
    return ", ".join(
        t("cards.share", title=_title(dataset, item), sign="+" if share > 0 else "−", share=f"{100 * abs(share):.0f}")
        for item, share in told
    )


def shares_of(values: Array, items: Array, most: int = SHOWN) -> list[list[tuple[int, float]]]:
    """For each of n scores, (item, signed share in [-1, 1]) of what rows (m, n) add to it: the ``most`` largest first,
    equal ones by item.

    The shares are those of the sum of all sizes, so that what speaks against an item counts as well. An item with
    several rows counts once. [] for a score that is not known, or to which no row adds anything.
    """
    if not len(items):
        return [[] for _ in range(values.shape[1])]
    known, first = np.unique(items, return_index=True)
    order = np.argsort(items, kind="stable")
    sums = (
        np.add.reduceat(values[order], np.searchsorted(items[order], known), axis=0)
        if len(known) < len(items)
        else values[first]
    )
    sizes = np.abs(sums)
    totals = sizes.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = sums / totals
    best = _largest(sizes, most)
    return [
        [(int(known[one]), float(shares[one, column])) for one in best[:, column]]
        if np.isfinite(totals[column]) and totals[column] > 0
        else []
        for column in range(values.shape[1])
    ]


def _largest(sizes: Array, most: int) -> Array:
    """(most, n) the rows of the largest sizes (m, n) of each column, the largest first, equal ones in their order."""
    left, found = sizes.copy(), []
    for _ in range(min(most, len(sizes))):
        found.append(np.argmax(left, axis=0))
        left[found[-1], np.arange(sizes.shape[1])] = -1.0
    return np.array(found)


def _title(dataset: Dataset, item: int) -> str:
    return str(dataset.catalog.titles[item])


def links(run: Run, dataset: Dataset, most: int | None = None) -> dict[int, str]:
    """Item -> the address that explains why this user has it in this list; {} where there is no such page."""
    if not any(path.stem == PAGE for path in page_files()):
        return {}
    ids, known = dataset.catalog.item_ids, parameters(run.recipe, dataset, int(run.users.users[0]))
    return {item: f"{PAGE}?{urlencode(known | {'item': str(plain(ids[item]))})}" for item in _items(run, most).tolist()}


def parameters(recipe: Recipe, dataset: Dataset, user: int) -> dict[str, str]:
    """A user's list as parameters of an address."""
    flat = {name: _word(value) for name, value in recipe.to_flat(changed_only=True).items() if value is not None}
    return flat | {"user": str(plain(dataset.interactions.user_ids[user]))}


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _items(run: Run, most: int | None) -> Array:
    items = run.selected.items[0, :most]
    return items[items >= 0]
