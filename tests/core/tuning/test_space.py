"""Where a search looks: inside what the knobs allow, on the right scale, nothing twice."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError, OutOfRangeError, UnknownNameError
from core.registry import Knob, knobs_of, stage
from core.tuning.space import Axis, combined, drawn, grid_axes, reach, searched

EASE = stage("strategies").knobs("ease")
FIRST = {"ease_l2": 200.0, "ease_half_life": 25.0}


def number(
    low: float | None, high: float | None, default: float, step: float | None = None, kind: type = float
) -> Knob:
    return Knob("x", kind, kind(default), "", low=low, high=high, step=step)


@pytest.mark.parametrize(
    ("knob", "expected"),
    [
        (number(0.1, 10_000, 200), (20, 2000, True)),
        (number(0.1, 300, 200), (20, 300, True)),
        (number(0, 1000, 25, 5), (2.5, 250, True)),
        (number(0, 1, 0.3, 0.1), (0, 1, False)),
        (number(1, 100, 10), (1, 100, False)),
        (number(1, 1024, 32, 8, int), (4, 320, True)),
        (number(1, 5000, 3, 1, int), (1, 30, True)),
        (number(-5, 5000, 3), (-5, 5000, False)),
        (number(None, None, 4), (0.4, 40, False)),
    ],
)
def test_a_range_of_more_than_two_decades_is_logarithmic_and_stays_near_the_default(
    knob: Knob, expected: tuple[float, float, bool]
) -> None:
    """By hand: a factor of ten each way, cut to what is allowed; narrower ranges are searched whole."""
    assert reach(knob) == pytest.approx(expected)


@pytest.mark.parametrize("strategy", stage("strategies").names())
def test_every_draw_of_every_strategy_is_allowed(strategy: str) -> None:
    """What is drawn parses to itself: in range, of the right type."""
    rng = np.random.default_rng(1)
    for axis in searched(stage("strategies").knobs(strategy), (), has_times=True):
        for value in [axis.draw(rng) for _ in range(200)]:
            assert axis.knob.parse(value) == value
            assert type(axis.knob.parse(value)) is type(value)


@given(
    low=st.floats(0, 10),
    width=st.floats(0.01, 1e6),
    at=st.floats(0, 1),
    step=st.sampled_from([None, 0.1, 5.0]),
    whole=st.booleans(),
    seed=st.integers(0, 99),
)
def test_draws_stay_in_range(low: float, width: float, at: float, step: float | None, whole: bool, seed: int) -> None:
    """For any knob with ends, whatever its scale."""
    ends = (float(np.floor(low)), float(np.ceil(low + width))) if whole else (low, low + width)
    default = float(round(ends[0] + at * (ends[1] - ends[0]))) if whole else ends[0] + at * (ends[1] - ends[0])
    knob = number(*ends, default, step, int if whole else float)
    value = Axis(knob).draw(np.random.default_rng(seed))
    assert ends[0] <= value <= ends[1]
    assert isinstance(value, int if whole else float)


def test_a_logarithmic_knob_spreads_over_decades_and_is_sometimes_off() -> None:
    """Half of what is not 0 lies below the default; a linear scale would put a tenth there."""
    rng = np.random.default_rng(0)
    values = np.array([Axis(number(0, 1000, 25, 5)).draw(rng) for _ in range(2000)])
    assert 0.07 < (values == 0).mean() < 0.13
    assert 0.45 < (values[values > 0] < 25).mean() < 0.55


def test_random_tries_start_with_the_defaults_repeat_nothing_and_can_be_continued() -> None:
    """The order depends on the seed alone."""
    axes = searched(EASE, (), has_times=True)
    ten, twenty = (list(islice(drawn(axes, FIRST, 3), n)) for n in (10, 20))
    assert twenty[0] == FIRST
    assert twenty[:10] == ten
    assert len({tuple(one.items()) for one in twenty}) == 20
    assert list(islice(drawn(axes, FIRST, 4), 2))[1] != twenty[1]


def test_an_exhausted_space_ends() -> None:
    """Two values for one knob, one of them the default: two tries, however many are asked for."""
    axes = grid_axes("ease_l2=100,200", EASE, (), "ease")
    assert [one["ease_l2"] for one in drawn(axes, FIRST, 0)] == [200.0, 100.0]


def test_a_grid_is_every_combination_after_the_defaults() -> None:
    """2 x 2 with the defaults among them: four tries, the defaults first."""
    found = combined(grid_axes(" ease-l2 = 100, 200,200 ; ease_half_life=10,25;", EASE, (), "ease"), FIRST)
    assert [(one["ease_l2"], one["ease_half_life"]) for one in found] == [(200, 25), (100, 10), (100, 25), (200, 10)]


def test_a_value_with_commas_stands_in_quotes() -> None:
    """As a list of channels does."""
    (axis,) = grid_axes('fusion_channels="ease,als",ease', stage("strategies").knobs("fusion-rank"), (), "fusion-rank")
    assert axis.values == ("ease,als", "ease")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ease_l3=1", "unknown knob of ease 'ease_l3'; known: ease_l2"),
        ("ease_l2=0", "ease_l2 must be a number between 0.1 and 10000, got 0"),
        ("ease_l2=1,many", "ease_l2 must be a number between 0.1 and 10000, got 'many'"),
        ("ease_l2", "--grid ease_l2: expected knob=value,value"),
        ("ease_l2=", "--grid ease_l2=: a value is missing"),
        ("ease_l2=1,,2", "a value is missing"),
        ("ease_l2=1;ease_l2=2", "--grid names ease_l2, which is there twice"),
        ("ease_half_life=3", "--grid names ease_half_life, which is fixed by a flag"),
        (" ; ", "--grid is empty"),
    ],
)
def test_a_bad_grid_is_one_sentence(text: str, words: str) -> None:
    """It says which part is wrong."""
    with pytest.raises((InputError, UnknownNameError, OutOfRangeError)) as caught:
        grid_axes(text, EASE, {"ease_half_life"}, "ease")
    assert words in str(caught.value)


def test_too_many_combinations_are_refused() -> None:
    """200 x 200."""
    many = ",".join(str(value) for value in range(1, 201))
    axes = grid_axes(f"ease_l2={many};ease_half_life={many}", EASE, (), "ease")
    with pytest.raises(InputError, match="40,000 combinations, more than 10,000"):
        combined(axes, FIRST)


def test_fixed_knobs_free_texts_and_knobs_without_data_are_not_drawn() -> None:
    """Times are needed for ageing; a list of channels cannot be drawn."""
    names = [axis.knob.name for axis in searched(EASE, {"ease_l2"}, has_times=True)]
    assert names == ["ease_half_life"]
    recent = knobs_of(stage("strategies").get("recent-popularity"))
    assert len(searched(recent, (), has_times=True)) == 1
    assert searched(recent, (), has_times=False) == ()
    assert searched(stage("strategies").knobs("fusion-score"), (), has_times=True) == ()
