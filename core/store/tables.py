"""A data set on disk: Parquet tables that any tool can open, and a manifest that seals them.

items.parquet          item_id, title (as shown), category (list), then one ``field.<name>`` column per text field
users.parquet          user_id, n_interactions
interactions.parquet   user_id, item_id, weight, datetime (unix seconds; left out where the log has no time)
vectors.npy            item vectors that came with the data, if any
rejected.parquet       rows that an import left out: file, row, rule, reason, then their cells as text; if any
manifest.json          name, label, notes, ledgers, origin, fingerprint, counts ..., SHA-256 of each file
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import time
import uuid
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import IntegrityError
from ..sheets import ledger_from
from ..types import Array, Catalog, Dataset, Interactions, Note, readonly
from .manifest import WORDS, manifest_of, read_file, read_manifest, write_manifest
from .sealed import TEMPORARY, remove, sync_folder, write_atomic

if TYPE_CHECKING:
    import pyarrow as pa

TABLES = ("items", "users", "interactions")
FIELD_PREFIX = "field."
UNFINISHED_S = 3600.0
DELETED = ".deleted-"
"""Part of the name of a data set on its way out."""

VECTORS, REJECTED = "vectors.npy", "rejected.parquet"


def write_dataset(
    folder: Path, dataset: Dataset, extra: Mapping[str, bytes] | None = None, *, replace: bool = True
) -> None:
    """Write a data set as a folder, whole or not at all.

    extra: further files by name, sealed with the rest. replace: take the place of a folder that is there; otherwise
    FileExistsError.
    """
    folder = Path(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    suffix = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
    fresh = folder.with_name(f".{folder.name}{TEMPORARY}{suffix}")
    fresh.mkdir()
    try:
        digests = {}
        for name, data in _files(dataset, extra or {}):
            digests[name] = hashlib.sha256(data).hexdigest()
            write_atomic(fresh / name, data)
        write_manifest(fresh, manifest_of(dataset, digests))
        _swap(fresh, folder, suffix, replace=replace)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def sweep_unfinished(folder: Path) -> None:
    """Take away what killed writers left behind in a folder of data sets, once it is old enough to be nobody's."""
    for path in folder.glob(".*") if folder.is_dir() else ():
        try:
            old = time.time() - path.stat().st_mtime > UNFINISHED_S
        except OSError:  # somebody else took it away
            continue
        if old and any(mark in path.name for mark in (TEMPORARY, ".old-", DELETED)):
            remove(path)


