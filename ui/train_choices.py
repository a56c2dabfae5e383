"""How the two-tower model is to be trained: what matters most open, the rest folded away, all of it in the address."""

from __future__ import annotations

import hashlib
import json
import shlex
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.recipe import Recipe
from core.registry import Knob, stage
from core.train.settings import ONE_LOSS
from core.types import Dataset

from . import controls
from .text import t

STRATEGY = "two-tower"
FIRST = ("tower_loss", "tower_optimiser", "tower_lr", "tower_epochs", "tower_dim")
"""What changes a training most."""
SERVING_ONLY = ("tower_refit",)
"""Knobs of the strategy that say what is done after the training."""
LONGEST_NAME = 50


def recipe(dataset: Dataset, first: DeltaGenerator, rest: DeltaGenerator) -> Recipe:
    """Draw the choices, those that matter most into ``first``, others into ``rest``; returns their recipe."""
    knobs = {spec.name: spec for spec in stage("strategies").knobs(STRATEGY) if spec.name not in SERVING_ONLY}
    with first:
        flat = {name: _drawn(knobs[name]) for name in FIRST}
    idle = [name for name in knobs if not plays(name, str(flat["tower_loss"]))]
    with rest, st.expander(t("train.more"), icon=":material/tune:"):
        for name, spec in knobs.items():
            if name not in FIRST and name not in idle:
                flat[name] = _drawn(spec)
        flat["seed"] = _field(controls.knob_named("seed"), t("evaluate.seed"), t("train.seed_help"))
        if idle:
            names = ", ".join(controls.label(name).lower() for name in idle)
            st.caption(t("train.idle", loss=flat["tower_loss"], names=names))
    return Recipe.from_flat({"dataset": dataset.name, "strategy": STRATEGY} | flat)


def plays(name: str, loss: str) -> bool:
    """Whether a knob plays a part with a loss."""
    return loss in ONE_LOSS.get(name.removeprefix("tower_"), (loss,))


def _drawn(spec: Knob) -> Any:
    """Numbers are typed: their ranges span many powers of ten, where a slider finds nothing."""
    if spec.kind in (int, float):
        return _field(spec, controls.label(spec.name), controls.help_text(spec.name))
    return controls.drawn(spec)


def _field(spec: Knob, label: str, help: str) -> int | float:
    whole = spec.kind is int
    value: int | float = st.number_input(
        label,
        spec.kind(spec.low or 0),
        spec.kind(spec.high or 0),
        spec.kind(spec.default),
        spec.kind(spec.step or 1),
        format="%d" if whole else "%g",
        key=spec.name,
        help=help,
        bind="query-params",
        persist_state="session",
    )
    return value


def changed(recipe: Recipe) -> dict[str, Any]:
    """The choices of a training that are not the defaults, by knob; those that play no part left out."""
    flat = recipe.to_flat(changed_only=True)
    names = [spec.name for spec in stage("strategies").knobs(STRATEGY)] + ["seed"]
    loss = str(recipe.to_flat()["tower_loss"])
    return {name: flat[name] for name in names if name in flat and plays(name, loss)}


def settings_of(recipe: Recipe) -> dict[str, Any]:
    """Every choice of the strategy, its name and its seed, by the names other pages use."""
    flat = recipe.to_flat()
    return {
        name: flat[name] for name in ("strategy", "seed", *(spec.name for spec in stage("strategies").knobs(STRATEGY)))
    }


def in_words(recipe: Recipe) -> str:
    """ "Loss bce, learning rate 0.01" """
    said = [
        f"{_short(name)} {value:g}" if isinstance(value, float) else f"{_short(name)} {value}"
        for name, value in changed(recipe).items()
    ]
    return ", ".join(said) or t("train.defaults")


def _short(name: str) -> str:
    return (t("evaluate.seed") if name == "seed" else controls.label(name)).lower()


def name_of(recipe: Recipe) -> str:
    """The name under which a training of these choices is kept: the data set's, and six digits for the choices."""
    digest = hashlib.sha256(json.dumps(changed(recipe), sort_keys=True).encode()).hexdigest()[:6]
    return f"{recipe.dataset[:LONGEST_NAME]}-{digest}"


def flags(recipe: Recipe) -> dict[str, Any]:
    """The flags of ``python -m core train`` that say the same."""
    data = {"dataset": recipe.dataset} if recipe.dataset != Recipe.default_of("dataset") else {}
    return data | changed(recipe)


def command_line(recipe: Recipe) -> str:
    """The command that trains, and keeps, the same model."""
    said = [f"--{name.replace('_', '-')} {shlex.quote(_flag(value))}" for name, value in flags(recipe).items()]
    return " ".join(["python -m core train --name", name_of(recipe), *said])


def _flag(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
