"""Chance that belongs to one user and one item: the same draw whatever else is drawn."""

from __future__ import annotations

import numpy as np

from ..types import Array

_GAMMA, _FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def uniform(seed: int, users: Array, things: Array) -> Array:
    """Even draws in (0, 1), float64, one for each seed, user and thing (an item index, a place); shapes broadcast.

    A hash instead of a generator (the finaliser of SplitMix64, Steele, Lea & Flood 2014), so that a user's list does
    not depend on who else is asked, and an item keeps its chance when another slider moves it.
    """
    state = _mixed(np.uint64(seed) + np.zeros(1, dtype=np.uint64))
    for part in (users, things):
        state = _mixed(state ^ _mixed(np.asarray(part, dtype=np.int64).astype(np.uint64)))
    # The upper 53 bits, and half a step, so that neither 0 nor 1 can occur.
    found: Array = ((state >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53
    return np.minimum(found, 1 - 2.0**-53)


def _mixed(values: Array) -> Array:
    """uint64 -> uint64, each bit depending on all."""
    out = values + _GAMMA
    out = (out ^ (out >> np.uint64(30))) * _FIRST
    out = (out ^ (out >> np.uint64(27))) * _SECOND
    return out ^ (out >> np.uint64(31))
