"""Fitted strategies on disk, so that nothing is learned twice and a page need not learn in its own process.

A file holds a pickle, its arrays beside it as sealed buffers, and is read back only if its checksum and key match.
Unpickling runs code, so only files of our own cache folder are read: whoever can write there can change the program.
"""

from __future__ import annotations

import hashlib
import json
import pickle
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np

from .errors import IntegrityError
from .recipe import Recipe
from .splits import Fitted
from .store.paths import cache_dir
from .store.prune import prune
from .store.sealed import read_sealed, write_sealed
from .types import Dataset, Vectors

FORMAT = 1
"""Raised whenever a file means something else than before."""
MOST_KEPT, MOST_BYTES = 40, 1_000_000_000
"""Files in the folder, and their size together; the ones used longest ago go, never the last one."""
KIND, STREAM = "fitted", "pickle"
LEARNING = ("strategies", "train", "protocols", "postprocess", "splits.py", "types.py")
LIBRARIES = ("numpy", "scipy", "scikit-learn", "implicit", "torch")
"""Code that decides what is learned, and what a pickle of it can be read by: other versions learn anew."""


def key_of(recipe: Recipe, dataset: Dataset, content: Vectors, moved: str = "") -> str:
    """16 hex digits over all that decides what is learned. recipe: reduced to the choices that shape it. moved: tells
    what live feedback has made of it, "" = nothing."""
    parts = [
        FORMAT,
        learning_code(),
        repr(recipe),
        dataset.fingerprint,
        content.fingerprint,
        *([moved] if moved else []),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def path_of(key: str) -> Path:
    """Where a fitted strategy is kept."""
    return cache_dir() / "fitted" / f"{key}.safetensors"


def keep(key: str, fitted: Fitted) -> None:
    """Write a fitted strategy. Raises OSError where the disk refuses."""
    buffers: list[pickle.PickleBuffer] = []
    stream = pickle.dumps(fitted, protocol=5, buffer_callback=buffers.append)
    arrays = {f"{place:05d}": np.frombuffer(buffer.raw(), dtype=np.uint8) for place, buffer in enumerate(buffers)}
    path = path_of(key)
    write_sealed(path, {STREAM: np.frombuffer(stream, dtype=np.uint8), **arrays}, {"kind": KIND, "key": key})
    prune(path.parent, "*.safetensors", MOST_KEPT, MOST_BYTES)


def load(key: str) -> Fitted | None:
    """A fitted strategy, its arrays read-only; None where none is kept. Raises IntegrityError for a damaged file."""
    path = path_of(key)
    try:
        arrays, _ = read_sealed(path, {"kind": KIND, "key": key})
    except FileNotFoundError:
        return None
    try:
        stream = arrays.pop(STREAM).tobytes()
        fitted: Fitted = pickle.loads(stream, buffers=[arrays[name] for name in sorted(arrays)])
    except Exception as error:  # whatever a pickle of another version of a library may raise
        raise IntegrityError(f"{path} is damaged: it cannot be read ({type(error).__name__})") from None
    with suppress(OSError):
        path.touch()
    return fitted


@cache
def learning_code() -> str:
    """16 hex digits over all code that decides what is learned."""
    from importlib.metadata import version

    return code_digest(LEARNING, json.dumps([(name, version(name)) for name in LIBRARIES]))


def code_digest(names: tuple[str, ...], start: str = "") -> str:
    """16 hex digits over a text and the code of files and of whole folders, named as they stand in this package."""
    digest = hashlib.sha256(start.encode())
    for name in names:
        place = Path(__file__).parent / name
        for path in sorted(place.glob("*.py")) if place.is_dir() else [place]:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
