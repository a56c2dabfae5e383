"""Two-tower models moved by live feedback, on disk: the two tables of each, and the events it has learned from.

A moved model belongs to one fitted model (its key) and counts for as long as all events it learned from do: once one of
them is taken back or forgotten, lists are those of the fitted model again, until it learns anew.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from .errors import IntegrityError, RecallscopeError
from .store.events import event_store
from .store.paths import cache_dir
from .store.prune import prune
from .store.sealed import read_sealed, write_sealed
from .train.settings import Trained, TrainSettings

KIND = "moved 1"
MOST_KEPT, MOST_BYTES = 20, 500_000_000
"""Files in the folder, and their size together; the ones not used for longest go, never the last one."""


def moved_path(key: str) -> Path:
    """Where the moved one of a fitted model is kept."""
    return cache_dir() / "moved" / f"{key}.safetensors"


def keep_moved(key: str, model: Trained, event_ids: tuple[str, ...]) -> None:
    """Keep a moved model in place of an earlier one of the same fitted model. Raises OSError where the disk refuses."""
    meta = {"kind": KIND, "key": key, "settings": model.settings.to_json(), "events": json.dumps(event_ids)}
    path = moved_path(key)
    write_sealed(path, {"items": model.items, "history": model.history}, meta)
    prune(path.parent, "*.safetensors", MOST_KEPT, MOST_BYTES)


def drop_moved(key: str) -> None:
    """Go back to the fitted model; nothing happens where nothing is kept."""
    moved_path(key).unlink(missing_ok=True)


def moved_stamp(key: str, dataset: str) -> str:
    """Tells what is kept for a fitted model, "" where nothing is, or where it no longer counts.

    A damaged file, or an event log that cannot be read, is as if nothing were kept: it can be learned again.
    """
    try:
        found = moved_path(key).stat()
        return _stamp(key, dataset, f"{found.st_mtime_ns}-{found.st_ino}", event_store().version(dataset))
    except (OSError, RecallscopeError):
        return ""


@lru_cache(maxsize=16)
def _stamp(key: str, dataset: str, stamp: str, version: str) -> str:
    learned = learned_events(key)
    counted = {event.id for event in event_store().events(dataset)}
    return stamp if learned and counted.issuperset(learned) else ""


def learned_events(key: str) -> tuple[str, ...]:
    """Ids of the events that the kept model has learned from, () where none is kept. Raises IntegrityError."""
    try:
        _, meta = read_sealed(moved_path(key), {"kind": KIND, "key": key})
        return tuple(json.loads(meta["events"]))
    except FileNotFoundError:
        return ()


def load_moved(key: str) -> Trained | None:
    """The moved model, to serve with; None where none is kept. Raises IntegrityError for a damaged file."""
    path = moved_path(key)
    try:
        arrays, meta = read_sealed(path, {"kind": KIND, "key": key})
    except FileNotFoundError:
        return None
    try:
        settings = TrainSettings.from_json(meta["settings"])
        return Trained(settings, arrays["items"], arrays["history"], {}, {}, {}, (), 0)
    except (KeyError, TypeError, ValueError) as error:
        raise IntegrityError(f"{path} is damaged: it is no moved model ({type(error).__name__})") from None
