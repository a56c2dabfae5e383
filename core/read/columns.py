"""Columns as every format hands them over: each name once, and values that are numbers, strings or lists of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import FileError
from .limits import check_shape

if TYPE_CHECKING:
    import pyarrow as pa

_FLAT = "save the column flat (one value a row, or a plain list), or leave it out"


def unique_names(names: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names each once, and a sentence for each change: "" becomes column_3, a second "title" becomes "title (2)"."""
    given = [name.strip() for name in names]
    taken, out, notices = set(given), [], []
    for place, name in enumerate(given, start=1):
        new = name or _free(f"column_{place}", taken)
        if not name:
            notices.append(f"column {place} has no name: called {new}")
        elif name in out:
            new = next(fresh for count in range(2, len(given) + 2) if (fresh := f"{name} ({count})") not in taken)
            notices.append(f'column {place} has the name "{name[:60]}" again: called "{new[:70]}"')
        taken.add(new)
        out.append(new)
    return tuple(out), tuple(notices)


def _free(name: str, taken: set[str]) -> str:
    return name if name not in taken else _free(f"{name}_", taken)


def plain_table(table: pa.Table, file: str) -> pa.Table:
    """A table with every column plain; a column of records becomes one column per field ("a.b").

    Raises FileError, naming the column, for records within records or lists, maps, and bytes that are no text.
    """
    import pyarrow as pa

    names: list[str] = []
    columns: list[Any] = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        _check_sound(column, name, file)
        pieces = [_plain(chunk, name, file) for chunk in column.chunks] or [
            _plain(pa.array([], column.type), name, file)
        ]
        for place, (label, _) in enumerate(pieces[0]):
            names.append(label)
            columns.append(pa.chunked_array([piece[place][1] for piece in pieces]))
    unique, _ = unique_names(names) if len(set(names)) < len(names) else (names, ())
    return pa.Table.from_arrays(columns, names=list(unique)) if columns else table.select([])


def _check_sound(column: pa.ChunkedArray, name: str, file: str) -> None:
    """Offsets, codes and characters of damaged files can be anything, and pyarrow's own functions trust them."""
    import pyarrow as pa

    try:
        column.validate(full=True)
    except pa.ArrowInvalid as error:
        what = "text that is not UTF-8" if "UTF8" in str(error) else "values that are damaged"
        raise FileError(file, f"holds {what}", column=name, hint="export it again") from None


def _plain(array: pa.Array, name: str, file: str) -> list[tuple[str, pa.Array]]:
    import pyarrow as pa

    if pa.types.is_struct(array.type):
        fields = [array.type.field(place).name for place in range(array.type.num_fields)]
        return [
            (f"{name}.{field}", _list_or_value(part, f"{name}.{field}", file))
            for field, part in zip(fields, array.flatten(), strict=True)
        ]
    return [(name, _list_or_value(array, name, file))]


def _list_or_value(array: pa.Array, name: str, file: str) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = array.type
    if isinstance(kind, pa.BaseExtensionType):
        array, kind = array.storage, kind.storage_type
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)):
        return _value(array, name, file)
    inner = _value(pa.array([], kind.value_type), name, file).type
    if inner == kind.value_type and pa.types.is_list(kind):
        return array
    if not pa.types.is_list(kind):
        array = pc.cast(array, pa.list_(kind.value_type))
    values = _value(array.values, name, file)
    return pa.ListArray.from_arrays(array.offsets, values, mask=array.is_null() if array.null_count else None)


def _value(array: pa.Array, name: str, file: str) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = array.type
    target = plain_type(kind)
    if target is None:
        raise FileError(file, f"holds values of type {_short(kind)}, which have no place here", column=name, hint=_FLAT)
    if pa.types.is_dictionary(kind):
        return _value(array.dictionary_decode(), name, file)
    if target == kind:
        return array
    try:
        return pc.cast(array, target)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise FileError(
            file, f"holds values of type {_short(kind)} that are no text", column=name, hint="save it as text"
        ) from None


def plain_type(kind: pa.DataType) -> pa.DataType | None:
    """The type a single value is handed over in, None where it has no place here."""
    import pyarrow as pa

    t = pa.types
    if t.is_dictionary(kind):
        return plain_type(kind.value_type)
    if t.is_boolean(kind) or t.is_integer(kind) or t.is_timestamp(kind) or kind in (pa.float32(), pa.float64()):
        return kind
    if t.is_float16(kind):
        return pa.float32()
    if t.is_date(kind):
        return pa.timestamp("s" if t.is_date32(kind) else "ms")
    if t.is_duration(kind):
        return pa.int64()
    texts = t.is_string(kind) or t.is_large_string(kind) or t.is_string_view(kind) or t.is_null(kind)
    binary = t.is_binary(kind) or t.is_large_binary(kind) or t.is_binary_view(kind) or t.is_fixed_size_binary(kind)
    if texts or binary or t.is_decimal(kind) or t.is_time(kind):
        return pa.string()
    return None


def _short(kind: object) -> str:
    text = str(kind)
    return text if len(text) <= 40 else f"{text[:40]}…"


def joined(tables: Sequence[pa.Table], file: str) -> pa.Table:
    """Plain tables one below the other; a column that has several types becomes the one that holds them all: whole
    numbers and decimals become decimals, anything else text; where it is a list once, it is a list throughout.

    Raises FileError where they have more columns or cells together than we hold.
    """
    import pyarrow as pa

    kinds: dict[str, list[pa.DataType]] = {}
    for table in tables:
        for field in table.schema:
            seen = kinds.setdefault(field.name, [])
            if field.type not in seen and table.column(field.name).null_count < table.num_rows:
                seen.append(field.type)
    check_shape(file, sum(table.num_rows for table in tables), len(kinds))
    schema = pa.schema([(name, wider(seen)) for name, seen in kinds.items()])
    parts = []
    for table in tables:
        columns = [
            as_type(table.column(field.name), field.type)
            if field.name in table.column_names
            else pa.chunked_array([pa.nulls(table.num_rows, field.type)])
            for field in schema
        ]
        parts.append(pa.Table.from_arrays(columns, schema=schema) if columns else table)
    return pa.concat_tables(parts)


def wider(kinds: Sequence[pa.DataType]) -> pa.DataType:
    """The type that holds values of all these plain types; text for none at all."""
    import pyarrow as pa

    if len(kinds) == 1:
        return kinds[0]
    if any(pa.types.is_list(kind) for kind in kinds):
        return pa.list_(wider(list({kind.value_type if pa.types.is_list(kind) else kind for kind in kinds})))
    if kinds and all(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in kinds):
        return pa.float64()
    return pa.string()


def as_type(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    """A plain column in a wider type."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.type == kind:
        return column
    if column.null_count == len(column):
        return pa.chunked_array([pa.nulls(len(column), kind)])
    if not pa.types.is_list(kind) or pa.types.is_list(column.type):
        return pc.cast(column, kind, safe=False)
    values = pc.cast(column, kind.value_type, safe=False).combine_chunks()
    offsets = pa.array(range(len(values) + 1), pa.int32())
    mask = values.is_null() if values.null_count else None
    return pa.chunked_array([pa.ListArray.from_arrays(offsets, values, mask=mask)])
