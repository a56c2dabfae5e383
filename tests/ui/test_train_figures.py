"""The curves of a training: axes that hold still, the kept epoch, popularity, and where early stopping came."""

from __future__ import annotations

import math

import pytest

from ui.figures.train_curves import loss, recall
from ui.text import t


@pytest.mark.parametrize("dark", [False, True])
def test_the_axis_is_as_long_as_the_training_may_last(dark: bool) -> None:
    """It does not move while points arrive, and its ticks are whole epochs."""
    first, later = (loss(list(range(1, n + 1)), [9.0 - k for k in range(n)], 40, 1, dark) for n in (1, 7))
    assert first.layout.xaxis.range == later.layout.xaxis.range
    assert list(first.layout.xaxis.ticktext) == ["1", "5", "10", "15", "20", "25", "30", "35", "40"]
    assert list(loss([1, 2, 3], [3.0, 2.0, 1.0], 3, 3, dark).layout.xaxis.tickvals) == [1, 2, 3]


@pytest.mark.parametrize("total", [1, 2, 9, 1000])
def test_any_length_has_a_few_whole_ticks(total: int) -> None:
    ticks = list(loss([1], [1.0], total, 1, False).layout.xaxis.tickvals)
    assert 1 <= len(ticks) <= 11
    assert all(tick == int(tick) and 1 <= tick <= total for tick in ticks)


def test_the_kept_epoch_and_popularity_are_marked() -> None:
    figure = recall([1, 2, 3], [0.03, 0.08, 0.06], 3, 2, 0.05, False, ended=True)
    curve, star = figure.data
    assert list(curve.y) == [0.03, 0.08, 0.06]
    assert (star.x, star.y, star.text) == ((2,), (0.08,), (t("train.best_here", recall="0.080", epoch=2),))
    assert [shape.y0 for shape in figure.layout.shapes if shape.y0 == shape.y1] == [0.05]
    assert [shape.x0 for shape in figure.layout.shapes if shape.x0 == shape.x1] == [3]
    words = [note.text for note in figure.layout.annotations]
    assert words == [t("train.level", recall="0.050"), t("train.ended_here")]
    assert figure.layout.yaxis.range[0] == 0
    assert figure.layout.yaxis.range[1] > 0.08


def test_words_of_the_best_epoch_keep_off_the_line_of_popularity() -> None:
    assert recall([1, 2], [0.02, 0.03], 2, 2, 0.05, False).data[1].textposition == "bottom left"
    assert recall([1, 2], [0.07, 0.03], 2, 1, 0.05, False).data[1].textposition == "top right"
    early = recall([1, 2, 3], [0.03, 0.07, 0.08], 40, 3, 0.05, False)
    assert early.data[1].textposition == "top right", "there is no room to the left of the third of forty epochs"


def test_without_popularity_there_is_no_line() -> None:
    figure = recall([1], [0.0], 5, 1, math.nan, True)
    assert not figure.layout.shapes
    assert figure.layout.yaxis.range[1] == 1.0
