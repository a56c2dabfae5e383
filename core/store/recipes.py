"""Saved recipes: named, one JSON file each in ``data_dir()/recipes``, found again by everybody who uses the folder."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError, IntegrityError, UnknownNameError
from ..recipe import Recipe
from .paths import data_dir
from .sealed import read_whole, write_atomic

FORMAT = 1
SUFFIX = ".json"
LONGEST = 60
NAME = re.compile(r"[^\W_](?:[\w .,+()-]*[\w)+])?")
"""Letters of any script, digits and a little between them: safe as a file name everywhere."""
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|(com|lpt)[\d\u00b9\u00b2\u00b3])\s*(\..*)?")
"""Names that one system keeps for itself, whatever follows a dot; it reads raised digits and blanks before the dot
the same way."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved recipe. saved: unix seconds."""

    name: str
    recipe: Recipe
    saved: int


def saved_names() -> tuple[str, ...]:
    """The names there are, in alphabetical order; damaged ones are among them."""
    folder = _folder()
    names = [path.name.removesuffix(SUFFIX) for path in folder.glob(f"*{SUFFIX}")] if folder.is_dir() else []
    return tuple(sorted((name for name in names if _is_name(name)), key=lambda name: (name.casefold(), name)))


def save_recipe(name: str, recipe: Recipe, *, replace: bool = False) -> str:
    """Keep a recipe under a name, in one step; returns the name as it is kept.

    Raises InputError for a name that cannot be one, or that is taken and is not to be replaced.
    """
    kept = check_name(name)
    if not replace and kept.casefold() in {other.casefold() for other in saved_names()}:
        raise InputError(f"there is a saved recipe called {kept!r} already: choose another name, or delete that one")
    values = {"format": FORMAT, "name": kept, "saved": int(time.time()), "recipe": recipe.to_flat()}
    _folder().mkdir(parents=True, exist_ok=True)
    write_atomic(_path(kept), json.dumps(values, ensure_ascii=False, indent=1).encode())
    return kept


def load_recipe(name: str) -> Saved:
    """A saved recipe. Raises UnknownNameError where there is none of that name, IntegrityError where its file is
    damaged or speaks of choices that this version does not know."""
    kept = check_name(name)
    try:
        values = json.loads(read_whole(_path(kept)))
        if values["format"] != FORMAT:
            raise IntegrityError(f"the saved recipe {kept!r} was written by another version of this program")
        return Saved(kept, Recipe.from_flat(dict(values["recipe"])), int(values["saved"]))
    except FileNotFoundError:
        raise UnknownNameError("saved recipe", kept, saved_names()) from None
    except InputError as error:
        raise IntegrityError(f"the saved recipe {kept!r} cannot be used: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise IntegrityError(f"the saved recipe {kept!r} is damaged: delete it and save it again") from None


def delete_recipe(name: str) -> None:
    """Forget a saved recipe, damaged or not. Raises UnknownNameError where there is none of that name."""
    kept = check_name(name)
    try:
        _path(kept).unlink()
    except FileNotFoundError:
        raise UnknownNameError("saved recipe", kept, saved_names()) from None


def check_name(name: str) -> str:
    """A name as it is kept: trimmed, composed letters. Raises InputError where it cannot be one."""
    kept = unicodedata.normalize("NFC", name).strip()
    if not kept:
        raise InputError("a saved recipe needs a name")
    if len(kept) > LONGEST:
        raise InputError(f"the name of a saved recipe has at most {LONGEST} letters, got {len(kept)}")
    if not _is_name(kept):
        raise InputError(f"{kept!a} cannot be the name of a saved recipe: use letters, digits, blanks and .,+()-")
    return kept


def _is_name(name: str) -> bool:
    fits = len(name) <= LONGEST and len(name.encode("utf-8", "replace")) <= 180
    return fits and bool(NAME.fullmatch(name)) and not RESERVED.fullmatch(name)


def _path(name: str) -> Path:
    return _folder() / f"{name}{SUFFIX}"


def _folder() -> Path:
    return data_dir() / "recipes"
