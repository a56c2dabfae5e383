"""A recipe as one line: there and back for every knob, and one sentence for what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compare.text import from_text, to_text
from core.errors import InputError
from core.recipe import Recipe, all_knobs
from core.registry import Knob

HERE = "movielens-small"


def values_of(spec: Knob) -> st.SearchStrategy[object]:
    """Values that a knob may have by itself."""
    if spec.kind is bool:
        return st.booleans()
    if spec.allowed():
        return st.sampled_from(spec.allowed())
    if spec.kind is str:
        return st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    low, high = (spec.low or 0.0), min(spec.high or 50.0, 50.0 + (spec.low or 0.0))
    return st.integers(int(low), int(high)) if spec.kind is int else st.floats(low, high)


KNOBS = {spec.name: values_of(spec) for spec in all_knobs() if spec.name != "dataset"}


@given(st.fixed_dictionaries({}, optional=KNOBS))
def test_every_recipe_comes_back(flat: dict[str, object]) -> None:
    try:
        recipe = Recipe.from_flat(flat)
    except InputError:  # values that do not fit together
        return
    text = to_text(recipe)
    assert from_text(text, HERE) == recipe
    assert text == text.strip()
    assert text.isprintable()


def test_a_line_holds_the_strategy_and_what_differs() -> None:
    assert to_text(Recipe()) == "strategy=content"
    assert to_text(Recipe(strategy="ease", diversity=0.3, k=7)) == "strategy=ease;k=7;diversity=0.3"
    assert to_text(Recipe(threshold=0.2)) == "strategy=content;threshold=0.2;select=top-k"
    assert to_text(Recipe(template=" {title}; 5 % ")) == "strategy=content;template=%20{title}%3B 5 %25%20"


def test_a_line_may_be_written_loosely() -> None:
    loose = " strategy = ease ;; k=7;relevance-scale=rank; "
    assert from_text(loose, HERE) == Recipe(strategy="ease", k=7, relevance_scale="rank")
    assert from_text("", HERE) == Recipe()


def test_the_data_set_is_that_of_the_page() -> None:
    recipe = from_text("k=3", "other")
    assert recipe.dataset == "other"
    assert "other" not in to_text(recipe)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("strategy=nobody", "unknown strategy"),
        ("k", "name=value"),
        ("x" * 900, f"'{'x' * 60}'"),
        ("k=many", "whole number"),
        ("k=3;k=4", "given twice"),
        ("=3", "unknown parameter"),
        ("dataset=x", "same for all sides"),
        ("user=1", "same for all sides"),
        ("template=%ff", "not text"),
        ("pool=5", "pool must be at least k"),
        ("k=20", "catalogue"),
    ],
)
def test_what_is_no_recipe_is_one_sentence(text: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        from_text(text, HERE, 12)
