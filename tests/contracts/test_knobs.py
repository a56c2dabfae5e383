"""What the knobs of every implementation must keep, so that one description serves widget, URL and flag."""

from __future__ import annotations

import dataclasses

import pytest

from core.recipe import STAGE_FIELDS, Recipe, all_knobs
from core.registry import Knob, knobs_of, stage

IMPLEMENTATIONS = [(name, key) for name in STAGE_FIELDS.values() for key in stage(name).names()]


@pytest.mark.parametrize(("stage_name", "key"), IMPLEMENTATIONS)
def test_implementation_is_a_described_frozen_dataclass(stage_name: str, key: str) -> None:
    cls = stage(stage_name).get(key)
    assert dataclasses.is_dataclass(cls)
    assert cls.__dataclass_params__.frozen
    assert cls.label
    assert cls.__doc__
    assert cls.key == key
    assert len(knobs_of(cls)) == len(dataclasses.fields(cls)), "every field is a knob"
    assert cls() == cls()


@pytest.mark.parametrize("spec", all_knobs(), ids=lambda spec: spec.name)
def test_default_is_valid_and_help_is_a_sentence_part(spec: Knob) -> None:
    assert spec.parse(spec.default) == spec.default
    assert len(spec.help) >= 10
    if spec.kind in (int, float) and spec.default is not None and spec.low is not None:
        assert spec.low <= spec.default


def test_implementation_knobs_never_hide_a_recipe_field() -> None:
    own = {spec.name for spec in knobs_of(Recipe)}
    for stage_name, key in IMPLEMENTATIONS:
        assert not own & {spec.name for spec in stage(stage_name).knobs(key)}


def test_a_shared_knob_name_means_the_same_everywhere() -> None:
    seen: dict[str, Knob] = {}
    for stage_name, key in IMPLEMENTATIONS:
        for spec in stage(stage_name).knobs(key):
            assert seen.setdefault(spec.name, spec) == spec
