"""Points of a sweep on disk, one JSON line each, appended as they are made: a page reads them while they grow."""

from __future__ import annotations

import hashlib
import json
import math
import os
from dataclasses import asdict, fields
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ..evaluate.types import Measure
from ..kept_fits import code_digest
from ..recipe import Recipe
from ..store.paths import cache_dir
from ..types import Dataset, Vectors
from .points import Point
from .population import key_of

ARRANGING = (
    *("diversify", "spacing", "exploration", "metrics", "tradeoff"),
    *("pools.py", "recipe.py", "diversifying.py"),
)
"""Code that decides a point, besides what decides the pools."""
LEFT_OUT = ("k", "diversity", "diversify")
"""What a point says itself."""


def path_of(recipe: Recipe, dataset: Dataset, content: Vectors) -> Path:
    """Where the points of a recipe's sweep are kept: those of every K and method together."""
    return cache_dir() / "tradeoffs" / f"{_key(recipe, dataset, content)}.jsonl"


@lru_cache(maxsize=16)
def _key(recipe: Recipe, dataset: Dataset, content: Vectors) -> str:
    flat = {name: value for name, value in recipe.to_flat(changed_only=True).items() if name not in LEFT_OUT}
    parts = [key_of(recipe, dataset, content), arranging_code(), sorted(flat.items())]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


@cache
def arranging_code() -> str:
    """16 hex digits over the code of ARRANGING."""
    return code_digest(ARRANGING)


def read_points(path: Path) -> dict[tuple[str, int, float], Point]:
    """(method, K, diversity) -> point. Lines that are no point (torn by a stopped writer) are left out; no file is no
    points."""
    try:
        state = path.stat()
    except OSError:
        return {}
    return dict(_read(path, state.st_size, state.st_mtime_ns))


@lru_cache(maxsize=4)
def _read(path: Path, size: int, changed: int) -> tuple[tuple[tuple[str, int, float], Point], ...]:
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return ()
    points = [point for line in lines if (point := parsed(line)) is not None]
    return tuple((point.place, point) for point in points)


def append(path: Path, point: Point) -> None:
    """Add a point as one line of its own. Raises OSError where the disk refuses."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(plain_point(point), allow_nan=False) + "\n"
    with open(path, "ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":  # a writer was stopped in the middle of a line
                line = "\n" + line
        file.write(line.encode())


def plain_point(point: Point) -> dict[str, Any]:
    """Plain values (JSON), None where undefined."""
    return without_nan(asdict(point))


def parsed(line: bytes | str) -> Point | None:
    """The point of a line, None where it is none."""
    try:
        given: dict[str, Any] = json.loads(line)
        values: dict[str, Any] = {
            name: _measure(value) if name in Point.MEASURES else math.nan if value is None else value
            for name, value in given.items()
        }
        point = Point(**values)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return point if _is_whole(point) else None


def _is_whole(point: Point) -> bool:
    texts, whole = ("method",), ("k", "real")
    return isinstance(point.method, str) and all(
        isinstance(getattr(point, spec.name), int if spec.name in whole else (int, float))
        for spec in fields(Point)
        if spec.name not in (*texts, *Point.MEASURES)
    )


def _measure(given: dict[str, Any]) -> Measure:
    mean, low, high = (math.nan if given[name] is None else float(given[name]) for name in ("mean", "low", "high"))
    return Measure(mean, low, high, int(given["n"]))


def without_nan(value: Any) -> Any:
    """NaN and infinity as None, in dictionaries at any depth."""
    if isinstance(value, dict):
        return {name: without_nan(one) for name, one in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value
