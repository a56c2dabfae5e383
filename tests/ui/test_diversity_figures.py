"""Pictures of one list: its categories beside the user's own, and how alike its items are, pair by pair."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import palette
from ui.figures import category_mix, similarity
from ui.text import t

NAMES = ("Comedy", "Drama", "War")
MIXES = np.array([[1, 0, 0], [0, 1, 0], [0.5, 0.5, 0], [0, 0, 0]], dtype=np.float32)
OWN = np.array([0.25, 0.75, 0], dtype=np.float32)


def mix_of(before: list[int], after: list[int], most: int = 10) -> category_mix.Mix:
    return category_mix.mix_of(NAMES, MIXES, OWN, np.array(before, dtype=int), np.array(after, dtype=int), most)


def test_the_mix_by_hand() -> None:
    mix = mix_of([0, 2, -1], [1, 2, 1, 3])
    assert mix.names == ("Drama", "Comedy")
    assert mix.own == (0.75, 0.25)
    assert mix.before == (0.25, 0.75)
    assert mix.after == pytest.approx((5 / 6, 1 / 6))
    assert mix.kl_after < mix.kl_before


def test_divergence_is_that_of_the_metric() -> None:
    q = 0.99 * np.array([0.75, 0.25]) + 0.01 * np.array([0.25, 0.75])
    expected = float((np.array([0.25, 0.75]) * np.log(np.array([0.25, 0.75]) / q)).sum())
    assert mix_of([0, 2], [0, 2]).kl_before == pytest.approx(expected, rel=1e-5)
    assert mix_of([2, 1], [2, 1]).kl_after == pytest.approx(0, abs=1e-6)


def test_without_categories_nothing_is_defined() -> None:
    mix = mix_of([3], [])
    assert math.isnan(mix.kl_before)
    assert math.isnan(mix.kl_after)
    assert mix.before == mix.after == (0.0, 0.0)


@given(st.integers(2, 30), st.integers(1, 12), st.integers(0, 9))
def test_shares_add_up_however_many_categories_share_a_row(n: int, most: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    mixes = draw.dirichlet(np.ones(n), 20).astype(np.float32)
    names = [f"c{column}" for column in range(n)]
    mix = category_mix.mix_of(names, mixes, mixes[0], np.arange(5), np.arange(9, 14), most)
    assert len(mix.names) <= most + 1
    for shares in (mix.own, mix.before, mix.after):
        assert sum(shares) == pytest.approx(1, abs=1e-5)
    assert mix.merged == (0 if n <= most + 1 else n - most)


@pytest.mark.parametrize("dark", [False, True])
def test_the_picture_has_bar_ring_and_dot(dark: bool) -> None:
    figure = category_mix.build(mix_of([0, 2], [1, 2]), dark)
    own, line, ring, dot = figure.data
    assert (own.type, list(own.x)) == ("bar", [0.75, 0.25])
    assert list(line.x) == [0.25, 0.75, None, 0.75, 0.25, None]
    assert (ring.marker.symbol, dot.marker.symbol) == ("circle-open", "circle")
    assert dot.marker.color == palette.roles(dark)["ranked"]
    assert "25 %" in ring.hovertext[0]


def test_names_are_text_to_plotly() -> None:
    mix = category_mix.Mix(("<b>x</b>",), (1.0,), (1.0,), (1.0,), 0.0, 0.0)
    assert category_mix.build(mix, False).layout.yaxis.ticktext == ("&lt;b&gt;x&lt;/b&gt;",)


VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8], [0, 0]], dtype=np.float32)


def test_likeness_by_hand() -> None:
    found = similarity.likeness(VECTORS, [0, 1, 2])
    assert found.cosines[0, 1] == 0
    assert found.cosines[1, 2] == pytest.approx(0.8)
    assert np.isnan(found.cosines.diagonal()).all()
    assert found.mean == pytest.approx((0 + 0.6 + 0.8) / 3)
    assert found.ild == pytest.approx(1 - found.mean)


@pytest.mark.parametrize("items", [[], [2]])
def test_below_two_items_there_is_no_likeness(items: list[int]) -> None:
    found = similarity.likeness(VECTORS, items)
    assert math.isnan(found.mean)
    assert similarity.bounds(found) == (0.0, 1.0)


def test_two_lists_share_their_colours() -> None:
    first, second = similarity.likeness(VECTORS, [0, 1]), similarity.likeness(VECTORS, [1, 2])
    assert similarity.bounds(first, second) == pytest.approx((0.0, 0.8))
    low, high = similarity.bounds(first)
    assert low < 0 < high


def test_what_entered_is_marked_by_sign_and_colour() -> None:
    found = similarity.likeness(VECTORS, [0, 1, 2])
    figure = similarity.build(found, ["<A>", "B", "C"], (0, 1), False, marked=[2], role="entered")
    first, _, last = figure.layout.yaxis.ticktext
    assert first == "&lt;A&gt; · 1"
    assert palette.roles(False)["entered"] in last
    assert f"{t('pictures.sign_entered')} C · 3" in last
    assert "&lt;A&gt;<br>B" in figure.data[0].customdata[0][1]


def test_figures_are_black_on_light_squares_and_white_on_dark_ones() -> None:
    found = similarity.likeness(VECTORS, [0, 1, 2])
    light = similarity.build(found, ["A", "B", "C"], similarity.bounds(found), False).data[0].text
    assert list(light[0][:2]) == ["", '<span style="color:#000000">0.00</span>']
    assert light[1][2] == '<span style="color:#ffffff">0.80</span>'
    dark = similarity.build(found, ["A", "B", "C"], similarity.bounds(found), True).data[0].text
    assert (dark[0][1][19:26], dark[1][2][19:26]) == ("#ffffff", "#000000")


def test_a_long_list_has_neither_titles_nor_figures_in_it() -> None:
    vectors = np.random.default_rng(0).normal(size=(60, 4))
    figure = similarity.build(similarity.likeness(vectors, range(60)), ["x"] * 60, (0, 1), True)
    assert figure.data[0].texttemplate is None
    assert [text for text in figure.layout.yaxis.ticktext if text] == ["10", "20", "30", "40", "50", "60"]
