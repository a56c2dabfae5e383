"""Saved recipes: named, one JSON file each in ``data_dir()/recipes``, found again by everybody who uses the folder."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import InputError, IntegrityError
from ..recipe import Recipe
from .named import NamedFiles

_FILES = NamedFiles("recipes", "recipe")


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved recipe. saved: unix seconds."""

    name: str
    recipe: Recipe
    saved: int


def saved_names() -> tuple[str, ...]:
    """The names there are, in alphabetical order; damaged ones are among them."""
    return _FILES.names()


def save_recipe(name: str, recipe: Recipe, *, replace: bool = False) -> str:
    """Keep a recipe under a name, in one step; returns the name as it is kept.

    Raises InputError for a name that cannot be one, or that is taken and is not to be replaced.
    """
    return _FILES.save(name, {"recipe": recipe.to_flat()}, replace=replace)


def load_recipe(name: str) -> Saved:
    """A saved recipe. Raises UnknownNameError where there is none of that name, IntegrityError where its file is
    damaged or speaks of choices that this version does not know."""
    kept = check_name(name)
    values = _FILES.load(kept)
    try:
        return Saved(kept, Recipe.from_flat(dict(values["recipe"])), values["saved"])
    except InputError as error:
        raise IntegrityError(f"the saved recipe {kept!r} cannot be used: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _FILES.damaged(kept) from None


def delete_recipe(name: str) -> None:
    """Forget a saved recipe, damaged or not. Raises UnknownNameError where there is none of that name."""
    _FILES.delete(name)


def check_name(name: str) -> str:
    """A name as it is kept: trimmed, composed letters. Raises InputError where it cannot be one."""
    return _FILES.check(name)
