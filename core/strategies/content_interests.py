"""Content, interest by interest: several directions for each user instead of one middle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import knob, stage
from ..splits import People, Training
from ..types import Array, unit_rows
from .matrices import Sparse, csr, half_life_knob, weighted_matrix, without_opinion

ROUNDS = 10
"""Of assigning and averaging; few histories still change after that."""
BLOCK = 16_384
"""Items of histories looked at at once, which bounds memory."""
SAME = 1 - 1e-6
"""Two directions with a larger cosine are one."""


@dataclass(frozen=True, slots=True)
class ContentInterests:
    """score_j = max over the interests c of a user of  cos(c, v_j) + w * log(share of c).

    Interests are the centres of spherical k-means over the vectors of what she liked, each weighing h_i, which fades
    with the position in the history; an interest's share is its part of that weight (Dhillon and Modha, "Concept
    Decompositions for Large Sparse Text Data Using Clustering", Machine Learning 2001). Nothing is random: it starts
    from the item nearest to the mean and goes on to the one farthest from all centres so far. Users as several
    vectors: Pal et al., "PinnerSage", KDD 2020.
    """

    key: ClassVar[str] = "content-interests"
    label: ClassVar[str] = "Content: several interests"
    order: ClassVar[int] = 5
    embedded: ClassVar[bool] = False
    reads_space: ClassVar[bool] = True

    interests_count: int = knob(4, "how many interests a user has at most", low=1, high=64, step=1, unit="interests")
    interests_share: float = knob(
        0.1, "how much an interest's part of the history counts; 0 = small ones speak like large ones", low=0, high=2,
        step=0.05,
    )  # fmt: skip
    interests_half_life: float = half_life_knob(10.0)
    interests_space: str = knob(
        "recipe", "item vectors compared: as the recipe ranks them, centred, or whitened",
        choices=("recipe", "centre", "whiten"),
    )  # fmt: skip

    def fit(self, training: Training) -> FittedInterests:
        """Nothing is learned but the space: interests are found when somebody is asked about."""
        values = training.vectors.values
        if self.interests_space != "recipe":
            values = stage("postprocess").get(self.interests_space)()(training.text).apply(training.text)
        return FittedInterests(unit_rows(values), self)


@dataclass(frozen=True, slots=True, eq=False)
class FittedInterests:
    """items: (n_items, d) float32 unit rows. knobs: what it was made with."""

    items: Array
    knobs: ContentInterests

    def interests(self, people: People) -> tuple[Array, Array]:
        """-> centres (n_people, k, d) float32 unit rows, shares (n_people, k) float64 summing to 1; both 0 where there
        is no such interest."""
        histories = weighted_matrix(people.histories, len(self.items), self.knobs.interests_half_life)
        return interests_of(histories, self.items, self.knobs.interests_count)

    def score(self, people: People) -> Array:
        """(n_people, n_items) float32; NaN rows where nothing is liked or it has no direction."""
        centres, shares = self.interests(people)
        scores = np.full((len(people), len(self.items)), -np.inf, dtype=np.float32)
        for place in range(shares.shape[1]):
            with np.errstate(divide="ignore"):
                share = np.where(shares[:, place] > 0, np.log(shares[:, place]), -np.inf)
            bonus = np.where(np.isinf(share), share, self.knobs.interests_share * share).astype(np.float32)
            np.maximum(scores, centres[:, place] @ self.items.T + bonus[:, None], out=scores)
        everything = np.ones(len(self.items), dtype=bool)
        return without_opinion(scores, shares.sum(axis=1) > 0, everything)


def interests_of(histories: Sparse, items: Array, count: int) -> tuple[Array, Array]:
    """Spherical k-means of every row at once. histories: (n, n_items) CSR of weights. items: (n_items, d) unit rows.

    -> centres (n, count, d) float32, shares (n, count) float64, as :meth:`FittedInterests.interests`
    """
    n, n_items = histories.shape
    owner = np.repeat(np.arange(n), np.diff(histories.indptr))
    item, weight = histories.indices, histories.data
    centres = _first_centres(histories, items, owner, count)
    shares = np.zeros((n, count))
    for _ in range(ROUNDS):
        near = np.stack([_nearness(items, item, centres[:, place], owner) for place in range(count)], axis=1)
        mine = near.argmax(axis=1)
        groups = csr(owner * count + mine, item, weight, (n * count, n_items))
        moved = unit_rows(np.asarray(groups @ items)).reshape(centres.shape)
        shares = np.where(moved.any(axis=2), np.asarray(groups.sum(axis=1)).reshape(n, count), 0.0)
        if np.array_equal(moved, centres):
            break
        centres = moved
    totals = shares.sum(axis=1, keepdims=True)
    return centres, np.divide(shares, totals, out=np.zeros_like(shares, dtype=np.float64), where=totals > 0)


def _first_centres(histories: Sparse, items: Array, owner: Array, count: int) -> Array:
    """(n, count, d): the liked item nearest to the mean, then again and again the one farthest from all before it."""
    n = histories.shape[0]
    centres = np.zeros((n, count, items.shape[1]), dtype=np.float32)
    if not len(owner):
        return centres
    item = histories.indices
    middle = unit_rows(np.asarray(histories @ items))
    wanted = _nearness(items, item, middle, owner, empty=0.0)
    nowhere = np.abs(items).sum(axis=1) == 0
    closest = np.where(nowhere[item], np.inf, -np.inf).astype(np.float32)
    for place in range(count):
        rows, picks = _first_largest(wanted, owner)
        fresh = closest[picks] < SAME
        centres[rows[fresh], place] = items[item[picks[fresh]]]
        closest = np.maximum(closest, _nearness(items, item, centres[:, place], owner))
        wanted = -closest
    return centres


def _nearness(items: Array, item: Array, centres: Array, owner: Array, empty: float = -np.inf) -> Array:
    """(m,) float32: cosine of each history item to the centre of its owner; ``empty`` where that is no direction."""
    out = np.empty(len(item), dtype=np.float32)
    for start in range(0, len(item), BLOCK):
        part = slice(start, start + BLOCK)
        out[part] = np.einsum("md,md->m", items[item[part]], centres[owner[part]])
    nowhere = np.abs(centres).sum(axis=1) == 0
    out[nowhere[owner]] = empty
    return out


def _first_largest(values: Array, owner: Array) -> tuple[Array, Array]:
    """The owners that have values, ascending, and for each the place of her first largest one. owner: (m,) sorted."""
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    largest = np.repeat(np.maximum.reduceat(values, starts), np.diff(np.append(starts, len(owner))))
    at = np.flatnonzero(values == largest)
    rows, first = np.unique(owner[at], return_index=True)
    return rows, at[first]
