"""The values that cleaning works on: the log and the item rows while they are cleaned, and what a rule found.

A rule never changes what it is given. It returns a :class:`Finding`; the runner acts on it, or only shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Protocol

import numpy as np

from ..types import Array

NO_TIME = int(np.iinfo(np.int64).min)
"""The time of an interaction whose time is missing or cannot be parsed: before everything."""


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """The interactions while they are cleaned; (n,) each unless said otherwise.

    at: int64 position of the row in its sheet, from 0, each once.
    users, items: int32 codes, -1 = missing.
    user_ids, item_ids: the ids by code, object holding str.
    known_items: (n_items,) bool by item code, None where no items were given: then every item is known.
    values: float64 rating, count or weight; NaN = missing or not a number. None: the log has none.
    bad_values: bool, where something stands that is not a finite number. None: nowhere.
    times: int64 unix seconds, NO_TIME where missing or unparsable. None: the log has none.
    position: float64 place in a history, None where the log has none.
    events: int32 codes of event types, None where the log has none.
    feedback: "rating" | "count" | "event" | "none".
    scale: lowest and highest rating, (nan, nan) unless the feedback is ratings.
    now: unix seconds of the import.
    """

    at: Array
    users: Array
    items: Array
    user_ids: Array
    item_ids: Array
    known_items: Array | None = None
    values: Array | None = None
    bad_values: Array | None = None
    times: Array | None = None
    position: Array | None = None
    events: Array | None = None
    feedback: str = "none"
    scale: tuple[float, float] = (float("nan"), float("nan"))
    now: int = 2**33

    def __len__(self) -> int:
        return len(self.at)

    def keep(self, mask: Array) -> Log:
        """The rows where mask (n,) is true; codes keep their meaning."""
        rows = ("at", "users", "items", "values", "bad_values", "times", "position", "events")
        given = {name: getattr(self, name) for name in rows}
        return replace(self, **{name: array[mask] for name, array in given.items() if array is not None})


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """The item rows while they are cleaned; (n,) each.

    at: int64 position of the row in its sheet, from 0, each once.
    ids, titles: object holding str, "" = missing.
    texts: object holding str, all that a model would read of the item, joined (its title too).
    renamed: id of an item that was merged away -> id of the kept item its interactions go to; never a chain.
    """

    at: Array
    ids: Array
    titles: Array
    texts: Array
    renamed: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.at)

    def keep(self, mask: Array) -> Items:
        """The rows where mask (n,) is true; what was merged stays known."""
        rows = {name: getattr(self, name)[mask] for name in ("at", "ids", "titles", "texts")}
        return replace(self, **rows)


State = Log | Items


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """What a rule found.

    touched: (n,) bool, the rows it speaks of: where the rule is applied, they go.
    text: one sentence with the figures and the rule as it was used.
    evidence: lines to show where the rows alone do not tell.
    after: the same rows with other values, where applying the rule also changes what stays.
    """

    touched: Array
    text: str
    evidence: tuple[str, ...] = ()
    after: State | None = None


class Rule(Protocol):
    """A cleaning rule: a frozen dataclass whose fields are knobs.

    table: "interactions" | "items". mode: what it does unless the user says otherwise. help: one sentence for readers.
    """

    key: ClassVar[str]
    label: ClassVar[str]
    help: ClassVar[str]
    order: ClassVar[int]
    table: ClassVar[str]
    mode: ClassVar[str]

    def __call__(self, state: Any, /) -> Finding:
        """Look; change nothing."""


def nothing(state: State, text: str) -> Finding:
    """No row found, and why."""
    return Finding(np.zeros(len(state), dtype=bool), text)


def counted(n: int, noun: str, plural: str = "") -> str:
    """ "1 row", "2,500 rows"."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"
