"""The cleaning rules of an import: what each does with what it finds, and its knobs, in five groups."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from core.clean.state import Rule
from core.importing.plan import ImportPlan
from core.registry import Knob, knobs_of, stage
from core.sheets import APPLY, INTERACTIONS, LOOK, MODES, OFF

from . import import_draft, state
from .blocks import error_card
from .import_draft import Draft
from .text import plain_markdown, t, words

GROUPS = ("rows", "repeats", "interference", "rare", "items")
GROUP_OF = {
    "repeats": "repeats",
    "rare": "rare",
    "placeholders": "interference",
    "bot_volume": "interference",
    "bot_speed": "interference",
    "bot_uniform": "interference",
    "item_burst": "interference",
}
"""Rules that do not stand with the other ones of their table."""
FAULT_SHOWN = "_import_fault_shown"


def rules(draft: Draft, failure: str = "") -> None:
    """Every rule, folded away, by group, with one line that says what is set.

    failure: why the last import came to nothing; the rule that it names is unfolded, once, and the reason stands there.
    """
    fault = rule_named(failure)
    if fault is not None and not state.chosen(FAULT_SHOWN):
        state.choose(FAULT_SHOWN, True)
        for place in ("cleaning", group_of(fault)):
            state.choose(f"{draft.token}-{place}", True)
    st.markdown(f"### {t('import.cleaning')}")
    with st.expander(
        summary(draft.plan, _all()),
        key=f"{draft.token}-cleaning",
        on_change="rerun",
    ) as folded:
        if folded.open:
            st.caption(t("import.cleaning_text"))
            for group in GROUPS:
                _group(draft, group, fault, failure)


def _group(draft: Draft, group: str, fault: type[Rule] | None, failure: str) -> None:
    members = [rule for rule in _all() if group_of(rule) == group]
    label = f"**{t(f'import.group_{group}')}** — {summary(draft.plan, members)}"
    with st.expander(label, key=f"{draft.token}-{group}", on_change="rerun") as folded:
        if folded.open:
            for rule in members:
                if rule is fault:
                    error_card(t("import.fault", reason=failure.rstrip(".")))
                _rule(draft, rule)


def rule_named(failure: str) -> type[Rule] | None:
    """The cleaning rule of which a sentence speaks."""
    named = re.findall(r"\brule (\w+)", failure)
    return next((rule for rule in _all() if rule.key in named), None)


def _all() -> list[type[Rule]]:
    known = stage("clean")
    return [known.get(key) for key in known.names()]


def group_of(rule: type[Rule]) -> str:
    """The group in which a rule is shown; a new one stands with the rows or the items, by its table."""
    return GROUP_OF.get(rule.key, "rows" if rule.table == INTERACTIONS else "items")


def mode_of(plan: ImportPlan, rule: type[Rule]) -> str:
    """The mode of a rule in a plan."""
    return dict(plan.rules).get(rule.key, rule.mode)


def summary(plan: ImportPlan, members: list[type[Rule]]) -> str:
    """ "5 rules take rows out, 2 only show what they find, 1 is off" """
    modes = [mode_of(plan, rule) for rule in members]
    said = [
        t(f"import.{mode}_one" if modes.count(mode) == 1 else f"import.{mode}_many", n=modes.count(mode))
        for mode in (APPLY, LOOK, OFF)
        if mode in modes
    ]
    return ", ".join(said)


def _rule(draft: Draft, rule: type[Rule]) -> None:
    mode = mode_of(draft.plan, rule)
    key = f"{draft.token}-rule-{rule.key}"
    state.show_value(key, mode)
    what, how = st.columns([2.2, 1], vertical_alignment="center")
    with what:
        st.markdown(f"**{plain_markdown(rule.label)}**  \n{plain_markdown(rule.help)}")
    with how:
        st.segmented_control(
            t("import.mode_of", rule=plain_markdown(rule.label)),
            MODES,
            format_func=_mode_word,
            key=key,
            required=True,
            label_visibility="collapsed",
            on_change=import_draft.writer(draft.token, key, partial(_with_mode, rule)),
        )
    specs = knobs_of(rule)
    if specs and mode != OFF:
        for place, spec in zip(st.columns(max(len(specs), 3)), specs, strict=False):
            with place:
                _knob(draft, rule, spec)


def _mode_word(mode: str) -> str:
    return t(f"import.mode_{mode}")


def _knob(draft: Draft, rule: type[Rule], spec: Knob) -> None:
    name = f"{rule.key}.{spec.name}"
    key = f"{draft.token}-knob-{name}"
    state.show_value(key, spec.parse(dict(draft.plan.knobs).get(name, spec.default)))
    label = knob_label(name, spec)
    told: dict[str, Any] = {
        "key": key,
        "help": plain_markdown(spec.help[:1].upper() + spec.help[1:]),
        "on_change": import_draft.writer(draft.token, key, partial(_with_knob, spec, name)),
    }
    if spec.allowed():
        st.selectbox(label, spec.allowed(), **told)
    elif spec.kind is bool:
        st.toggle(label, **told)
    else:
        cast = spec.kind
        step = cast(spec.step or 1) if cast is int else spec.step or 0.01
        st.number_input(label, cast(spec.low), cast(spec.high), step=step, format=None if cast is int else "%g", **told)


def knob_label(name: str, spec: Knob) -> str:
    """What a knob (rule.knob) is called, with its unit."""
    label = words().get(f"import.knob_{name}", spec.name.replace("_", " ").capitalize())
    return f"{label} ({spec.unit})" if spec.unit and spec.unit not in label.lower() else label


def _with_mode(rule: type[Rule], plan: ImportPlan, mode: str | None) -> ImportPlan:
    modes = {key: value for key, value in plan.rules if key != rule.key}
    if mode and mode != rule.mode:
        modes[rule.key] = mode
    return replace(plan, rules=tuple(modes.items()))


def _with_knob(spec: Knob, name: str, plan: ImportPlan, value: Any) -> ImportPlan:
    knobs = {key: kept for key, kept in plan.knobs if key != name}
    if value is not None and value != spec.default:
        knobs[name] = spec.parse(value)
    return replace(plan, knobs=tuple(knobs.items()))
