"""The manifest of a data set folder: what it holds, where it came from, and the seal of every file.

name, label, fingerprint, licence, citation, source, feedback, template: words. counts: items, users, interactions.
notes, ledgers: what was done to the rows. origin: source files, roles, rules. log: ordered, positive_from. created:
unix seconds. sha256: of each file. seal: SHA-256 over all of this.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..errors import IntegrityError
from ..types import Dataset
from .sealed import read_whole, write_atomic

FORMAT = 2
MANIFEST = "manifest.json"
WORDS = ("name", "label", "fingerprint", "licence", "citation", "source", "feedback", "template")


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


def manifest_of(dataset: Dataset, digests: Mapping[str, str]) -> dict[str, Any]:
    """The manifest of a data set whose files have these digests."""
    manifest: dict[str, Any] = {
        "format": FORMAT,
        **{word: getattr(dataset, word) for word in WORDS},
        "counts": {
            "items": len(dataset.catalog),
            "users": dataset.interactions.n_users,
            "interactions": len(dataset.interactions),
        },
        "notes": [
            {"rule": n.rule, "count": n.count, "text": n.text, "samples": list(n.samples)} for n in dataset.notes
        ],
        "ledgers": [asdict(ledger) for ledger in dataset.ledgers],
        "origin": dict(dataset.origin),
        "created": int(time.time()),
        "log": {"ordered": dataset.interactions.ordered, "positive_from": dataset.interactions.positive_from},
        "sha256": dict(digests),
    }
    return {**manifest, "seal": _seal(manifest)}


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Put a manifest in its place, in one step."""
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    write_atomic(folder / MANIFEST, text.encode())


def change_manifest(folder: Path, **words: Any) -> None:
    """Give a data set another name, label or origin, in one step. Raises FileNotFoundError, IntegrityError."""
    manifest = {**read_manifest(folder), **words}
    manifest["seal"] = _seal(manifest)
    write_manifest(folder, manifest)


def read_file(folder: Path, name: str, manifest: Mapping[str, Any]) -> bytes:
    """A file of the folder, verified. Raises IntegrityError where it is missing or altered."""
    path = Path(folder) / name
    try:
        data = read_whole(path)
    except FileNotFoundError:
        raise IntegrityError(f"{path} is missing") from None
    if hashlib.sha256(data).hexdigest() != manifest["sha256"].get(name):
        raise IntegrityError(f"{path} is damaged: its content does not match its checksum")
    return data


def read_extra(folder: Path, name: str) -> bytes:
    """A further file of a data set, verified. Raises FileNotFoundError where it has none, IntegrityError."""
    manifest = read_manifest(folder)
    if name not in manifest["sha256"]:
        raise FileNotFoundError(f"{folder} has no {name}")
    return read_file(folder, name, manifest)


def _seal(manifest: Mapping[str, Any]) -> str:
    content = {key: value for key, value in manifest.items() if key != "seal"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
