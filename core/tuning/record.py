"""The record of a search: every try in one JSON file, written whole after each, so that a stopped search goes on."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import IntegrityError
from ..evaluate.types import Measure
from ..kept_fits import learning_code
from ..store.paths import cache_dir
from ..store.sealed import read_sealed, read_whole, write_atomic, write_sealed
from ..types import Array
from .types import Question, Try

VERSION = 1
"""Raised whenever the same try would give other numbers than before."""
KIND = "first-try"


def key_of(question: Question, first: Mapping[str, Any], fingerprint: str, vectors: str) -> str:
    """16 hex digits over everything that decides a try's numbers and what it is compared with, but not over the space
    searched: searches that ask the same share their tries. first: knobs of the first try."""
    recipe = question.recipe
    parts = [
        *(VERSION, learning_code(), fingerprint, vectors),
        *(question.protocol, question.protocol_options, recipe.strategy),
        *(sorted(first.items()), question.metric, recipe.k, recipe.seed),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def path_of(question: Question, key: str) -> Path:
    """Where a record stands."""
    name = f"{question.recipe.dataset}-{question.protocol}-{question.recipe.strategy}-{key}.json"
    return cache_dir() / "tuning" / name


def read_record(path: Path, key: str) -> list[Try]:
    """The tries on record, [] where there is none. Raises IntegrityError where the file is not what was written."""
    try:
        data = json.loads(read_whole(path))
        if data["key"] != key or data["version"] != VERSION:
            raise IntegrityError(f"{path.name} is not the expected record")
        return [_try(one) for one in data["tries"]]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IntegrityError(f"{path.name} cannot be read ({type(error).__name__})") from None


def write_record(path: Path, key: str, question: Question, fingerprint: str, tries: Sequence[Try]) -> None:
    """Write all tries. Raises OSError where the disk refuses."""
    recipe = question.recipe
    data = {
        "version": VERSION,
        "key": key,
        "dataset": {"name": recipe.dataset, "fingerprint": fingerprint},
        "protocol": question.protocol,
        "protocol_settings": dict(question.protocol_options),
        "strategy": recipe.strategy,
        "metric": question.metric,
        "k": recipe.k,
        "seed": recipe.seed,
        "tries": [plain(one) for one in tries],
    }
    write_atomic(path, (json.dumps(data, indent=1, allow_nan=False) + "\n").encode())


def plain(one: Try) -> dict[str, Any]:
    """A try as JSON has it, None for what is undefined."""
    return {
        "values": dict(one.values),
        **_plain(one.measure),
        "gain": _plain(one.gain) if one.gain else None,
        "seconds": round(one.seconds, 3),
        "failure": one.failure,
    }


def _plain(one: Measure | None) -> dict[str, Any]:
    if one is None:
        return {"mean": None, "low": None, "high": None, "n": 0}
    return {"mean": _number(one.mean), "low": _number(one.low), "high": _number(one.high), "n": one.n}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _try(data: Mapping[str, Any]) -> Try:
    gain = data["gain"]
    return Try(
        values=dict(data["values"]),
        measure=None if data["failure"] else _measure(data),
        gain=None if gain is None else _measure(gain),
        seconds=float(data["seconds"]),
        failure=str(data["failure"]),
    )


def _measure(data: Mapping[str, Any]) -> Measure:
    mean, low, high = (float("nan") if data[name] is None else float(data[name]) for name in ("mean", "low", "high"))
    return Measure(mean, low, high, int(data["n"]))


def write_first(path: Path, key: str, values: Array) -> None:
    """Keep the first try's values, one a user, beside the record: later tries are compared with them."""
    write_sealed(path.with_suffix(".safetensors"), {"values": values}, {"kind": KIND, "key": key})


def read_first(path: Path, key: str) -> Array | None:
    """What :func:`write_first` kept, (n_users,) float64; None where it is not there or is damaged."""
    try:
        values: Array = read_sealed(path.with_suffix(".safetensors"), {"kind": KIND, "key": key})[0]["values"]
    except (FileNotFoundError, IntegrityError, KeyError):
        return None
    return values
