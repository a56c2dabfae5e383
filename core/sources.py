"""Data sets by name: the built-in ones, and the ones a user has imported.

A built-in data set is converted once and kept as Parquet in the cache folder; an imported one is a folder under
``data_dir()/datasets``. Both are verified whenever they are read.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from .errors import InputError, IntegrityError, RecallscopeError, UnknownNameError
from .registry import stage
from .store.paths import cache_dir, data_dir
from .store.tables import MANIFEST, read_dataset, write_dataset
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
        return read_dataset(imported[name])
    except FileNotFoundError:
        raise IntegrityError(f"the imported data set {name} has no {MANIFEST} any more: import it again") from None


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
    folder = cache_dir() / "datasets" / f"{name}-{loader.version}"
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
