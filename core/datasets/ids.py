"""Ids: whole numbers where all of them are, else text; and where each stands among the distinct ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import InputError
from ..types import Array

LARGEST_ID = 2**63 - 1
MOST_DIGITS = 19
QUICK = r"\A(0|-?[1-9][0-9]{0,17})\z"
"""A whole number that fits into 64 bits whatever its digits."""


def whole_or_text(ids: Sequence[Any] | Array) -> Array:
    """Ids as int64 where every one is a whole number (also written as text, without leading zeros), else as text.

    Raises InputError for an empty or missing id.
    """
    if isinstance(ids, np.ndarray) and ids.dtype.kind == "i":
        return ids.astype(np.int64)
    values = np.asarray(ids).tolist() if isinstance(ids, np.ndarray) else list(ids)
    if (quick := _all_whole(values)) is not None:
        return quick
    texts = [_id_text(value) for value in values]
    if texts and all(_is_whole(text) for text in texts):
        return np.array([int(text) for text in texts], dtype=np.int64)
    return objects(texts)


def index_of(ids: Array) -> tuple[Array, Array]:
    """Distinct ids, ascending, and each row's place among them."""
    if ids.dtype.kind == "i":
        distinct, places = np.unique(ids, return_inverse=True)
        return distinct, places.astype(np.int64)
    ordered = sorted(set(ids.tolist()))
    place = {value: index for index, value in enumerate(ordered)}
    return objects(ordered), np.fromiter((place[value] for value in ids), dtype=np.int64, count=len(ids))


def places_of(given: Sequence[Any] | Array, item_ids: Array) -> Array:
    """Each row's index among the item ids. Raises InputError for an id that is not among them."""
    ids = whole_or_text(given)
    if item_ids.dtype.kind != ids.dtype.kind:
        ids, item_ids = (objects([str(value) for value in array.tolist()]) for array in (ids, item_ids))
    if ids.dtype.kind == "i":
        places = np.searchsorted(item_ids, ids)
        found = places < len(item_ids)
        found[found] = item_ids[places[found]] == ids[found]
    else:
        place = {value: index for index, value in enumerate(item_ids.tolist())}
        places = np.fromiter((place.get(value, -1) for value in ids), dtype=np.int64, count=len(ids))
        found = places >= 0
    if not found.all():
        raise InputError(f"interactions: item_id {ids[~found][0]!r} is not in the catalogue")
    return places


def _all_whole(values: list[Any]) -> Array | None:
    """Texts that are all short whole numbers, parsed at once; None where one is anything else."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not values or not isinstance(values[0], str):
        return None
    try:
        texts = pa.array(values, pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError):
        return None
    whole = pc.match_substring_regex(texts, QUICK)
    return texts.cast(pa.int64()).to_numpy() if not whole.null_count and pc.all(whole).as_py() else None


def _id_text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None or value != value else str(value).strip()
    if not text:
        raise InputError(f"an id is missing or empty ({value!r}), every row needs one")
    return text


def _is_whole(text: str) -> bool:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
        return False
    if str(int(digits)) != digits or text == "-0":
        return False
    return abs(int(text)) <= LARGEST_ID


def objects(values: Sequence[Any]) -> Array:
    """Values as an (n,) object array, whatever they are."""
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out
