"""Trained models on disk: one sealed file each, with the recipe it was made by. Written after every epoch."""

from __future__ import annotations

import dataclasses
import json
import re
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


def save_model(name: str, model: Trained, recipe: Recipe, dataset_fingerprint: str, vectors_fingerprint: str) -> Path:
    """Keep a model and everything needed to go on training it; replaces the one of that name."""
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
