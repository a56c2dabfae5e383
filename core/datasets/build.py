"""From columns in any order to a Dataset in the canonical order.

The catalogue is sorted by item id (whole numbers by value, text by code point), the log by (user, time, item), so
the same content gives the same arrays and the same fingerprint, however its rows were ordered.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError
from ..types import Array, Catalog, Dataset, Interactions, Note, readonly
from .ids import index_of, objects, places_of, whole_or_text
from .order import sorted_by

Columns = Mapping[str, Sequence[Any] | Array]


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
    template: str = "",
    positive_from: float = 0.0,
) -> Dataset:
    """Sort, index and fingerprint.

    items: "item_id", unique; optional "title" (text, "" or None where missing) and "category" (a sequence of
        names each); every further column becomes a text field for the item-text template.
    interactions: "user_id", "item_id"; optional "weight" (>= 0, default 1) and "datetime" (whole unix seconds).
    positive_from: the smallest weight that counts as liked.
    Raises InputError where a column is missing, ragged or holds what it may not, naming the first bad value.
    """
    catalog = catalog_of(items)
    log = _interactions(interactions, catalog, positive_from)
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
        template=template,
    )


@dataclass(frozen=True, slots=True, eq=False)
class CodedRows:
    """A log whose ids are coded, (n,) each and checked: what an import ends with.

    users, items: codes into ``user_ids`` and ``item_ids`` ((n_codes,) object holding str; codes may go unused).
    weights: finite, >= 0. times: unix seconds or None. position: place in the history or None, used without times.
    """

    users: Array
    items: Array
    user_ids: Array
    item_ids: Array
    weights: Array
    times: Array | None = None
    position: Array | None = None


def interactions_of(rows: CodedRows, catalog: Catalog, *, positive_from: float = 0.0) -> Interactions:
    """Sort and index coded rows; the work on ids is done once an id, not once a row.

    Raises InputError where a row's item is not in the catalogue.
    """
    used = np.flatnonzero(np.bincount(rows.users, minlength=len(rows.user_ids)))
    user_ids, place = index_of(whole_or_text(rows.user_ids[used]))
    users = _spread(used, place, len(rows.user_ids))[rows.users]
    used = np.flatnonzero(np.bincount(rows.items, minlength=len(rows.item_ids)))
    items = _spread(used, places_of(rows.item_ids[used], catalog.item_ids), len(rows.item_ids))[rows.items]
    return _sorted_log(
        user_ids,
        users,
        items,
        rows.weights,
        rows.times,
        rows.position,
        ordered=rows.times is not None or rows.position is not None,
        positive_from=positive_from,
    )


def _spread(used: Array, values: Array, size: int) -> Array:
    out = np.zeros(size, dtype=np.int64)
    out[used] = values
    return out


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


def fingerprint(catalog: Catalog, log: Interactions, *more: str | bytes) -> str:
    """16 hex digits over everything in the catalogue and the log, and whatever else makes the data set."""
    digest = hashlib.sha256(repr([hashlib.sha256(_bytes(part)).digest() for part in more]).encode() if more else b"")
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
    if log.positive_from or not log.ordered:
        digest.update(f"{log.positive_from!r} {log.ordered}".encode())
    return digest.hexdigest()[:16]


def catalog_of(items: Columns) -> Catalog:
    """The catalogue of item columns; see :func:`build_dataset`."""
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
        titles=readonly(objects(display_titles(ids, titles, fields.get("year")))),
        categories=categories,
        fields={name: readonly(objects(values)) for name, values in fields.items()},
    )


def _interactions(rows: Columns, catalog: Catalog, positive_from: float) -> Interactions:
    _check_columns("interactions", rows, ("user_id", "item_id"))
    user_ids, users = index_of(whole_or_text(rows["user_id"]))
    items = places_of(rows["item_id"], catalog.item_ids)
    weights = _numbers(rows, "weight") if "weight" in rows else np.ones(len(items))
    if (bad := ~(np.isfinite(weights) & (weights >= 0))).any():
        raise InputError(f"interactions: weight must be a number of at least 0, got {weights[bad][0]:g}")
    times = _times(rows) if "datetime" in rows else None
    ordered = times is not None
    return _sorted_log(user_ids, users, items, weights, times, None, ordered=ordered, positive_from=positive_from)


def _sorted_log(
    user_ids: Array,
    users: Array,
    items: Array,
    weights: Array,
    times: Array | None,
    position: Array | None,
    *,
    ordered: bool,
    positive_from: float = 0.0,
) -> Interactions:
    moment = [key for key in (times, position) if key is not None][:1]
    order = sorted_by(users, *moment, items, weights)
    counts = np.bincount(users, minlength=len(user_ids))
    return Interactions(
        user_ids=readonly(user_ids),
        indptr=readonly(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)),
        items=readonly(items[order].astype(np.int32)),
        weights=readonly(weights[order].astype(np.float32)),
        times=None if times is None else readonly(times[order]),
        ordered=ordered,
        positive_from=positive_from,
    )


def _check_columns(what: str, columns: Columns, needed: tuple[str, ...]) -> None:
    for name in needed:
        if name not in columns:
            raise InputError(f"{what}: the column {name} is missing, found {', '.join(columns) or 'none'}")
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(f"{what}: the columns are not equally long: {lengths}")


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


def _shared(titles: Iterable[str]) -> set[str]:
    return {title for title, count in Counter(titles).items() if count > 1}


def _bytes(part: str | bytes) -> bytes:
    return part.encode() if isinstance(part, str) else part


def _add_texts(digest: Any, texts: Iterable[str]) -> None:
    """The lengths in front of the texts, so that no two different lists look alike."""
    encoded = [text.encode() for text in texts]
    lengths = np.fromiter(map(len, encoded), dtype="<i8", count=len(encoded))
    digest.update(b"%d;" % len(encoded))
    digest.update(lengths.data)
    digest.update(b"".join(encoded))
