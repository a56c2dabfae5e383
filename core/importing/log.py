"""The files of interactions -> the log as the cleaning rules take it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..clean.state import Log
from ..datasets.ids import objects
from ..errors import FileError, InputError
from ..roles.aliases import plain_name
from ..roles.feedback import event_weight, feedback_of, rating_scale
from ..sheets import INTERACTIONS, ROLES, Meaning, Sheet
from ..types import Array
from ..values import NO_TIME, Ids, Numbers, as_ids, as_numbers, as_times, times_from_parts
from .files import Looked, whole
from .plan import ImportPlan
from .rows import Rows, under_each_other

FEW_COLUMNS = 40
"""A log of so many columns is kept whole, so that rejected rows can be given back as they came."""

MOSTLY = 0.5
"""A column of which more than this share cannot be read does not play the role it was given."""


@dataclass(frozen=True, slots=True, eq=False)
class ReadLog:
    """log: as parsed, nothing left out. rows: where each row stands. time: "time" | "position" | "none".

    form: how times are written, in words. names: role -> column, as the first file calls it.
    """

    log: Log
    rows: Rows
    time: str
    form: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


def read_log(files: Sequence[Looked], plan: ImportPlan) -> ReadLog:
    """Read the files of interactions and parse what plays a role. Raises FileError."""
    sheets = tuple(whole(file, _wanted(file)) for file in files)
    meanings = tuple(file.meaning for file in files)
    shown = tuple(_playing(meaning, sheet) for meaning, sheet in zip(meanings, sheets, strict=True))
    rows = Rows(sheets, shown)
    stacked = Stacked(sheets, meanings, rows)
    users, items = as_ids(stacked.column("user_id")), as_ids(stacked.column("item_id"))
    times, form = _times(stacked, plan.time_form)
    events = _events(stacked)
    numbers = _weights(stacked)
    _check_feedback(plan.feedback, numbers is not None, events is not None)
    feedback = plan.feedback or feedback_of(
        stacked.name("weight") or None, None if numbers is None else numbers.values, stacked.name("event") or None
    )
    log = Log(
        at=np.arange(len(rows), dtype=np.int64),
        users=users.codes,
        items=items.codes,
        user_ids=users.names,
        item_ids=items.names,
        times=times,
        position=_positions(stacked),
        events=None if events is None else events.codes,
        feedback=feedback,
        now=int(time.time()),
        **_values(feedback, numbers, events, plan),
    )
    order = "time" if times is not None else "position" if log.position is not None else "none"
    notices = [f"{sheet.name}: {notice}" for sheet in sheets for notice in sheet.notices] + stacked.left_out()
    if "(" in form:
        notices.append(f"Times are read as {form}.")
    notices += _idle_events(events, plan)
    return ReadLog(log, rows, order, form, stacked.names(), tuple(notices))


@dataclass(frozen=True, slots=True, eq=False)
class Stacked:
    """Role -> column, over several sheets whose columns may have different names."""

    sheets: tuple[Sheet, ...]
    meanings: tuple[Meaning, ...]
    rows: Rows

    def has(self, role: str) -> bool:
        """Whether every sheet has a column for the role."""
        return all(meaning.column(role) is not None for meaning in self.meanings)

    def left_out(self) -> list[str]:
        """The roles that some files have and others lack, a sentence each: they cannot be played."""
        said = []
        for role in ROLES[INTERACTIONS]:
            without = [s.name for s, m in zip(self.sheets, self.meanings, strict=True) if m.column(role) is None]
            if 0 < len(without) < len(self.sheets):
                files = ", ".join(without)
                said.append(
                    f"The role {role} is left out: {files} has no column for it, and all parts of the log need one."
                )
        return said

    def name(self, role: str) -> str:
        """What the first sheet calls it, "" where it has none."""
        return self.meanings[0].column(role) or ""

    def names(self) -> dict[str, str]:
        """Role -> what the first sheet calls it; separate dates stand under "datetime"."""
        found = {guess.role: guess.columns[0] for guess in self.meanings[0].guesses if guess.columns}
        return {"datetime": found.get("year", "datetime"), **found}

    def column(self, role: str) -> Any:
        """The column of a role that every sheet has."""
        names = [meaning.column(role) for meaning in self.meanings]
        return under_each_other([sheet.table.column(name) for sheet, name in zip(self.sheets, names, strict=True)])


def event_weights(names: Iterable[str], plan: ImportPlan) -> Array:
    """(n_event_types,) the weight of each, the plan's or the usual one."""
    chosen = {plain_name(name): weight for name, weight in plan.events}
    return np.array([chosen.get(plain_name(name), event_weight(name)) for name in names], dtype=np.float64)


