"""Where to search: values drawn from what the knobs say about themselves, or a list of values for each."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import log10, prod
from typing import Any

import numpy as np

from ..errors import InputError, UnknownNameError
from ..registry import Knob

WIDE = 100.0
"""A range whose ends differ by more than this factor is searched on a logarithmic scale."""
REACH = 10.0
"""On that scale values lie within this factor of the default: a knob's range says what is allowed, not what is sane."""
OFF_SHARE = 0.1
"""How often such a knob is drawn as 0, where 0 is allowed: it means off, and no logarithm reaches it."""
DIGITS = 3
REPEATS = 500
"""So many draws in a row that were there before end a search: the space is exhausted."""
MOST = 10_000
"""Combinations of a grid at most."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A knob that is searched. values: what to try; () = drawn from the knob's own range."""

    knob: Knob
    values: tuple[Any, ...] = ()

    def draw(self, rng: np.random.Generator) -> Any:
        """One value at random."""
        if self.values:
            return self.values[int(rng.integers(len(self.values)))]
        drawn = _number(self.knob, rng)
        return int(drawn) if self.knob.kind is int else drawn


def _number(knob: Knob, rng: np.random.Generator) -> float:
    low, high, wide = reach(knob)
    at = float(rng.random())
    if wide:
        if knob.low == 0 and rng.random() < OFF_SHARE:
            return 0.0
        drawn = float(f"{10 ** (log10(low) + at * (log10(high) - log10(low))):.{DIGITS}g}")
    else:
        step = knob.step or (1.0 if knob.kind is int else (high - low) / WIDE)
        drawn = float(f"{low + step * round(at * (high - low) / step):.10g}") if step else low
    return min(max(round(drawn) if knob.kind is int else drawn, low), high)


def reach(knob: Knob) -> tuple[float, float, bool]:
    """Ends of the range that a number is drawn from, and whether the scale is logarithmic."""
    centre = float(abs(knob.default or 0) or knob.step or 1.0)
    low = centre / REACH if knob.low is None else float(knob.low)
    high = centre * REACH if knob.high is None else float(knob.high)
    smallest = low or knob.step or centre / REACH
    if low < 0 or high <= WIDE * smallest:
        return low, high, False
    low, high = max(low, centre / REACH), min(high, centre * REACH)
    # A whole number has no values between its bounds but whole ones.
    return (max(1.0, np.ceil(low)), np.floor(high), True) if knob.kind is int else (low, high, True)


def searched(knobs: Sequence[Knob], fixed: Collection[str], *, has_times: bool) -> tuple[Axis, ...]:
    """The knobs that can be drawn: numbers, switches and choices that are not fixed and play a part."""
    found = []
    for knob in knobs:
        if knob.name in fixed or (knob.needs == "times" and not has_times):
            continue
        if knob.kind in (int, float):
            found.append(Axis(knob))
        elif knob.kind is bool or knob.allowed():
            found.append(Axis(knob, knob.allowed() or (False, True)))
    return tuple(found)


def grid_axes(text: str, knobs: Sequence[Knob], fixed: Collection[str], strategy: str) -> tuple[Axis, ...]:
    """``ease_l2=100,200; ease_half_life=10,25`` as axes. A value with commas stands in double quotes.

    Raises InputError, UnknownNameError, OutOfRangeError.
    """
    known = {knob.name: knob for knob in knobs}
    found: dict[str, Axis] = {}
    for part in filter(str.strip, text.split(";")):
        name, equals, values = part.partition("=")
        name = name.strip().lstrip("-").replace("-", "_")
        if not equals:
            raise InputError(f"--grid {part.strip()}: expected knob=value,value; knob=value,value")
        if name not in known:
            raise UnknownNameError(f"knob of {strategy}", name, known)
        if name in found or name in fixed:
            raise InputError(f"--grid names {name}, which is {'fixed by a flag' if name in fixed else 'there twice'}")
        found[name] = Axis(known[name], _values(known[name], values))
    if not found:
        raise InputError("--grid is empty: give it like ease_l2=100,200,500; ease_half_life=10,25")
    return tuple(found.values())


def _values(knob: Knob, text: str) -> tuple[Any, ...]:
    words = [word.strip() for word in next(csv.reader([text.strip()], skipinitialspace=True), [])]
    if not words or (knob.kind is not str and "" in words):
        raise InputError(f"--grid {knob.name}={text.strip()}: a value is missing")
    return tuple(dict.fromkeys(knob.parse(word) for word in words))


def drawn(axes: Sequence[Axis], first: Mapping[str, Any], seed: int) -> Iterator[dict[str, Any]]:
    """``first``, then what is drawn at random, nothing twice; ends where nothing new turns up.

    More of it can be asked for later: the order depends on the seed alone.
    """
    rng, seen, repeats = np.random.default_rng(seed), {spelled(first)}, 0
    yield dict(first)
    while repeats < REPEATS:
        found = {**first, **{axis.knob.name: axis.draw(rng) for axis in axes}}
        repeats = repeats + 1 if spelled(found) in seen else 0
        if not repeats:
            seen.add(spelled(found))
            yield found


def combined(axes: Sequence[Axis], first: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``first``, then every combination of the axes' values that is not the same. Raises InputError for too many."""
    count = prod(len(axis.values) for axis in axes)
    if count > MOST:
        raise InputError(f"the grid has {count:,} combinations, more than {MOST:,}: name fewer values")
    found = [dict(first)]
    for values in product(*(axis.values for axis in axes)):
        one = {**first, **{axis.knob.name: value for axis, value in zip(axes, values, strict=True)}}
        if spelled(one) != spelled(first):
            found.append(one)
    return found


def spelled(values: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Knobs and values in one order: equal tries are equal."""
    return tuple(sorted(values.items()))
