"""Records of JSON -> columns: what Python's own reader hands over, where pyarrow's cannot."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from ..errors import FileError
from .columns import unique_names, wider
from .limits import check_shape

if TYPE_CHECKING:
    import pyarrow as pa

_INT64 = 2**63


class NotJsonError(ValueError):
    """A value that no JSON allows, in words."""


def _refuse(word: str) -> NoReturn:
    raise NotJsonError(f"{word} is not JSON; write null where a number is missing")


decoder = json.JSONDecoder(parse_constant=_refuse)
"""JSON as the standard has it: no NaN, no Infinity."""


def reason(error: Exception, start: int = 0) -> str:
    """Why a text is not JSON, in words; start: where the record begins in what was decoded."""
    if isinstance(error, RecursionError):
        return "is nested too deep"
    if isinstance(error, json.JSONDecodeError):
        return f"is not JSON at its character {error.pos - start + 1:,}: {error.msg[:1].lower()}{error.msg[1:]}"
    if isinstance(error, UnicodeError):
        return "is not UTF-8"
    return str(error) if isinstance(error, NotJsonError) else "holds a number too long to be read"


def table_of(records: Sequence[Mapping[str, Any]], file: str, first_row: int = 1) -> pa.Table:
    """Records, each a mapping from name to value, as a plain table; names in the order they first appear.

    A record within a record becomes one column per field ("a.b"). Raises FileError for anything deeper, naming the
    column and the row, and for too many columns.
    """
    import pyarrow as pa

    values: dict[str, list[Any]] = {}
    for place, record in enumerate(records):
        for key, value in record.items():
            pairs = [(f"{key}.{inner}", part) for inner, part in value.items()] if isinstance(value, dict) else None
            for name, part in pairs if pairs is not None else [(key, value)]:
                if isinstance(part, dict) or (isinstance(part, list) and any(map(_is_nested, part))):
                    raise nested(file, name, first_row + place)
                column = values.get(name)
                if column is None:
                    check_shape(file, len(records), len(values) + 1)
                    column = values[name] = [None] * len(records)
                column[place] = part
    names, _ = unique_names(map(_text, values))
    if not names:
        return pa.table({"": pa.nulls(len(records), pa.string())}).select([])
    return pa.table(dict(zip(names, map(_column, values.values()), strict=True)))


def nested(file: str, column: str, row: int | None = None) -> FileError:
    """What is said about records within records or lists."""
    return FileError(
        file,
        "holds records within records or lists",
        row=row,
        column=column,
        hint="save the column flat (one value a row, or a plain list), or leave it out",
    )


def _is_nested(value: object) -> bool:
    return isinstance(value, dict | list)


def _column(values: list[Any]) -> pa.Array:
    import pyarrow as pa

    if any(isinstance(value, list) for value in values):
        lists = [value if isinstance(value, list) or value is None else [value] for value in values]
        flat = [part for value in lists if value for part in value]
        kind, convert = _kind(flat)
        return pa.array(
            [None if value is None else [None if part is None else convert(part) for part in value] for value in lists],
            pa.list_(kind),
        )
    kind, convert = _kind(values)
    return pa.array([None if value is None else convert(value) for value in values], kind)


def _kind(values: Sequence[Any]) -> tuple[pa.DataType, Any]:
    import pyarrow as pa

    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return pa.bool_(), bool
    whole = all(-_INT64 <= value < _INT64 for value in values if type(value) is int)
    if whole and kinds == {int}:
        return wider([pa.int64()]), int
    if whole and kinds and kinds <= {int, float}:
        return wider([pa.int64(), pa.float64()]), float
    return pa.string(), _text


def _text(value: object) -> str:
    """A value as text; half of a surrogate pair, which no text may hold, becomes the replacement character."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
