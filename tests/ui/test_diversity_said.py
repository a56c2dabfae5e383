"""What is said above a list that was diversified: figures that can be counted by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.pools import DIVERSIFY, EXPLORATION, SPACING
from core.recipe import Recipe
from ui import diversity_said


def made(places: list[int], scores: list[float] | None = None, steps: tuple[str, ...] = (), **choices: Any) -> Any:
    """A run whose first user's list took these pool places, -1 padded."""
    counts = np.array([sum(place >= 0 for place in places)])
    given = np.array([scores if scores is not None else [float("nan")] * len(places)])
    return SimpleNamespace(
        recipe=Recipe.from_flat(choices),
        selected=SimpleNamespace(counts=counts, scores=given),
        diversified=SimpleNamespace(
            places=np.array([places], dtype=np.int32), steps=tuple(SimpleNamespace(name=name) for name in steps)
        ),
    )


@pytest.mark.parametrize(
    ("places", "entered", "moved"),
    [
        ([0, 1, 2, 3], 0, 0),
        ([0, 2, 1, 3], 0, 2),
        ([0, 7, 2, 1], 1, 1),
        ([9, 8, 7, 6], 4, 0),
        ([0, 3, 1, -1], 1, 1),
        ([-1, -1, -1, -1], 0, 0),
    ],
)
def test_who_entered_and_who_moved_can_be_counted(places: list[int], entered: int, moved: int) -> None:
    run = made(places)
    assert (diversity_said.entered(run), diversity_said.moved(run)) == (entered, moved)


def test_without_steps_nobody_entered_or_moved() -> None:
    run = made([0, 1])
    run.diversified = None
    assert (diversity_said.entered(run), diversity_said.moved(run), diversity_said.by(run)) == (0, 0, "")


@pytest.mark.parametrize(
    ("scores", "in_order"),
    [([0.9, 0.8, 0.8, 0.1], True), ([0.9, 0.7, 0.8, 0.1], False), ([0.9, 0.8, float("nan")], True), ([], True)],
)
def test_a_list_is_in_score_order_or_not(scores: list[float], in_order: bool) -> None:
    assert diversity_said.in_score_order(made([0], scores)) is in_order


def test_steps_are_named_in_their_order() -> None:
    steps = (DIVERSIFY, SPACING, EXPLORATION)
    run = made([0], steps=steps, diversity=0.3, diversify="dpp", spacing="category", exploration="epsilon")
    assert diversity_said.by(run) == "diversity 0.30 by DPP, then spacing by Category, then exploration by Epsilon"
    assert diversity_said.by(made([0], steps=(DIVERSIFY,), diversity=1)) == "diversity 1.00 by MMR"
