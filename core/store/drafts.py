"""Drafts: files that somebody brought along and has not imported yet, with what she decided about them so far.

A draft is a folder ``data_dir()/drafts/<token>``: the files under ``files/``, each note (plan, report ...) as a JSON
file. The token is all that is needed to find it again, so it can stand in an address; it cannot be guessed, and it is
checked before it becomes part of a path.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InputError
from .paths import data_dir
from .sealed import TEMPORARY, write_atomic

TOKEN = re.compile(r"[0-9a-f]{16}")
NOTE = re.compile(r"[a-z][a-z0-9-]{0,40}")
FILES = "files"
PLAN = "plan"
MOST_BYTES = 180
"""Longest name of a file, in bytes; file systems allow 255, and a file being written has a longer name."""
KEPT_S = 14 * 24 * 3600
"""How long a draft that nobody touches is kept."""


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file of a draft. stamp: changes when the file is written anew."""

    name: str
    path: Path
    n_bytes: int
    stamp: int


def new_draft() -> str:
    """The token of a fresh, empty draft; drafts that nobody touched for KEPT_S go on that occasion."""
    sweep(KEPT_S)
    token = secrets.token_hex(8)
    (_drafts() / token / FILES).mkdir(parents=True)
    return token


def exists(token: str) -> bool:
    """Whether that is the token of a draft; any text may be asked about."""
    return bool(TOKEN.fullmatch(token)) and (_drafts() / token).is_dir()


def save_file(token: str, name: str, data: bytes) -> DraftFile:
    """Keep a file under a safe form of its name; one of that name is replaced. Raises InputError for a bad token."""
    path = _folder(token) / FILES / safe_name(name)
    write_atomic(path, data)
    return _file(path)


def remove_file(token: str, name: str) -> None:
    """Take a file out of a draft; nothing happens where it has none of that name. Raises InputError."""
    (_folder(token) / FILES / safe_name(name)).unlink(missing_ok=True)


def files(token: str) -> tuple[DraftFile, ...]:
    """The files of a draft by name. Raises InputError for a bad token."""
    folder = _folder(token) / FILES
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return tuple(_file(path) for path in found if path.is_file() and TEMPORARY not in path.name)


def save_plan(token: str, plan: Mapping[str, Any]) -> None:
    """Keep the plan of a draft. Raises InputError for a bad token."""
    save_note(token, PLAN, plan)


def read_plan(token: str) -> dict[str, Any] | None:
    """The plan of a draft, None where it has none yet. Raises InputError for a bad token."""
    return read_note(token, PLAN)


def save_note(token: str, note: str, values: Mapping[str, Any]) -> Path:
    """Keep plain values under a name of their own; returns the file. Raises InputError for a bad token."""
    path = note_path(token, note)
    write_atomic(path, json.dumps(dict(values), ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace"))
    return path


def read_note(token: str, note: str) -> dict[str, Any] | None:
    """Plain values kept before, None where there are none or they cannot be read. Raises InputError for a bad token."""
    try:
        values = json.loads(note_path(token, note).read_bytes())
    except (OSError, ValueError):
        return None
    return dict(values) if isinstance(values, dict) else None


def remove_note(token: str, note: str) -> None:
    """Forget plain values. Raises InputError for a bad token."""
    note_path(token, note).unlink(missing_ok=True)


def note_path(token: str, note: str) -> Path:
    """Where a note is kept. Raises InputError for a bad token, ValueError for a name that is none."""
    if not NOTE.fullmatch(note):
        raise ValueError(f"not the name of a note: {note!r}")
    return _folder(token) / f"{note}.json"


def forget(token: str) -> None:
    """Take a draft away, files and all. Raises InputError for a bad token."""
    shutil.rmtree(_folder(token), ignore_errors=True)


def sweep(older_than_s: float) -> int:
    """Take away drafts that nobody touched for so long; returns how many."""
    gone = 0
    limit = time.time() - older_than_s
    folder = _drafts()
    for draft in folder.iterdir() if folder.is_dir() else ():
        with suppress(OSError):  # another server may be sweeping too
            if TOKEN.fullmatch(draft.name) and _touched(draft) < limit:
                shutil.rmtree(draft, ignore_errors=True)
                gone += 1
    return gone


def safe_name(name: str) -> str:
    """A file name that is no path, can be printed, and is short enough; its suffix stays. "file" where nothing can."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1].encode("utf-8", "replace").decode()
    kept = "".join(char if char.isprintable() and char not in '<>:"|?*' else "_" for char in base)
    kept = kept.replace(TEMPORARY, "_tmp-").strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    if not dot or len(suffix) > 12 or not stem:
        stem, dot, suffix = kept, "", ""
    room = MOST_BYTES - len((dot + suffix).encode())
    return (stem.encode()[:room].decode("utf-8", "ignore").strip(" .") + dot + suffix) or "file"


def _touched(draft: Path) -> float:
    times = [draft.stat().st_mtime]
    if (draft / FILES).is_dir():
        times.append((draft / FILES).stat().st_mtime)
    return max(times)


def _file(path: Path) -> DraftFile:
    found = path.stat()
    return DraftFile(path.name, path, found.st_size, found.st_mtime_ns)


def _folder(token: str) -> Path:
    if not exists(token):
        raise InputError("there is no such draft of an import (any more): bring your files again")
    return _drafts() / token


def _drafts() -> Path:
    return data_dir() / "drafts"
