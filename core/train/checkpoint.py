"""Trained models on disk: one sealed file each, with the recipe it was made by. Written after every epoch."""

from __future__ import annotations

import dataclasses
import json
import math
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError, IntegrityError
from ..recipe import Recipe
from ..store.paths import data_dir
from ..store.sealed import read_sealed, write_sealed
from .settings import Epoch, Trained, TrainSettings

FOLDER = "models"
KIND = "two-tower 1"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
GROUPS = ("now", "best", "optimiser")
LARGEST_HEADER = 8 * 2**20
"""Bytes of a model's description that are read at most."""


@dataclass(frozen=True, slots=True)
class KeptModel:
    """What stands in a kept model's description; its numbers are not read.

    baseline: recall@10 of popularity on the same validation users, NaN where it is not known. online: new events it
    was moved towards after its training, which its curve knows nothing of. saved: seconds since 1970.
    problem: why it cannot be used, "" where it can; then nothing but the name is known.
    """

    name: str
    saved: float
    recipe: Recipe
    settings: TrainSettings
    epochs: tuple[Epoch, ...]
    best_epoch: int
    baseline: float
    dataset_fingerprint: str
    vectors_fingerprint: str
    online: int = 0
    problem: str = ""

    @property
    def recall(self) -> float:
        """Validation recall@10 of the best epoch, NaN without a validation."""
        return self.epochs[self.best_epoch - 1].recall if self.best_epoch else math.nan

    @property
    def whole(self) -> bool:
        """Whether its training came to its own end: all its epochs, or no better one for as long as it would wait."""
        return len(self.epochs) >= self.settings.epochs or self.waited

    @property
    def waited(self) -> bool:
        """Whether early stopping ended it."""
        waited = len(self.epochs) - self.best_epoch
        return not math.isnan(self.recall) and 0 < self.settings.patience <= waited


def model_path(name: str) -> Path:
    """Where the model of a name is kept. Raises InputError for a name that cannot be one."""
    if not NAME.fullmatch(name):
        raise InputError(
            f"a model's name has small letters, digits, dots, hyphens and underscores, up to 64, got {name!r}"
        )
    return data_dir() / FOLDER / name / "model.safetensors"


def model_names() -> tuple[str, ...]:
    """The models that are kept, by name."""
    return tuple(sorted(path.parent.name for path in (data_dir() / FOLDER).glob("*/model.safetensors")))


def kept_models() -> tuple[KeptModel, ...]:
    """Every kept model, the newest first; one that cannot be read says why."""
    found = [_described(name) for name in model_names()]
    return tuple(sorted((model for model in found if model), key=lambda model: (-model.saved, model.name)))


def kept_model(name: str) -> KeptModel | None:
    """The description of one model, None where there is none of that name."""
    model_path(name)
    return _described(name)


def delete_model(name: str) -> None:
    """Delete a kept model; nothing happens where there is none."""
    shutil.rmtree(model_path(name).parent, ignore_errors=True)


def _described(name: str) -> KeptModel | None:
    path = model_path(name)
    try:
        saved = path.stat().st_mtime
        with path.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            meta = json.loads(file.read(min(size, LARGEST_HEADER)))["__metadata__"]
    except FileNotFoundError:  # deleted meanwhile
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return _unusable(name, 0.0, "its file is damaged")
    try:
        return KeptModel(
            name=name,
            saved=saved,
            recipe=Recipe.from_flat(json.loads(meta["recipe"])),
            settings=TrainSettings.from_json(meta["settings"]),
            epochs=tuple(Epoch(*values) for values in json.loads(meta["epochs"])),
            best_epoch=int(meta["best_epoch"]),
            baseline=float(meta.get("baseline", "nan")),
            dataset_fingerprint=meta["dataset"],
            vectors_fingerprint=meta["vectors"],
            online=int(meta.get("online", "0")),
        )
    except (KeyError, TypeError, ValueError, InputError):
        return _unusable(name, saved, "it was kept by another version of this program")


def _unusable(name: str, saved: float, problem: str) -> KeptModel:
    return KeptModel(name, saved, Recipe(), TrainSettings(), (), 0, math.nan, "", "", problem=problem)


def save_model(
    name: str,
    model: Trained,
    recipe: Recipe,
    dataset_fingerprint: str,
    vectors_fingerprint: str,
    baseline: float = math.nan,
    online: int = 0,
) -> Path:
    """Keep a model and everything needed to go on training it; replaces the one of that name.

    baseline: recall@10 of popularity on the same validation users. online: new events it was moved towards since.
    """
    arrays = {"items": model.items, "history": model.history}
    for group in GROUPS:
        arrays |= {f"{group}/{key}": array for key, array in getattr(model, group).items()}
    meta = {
        "kind": KIND,
        "settings": model.settings.to_json(),
        "epochs": json.dumps([dataclasses.astuple(epoch) for epoch in model.epochs]),
        "best_epoch": str(model.best_epoch),
        "recipe": json.dumps(recipe.to_flat(), sort_keys=True),
        "dataset": dataset_fingerprint,
        "vectors": vectors_fingerprint,
        "baseline": repr(float(baseline)),
        "online": str(online),
    }
    path = model_path(name)
    write_sealed(path, arrays, meta)
    return path


def load_model(
    name: str, dataset_fingerprint: str | None = None, vectors_fingerprint: str | None = None
) -> tuple[Trained, Recipe]:
    """A kept model and its recipe. With fingerprints, only where it was trained on those.

    Raises InputError where no model has that name or it belongs to other data, IntegrityError where it is damaged.
    """
    path = model_path(name)
    try:
        arrays, meta = read_sealed(path, {"kind": KIND})
    except FileNotFoundError:
        known = ", ".join(model_names()) or "none yet"
        raise InputError(f"there is no model called {name!r}; kept: {known}") from None
    for what, key, wanted in (
        ("data set", "dataset", dataset_fingerprint),
        ("vectors", "vectors", vectors_fingerprint),
    ):
        if wanted is not None and meta[key] != wanted:
            raise InputError(f"model {name!r} was trained on other {what}: choose those again, or train a new model")
    try:
        groups = {
            group: {key.partition("/")[2]: array for key, array in arrays.items() if key.startswith(f"{group}/")}
            for group in GROUPS
        }
        model = Trained(
            settings=TrainSettings.from_json(meta["settings"]),
            items=arrays["items"],
            history=arrays["history"],
            epochs=tuple(Epoch(*values) for values in json.loads(meta["epochs"])),
            best_epoch=int(meta["best_epoch"]),
            **groups,
        )
        return model, Recipe.from_flat(json.loads(meta["recipe"]))
    except (KeyError, TypeError, ValueError) as error:
        raise IntegrityError(f"{path} is damaged: it is no trained model ({type(error).__name__})") from None
