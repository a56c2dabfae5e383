"""Sealed files: named arrays in one file that is either whole and unaltered, or refused.

The container is safetensors; its header metadata holds what the file is (``meta``) and a SHA-256 over the
metadata and every array's name, type, shape and bytes. A file appears under its name only when it is complete
(temporary file, fsync, rename), so a reader never sees half of one and a killed writer leaves the old one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from ..errors import IntegrityError
from ..types import Array

DIGEST_KEY = "sha256"
TEMPORARY = ".tmp-"
"""Part of every unfinished file's name."""


def write_sealed(path: Path, arrays: Mapping[str, Array], meta: Mapping[str, str]) -> None:
    """Write the arrays (numbers or bools) and what they are, atomically; replaces what was there.

    Raises ValueError for an array that holds objects, OSError where the disk refuses.
    """
    from safetensors.numpy import save

    solid = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    for name, array in solid.items():
        if array.dtype.kind not in "biuf":
            raise ValueError(f"array {name!r} has type {array.dtype}, only numbers and bools can be sealed")
    header = {**meta, DIGEST_KEY: _digest(solid, meta)}
    write_atomic(path, save(solid, metadata=header))


def read_sealed(path: Path, expect_meta: Mapping[str, str] | None = None) -> tuple[dict[str, Array], dict[str, str]]:
    """Read and verify -> (arrays, read-only; meta).

    ``expect_meta`` names entries that must be there with these values: the key the caller looked for.
    Raises FileNotFoundError where there is no file, IntegrityError where it is not what was written, or no file.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    data = read_whole(path)
    try:
        size = int.from_bytes(data[:8], "little")
        meta = dict(json.loads(data[8 : 8 + size])["__metadata__"])
        arrays = load(data)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise IntegrityError(f"{path} is damaged: it cannot be read ({type(error).__name__})") from None
    if meta.pop(DIGEST_KEY, None) != _digest(arrays, meta):
        raise IntegrityError(f"{path} is damaged: its content does not match its checksum")
    for key, value in (expect_meta or {}).items():
        if meta.get(key) != value:
            raise IntegrityError(f"{path} is not the expected file: {key} is {meta.get(key)!r}, not {value!r}")
    for array in arrays.values():
        array.setflags(write=False)
    return arrays, meta


def read_whole(path: Path) -> bytes:
    """A file's bytes. Raises FileNotFoundError where nothing is there, IntegrityError where it cannot be read."""
    try:
        return Path(path).read_bytes()
    except NotADirectoryError:
        raise FileNotFoundError(f"{path} is not there") from None
    except FileNotFoundError:
        raise
    except OSError as error:
        raise IntegrityError(f"{path} cannot be read ({error.strerror})") from None


def write_atomic(path: Path, data: bytes) -> None:
    """Write a file so that its name shows either the old or the complete new content, also after a power cut."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}{TEMPORARY}{os.getpid()}-{uuid.uuid4().hex[:8]}")
    try:
        with open(temporary, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.replace(temporary, path)
        except IsADirectoryError:  # no folder belongs under a file's name
            remove(path)
            os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def remove(path: Path) -> None:
    """Take away whatever stands there, file or folder, if we may; another process may have done it."""
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


def sync_folder(folder: Path) -> None:
    """Make renames in a folder last through a power cut (where the system can; Windows cannot)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest(arrays: Mapping[str, Array], meta: Mapping[str, str]) -> str:
    digest = hashlib.sha256(json.dumps(sorted(meta.items())).encode())
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(json.dumps([name, array.dtype.newbyteorder("<").str, list(array.shape)]).encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
