"""What a learned merger sees of a person and an item, beside what the channels say: counted from one log only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..splits import People, Training, owners, positives
from ..types import Array, unit_rows
from .item_features import category_rows, years_of
from .matrices import Sparse, csr, liked_matrix, row_counts, weighted_matrix

SECONDS_PER_DAY = 86_400.0
DAYS_PER_BIN = 10.0
WINDOWS = {"month": 30.0, "season": 120.0, "years": 700.0}
"""Days after which a like elsewhere in time counts 1/e towards how popular an item was around a moment."""
BINS_PER_DOUBLING = 2.0
PLACE_BINS = 64
PLACE_WIDTH = 1.0
"""Doublings of the place in a history after which a like at another place counts 1/e."""
SMOOTHING = 5.0
"""Likes and dislikes that every item is taken to have beforehand, at the average rate."""
TASTE_HALF_LIFE, LATEST_HALF_LIFE = 30.0, 4.0
"""Positions of a history: what somebody is like, and what she is at just now."""


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """Counts over one training log.

    items: name -> (n_items,) float64. categories: (n_items, n_categories) float32, rows summing to 1 or 0. years:
    (n_items,) float64, NaN where unknown.
    text: (n_items, d) float32 centred unit rows. bins: (n_bins, n_items) CSR likes by time, None without times.
    places: (n_bins, n_items) CSR likes by the logarithm of their place in the history. first, last: seconds at which
    the first bin starts, and of the last row.
    """

    items: dict[str, Array]
    categories: Array
    years: Array
    text: Array
    bins: Sparse | None
    places: Sparse
    first: float
    last: float

    def table(self, people: People, places: Array) -> tuple[Array, tuple[str, ...]]:
        """places: (n, m) item indices -> (n * m, n_features) float32 row by row, and the names of the columns."""
        n_items = len(self.years)
        taste = weighted_matrix(people.histories, n_items, TASTE_HALF_LIFE)
        latest = weighted_matrix(people.histories, n_items, LATEST_HALF_LIFE)
        found: dict[str, Array] = {f"item {name}": values[places] for name, values in self.items.items()}
        found |= {f"user {name}": _wide(values, places) for name, values in _activity(people).items()}
        for name, histories in (("taste", taste), ("latest", latest)):
            found |= {f"{name} {key}": values for key, values in self._taste(histories, places).items()}
        found |= self._moments(people, places) | self._stages(people, places)
        columns = [np.asarray(values, dtype=np.float32).ravel() for values in found.values()]
        return np.column_stack(columns), tuple(found)

    def _taste(self, histories: Sparse, places: Array) -> dict[str, Array]:
        """How near an item is to what a faded history is made of."""
        total = np.asarray(histories.sum(axis=1)).ravel()
        shares = (histories @ self.categories) / np.where(total > 0, total, np.nan)[:, None]
        usual = np.maximum(self.categories.mean(axis=0), 1e-6)
        year = _mean_of(histories, self.years)
        popularity = _mean_of(histories, self.items["popularity"])
        place = unit_rows(histories @ self.text)
        return {
            "category": _dot(shares, self.categories, places),
            "category lift": _dot(shares / usual, self.categories, places),
            "year gap": self.years[places] - year[:, None],
            "year distance": np.abs(self.years[places] - year[:, None]),
            "popularity gap": self.items["popularity"][places] - popularity[:, None],
            "text": _dot(place, self.text, places),
        }

    def _moments(self, people: People, places: Array) -> dict[str, Array]:
        """How popular an item was around a person's last event, and how old it was then."""
        if self.bins is None or people.histories.times is None:
            return {}
        moment = _last_times(people)
        age = (moment[:, None] - self.items["first seen"][places]) / SECONDS_PER_DAY
        found = {"age": age, "past the end": _wide((moment - self.last) / SECONDS_PER_DAY, places)}
        centre = (self.first + (np.arange(self.bins.shape[0]) + 0.5) * DAYS_PER_BIN * SECONDS_PER_DAY)[None, :]
        away = (centre - np.nan_to_num(moment, nan=self.last)[:, None]) / SECONDS_PER_DAY
        for name, days in WINDOWS.items():
            around = np.exp(-np.abs(away) / days)
            for side, weights in (("around", around), ("before", np.where(away <= DAYS_PER_BIN / 2, around, 0))):
                found[f"{side} a {name}"] = self._share(weights, self.bins, places)
        return found

    def _stages(self, people: People, places: Array) -> dict[str, Array]:
        """How popular an item is with people who have done as much as this one: what most meet early and she does not
        have, she has passed over."""
        rows = np.diff(people.histories.indptr)
        away = np.arange(self.places.shape[0])[None, :] - _place_bin(rows)[:, None]
        around = np.exp(-np.abs(away) / (PLACE_WIDTH * BINS_PER_DOUBLING))
        found = {"later than usual": np.log2(rows + 1.0)[:, None] - self.items["place"][places]}
        for side, weights in (("around", around), ("after", (away >= 0).astype(np.float64))):
            found[f"{side} the place"] = self._share(weights, self.places, places)
        return found

    def _share(self, weights: Array, bins: Sparse, places: Array) -> Array:
        """How much more of the likes of weighted bins than of all an item has, in logarithms."""
        counts = np.take_along_axis(np.asarray(weights @ bins), places, axis=1)
        share = counts / np.maximum(weights @ np.asarray(bins.sum(axis=1)).ravel(), 1e-9)[:, None]
        return np.asarray(np.log(share + 1e-4) - self.items["popularity"][places])


