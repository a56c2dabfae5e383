"""Item vectors that come along: a column of lists, or an array whose rows follow a file of ids or the items."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import FileError, InputError
from ..sheets import Sheet
from ..types import Array
from .files import Looked, array_of, whole
from .rows import id_texts


def from_column(sheet: Sheet, column: str) -> Array:
    """(n, d) float32 from a column of lists of numbers, or of texts like "[0.1, 0.2]"; a row of NaN where it is empty.

    Raises FileError where a row is no vector as long as the others, or holds what is no finite number.
    """
    import pyarrow as pa

    values = sheet.table.column(column).combine_chunks()
    kinds = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    lists = any(is_kind(values.type) for is_kind in kinds)
    rows = values.to_pylist()
    numbers = rows if lists else [_parsed(text) for text in rows]
    width = max(map(len, filter(None, numbers)), default=0)
    if not width:
        raise FileError(sheet.name, "holds no vector", column=column, hint="give the role vector to another column")
    array = np.full((len(numbers), width), np.nan, dtype=np.float32)
    for place, row in enumerate(numbers):
        if not rows[place]:
            continue
        if row is None or len(row) != width or None in row or not np.isfinite(np.array(row, dtype=np.float32)).all():
            cell = {"row": int(sheet.rows[place]), "column": column, "value": rows[place]}
            raise FileError(sheet.name, f"is no vector of {width} finite numbers", hint="mend it, or empty it", **cell)
        array[place] = row
    return array


def brought_along(files: Sequence[Looked], item_ids: Sequence[str]) -> dict[str, Array] | None:
    """Item id -> vector from the files of vectors, None where there are none. Raises FileError, InputError.

    item_ids: of the items file in its order, whose rows an array without ids follows.
    """
    arrays = [file for file in files if file.sheet is None]
    tables = [file for file in files if file.sheet is not None]
    if not files:
        return None
    if len(arrays) > 1 or len(tables) > 1:
        names = ", ".join(file.plan.name for file in files)
        raise InputError(f"{names}: bring one file of vectors, and one of ids where it is an array")
    if not arrays:
        return _from_table(tables[0])
    matrix = array_of(arrays[0])
    ids = list(item_ids) if not tables else _ids_of(tables[0])
    if len(ids) != len(matrix):
        whose = f"{tables[0].plan.name} has {len(ids):,} ids" if tables else f"there are {len(ids):,} items"
        hint = "bring a file with the item id of each row, in the same order"
        raise FileError(arrays[0].plan.name, f"{len(matrix):,} vectors, but {whose}", hint=hint)
    return _by_id(ids, matrix, tables[0].plan.name if tables else "")


def _by_id(ids: Sequence[str], matrix: Array, file: str) -> dict[str, Array]:
    """Id -> vector; rows without one are left out. Of an id that stands again in the items the first row counts, as it
    does for all else; in a file of vectors (named here) it is refused."""
    found: dict[str, Array] = {}
    for item, row in zip(ids, matrix, strict=True):
        if file and item in found:
            raise FileError(file, f"the id {item[:60]} stands more than once", hint="keep one vector for each item")
        if item and not np.isnan(row[0]):
            found.setdefault(item, row)
    return found


def matrix_for(vectors: dict[str, Array], item_ids: Sequence[str], file: str) -> Array:
    """(n, d) float32, a row for each item. Raises FileError where one has none."""
    missing = [item for item in item_ids if item not in vectors]
    if missing:
        some = ", ".join(missing[:3])
        problem = f"no vector for {len(missing):,} of {len(item_ids):,} items, such as {some}"
        raise FileError(file, problem, hint="bring one for each item, or leave the file of vectors out")
    return np.stack([vectors[item] for item in item_ids]).astype(np.float32)


def _from_table(file: Looked) -> dict[str, Array]:
    column, vector = file.meaning.column("item_id"), file.meaning.column("vector")
    if column is None or vector is None:
        hint = "give both roles to a column, or bring an array (.npy) beside the ids"
        raise FileError(file.plan.name, "a table of vectors needs a column of item ids and one of vectors", hint=hint)
    sheet = whole(file, [column, vector])
    return _by_id(id_texts(sheet, column), from_column(sheet, vector), file.plan.name)


def _ids_of(file: Looked) -> list[str]:
    assert file.sheet is not None
    column = file.meaning.column("item_id") or file.sheet.columns[0]
    return id_texts(whole(file, [column]), column)


def _parsed(text: object) -> list[float] | None:
    parts = str(text or "").strip().strip("[]()").replace(",", " ").replace(";", " ").split()
    try:
        return [float(part) for part in parts]
    except ValueError:
        return None
