"""From columns in any order to a Dataset in the canonical order.

The catalogue is sorted by item id (whole numbers by value, text by code point), the log by (user, time, item), so
the same content gives the same arrays and the same fingerprint, however its rows were ordered.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import InputError
from ..types import Array, Catalog, Dataset, Interactions, Note, readonly

Columns = Mapping[str, Sequence[Any] | Array]
LARGEST_ID = 2**63 - 1
MOST_DIGITS = 19


def build_dataset(
    name: str,
    label: str,
    items: Columns,
    interactions: Columns,
    *,
    notes: Sequence[Note] = (),
    licence: str = "",
    citation: str = "",
    source: str = "",
) -> Dataset:
    """Sort, index and fingerprint.

    items: "item_id", unique; optional "title" (text, "" or None where missing) and "category" (a sequence of
        names each); every further column becomes a text field for the item-text template.
    interactions: "user_id", "item_id"; optional "weight" (> 0, default 1) and "datetime" (whole unix seconds).
    Raises InputError where a column is missing, ragged or holds what it may not, naming the first bad value.
    """
    catalog = _catalog(items)
    log = _interactions(interactions, catalog)
    return Dataset(
        name=name,
        label=label,
        catalog=catalog,
        interactions=log,
        fingerprint=fingerprint(catalog, log),
        notes=tuple(notes),
        licence=licence,
        citation=citation,
        source=source,
    )


def whole_or_text(ids: Sequence[Any] | Array) -> Array:
    """Ids as int64 where every one is a whole number (also written as text, without leading zeros), else as text.

    Raises InputError for an empty or missing id.
    """
    values = np.asarray(ids).tolist() if isinstance(ids, np.ndarray) else list(ids)
    texts = [_id_text(value) for value in values]
    if texts and all(_is_whole(text) for text in texts):
        return np.array([int(text) for text in texts], dtype=np.int64)
    return _objects(texts)


def display_titles(item_ids: Array, titles: Sequence[str], years: Sequence[str] | None = None) -> list[str]:
    """Titles a reader can tell apart: no title -> "Untitled item <id>"; one that several items share gets its
    year, and its id in square brackets where the year does not tell them apart either."""
    shown = [title or f"Untitled item {item}" for title, item in zip(titles, item_ids.tolist(), strict=True)]
    if years is not None:
        shared = _shared(shown)
        shown = [
            f"{title} ({year})" if title in shared and year else title for title, year in zip(shown, years, strict=True)
        ]
    shared = _shared(shown)
    return [f"{title} [{item}]" if title in shared else title for title, item in zip(shown, item_ids, strict=True)]


def fingerprint(catalog: Catalog, log: Interactions) -> str:
    """16 hex digits over everything in the catalogue and the log."""
    digest = hashlib.sha256()
    _add_texts(digest, (str(item) for item in catalog.item_ids.tolist()))
    _add_texts(digest, catalog.titles.tolist())
    _add_texts(digest, ("\x1f".join(names) for names in catalog.categories))
    for field in sorted(catalog.fields):
        _add_texts(digest, [field])
        _add_texts(digest, catalog.fields[field].tolist())
    _add_texts(digest, (str(user) for user in log.user_ids.tolist()))
    for array in (log.indptr, log.items, log.weights, log.times):
        if array is not None:
            digest.update(array.data)
        digest.update(b"|")
    return digest.hexdigest()[:16]


def _catalog(items: Columns) -> Catalog:
    _check_columns("items", items, ("item_id",))
    ids = whole_or_text(items["item_id"])
    order = np.argsort(ids, kind="stable")
    ids = ids[order]
    repeated = np.flatnonzero(ids[1:] == ids[:-1])
    if len(repeated):
        raise InputError(f"items: item_id {ids[repeated[0]]!r} stands more than once, each item needs one row")
    given = {name: _pick(values, order) for name, values in items.items() if name not in ("item_id", "category")}
    fields = {name: [_text(value) for value in values] for name, values in given.items()}
    titles = fields.setdefault("title", [""] * len(ids))
    no_categories: list[tuple[str, ...]] = [()] * len(ids)
    raw = _pick(items["category"], order) if "category" in items else no_categories
    categories = tuple(tuple(str(name).strip() for name in names) for names in raw)
    fields["category"] = [", ".join(names) for names in categories]
    return Catalog(
        item_ids=readonly(ids),
        titles=readonly(_objects(display_titles(ids, titles, fields.get("year")))),
        categories=categories,
        fields={name: readonly(_objects(values)) for name, values in fields.items()},
    )


def _interactions(rows: Columns, catalog: Catalog) -> Interactions:
    _check_columns("interactions", rows, ("user_id", "item_id"))
    user_ids, users = _index(whole_or_text(rows["user_id"]))
    items = _places(rows["item_id"], catalog.item_ids)
    weights = _numbers(rows, "weight") if "weight" in rows else np.ones(len(items))
    if (bad := ~(np.isfinite(weights) & (weights > 0))).any():
        raise InputError(f"interactions: weight must be a number above 0, got {weights[bad][0]:g}")
    times = _times(rows) if "datetime" in rows else None
    order = np.lexsort((weights, items, np.zeros(len(items)) if times is None else times, users))
    counts = np.bincount(users, minlength=len(user_ids))
    return Interactions(
        user_ids=readonly(user_ids),
        indptr=readonly(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)),
        items=readonly(items[order].astype(np.int32)),
        weights=readonly(weights[order].astype(np.float32)),
        times=None if times is None else readonly(times[order]),
    )


def _check_columns(what: str, columns: Columns, needed: tuple[str, ...]) -> None:
    for name in needed:
        if name not in columns:
            raise InputError(f"{what}: the column {name} is missing, found {', '.join(columns) or 'none'}")
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(f"{what}: the columns are not equally long: {lengths}")


def _index(ids: Array) -> tuple[Array, Array]:
    """Distinct ids, ascending, and each row's place among them."""
    if ids.dtype.kind == "i":
        distinct, places = np.unique(ids, return_inverse=True)
        return distinct, places.astype(np.int64)
    ordered = sorted(set(ids.tolist()))
    place = {value: index for index, value in enumerate(ordered)}
    return _objects(ordered), np.fromiter((place[value] for value in ids), dtype=np.int64, count=len(ids))


