"""Colour by score: the legend names the ends in the metric's unit, and items without a score are grey."""

from __future__ import annotations

import numpy as np
import pytest

from ui.map.colouring import by_score
from ui.map.model import NO_VALUE


@pytest.mark.parametrize(
    ("scale", "labels"),
    [
        (1.0, ("≤ -0.50", "≥ 0.50")),
        (0.01, ("≤ -0.005", "≥ 0.005")),
        (2000.0, ("≤ -1,000", "≥ 1,000")),
    ],
)
def test_the_legend_names_the_ends(scale: float, labels: tuple[str, str]) -> None:
    scores = np.linspace(-0.5, 0.5, 11) * scale
    assert by_score(scores, scores).labels == labels


def test_a_distance_is_named_in_its_own_unit() -> None:
    distances = np.linspace(0.2, 1.4, 7)
    assert by_score(-distances, distances).labels == ("≤ 1.40", "≥ 0.20")


def test_items_without_a_score_are_grey_and_do_not_hide_the_ends() -> None:
    scores = np.array([np.nan, 0.25, np.nan, 0.75])
    colours = by_score(scores, scores)
    assert colours.labels == ("≤ 0.25", "≥ 0.75")
    assert colours.codes.tolist() == [NO_VALUE, 0, NO_VALUE, 254]


def test_nothing_scored_has_no_ends() -> None:
    scores = np.full(3, np.nan)
    assert by_score(scores, scores).codes.tolist() == [NO_VALUE] * 3
