"""What a search found, in sentences and as plain values."""

from __future__ import annotations

import shlex
from typing import Any

from ..errors import InputError
from ..evaluate.types import Measure
from ..recipe import Recipe
from ..registry import stage
from .record import plain
from .types import Outcome, Question


def tunable_metrics() -> tuple[str, ...]:
    """Metrics that say which of two tries is better, user by user."""
    registry = stage("metrics")
    return tuple(name for name in registry.names() if registry.get(name).per_user and registry.get(name).better)


def check_metric(name: str) -> None:
    """Raises UnknownNameError, or InputError for a metric that cannot be tuned for."""
    stage("metrics").get(name)
    if name not in tunable_metrics():
        raise InputError(
            f"{name} cannot be tuned for: it has no value for each user, or none that is better; "
            f"use one of {', '.join(tunable_metrics())}"
        )


def command_of(question: Question, recipe: Recipe) -> str:
    """The command line that evaluates a recipe on the test part."""
    words = [
        *("python", "-m", "core", "evaluate", "--dataset", recipe.dataset, "--protocol", question.protocol),
        *("--strategies", recipe.strategy, "--k", str(recipe.k), "--seed", str(recipe.seed)),
    ]
    flat = dict(question.protocol_options) | recipe.to_flat(changed_only=True)
    for name, value in flat.items():
        if name not in ("dataset", "strategy", "k", "seed"):
            words += [f"--{name.replace('_', '-')}", "" if value is None else str(value)]
    return shlex.join(words)


def best_recipe(outcome: Outcome) -> Recipe:
    """The recipe of the best try."""
    return outcome.question.recipe.replace(**outcome.tries[outcome.best].values)


def sentences(outcome: Outcome) -> list[str]:
    """The finding: best try, defaults, their difference, and how far to trust it."""
    what = f"{outcome.question.metric}@{outcome.question.recipe.k}"
    first, best = outcome.tries[0], outcome.tries[outcome.best]
    found = [_told(f"The defaults have {what}", first.measure) if first.measure else f"The defaults: {first.failure}."]
    failed = sum(bool(one.failure) for one in outcome.tries)
    if failed:
        found.append(f"{failed:,} of {len(outcome.tries):,} tries failed.")
    if len(outcome.tries) == 1:
        return [*found, "Nothing else was tried."]
    if outcome.best == 0:
        return [*found, f"No other of {len(outcome.tries):,} tries does better on these users: keep the defaults."]
    knobs = ", ".join(f"{name}={value}" for name, value in changed(outcome).items())
    found.append(_told(f"The best of {len(outcome.tries):,} tries ({knobs}) has {what}", best.measure))
    if best.gain is not None:
        found.append(_difference(best.gain))
    found.append(
        f"The best of {len(outcome.tries):,} tries is optimistic: it was chosen by these very users, so expect less on "
        "the test part, and look at that once."
    )
    return found


def changed(outcome: Outcome) -> dict[str, Any]:
    """The knobs of the best try that differ from the first."""
    first = outcome.tries[0].values
    return {name: value for name, value in outcome.tries[outcome.best].values.items() if value != first[name]}


def _told(start: str, one: Measure | None) -> str:
    if one is None:
        return f"{start} no value."
    return f"{start} {one.mean:.4f} ({one.low:.4f} to {one.high:.4f}) over {one.n:,} validation users."


def _difference(one: Measure) -> str:
    found = f"{one.mean:+.4f} ({one.low:+.4f} to {one.high:+.4f})"
    if one.low <= 0 <= one.high:
        return f"Best - defaults, on the same users: {found}; not distinguishable from no difference."
    return f"Best - defaults, on the same users: {found}."


def as_json(outcome: Outcome) -> dict[str, Any]:
    """The answer of the command line."""
    question = outcome.question
    return {
        "dataset": question.recipe.dataset,
        "protocol": question.protocol,
        "protocol_settings": dict(question.protocol_options),
        "strategy": question.recipe.strategy,
        "metric": question.metric,
        "k": question.recipe.k,
        "seed": question.recipe.seed,
        "best": {"place": outcome.best, "changed": changed(outcome), **plain(outcome.tries[outcome.best])},
        "defaults": plain(outcome.tries[0]),
        "tries": [plain(one) for one in outcome.tries],
        "n_run": outcome.n_run,
        "n_recorded": outcome.n_recorded,
        "words": sentences(outcome),
        "command": command_of(question, best_recipe(outcome)),
        "record": str(outcome.path),
        "notices": list(outcome.notices),
    }
