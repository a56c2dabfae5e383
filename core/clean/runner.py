"""The rules of a table, one after another, and the ledger of what they did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from ..errors import UnknownNameError
from ..registry import knobs_of, stage
from ..sheets import APPLY, INTERACTIONS, ITEMS, MODES, OFF, Entry, Ledger
from ..types import Array
from .state import Finding, Items, Log, Rule

SAMPLES = 5

StateT = TypeVar("StateT", Log, Items)
Show = Callable[[Array], tuple[str, ...]]
Chosen = tuple[tuple[Rule, str], ...]


def clean(
    state: StateT, rules: Sequence[tuple[Rule, str]], show: Show, before: Sequence[Entry] = ()
) -> tuple[StateT, Ledger, tuple[tuple[str, Array], ...]]:
    """Run the rules in the order given, each in its mode.

    show: turns positions in the sheet (at most five) into one line each. before: entries of the rows that were lost
    before this, which count as rows in. Returns the cleaned state, the ledger, and (rule, positions of the rows it
    dropped) for each rule that dropped any.
    """
    rows_in = len(state) + sum(entry.dropped for entry in before)
    entries, rejected = list(before), []
    for rule, mode in rules:
        if mode == OFF:
            entries.append(Entry(rule.key, OFF, 0, 0, "Switched off."))
            continue
        finding = rule(state)
        touched = int(finding.touched.sum())
        dropped = touched if mode == APPLY else 0
        entries.append(Entry(rule.key, mode, touched, dropped, finding.text, _samples(state.at, finding, show)))
        if dropped:
            rejected.append((rule.key, state.at[finding.touched]))
        if mode == APPLY:
            state = _apply(state, finding)
    table = ITEMS if isinstance(state, Items) else INTERACTIONS
    return state, Ledger(table, rows_in, len(state), tuple(entries)), tuple(rejected)


def default_rules(table: str) -> Chosen:
    """Every rule of a table ("interactions" | "items") in order, each with its usual mode and knobs."""
    return rules_from(table, {}, {})


def rules_from(table: str, modes: Mapping[str, str], knobs: Mapping[str, Any]) -> Chosen:
    """The rules of a table in order, with the modes and knobs that a user chose.

    modes: rule -> "apply" | "look" | "off". knobs: "rule.knob" -> value, as text or typed.
    Raises UnknownNameError for a rule, mode or knob there is none of, OutOfRangeError for a value that cannot be.
    """
    classes = [cls for cls in map(stage("clean").get, stage("clean").names()) if cls.table == table]
    if not classes:
        raise UnknownNameError("table to clean", table, (INTERACTIONS, ITEMS))
    specs = {f"{cls.key}.{spec.name}": (cls.key, spec) for cls in classes for spec in knobs_of(cls)}
    for key, mode in modes.items():
        if key not in {cls.key for cls in classes}:
            raise UnknownNameError("cleaning rule", key, [cls.key for cls in classes])
        if mode not in MODES:
            raise UnknownNameError(f"mode of the cleaning rule {key}", mode, MODES)
    chosen: dict[str, dict[str, Any]] = {cls.key: {} for cls in classes}
    for name, raw in knobs.items():
        if name not in specs:
            raise UnknownNameError("knob of a cleaning rule", name, specs)
        key, spec = specs[name]
        chosen[key][spec.name] = spec.parse(raw)
    return tuple((cls(**chosen[cls.key]), modes.get(cls.key, cls.mode)) for cls in classes)


def _samples(at: Array, finding: Finding, show: Show) -> tuple[str, ...]:
    if finding.evidence:
        return finding.evidence[:SAMPLES]
    rows = np.sort(at[finding.touched])[:SAMPLES]
    return tuple(show(rows))[:SAMPLES] if len(rows) else ()


def _apply(state: StateT, finding: Finding) -> StateT:
    after = state if finding.after is None else finding.after
    if type(after) is not type(state) or len(after) != len(state):
        raise TypeError("a rule gave back another table than it was given")
    return after.keep(~finding.touched) if finding.touched.any() else after
