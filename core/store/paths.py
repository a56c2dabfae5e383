"""Where things are kept: a cache that may be deleted at any time, and data that may not."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import InputError

CACHE_VARIABLE = "RECALLSCOPE_CACHE"
DATA_VARIABLE = "RECALLSCOPE_DATA"


def cache_dir() -> Path:
    """Vectors, layouts and converted data sets; everything in it can be made again. Created on demand.

    ``RECALLSCOPE_CACHE`` overrides the platform's place. Raises InputError where it cannot be written.
    """
    return _folder(CACHE_VARIABLE, "cache")


def data_dir() -> Path:
    """Imported data sets: what the user brought and would miss. Created on demand.

    ``RECALLSCOPE_DATA`` overrides the platform's place. Raises InputError where it cannot be written.
    """
    return _folder(DATA_VARIABLE, "data")


def _folder(variable: str, kind: str) -> Path:
    given = os.environ.get(variable, "").strip()
    try:
        path = _place(given, kind)
    except (RuntimeError, OSError):  # a home folder that nobody has, a working folder that is gone
        raise InputError(
            f"the {kind} folder {given or 'in your home folder'} cannot be found: set {variable} to a folder"
        ) from None
    try:
        path.mkdir(parents=True, exist_ok=True)
        writable = os.access(path, os.W_OK | os.X_OK)
    except OSError:
        writable = False
    if not writable:
        raise InputError(f"the {kind} folder {path} cannot be written: set {variable} to a folder that can")
    return path


def _place(given: str, kind: str) -> Path:
    if given:
        return Path(given).expanduser().absolute()
    import platformdirs

    find = platformdirs.user_cache_path if kind == "cache" else platformdirs.user_data_path
    return find("recallscope", appauthor=False)
