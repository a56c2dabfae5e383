"""The vector cache: text vectors by content, and finished item matrices by recipe.

    <root>/texts/<space>/<name>.safetensors   shards: "keys" (n, 16) uint8, "values" (n, d) float32
    <root>/items/<fingerprint>.safetensors    the matrix that is ranked, with its post-processing

A space is everything that decides a text's vector besides the text: model, prompt, truncation, precision. Shards are
only ever added or replaced by a shard that holds the same rows, so several processes may write at once.
"""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..errors import IntegrityError
from ..types import Array
from .sealed import TEMPORARY, read_sealed, remove, write_sealed

KEY_BYTES = 16
KEPT_MATRICES = 24
STALE_SECONDS = 3600.0
SUFFIX = ".safetensors"
MISSES_BEFORE_GIVING_UP = 100
"""Each miss means that another process got further, so many in a row are no fault: a busy machine had 5."""


@dataclass(frozen=True, slots=True)
class VectorCache:
    """Everything under one root folder. ``notices`` collects a sentence for each damaged file found."""

    root: Path
    notices: list[str] = field(default_factory=list, compare=False)

    def fetch(self, space: str, texts: Sequence[str]) -> tuple[Array, Array]:
        """What is known about the texts -> (values (n, d) float32, found (n,) bool); d = 0 where nothing is known."""
        keys, values = self._load(space)
        rows = {key: row for row, key in enumerate(keys)}
        places = np.fromiter((rows.get(key, -1) for key in text_keys(texts)), dtype=np.int64, count=len(texts))
        found = places >= 0
        out = np.zeros((len(texts), values.shape[1]), dtype=np.float32)
        out[found] = values[places[found]]
        return out, found

    def add(self, space: str, texts: Sequence[str], values: Array) -> None:
        """Commit some text vectors as one shard: from here on they survive a kill."""
        self._write(space, text_keys(texts), values)

    def compact(self, space: str) -> None:
        """Make one shard of many, and clear away what killed processes left."""
        folder = self._folder(space)
        _sweep(folder)
        paths = _shards(folder)
        if len(paths) < 2:
            return
        merged: dict[bytes, Array] = {}
        read: list[Path] = []
        for path in paths:
            try:
                shard = self._read(path, space)
            except FileNotFoundError:  # merged by another process meanwhile: its rows stand in that one's shard
                continue
            if shard is not None:
                merged.update(zip(*shard, strict=True))
                read.append(path)
        if merged and self._write(space, list(merged), np.stack(list(merged.values()))):
            for path in read:
                remove(path)

    def has_items(self, fingerprint: str) -> bool:
        """Whether a finished matrix is there (not whether it is whole)."""
        return self._matrix(fingerprint).is_file()

    def load_items(self, fingerprint: str) -> dict[str, Array] | None:
        """A finished matrix and its companions, or None where there is none (a damaged one is removed)."""
        path = self._matrix(fingerprint)
        try:
            arrays, _ = read_sealed(path, {"fingerprint": fingerprint})
        except FileNotFoundError:
            return None
        except IntegrityError as error:
            self._discard(path, error)
            return None
        with suppress(OSError):
            os.utime(path)
        return arrays

    def save_items(self, fingerprint: str, arrays: Mapping[str, Array]) -> None:
        """Keep a finished matrix; of many, the most recently used stay."""
        path = self._matrix(fingerprint)
        if not self._seal(path, arrays, {"fingerprint": fingerprint}):
            return
        _sweep(path.parent)
        newest_first = sorted(_shards(path.parent), key=_modified, reverse=True)
        for old in newest_first[KEPT_MATRICES:]:
            remove(old)

    def _load(self, space: str) -> tuple[list[bytes], Array]:
        """All rows of a space. A shard that vanishes meanwhile was merged by another process: look again."""
        for _ in range(MISSES_BEFORE_GIVING_UP):
            shards = []
            try:
                for path in _shards(self._folder(space)):
                    shard = self._read(path, space)
                    if shard is not None:
                        shards.append(shard)
            except FileNotFoundError:
                continue
            if not shards:
                break
            if len(shards) == 1:
                return shards[0]
            return [key for keys, _ in shards for key in keys], np.concatenate([values for _, values in shards])
        return [], np.zeros((0, 0), dtype=np.float32)

    def _read(self, path: Path, space: str) -> tuple[list[bytes], Array] | None:
        try:
            arrays, _ = read_sealed(path, {"space": space})
            keys, values = arrays["keys"], arrays["values"]
        except IntegrityError as error:
            self._discard(path, error)
            return None
        data = keys.tobytes()
        return [data[at : at + KEY_BYTES] for at in range(0, len(data), KEY_BYTES)], values

    def _write(self, space: str, keys: Sequence[bytes], values: Array) -> bool:
        packed = np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(len(keys), KEY_BYTES)
        arrays: dict[str, Array] = {"keys": packed, "values": np.asarray(values, dtype=np.float32)}
        return self._seal(self._folder(space) / f"{uuid.uuid4().hex}{SUFFIX}", arrays, {"space": space})

    def _seal(self, path: Path, arrays: Mapping[str, Array], meta: Mapping[str, str]) -> bool:
        """Write, or say once why not: a full disk costs time later, not the answer now."""
        try:
            write_sealed(path, arrays, meta)
        except OSError as error:
            notice = (
                f"Vectors could not be kept in the cache ({error.strerror}: {self.root}); they will be computed again."
            )
            if notice not in self.notices:
                self.notices.append(notice)
            return False
        return True

    def _discard(self, path: Path, error: Exception) -> None:
        remove(path)
        self.notices.append(f"A cached file was not used and its vectors were computed anew: {error}.")

    def _folder(self, space: str) -> Path:
        return self.root / "texts" / space

    def _matrix(self, fingerprint: str) -> Path:
        return self.root / "items" / f"{fingerprint}{SUFFIX}"


def text_keys(texts: Sequence[str]) -> list[bytes]:
    """16 bytes per text: the front of its SHA-256."""
    return [hashlib.sha256(text.encode()).digest()[:KEY_BYTES] for text in texts]


def _shards(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []


def _sweep(folder: Path) -> None:
    """Remove unfinished files that no living process can still be writing."""
    for path in folder.glob(f"*{TEMPORARY}*"):
        if time.time() - _modified(path) > STALE_SECONDS:
            remove(path)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return time.time()
