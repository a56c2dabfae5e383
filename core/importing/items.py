"""The items of an import, as their file and others describe them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..clean.state import Items
from ..datasets.ids import objects
from ..sheets import Meaning, Sheet
from ..types import Array
from ..values import as_lists, as_texts
from .files import Looked, whole
from .others import Others, plain_key
from .rows import Rows, id_texts

MOST_FIELDS = 30
"""Further columns that are kept; the rest is named and left out."""

YEARS = ("year", "releaseyear", "releasedate", "yearofpublication", "publicationyear")
RESERVED = ("item_id", "title", "category", "image")


@dataclass(frozen=True, slots=True, eq=False)
class ReadItems:
    """The item rows as read, (n,) each.

    state: as the cleaning rules take it. categories: one tuple a row. fields: name -> texts, (n,) object.
    text_fields: the fields that play the role text, in order.
    vectors: (n, d) float32, NaN rows where there is none, or None.
    """

    state: Items
    rows: Rows
    categories: tuple[tuple[str, ...], ...]
    fields: Mapping[str, Array]
    text_fields: tuple[str, ...] = ()
    vectors: Array | None = None
    notices: tuple[str, ...] = field(default=())


def read_items(file: Looked, others: Others) -> ReadItems:
    """Read the file of items and join what other files know of them. Raises FileError."""
    sheet, meaning = whole(file), file.meaning
    ids = id_texts(sheet, meaning.columns("item_id")[0])
    titles = _joined_texts(sheet, meaning.columns("title"))
    categories = _categories(sheet, meaning, others)
    if others.tags:
        categories = [_with_more(own, others.tags.get(item, ())) for own, item in zip(categories, ids, strict=True)]
    fields, text_fields, notices = _fields(sheet, meaning)
    parts = zip(titles, *(fields[name] for name in text_fields), map(", ".join, categories), strict=True)
    texts = [" ".join(filter(None, row)) for row in parts]
    playing = [column for role in ("item_id", "title") for column in meaning.columns(role)]
    return ReadItems(
        state=Items(np.arange(len(ids), dtype=np.int64), objects(ids), objects(titles), objects(texts)),
        rows=Rows((sheet,), (tuple(dict.fromkeys(playing)),)),
        categories=tuple(categories),
        fields=fields,
        text_fields=text_fields,
        vectors=vectors_in(sheet, meaning),
        notices=(*(f"{sheet.name}: {notice}" for notice in sheet.notices), *notices),
    )


def vectors_in(sheet: Sheet, meaning: Meaning) -> Array | None:
    """The vectors that stand in a column of the items. Raises FileError where they are not alike."""
    from .own_vectors import from_column

    column = meaning.column("vector")
    return None if column is None else from_column(sheet, column)


def field_name(column: str, taken: Sequence[str]) -> str:
    """What a column is called in an item text: without braces, "year" for a year, never a name that is taken."""
    name = column.replace("{", "(").replace("}", ")").strip() or "column"
    if plain_key(name) in YEARS and "year" not in taken:
        return "year"
    while name in taken or name in RESERVED:
        name += "_"
    return name


def template_of(titled: bool, text_fields: Sequence[str], fields: Mapping[str, Array], categories: bool) -> str:
    """An item text made from the roles: title, texts, categories; a short text gets its name in front."""
    parts = ["{title}"] if titled else []
    parts += [f"{{{name}}}" if _is_long(fields[name]) else f"{_label(name)}: {{{name}}}" for name in text_fields]
    if categories:
        parts.append("Category: {category}")
    return ". ".join(parts) or "{title}"


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _with_more(names: tuple[str, ...], more: Sequence[str]) -> tuple[str, ...]:
    return (*names, *(name for name in dict.fromkeys(more) if name not in names))


def _is_long(texts: Array) -> bool:
    lengths = [len(text.split()) for text in texts[:1000] if text]
    return not lengths or float(np.mean(lengths)) > 5


def _joined_texts(sheet: Sheet, columns: Sequence[str]) -> list[str]:
    if not columns:
        return [""] * len(sheet.rows)
    texts = [as_texts(sheet.table.column(name), " ").to_pylist() for name in columns]
    return [" ".join(" ".join(parts).split()) for parts in zip(*texts, strict=True)]


def _categories(sheet: Sheet, meaning: Meaning, others: Others) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [()] * len(sheet.rows)
    for name in meaning.columns("category"):
        lists = as_lists(sheet.table.column(name))
        called = others.names_for(name, {value for values in lists for value in values}) if others.codes else {}
        if called:
            lists = [tuple(called.get(value, value) for value in values) for values in lists]
        rows = [_with_more(own, more) if own else tuple(more) for own, more in zip(rows, lists, strict=True)]
    return rows


def _fields(sheet: Sheet, meaning: Meaning) -> tuple[dict[str, Array], tuple[str, ...], tuple[str, ...]]:
    """Text columns first, then what else there is; which of them are texts; what was left out."""
    used = {column for role in ("item_id", "title", "category", "vector") for column in meaning.columns(role)}
    texts = meaning.columns("text")
    others = [name for name in sheet.columns if name not in used and name not in texts]
    kept, left = [*texts, *others[:MOST_FIELDS]], others[MOST_FIELDS:]
    fields: dict[str, Array] = {}
    for column in kept:
        name = "image" if column == meaning.column("image") else field_name(column, tuple(fields))
        fields[name] = objects(_joined_texts(sheet, [column]))
    named = tuple(fields)[: len(texts)]
    some = ", ".join(left[:3])
    notice = f"{sheet.name}: {MOST_FIELDS} further columns are kept, {len(left):,} were left out ({some}, …)."
    return fields, named, (notice,) if left else ()
