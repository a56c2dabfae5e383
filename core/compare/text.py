"""A recipe as one line of flat words, for an address or a flag: ``strategy=ease;diversity=0.3;k=10``.

Names are those of the command line and the address; what is left out keeps its default. The data set is no part of it:
recipes that are compared share one. Values may hold anything: ``;``, ``%``, line ends and blanks at the ends are
written as %XX.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

from ..errors import InputError
from ..recipe import Recipe

SHARED = {"dataset": "the data set", "user": "the user"}
"""What sides have in common, so that a side cannot name it."""
MOST_SHOWN = 60
"""Letters of a part that a message repeats."""


def to_text(recipe: Recipe) -> str:
    """The strategy and every other choice that differs from the defaults; the data set is left out."""
    flat = {"strategy": recipe.strategy} | recipe.to_flat(changed_only=True)
    if recipe.threshold is not None:
        flat["select"] = recipe.select  # a threshold without it would mean "both"
    return ";".join(f"{name}={_written(value)}" for name, value in flat.items() if name != "dataset")


def from_text(text: str, dataset: str, n_items: int | None = None) -> Recipe:
    """The recipe of a line, on a data set; n_items as ``Recipe.from_flat``. Raises InputError, in one sentence."""
    flat: dict[str, Any] = {}
    for part in text.split(";"):
        name, given, value = part.partition("=")
        name = name.strip().replace("-", "_")
        if not name and not given:
            continue
        if not given:
            raise InputError(f"a choice is written name=value, got {name[:MOST_SHOWN]!a}: separate choices with ;")
        if name in SHARED:
            raise InputError(f"{SHARED[name]} is the same for all sides: leave {name} out")
        if name in flat:
            raise InputError(f"{name} is given twice: keep one of them")
        flat[name] = _read(name, value.strip())
    return Recipe.from_flat(flat | {"dataset": dataset}, n_items=n_items)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    inner = text.strip()
    start = text.index(inner) if inner else len(text)
    edges = text[:start], text[start + len(inner) :]
    body = "".join(quote(char) if char in ";%" or not char.isprintable() else char for char in inner)
    return quote(edges[0], safe="") + body + quote(edges[1], safe="")


def _read(name: str, value: str) -> str:
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError:
        raise InputError(f"{name} holds bytes that are not text: {value!a}") from None
