"""Data sets by name: the built-in ones, and the ones a user has imported.

A built-in data set is converted once and kept as Parquet in the cache folder; an imported one is a folder under
``data_dir()/datasets``. Both are verified whenever they are read.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .errors import InputError, IntegrityError, RecallscopeError, UnknownNameError
from .registry import stage
from .store.manifest import FORMAT, MANIFEST, change_manifest, read_extra, read_file, read_manifest
from .store.paths import cache_dir, data_dir
from .store.sealed import remove
from .store.tables import DELETED, REJECTED, read_dataset, write_dataset
from .types import Dataset

Notice = Callable[[str], None]


def dataset_names() -> tuple[str, ...]:
    """Built-in data sets first, then imported ones by name; damaged ones too, which :func:`load_dataset` refuses."""
    built_in = stage("datasets").names()
    return (*built_in, *(name for name in sorted(_imported()) if name not in built_in))


def load_dataset(name: str, on_notice: Notice | None = None) -> Dataset:
    """The data set of that name. ``on_notice`` gets one sentence for everything that had to be repaired.

    Raises UnknownNameError, which lists the known names; IntegrityError where an imported data set is damaged, which
    stops no other one: who loads several catches it for each.
    """
    if name in stage("datasets").names():
        return _load_built_in(name, on_notice or (lambda sentence: None))
    imported = _imported()
    if name not in imported:
        raise UnknownNameError("data set", name, dataset_names())
    try:
        return replace(read_dataset(imported[name]), name=name)  # the folder's name is the set's, whatever is inside
    except FileNotFoundError:
        raise IntegrityError(f"the imported data set {name} has no {MANIFEST} any more: import it again") from None


@dataclass(frozen=True, slots=True)
class Kept:
    """An imported set as its manifest tells it.

    created: unix seconds. n_bytes: on disk. files: names of the source files. plan: the import plan as plain values.
    problem: why it cannot be read, "" where it can; then the rest is blank.
    """

    name: str
    label: str = ""
    n_users: int = 0
    n_items: int = 0
    n_interactions: int = 0
    created: int = 0
    n_bytes: int = 0
    files: tuple[str, ...] = ()
    fingerprint: str = ""
    plan: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


def kept_sets(*, whole: bool = True) -> tuple[Kept, ...]:
    """Every imported set by name, damaged ones with the reason. whole: read to the last byte, not just the manifest."""
    return tuple(_kept(name, folder, whole) for name, folder in sorted(_imported().items()))


def _kept(name: str, folder: Path, whole: bool) -> Kept:
    try:
        manifest = read_manifest(folder)
        for file in manifest["sha256"] if whole else ():
            read_file(folder, file, manifest)
        plan = dict(manifest["origin"].get("plan", {}))
        counts = manifest["counts"]
        return Kept(
            name=name,
            label=manifest["label"],
            n_users=counts["users"],
            n_items=counts["items"],
            n_interactions=counts["interactions"],
            created=manifest["created"],
            n_bytes=sum(path.stat().st_size for path in folder.iterdir()),
            files=tuple(file["name"] for file in plan.get("files", ())),
            fingerprint=manifest["fingerprint"],
            plan=plan,
        )
    except (IntegrityError, OSError, KeyError, TypeError, AttributeError) as error:
        return Kept(name=name, problem=str(error).replace(str(folder), name))


def stamp_of(name: str) -> str:
    """Changes whenever an imported set is written anew; "" for the built-in ones. Raises UnknownNameError."""
    if name in stage("datasets").names():
        return ""
    try:
        found = (data_dir() / "datasets" / name / MANIFEST).stat()
    except (OSError, ValueError):
        return "missing"
    return f"{found.st_mtime_ns}-{found.st_ino}"


def rename_dataset(name: str, new_name: str, new_label: str = "") -> None:
    """Give an imported set another name, or label, or both; nothing else changes. Without a label its own stays.

    Raises UnknownNameError, InputError where the name is not allowed or taken, IntegrityError where it is damaged.
    """
    from .importing.plan import check_name

    folder = _folder_of(name)
    manifest = read_manifest(folder)
    target = folder.with_name(check_name(new_name))
    if target != folder:
        if os.path.lexists(target):
            raise InputError(f"there is already a data set {new_name}: choose another name")
        os.rename(folder, target)
    label = new_label.strip() or (new_name if manifest["label"] == name else manifest["label"])
    plan = {**manifest["origin"].get("plan", {}), "name": new_name, "label": label}
    origin = {**manifest["origin"], "plan": plan} if manifest["origin"] else {}
    change_manifest(target, name=new_name, label=label, origin=origin)


def delete_dataset(name: str) -> None:
    """Take an imported set away for good; its vectors stay in the cache. Raises UnknownNameError."""
    folder = _folder_of(name)
    going = folder.with_name(f".{name}{DELETED}{uuid.uuid4().hex[:8]}")
    os.rename(folder, going)  # in one step: no one meets half of it
    if going.is_symlink():
        remove(going)
    shutil.rmtree(going, ignore_errors=True)


def rejected_csv(name: str) -> bytes:
    """The rows an import left out, with the reason, as CSV that is safe to open; only the header where all were kept.

    Raises UnknownNameError, IntegrityError.
    """
    import pyarrow as pa
    from pyarrow import parquet

    from .output import safe_csv

    try:
        data = read_extra(_folder_of(name), REJECTED)
    except FileNotFoundError:
        return b"file,row,rule,reason\n"
    return safe_csv(parquet.ParquetFile(pa.BufferReader(data)).read(use_threads=False))


def _folder_of(name: str) -> Path:
    imported = _imported()
    if name in stage("datasets").names():
        raise InputError(f"{name} is a built-in data set: only imported ones can be changed")
    if name not in imported:
        raise UnknownNameError("imported data set", name, sorted(imported))
    return imported[name]


def _imported() -> dict[str, Path]:
    """Every folder that holds a manifest, whole or not: a damaged set is named, so that its reader can say why."""
    folder = data_dir() / "datasets"
    try:
        if not folder.is_dir():
            return {}
        found = [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError as error:
        raise InputError(f"the data folder {folder} cannot be read ({error.strerror})") from None
    return {path.name: path for path in found if os.path.lexists(path / MANIFEST)}


def _load_built_in(name: str, on_notice: Notice) -> Dataset:
    loader = stage("datasets").get(name)
    folder = cache_dir() / "datasets" / f"{name}-{loader.version}-{FORMAT}"
    try:
        return read_dataset(folder)
    except FileNotFoundError:
        pass
    except IntegrityError as error:
        on_notice(f"The cached copy of {name} was made anew: {error}.")
    dataset: Dataset = loader()()
    try:
        write_dataset(folder, dataset)
    except (OSError, RecallscopeError) as error:
        on_notice(f"{name} could not be kept in the cache and will be converted again next time: {error}.")
    return dataset
