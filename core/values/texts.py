"""Any column as text, and its distinct values: parsing looks at each distinct value once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from ..types import Array

if TYPE_CHECKING:
    import pyarrow as pa

MISSING_WORDS = ("", "null", "none", "nan", "na", "n/a", "\\n", "undefined", "<na>", "nat")
"""What people and programs write for "nothing", in lower case ("\\N" is what MySQL writes)."""
LARGEST_WHOLE = 2.0**63


def as_texts(column: Any, joined_by: str = ", ") -> pa.Array:
    """(n,) strings: "" where missing, whole floats without ".0", the parts of a list joined into one text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    array = plain(column)
    kind = array.type
    if pa.types.is_null(kind):
        return pa.array([""] * len(array), pa.string())
    if pa.types.is_floating(kind):
        texts = _float_texts(array)
    elif is_list(kind):
        texts = _list_texts(array, joined_by)
    elif pa.types.is_nested(kind):
        texts = pa.array([None if value is None else _json(value) for value in array.to_pylist()], pa.string())
    else:
        try:
            texts = array.cast(pa.string())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            texts = pa.array([None if value is None else _written(value) for value in array.to_pylist()], pa.string())
    return pc.fill_null(texts, "")


def distinct(column: Any) -> tuple[Array, pa.Array]:
    """Codes (n,) int32, -1 where null, and the distinct values as text, in order of first appearance."""
    import pyarrow as pa
    import pyarrow.compute as pc

    array = plain(column)
    if pa.types.is_nested(array.type):
        array = as_texts(array)
    encoded = array.dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return codes, as_texts(encoded.dictionary)


def spread(values: Array, codes: Array, missing: object) -> Array:
    """The values of the distinct texts, back on the n rows; ``missing`` where a code is -1."""
    if not len(values):
        return np.full(len(codes), missing, dtype=values.dtype)
    found = values[codes]
    if (gaps := codes < 0).any():
        found[gaps] = missing
    return found


def is_missing(texts: pa.Array) -> Array:
    """(n,) bool: blank, or one of the words for nothing, whatever the case. The texts are trimmed."""
    import pyarrow as pa
    import pyarrow.compute as pc

    words = pc.is_in(pc.ascii_lower(texts), value_set=pa.array(MISSING_WORDS))
    return pc.fill_null(words, True).to_numpy(zero_copy_only=False)


def trimmed(texts: pa.Array) -> pa.Array:
    """Without the blanks around."""
    import pyarrow.compute as pc

    return pc.utf8_trim_whitespace(texts)


def matches(texts: pa.Array, pattern: str) -> Array:
    """(n,) bool: where a regular expression (RE2) is found; False for null."""
    import pyarrow.compute as pc

    return pc.fill_null(pc.match_substring_regex(texts, pattern), False).to_numpy(zero_copy_only=False)


def plain(column: Any) -> pa.Array:
    """One array of plain values: chunks joined, dictionaries and extension types undone."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if isinstance(column, pa.ExtensionArray):
        return plain(column.storage)
    return column.cast(pa.float32()) if pa.types.is_float16(column.type) else column


def is_list(kind: pa.DataType) -> bool:
    """Whether a type is a list of any make; a map is none."""
    import pyarrow as pa

    return bool(
        pa.types.is_list(kind)
        or pa.types.is_large_list(kind)
        or pa.types.is_fixed_size_list(kind)
        or pa.types.is_list_view(kind)
        or pa.types.is_large_list_view(kind)
    )


def list_parts(array: pa.Array) -> tuple[Array, pa.Array]:
    """A list array as ends (n + 1,) int64 and the parts one after the other; a missing list has none."""
    import pyarrow.compute as pc

    lengths = pc.fill_null(pc.list_value_length(array), 0).to_numpy(zero_copy_only=False)
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]), array.flatten()


def _float_texts(array: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    values = pc.fill_null(array, float("nan")).to_numpy(zero_copy_only=False)
    whole = (values == np.floor(values)) & (np.abs(values) < LARGEST_WHOLE)
    as_whole = pa.array(np.where(whole, values, 0).astype(np.int64)).cast(pa.string())
    texts = as_whole if whole.all() else pc.if_else(pa.array(whole), as_whole, array.cast(pa.string()))
    return pc.if_else(pa.array(np.isnan(values)), pa.scalar(None, pa.string()), texts)


def _list_texts(array: pa.Array, joined_by: str) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    ends, parts = list_parts(array)
    texts = as_texts(parts, joined_by)
    kept = pc.not_equal(texts, "").to_numpy(zero_copy_only=False)
    ends = np.concatenate([[0], np.cumsum(kept, dtype=np.int64)])[ends]
    lists = pa.ListArray.from_arrays(pa.array(ends.astype(np.int32)), texts.filter(pa.array(kept)))
    return pc.binary_join(lists, joined_by)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _written(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
