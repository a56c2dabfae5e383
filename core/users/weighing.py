"""What user models share: which rows of histories speak for their owners, how much, and how old they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..audience import Taste
from ..registry import knob
from ..splits import owners, positives, users_of
from ..types import Array, Interactions

SECONDS_PER_DAY = 86_400.0


def half_life_days() -> Any:
    """The knob of a model whose histories fade with time."""
    return knob(
        0.0,
        "days after which an interaction counts half; 0 = age does not matter",
        low=0,
        high=3650,
        step=30,
        unit="days",
        needs="times",
    )


def half_life_places() -> Any:
    """The knob of a model whose histories fade with each newer like."""
    return knob(
        0.0,
        "positions back in the history after which a liked item counts half; 0 = all count alike",
        low=0,
        high=1000,
        step=5,
        unit="items",
    )


def power() -> Any:
    """The knob that says how ratings and counts weigh."""
    return knob(
        1.0,
        "how strongly a rating or count weighs: 0 = all interactions alike, 1 = in proportion, 2 = squared",
        low=0,
        high=4,
        step=0.5,
    )


def recent_places() -> Any:
    """The knob that says how many of the last likes are recent."""
    return knob(
        5, "the last so many liked items are the recent ones; 0 = no limit", low=0, high=1000, step=5, unit="items"
    )


def recent_time() -> Any:
    """The knob that says for how long a like stays recent."""
    return knob(
        0,
        "likes of the last so many days are the recent ones, counted back from the user's latest; 0 = no limit",
        low=0,
        high=3650,
        step=7,
        unit="days",
        needs="times",
    )


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """The histories of n users asked about, one after the other: m rows.

    log: theirs alone, in the order asked. owner: (m,) the row of each one's user. emphasis: (m,) float64 in [0, 1].
    liked: (m,) bool, rows that are liked and count.
    """

    log: Interactions
    owner: Array
    emphasis: Array
    liked: Array

    @classmethod
    def of(cls, log: Interactions, users: Array, emphasis: Array | None) -> Asked:
        """Some users (n,) of a log. emphasis: (n_rows of the log,), None = 1."""
        users = np.asarray(users)
        own = users_of(log, users)
        given = np.ones(len(own)) if emphasis is None else emphasis[_places(log, users)]
        return cls(own, owners(own), given, positives(own) & (given > 0))

    def __len__(self) -> int:
        return self.log.n_users

    def newer(self) -> Array:
        """(m,) int64: how many liked rows of the same user come after each row."""
        upto = np.cumsum(self.liked)
        return np.concatenate(([0], upto))[self.log.indptr[1:]][self.owner] - upto

    def days(self) -> Array | None:
        """(m,) float64: days from each row to its user's latest liked one, 0 if it came later; None without times."""
        times = self.log.times
        if times is None:
            return None
        latest = np.full(len(self), np.iinfo(np.int64).min)
        np.maximum.at(latest, self.owner[self.liked], times[self.liked])
        latest = np.where(latest == np.iinfo(np.int64).min, 0, latest)
        return np.maximum(latest[self.owner] - times, 0) / SECONDS_PER_DAY

    def fading(self, half_life: float, half_life_items: float) -> Array:
        """(m,) float64: 0.5 ** (days / half_life + newer / half_life_items); a half-life of 0, and one that the log has
        no times or no order for, plays no part."""
        halvings = np.zeros(len(self.log))
        days = self.days() if half_life > 0 else None
        if days is not None:
            halvings += days / half_life
        if half_life_items > 0 and self.log.ordered:
            halvings += self.newer() / half_life_items
        out: Array = 0.5**halvings
        return out

    def recent(self, items: int, days: int) -> Array:
        """(m,) bool: rows with fewer than ``items`` newer likes that are at most ``days`` old; 0 = no limit."""
        out = np.ones(len(self.log), dtype=bool)
        if items > 0 and self.log.ordered:
            out &= self.newer() < items
        age = self.days() if days > 0 else None
        return out if age is None else out & (age <= days)

    def given(self, weight_power: float) -> Array:
        """(m,) float64: weight ** weight_power times emphasis of liked rows, 0 of others."""
        out = np.zeros(len(self.log))
        out[self.liked] = self.log.weights[self.liked].astype(np.float64) ** weight_power * self.emphasis[self.liked]
        return out

    def shared(self, weights: Array) -> Array:
        """Weights (m,) >= 0 that sum to 1 for each user, or are all 0."""
        totals = np.bincount(self.owner, weights, minlength=len(self))[self.owner]
        return np.divide(weights, totals, out=np.zeros(len(weights)), where=totals > 0)

    def tastes(self, weights: Array) -> tuple[Taste, ...]:
        """One direction for everybody. weights: (m,), positive ones summing to 1 for each user, or all 0."""
        spoken = np.bincount(self.owner, weights > 0, minlength=len(self)) > 0
        whole = weights[None, :]
        ends = self.log.indptr.tolist()
        return tuple(
            Taste(whole[:, start:stop], _ONE) if spoke else Taste(np.zeros((0, stop - start)), _NONE)
            for start, stop, spoke in zip(ends[:-1], ends[1:], spoken.tolist(), strict=True)
        )


_ONE, _NONE = np.ones(1), np.zeros(0)
_ONE.setflags(write=False)


def _places(log: Interactions, users: Array) -> Array:
    """(m,) the rows of these users in the log."""
    lengths = np.diff(log.indptr)[users]
    ends = np.cumsum(lengths)
    return np.repeat(log.indptr[:-1][users] - ends + lengths, lengths) + np.arange(int(lengths.sum()))
