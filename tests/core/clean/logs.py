"""Small logs and item tables for the tests of cleaning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.clean.state import NO_TIME, Items, Log
from core.registry import stage
from core.types import Array

START = 1_500_000_000
"""A time in July 2017."""
NOW = 1_700_000_000
DAY = 86_400


def objects(values: Sequence[str]) -> Array:
    """Strings as the states hold them."""
    out = np.empty(len(values), dtype=object)
    out[:] = list(values)
    return out


def log(users: Sequence[int], items: Sequence[int], **given: Any) -> Log:
    """A log by codes; its ids are u0, u1 ... and i0, i1 ..., its times those given after START."""
    n_users, n_items = max([*users, 0]) + 1, max([*items, 0]) + 1
    if (times := given.pop("times", None)) is not None:
        given["times"] = np.array([NO_TIME if time is None else START + time for time in times], dtype=np.int64)
    if (values := given.pop("values", None)) is not None:
        given["values"] = np.array(values, dtype=np.float64)
    ids = {
        "user_ids": given.pop("user_ids", [f"u{code}" for code in range(n_users)]),
        "item_ids": given.pop("item_ids", [f"i{code}" for code in range(n_items)]),
    }
    codes = (np.array(column, dtype=np.int32) for column in (users, items))
    at = np.arange(len(users), dtype=np.int64)
    return Log(at, *codes, **{name: objects(names) for name, names in ids.items()}, **{"now": NOW, **given})


def items_of(titles: Sequence[str], texts: Sequence[str] | None = None, ids: Sequence[str] | None = None) -> Items:
    """An items table; the texts are the titles unless given, the ids a, b, c ..."""
    names = ids if ids is not None else [chr(ord("a") + row) for row in range(len(titles))]
    at = np.arange(len(titles), dtype=np.int64)
    return Items(at, objects(names), objects(titles), objects(titles if texts is None else texts))


def rule(key: str, **knobs: Any) -> Any:
    """A cleaning rule by key."""
    return stage("clean").get(key)(**knobs)


def found(finding: Any) -> list[int]:
    """The rows that a finding touches."""
    return np.flatnonzero(finding.touched).tolist()


def crowd(n_users: int = 60, each: int = 30, n_items: int = 200, seed: int = 0) -> tuple[Array, Array, Array]:
    """An honest log of a year: users, items and times after START; activity differs tenfold between users."""
    rng = np.random.default_rng(seed)
    counts = np.maximum(2, each * np.exp(rng.normal(0, 0.7, n_users))).astype(int)
    users = np.repeat(np.arange(n_users), counts)
    return users, rng.integers(0, n_items, len(users)), rng.integers(0, 365 * DAY, len(users))