def read_dataset(folder: Path) -> Dataset:
    """Read a folder back and verify it.

    Raises FileNotFoundError where there is no manifest, IntegrityError where anything is missing or altered.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    tables = {name: _read_table(folder, f"{name}.parquet", manifest) for name in TABLES}
    own = _read_vectors(folder, manifest) if VECTORS in manifest["sha256"] else None
    try:
        catalog = _catalog(tables["items"])
        interactions = _interactions(tables["users"], tables["interactions"], catalog, manifest["log"])
        notes = tuple(Note(n["rule"], n["count"], n["text"], tuple(n["samples"])) for n in manifest["notes"])
        ledgers = tuple(ledger_from(entry) for entry in manifest["ledgers"])
        words = {key: manifest[key] for key in WORDS}
        origin = dict(manifest["origin"])
        if own is not None and len(own) != len(catalog):
            raise ValueError("the vectors are not as many as the items")
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise IntegrityError(f"{folder} is damaged: its tables do not fit together ({error})") from None
    return Dataset(
        catalog=catalog,
        interactions=interactions,
        notes=notes,
        ledgers=ledgers,
        origin=origin,
        own_vectors=own,
        **words,
    )


def _files(dataset: Dataset, extra: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name, table in _to_tables(dataset).items():
        yield f"{name}.parquet", parquet_bytes(table)
    if dataset.own_vectors is not None:
        buffer = io.BytesIO()
        np.save(buffer, dataset.own_vectors, allow_pickle=False)
        yield VECTORS, buffer.getvalue()
    yield from extra.items()


def _swap(fresh: Path, folder: Path, suffix: str, *, replace: bool) -> None:
    """Put the finished folder in its place; of two writers at once that may replace, the last one stays."""
    old = folder.with_name(f".{folder.name}.old-{suffix}")
    for _ in range(20):
        try:
            os.rename(fresh, folder)
            break
        except OSError:
            if not folder.exists():
                raise
        if not replace:
            raise FileExistsError(f"{folder} is there already")
        try:
            os.rename(folder, old)
        except FileNotFoundError:
            continue
        remove(old)
    else:
        raise OSError(f"{folder} could not be replaced: another program keeps writing it")
    sync_folder(folder.parent)


def parquet_bytes(table: pa.Table) -> bytes:
    """A table as the content of a Parquet file."""
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _read_table(folder: Path, name: str, manifest: Mapping[str, Any]) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    data = read_file(folder, name, manifest)
    try:
        return pq.ParquetFile(pa.BufferReader(data)).read()
    except (pa.ArrowException, OSError) as error:
        raise IntegrityError(
            f"{folder / name} is damaged: it is not a Parquet table ({type(error).__name__})"
        ) from None


def _read_vectors(folder: Path, manifest: Mapping[str, Any]) -> Array:
    data = read_file(folder, VECTORS, manifest)
    try:
        vectors = np.load(io.BytesIO(data), allow_pickle=False)
    except (ValueError, OSError, EOFError) as error:
        raise IntegrityError(f"{folder / VECTORS} is damaged: it holds no vectors ({error})") from None
    return readonly(vectors)


def _to_tables(dataset: Dataset) -> dict[str, pa.Table]:
    import pyarrow as pa

    catalog, log = dataset.catalog, dataset.interactions
    counts = np.diff(log.indptr)
    items: dict[str, pa.Array] = {
        "item_id": _ids(catalog.item_ids),
        "title": pa.array(catalog.titles.tolist(), pa.string()),
        "category": pa.array([list(names) for names in catalog.categories], pa.list_(pa.string())),
    }
    for name, values in catalog.fields.items():
        items[FIELD_PREFIX + name] = pa.array(values.tolist(), pa.string())
    rows: dict[str, pa.Array] = {
        "user_id": _ids(np.repeat(log.user_ids, counts)),
        "item_id": _ids(catalog.item_ids[log.items]),
        "weight": pa.array(log.weights, pa.float32()),
    }
    if log.times is not None:
        rows["datetime"] = pa.array(log.times, pa.int64())
    users = {"user_id": _ids(log.user_ids), "n_interactions": pa.array(counts, pa.int64())}
    return {"items": pa.table(items), "users": pa.table(users), "interactions": pa.table(rows)}


def _ids(ids: Array) -> pa.Array:
    import pyarrow as pa

    return pa.array(ids, pa.int64()) if ids.dtype.kind == "i" else pa.array(ids.tolist(), pa.string())


def _catalog(table: pa.Table) -> Catalog:
    lists = table.column("category").combine_chunks()
    ends = _numbers(lists.offsets, "i4").tolist()
    names = _strings(lists.values)
    return Catalog(
        item_ids=readonly(_column(table, "item_id", "i8")),
        titles=readonly(_column(table, "title")),
        categories=tuple(tuple(names[start:end]) for start, end in pairwise(ends)),
        fields={
            name.removeprefix(FIELD_PREFIX): readonly(_column(table, name))
            for name in table.column_names
            if name.startswith(FIELD_PREFIX)
        },
    )


def _interactions(users: pa.Table, rows: pa.Table, catalog: Catalog, log: Mapping[str, Any]) -> Interactions:
    counts = _column(users, "n_interactions", "i8")
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    encoded = rows.column("item_id").combine_chunks().dictionary_encode()
    item_ids = _values(encoded.dictionary, "i8").tolist()
    places = {item: index for index, item in enumerate(catalog.item_ids.tolist())}
    items = np.array([places[item] for item in item_ids], dtype=np.int32)[_numbers(encoded.indices, "i4")]
    if indptr[-1] != len(items):
        raise ValueError("the users' counts do not add up to the log")
    return Interactions(
        user_ids=readonly(_column(users, "user_id", "i8")),
        indptr=readonly(indptr),
        items=readonly(items),
        weights=readonly(_column(rows, "weight", "f4")),
        times=readonly(_column(rows, "datetime", "i8")) if "datetime" in rows.column_names else None,
        ordered=bool(log["ordered"]),
        positive_from=float(log["positive_from"]),
    )


def _column(table: pa.Table, name: str, dtype: str = "") -> Array:
    return _values(table.column(name).combine_chunks(), dtype)


def _values(array: pa.Array, dtype: str) -> Array:
    """Numbers of that type, or strings where the column holds strings (pyarrow's own way would import pandas)."""
    if array.null_count:
        raise ValueError("a value is missing")
    if str(array.type) != "string":
        return _numbers(array, dtype)
    strings = _strings(array)
    out = np.empty(len(strings), dtype=object)
    out[:] = strings
    return out


def _numbers(array: pa.Array, dtype: str) -> Array:
    if array.type.bit_width != 8 * np.dtype(dtype).itemsize:
        raise ValueError(f"a column has type {array.type}")
    if not len(array):
        return np.zeros(0, dtype=dtype)
    return np.frombuffer(array.buffers()[1], dtype=dtype)[array.offset : array.offset + len(array)]


def _strings(array: pa.Array) -> list[str]:
    if not len(array):
        return []
    _, offsets, content = array.buffers()
    ends = np.frombuffer(offsets, dtype="i4")[array.offset : array.offset + len(array) + 1].tolist()
    data = content.to_pybytes() if content is not None else b""
    return [data[start:end].decode() for start, end in pairwise(ends)]
