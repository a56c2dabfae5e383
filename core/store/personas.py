"""Saved newcomers: named, one JSON file each in ``data_dir()/personas``, each for the data set it was made with."""

from __future__ import annotations

from dataclasses import dataclass

from .named import NamedFiles

LONGEST_TEXT = 100_000
_FILES = NamedFiles("personas", "newcomer")


@dataclass(frozen=True, slots=True)
class SavedPersona:
    """A saved newcomer. text: as an address holds it. dataset: the name of its data set. saved: unix seconds."""

    name: str
    text: str
    dataset: str
    saved: int


def persona_names() -> tuple[str, ...]:
    """The names there are, in alphabetical order; damaged ones are among them."""
    return _FILES.names()


def save_persona(name: str, text: str, dataset: str, *, replace: bool = False) -> str:
    """Keep a newcomer under a name, in one step; returns the name as it is kept.

    Raises InputError for a name that cannot be one, or that is taken and is not to be replaced.
    """
    return _FILES.save(name, {"dataset": dataset, "persona": text}, replace=replace)


def load_persona(name: str) -> SavedPersona:
    """A saved newcomer. Raises UnknownNameError where there is none of that name, IntegrityError where its file is
    damaged."""
    kept = _FILES.check(name)
    values = _FILES.load(kept)
    text, dataset = values.get("persona"), values.get("dataset")
    if not isinstance(text, str) or not isinstance(dataset, str) or len(text) > LONGEST_TEXT:
        raise _FILES.damaged(kept)
    return SavedPersona(kept, text, dataset, values["saved"])


def delete_persona(name: str) -> None:
    """Forget a saved newcomer, damaged or not. Raises UnknownNameError where there is none of that name."""
    _FILES.delete(name)