def _idle_events(events: Ids | None, plan: ImportPlan) -> list[str]:
    """Weights for events that never occur: said, not swallowed."""
    found = set() if events is None else {plain_name(name) for name in events.names}
    idle = [name for name, _ in plan.events if plain_name(name) not in found]
    return [f"The weight of the event {name} plays no part: no such event occurs." for name in idle]


def with_known(log: Log, known: frozenset[str] | None, renamed: Mapping[str, str]) -> Log:
    """The log beside the items: which of its items are known (None = no items were brought along: all), and merged
    items under the id they were merged into."""
    if known is None:
        return log
    names = [renamed.get(name, name) for name in log.item_ids]
    places = {name: place for place, name in reversed(list(enumerate(names)))}
    codes = np.fromiter((places[name] for name in names), dtype=np.int32, count=len(names))
    return replace(
        log,
        items=np.where(log.items >= 0, codes[log.items], -1).astype(np.int32) if renamed else log.items,
        item_ids=objects(names),
        known_items=np.fromiter((name in known for name in names), dtype=bool, count=len(names)),
    )


def _wanted(file: Looked) -> list[str] | None:
    sheet = file.sheet
    if sheet is None or len(sheet.columns) <= FEW_COLUMNS:
        return None
    return list(_playing(file.meaning, sheet))


def _playing(meaning: Meaning, sheet: Sheet) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for guess in meaning.guesses for name in guess.columns if name in sheet.columns))


def _weights(stacked: Stacked) -> Numbers | None:
    if not stacked.has("weight"):
        return None
    numbers = as_numbers(stacked.column("weight"))
    _mostly_readable(stacked, "weight", numbers.bad, "is not a number")
    return numbers


def _events(stacked: Stacked) -> Ids | None:
    if not stacked.has("event"):
        return None
    events = as_ids(stacked.column("event"))
    if not len(events.names):
        hint = "give the role event to another column, or to none"
        raise FileError(stacked.sheets[0].name, "the column is empty", column=stacked.name("event"), hint=hint)
    return events


def _positions(stacked: Stacked) -> Array | None:
    if not stacked.has("position"):
        return None
    numbers = as_numbers(stacked.column("position"))
    _mostly_readable(stacked, "position", np.isnan(numbers.values), "is no place in a history")
    return numbers.values


def _times(stacked: Stacked, form: str) -> tuple[Array | None, str]:
    if stacked.has("datetime"):
        found = as_times(stacked.column("datetime"), form)
        _mostly_readable(stacked, "datetime", found.bad, "is not a time we can read")
    elif stacked.has("year"):
        parts = [stacked.column(role) if stacked.has(role) else None for role in ("year", "month", "day")]
        found = times_from_parts(*parts)
        _mostly_readable(stacked, "year", found.bad, "makes no date with its month and day")
    else:
        return None, ""
    return (None, "") if (found.seconds == NO_TIME).all() else (found.seconds, found.form)


def _mostly_readable(stacked: Stacked, role: str, bad: Array, problem: str) -> None:
    """Raise where a column was given a role it does not play: cleaning would throw most rows away one by one."""
    if not len(bad) or bad.mean() <= MOSTLY:
        return
    share = f", like {bad.mean():.0%} of this column"
    hint = f"give the role {role} to another column, or to none"
    raise stacked.rows.error(int(np.argmax(bad)), stacked.name(role), problem + share, hint)


def _check_feedback(feedback: str, has_weights: bool, has_events: bool) -> None:
    """Raise where the user's word about the weights has no column behind it."""
    role = {"rating": "weight", "count": "weight", "event": "event"}.get(feedback)
    if role and not (has_events if role == "event" else has_weights):
        hint = "choose one, or leave feedback to be guessed"
        raise InputError(f"feedback {feedback} needs a column with the role {role}: {hint}")


def _values(feedback: str, numbers: Numbers | None, events: Ids | None, plan: ImportPlan) -> dict[str, Any]:
    if feedback == "event" and events is not None:
        values = event_weights(events.names, plan)[events.codes]
        values[events.codes < 0] = np.nan
        if numbers is not None:  # a quantity: an empty one means once
            values = values * np.where(numbers.bad | ~np.isnan(numbers.values), numbers.values, 1.0)
        return {"values": values, "bad_values": None if numbers is None else numbers.bad}
    if feedback == "none" or numbers is None:
        return {}
    scale = rating_scale(numbers.values) if feedback == "rating" else (float("nan"), float("nan"))
    return {"values": numbers.values, "bad_values": numbers.bad, "scale": scale}