def _place_bin(places: Array) -> Array:
    return (np.log2(places + 1.0) * BINS_PER_DOUBLING).astype(np.int64)


def signals(training: Training) -> Signals:
    """Count. Whatever is to be predicted must not be in ``training``."""
    log, n_items = training.interactions, len(training.catalog)
    liked = positives(log)
    likes = np.bincount(log.items[liked], minlength=n_items).astype(np.float64)
    rows = np.bincount(log.items, minlength=n_items).astype(np.float64)
    usual = likes.sum() / max(rows.sum(), 1.0)
    items = {
        "popularity": np.log(likes / max(likes.sum(), 1.0) + 1e-4),
        "rows": np.log(rows / max(rows.sum(), 1.0) + 1e-4),
        "like rate": (likes + SMOOTHING * usual) / (rows + SMOOTHING),
        "fans": _mean_of(liked_matrix(log, n_items).T.tocsr(), np.log1p(row_counts(liked_matrix(log, n_items)))),
    }
    place = np.arange(len(log)) - log.indptr[owners(log)]
    ends = np.diff(log.indptr)[owners(log)]
    for name, values in (("place", np.log2(place + 1.0)), ("lateness", (place + 0.5) / ends)):
        total = np.bincount(log.items, weights=values, minlength=n_items)
        items[name] = (total + SMOOTHING * values.mean() if len(log) else total) / (rows + SMOOTHING)
    by_place = csr(_place_bin(place[liked]), log.items[liked], np.ones(int(liked.sum())), (PLACE_BINS, n_items))
    bins, first, last = None, 0.0, 0.0
    if log.times is not None and len(log):
        first, last = float(log.times.min()), float(log.times.max())
        period = ((log.times - first) / (DAYS_PER_BIN * SECONDS_PER_DAY)).astype(np.int64)
        shape = (int(period.max()) + 1, n_items)
        bins = csr(period[liked], log.items[liked], np.ones(int(liked.sum())), shape)
        seen = np.full(n_items, np.inf)
        np.minimum.at(seen, log.items, log.times.astype(np.float64))
        items["first seen"] = np.where(np.isfinite(seen), seen, np.nan)
    categories = category_rows(training.catalog).T
    categories = categories / np.maximum(categories.sum(axis=1, keepdims=True), 1.0)
    text = unit_rows(training.text - training.text.mean(axis=0, dtype=np.float64))
    return Signals(items, categories, years_of(training.catalog), text, bins, by_place, first, last)


def _activity(people: People) -> dict[str, Array]:
    log = people.histories
    rows = np.diff(log.indptr).astype(np.float64)
    liked = np.bincount(owners(log)[positives(log)], minlength=len(people)).astype(np.float64)
    found = {"likes": np.log1p(liked), "like rate": (liked + 1) / (rows + 2)}
    if log.times is not None:
        last = _last_times(people)
        near = log.times >= last[owners(log)] - SECONDS_PER_DAY
        first = np.full(len(people), np.nan)
        first[rows > 0] = log.times[log.indptr[:-1][rows > 0]]
        found["session"] = np.log1p(np.bincount(owners(log)[near], minlength=len(people)))
        found["days"] = (last - first) / SECONDS_PER_DAY
    return found


def _last_times(people: People) -> Array:
    """(n,) float64: when each history ends, NaN where it is empty."""
    log = people.histories
    times = np.asarray(log.times, dtype=np.float64)
    filled = np.diff(log.indptr) > 0
    out = np.full(len(people), np.nan)
    out[filled] = times[log.indptr[1:][filled] - 1]
    return out


def _wide(values: Array, places: Array) -> Array:
    return np.broadcast_to(values[:, None], places.shape)


def _mean_of(weights: Sparse, values: Array) -> Array:
    """(n,) the weighted mean of (m,) values over each row; NaN values do not count, NaN where none is left."""
    there = np.isfinite(values).astype(np.float64)
    total = weights @ there
    return np.asarray(
        np.divide(weights @ np.nan_to_num(values), total, out=np.full(len(total), np.nan), where=total > 0)
    )


def _dot(left: Array, right: Array, places: Array) -> Array:
    """(n, d), (n_items, d), (n, m) -> (n, m): the dot product of each row with its items."""
    return np.stack([right[items] @ row for row, items in zip(left, places, strict=True)]) if len(left) else places