def _places(given: Sequence[Any] | Array, item_ids: Array) -> Array:
    """Each row's item index."""
    ids = whole_or_text(given)
    if item_ids.dtype.kind != ids.dtype.kind:
        ids, item_ids = (_objects([str(value) for value in array.tolist()]) for array in (ids, item_ids))
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


def _numbers(rows: Columns, name: str) -> Array:
    try:
        return np.asarray(rows[name], dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"interactions: {name} must be numbers ({error})") from None


def _times(rows: Columns) -> Array:
    raw = np.asarray(rows["datetime"])
    if raw.dtype.kind in "iu":
        return raw.astype(np.int64)
    numbers = _numbers(rows, "datetime")
    if (bad := ~np.isfinite(numbers) | (numbers != np.floor(numbers))).any():
        raise InputError(f"interactions: datetime must be whole unix seconds, got {numbers[bad][0]}")
    return numbers.astype(np.int64)


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


def _text(value: Any) -> str:
    """A value as template text: whole numbers without a decimal point, missing ones as ""."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _pick(values: Sequence[Any] | Array, order: Array) -> list[Any]:
    rows = values.tolist() if isinstance(values, np.ndarray) else list(values)
    return [rows[index] for index in order.tolist()]


def _objects(values: Sequence[Any]) -> Array:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def _shared(titles: Iterable[str]) -> set[str]:
    return {title for title, count in Counter(titles).items() if count > 1}


def _add_texts(digest: Any, texts: Iterable[str]) -> None:
    """Each text with its length in front, so that no two different lists look alike."""
    encoded = [text.encode() for text in texts]
    digest.update(b"%d;" % len(encoded))
    digest.update(b"".join(b"%d:%b" % (len(text), text) for text in encoded))
