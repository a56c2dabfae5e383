"""A data set on disk: Parquet tables that any tool can open, and a manifest that seals them.

items.parquet          item_id, title (as shown), category (list), then one ``field.<name>`` column per text field
users.parquet          user_id, n_interactions
interactions.parquet   user_id, item_id, weight, datetime (unix seconds; left out where the log has no time)
manifest.json          name, label, notes, licence, citation, source, fingerprint, counts, SHA-256 of each table
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import uuid
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import IntegrityError
from ..types import Array, Catalog, Dataset, Interactions, Note, readonly
from .sealed import TEMPORARY, read_whole, remove, sync_folder, write_atomic

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT = 1
MANIFEST = "manifest.json"
TABLES = ("items", "users", "interactions")
FIELD_PREFIX = "field."


def write_dataset(folder: Path, dataset: Dataset) -> None:
    """Write a data set as a folder, whole or not at all; replaces the folder that was there."""
    folder = Path(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    suffix = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
    fresh = folder.with_name(f".{folder.name}{TEMPORARY}{suffix}")
    fresh.mkdir()
    try:
        digests = {}
        for name, table in _to_tables(dataset).items():
            data = _parquet_bytes(table)
            digests[name] = hashlib.sha256(data).hexdigest()
            write_atomic(fresh / f"{name}.parquet", data)
        manifest = json.dumps(_manifest(dataset, digests), ensure_ascii=False, indent=1, sort_keys=True)
        write_atomic(fresh / MANIFEST, manifest.encode())
        _swap(fresh, folder, suffix)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def read_dataset(folder: Path) -> Dataset:
    """Read a folder back and verify it.

    Raises FileNotFoundError where there is no manifest, IntegrityError where anything is missing or altered.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    tables = {name: _read_table(folder / f"{name}.parquet", manifest["sha256"].get(name)) for name in TABLES}
    try:
        catalog = _catalog(tables["items"])
        interactions = _interactions(tables["users"], tables["interactions"], catalog)
        notes = tuple(Note(n["rule"], n["count"], n["text"], tuple(n["samples"])) for n in manifest["notes"])
        words = {key: manifest[key] for key in ("name", "label", "fingerprint", "licence", "citation", "source")}
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise IntegrityError(f"{folder} is damaged: its tables do not fit together ({error})") from None
    return Dataset(catalog=catalog, interactions=interactions, notes=notes, **words)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a data set folder. Raises FileNotFoundError, IntegrityError."""
    path = Path(folder) / MANIFEST
    data = read_whole(path)
    try:
        manifest = json.loads(data)
        good = manifest["format"] == FORMAT and isinstance(manifest["sha256"], dict)
        good = good and manifest["seal"] == _seal(manifest)
    except (ValueError, KeyError, TypeError):
        good = False
    if not good:
        raise IntegrityError(f"{path} is damaged, or of another version of this program")
    return dict(manifest)


def _manifest(dataset: Dataset, digests: Mapping[str, str]) -> dict[str, Any]:
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "name": dataset.name,
        "label": dataset.label,
        "fingerprint": dataset.fingerprint,
        "counts": {
            "items": len(dataset.catalog),
            "users": dataset.interactions.n_users,
            "interactions": len(dataset.interactions),
        },
        "notes": [
            {"rule": n.rule, "count": n.count, "text": n.text, "samples": list(n.samples)} for n in dataset.notes
        ],
        "licence": dataset.licence,
        "citation": dataset.citation,
        "source": dataset.source,
        "sha256": dict(digests),
    }
    return {**manifest, "seal": _seal(manifest)}


def _seal(manifest: Mapping[str, Any]) -> str:
    content = {key: value for key, value in manifest.items() if key != "seal"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _swap(fresh: Path, folder: Path, suffix: str) -> None:
    """Put the finished folder in its place; of two writers at once the last one stays."""
    old = folder.with_name(f".{folder.name}.old-{suffix}")
    for _ in range(20):
        try:
            os.rename(fresh, folder)
            break
        except OSError:
            if not folder.exists():
                raise
        try:
            os.rename(folder, old)
        except FileNotFoundError:
            continue
        remove(old)
    else:
        raise OSError(f"{folder} could not be replaced: another program keeps writing it")
    sync_folder(folder.parent)


def _parquet_bytes(table: pa.Table) -> bytes:
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _read_table(path: Path, digest: str | None) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        data = read_whole(path)
    except FileNotFoundError:
        raise IntegrityError(f"{path} is missing") from None
    if hashlib.sha256(data).hexdigest() != digest:
        raise IntegrityError(f"{path} is damaged: its content does not match its checksum")
    try:
        return pq.ParquetFile(pa.BufferReader(data)).read()
    except (pa.ArrowException, OSError) as error:
        raise IntegrityError(f"{path} is damaged: it is not a Parquet table ({type(error).__name__})") from None


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


def _interactions(users: pa.Table, rows: pa.Table, catalog: Catalog) -> Interactions:
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
