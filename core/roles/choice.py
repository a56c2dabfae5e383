"""The user's correction of a guess, and whether a meaning is complete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..errors import FileError, InputError, UnknownNameError
from ..sheets import INTERACTIONS, ITEMS, NEEDED, ROLES, SEVERAL, Guess, Meaning, Sheet
from .content import Column

GIVEN = "given"
SHARED = ("title", "text", "category")
"""Roles of an items file that may share a column with any other: a title may serve as the text, or be the id."""

IN_WORDS = {
    "user_id": "who did it",
    "item_id": "which item it was",
    "category": "the tag or category",
    "code": "the code",
    "name": "the name that the code stands for",
    "vector": "the item's vector",
}


def with_choice(meaning: Meaning, sheet: Sheet, role: str, columns: tuple[str, ...]) -> Meaning:
    """The meaning with the columns of one role as the user says; () = none plays it.

    A column that another role had by a guess is taken from it. Raises UnknownNameError for a role the kind does not
    have or a column the file does not have, and InputError for several columns where a role takes one, or a column
    that the user gave to another role, unless the two can share it.
    """
    roles = ROLES[meaning.kind]
    if role not in roles:
        raise UnknownNameError(f"role in {sheet.name}, which holds {meaning.kind}", role, roles)
    for column in columns:
        if column not in sheet.columns:
            raise UnknownNameError(f"column in {sheet.name}", column, sheet.columns)
    columns = tuple(dict.fromkeys(columns))
    if len(columns) > 1 and not (meaning.kind == ITEMS and role in SEVERAL):
        raise InputError(f"{sheet.name}: the role {role} takes one column, got {', '.join(columns)}")
    guesses = []
    for guess in meaning.guesses:
        if guess.role == role:
            samples = Column(sheet, columns[0], sheet.columns.index(columns[0])).samples(role) if columns else ()
            guesses.append(Guess(role, columns, 1.0, GIVEN, samples))
        else:
            guesses.append(_without(guess, sheet, () if _share(meaning.kind, guess.role, role) else columns, role))
    return replace(meaning, guesses=tuple(guesses))


def check(meaning: Meaning, name: str, columns: Sequence[str] = ()) -> None:
    """Raise FileError where a role that is needed is unfilled.

    name: of the file. columns: all that were found in it; without them, those that play a role are named.
    """
    missing = [role for role in NEEDED[meaning.kind] if not meaning.columns(role)]
    if not missing:
        return
    role = missing[0]
    found = list(columns) or [column for guess in meaning.guesses for column in guess.columns]
    listed = ", ".join(found[:8]) + (f", ... ({len(found)} in all)" if len(found) > 8 else "")
    fit = "log" if meaning.kind == INTERACTIONS else meaning.kind
    raise FileError(
        name,
        f"no column is {role} ({IN_WORDS[role]}), found {listed or 'none that fits'}",
        hint=f"say which column it is, or that this file is not the {fit}",
    )


def _share(kind: str, one: str, other: str) -> bool:
    return kind == ITEMS and one != other and (one in SHARED or other in SHARED) and "vector" not in (one, other)


def _without(guess: Guess, sheet: Sheet, columns: tuple[str, ...], role: str) -> Guess:
    """A guess without the columns that another role takes."""
    taken = [column for column in guess.columns if column in columns]
    if not taken:
        return guess
    if guess.why == GIVEN:
        raise InputError(f"{sheet.name}: the column {taken[0]} cannot be both {guess.role} and {role}: give it to one")
    left = tuple(column for column in guess.columns if column not in columns)
    if not left:
        return Guess(guess.role, (), 0.0, "")
    samples = Column(sheet, left[0], sheet.columns.index(left[0])).samples(guess.role)
    return replace(guess, columns=left, samples=samples)
