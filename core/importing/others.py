"""What further files know of the items: their tags, and the names behind codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..sheets import Sheet
from ..values import as_ids, as_numbers, as_texts, without_entities
from .files import Looked, whole

MOST_TAGS = 5
"""Of the tags that people gave an item, those that most gave describe it."""

COVERED = 0.8
"""Codes are those of a column if they cover this share of its distinct values, whatever the columns are called."""


@dataclass(frozen=True, slots=True, eq=False)
class Others:
    """codes: (key of the code column, code -> name), one a file. tags: item id -> tags, the most given first."""

    codes: tuple[tuple[str, Mapping[str, str]], ...] = ()
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()

    def names_for(self, column: str, values: Iterable[str]) -> Mapping[str, str]:
        """The names behind the codes of a column: from the file with a column called alike, else by the codes."""
        for key, names in self.codes:
            if key == plain_key(column):
                return names
        distinct = set(values)
        for _, names in self.codes:
            if distinct and sum(value in names for value in distinct) >= COVERED * len(distinct):
                return names
        return {}


def read_others(tags: Sequence[Looked], names: Sequence[Looked]) -> Others:
    """Read the files of tags and of names. Raises FileError."""
    notices: list[str] = []
    known = Others(tuple(_names(file, notices) for file in names))
    found, cut = _tags(tags, known, notices)
    if cut:
        notices.append(f"{cut:,} items have more than {MOST_TAGS} tags: those that most rows give an item are kept.")
    return Others(known.codes, found, tuple(notices))


def plain_key(name: str) -> str:
    """A column's name as it is compared: small letters, without blanks, "-" and "_"."""
    return "".join(char for char in name.lower() if char not in " -_")


def _names(file: Looked, notices: list[str]) -> tuple[str, Mapping[str, str]]:
    code, name = file.meaning.columns("code")[0], file.meaning.columns("name")[0]
    sheet = _whole(file, [code, name], notices)
    ids = as_ids(sheet.table.column(code))
    texts = [without_entities(text) for text in as_texts(sheet.table.column(name)).to_pylist()]
    pairs = zip(ids.codes.tolist(), texts, strict=True)
    return plain_key(code), {ids.names[at]: text.strip() for at, text in pairs if at >= 0 and text.strip()}


def _tags(files: Sequence[Looked], known: Others, notices: list[str]) -> tuple[dict[str, tuple[str, ...]], int]:
    """Item id -> tags by the weight of their rows (equal ones by name), and how many items had too many."""
    if not files:
        return {}, 0
    import pandas as pd

    frames = []
    for file in files:
        item, tag = file.meaning.columns("item_id")[0], file.meaning.columns("category")[0]
        weight = file.meaning.column("weight")
        sheet = _whole(file, [item, tag, *([weight] if weight else [])], notices)
        ids, tags = as_ids(sheet.table.column(item)), as_ids(sheet.table.column(tag))
        called = known.names_for(tag, tags.names)
        labels = np.array([called.get(name, name) for name in tags.names], dtype=object)
        weights = np.ones(len(ids)) if weight is None else np.nan_to_num(as_numbers(sheet.table.column(weight)).values)
        there = (ids.codes >= 0) & (tags.codes >= 0)
        if lost := int((~there).sum()):
            notices.append(f"{sheet.name}: {lost:,} rows without an item or a tag were left out.")
        columns = {"item": ids.names[ids.codes[there]], "tag": labels[tags.codes[there]], "weight": weights[there]}
        frames.append(pd.DataFrame(columns))
    sums: pd.DataFrame = pd.concat(frames).groupby(["item", "tag"])["weight"].sum().reset_index()
    ranked = sums.sort_values(["item", "weight", "tag"], ascending=[True, False, True])
    grouped: dict[str, list[str]] = {}
    for item, tag in zip(ranked["item"], ranked["tag"], strict=True):
        grouped.setdefault(str(item), []).append(str(tag))
    cut = sum(len(all_of) > MOST_TAGS for all_of in grouped.values())
    return {item: tuple(all_of[:MOST_TAGS]) for item, all_of in grouped.items()}, cut


def _whole(file: Looked, columns: Sequence[str], notices: list[str]) -> Sheet:
    sheet = whole(file, list(dict.fromkeys(columns)))
    notices += [f"{sheet.name}: {notice}" for notice in sheet.notices]
    if sheet.unread:
        first = sheet.unread[0]
        notices.append(
            f"{sheet.name}: {sheet.n_unread:,} records are no rows, the first in row {first.row:,} {first.reason}."
        )
    return sheet
