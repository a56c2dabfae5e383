"""One metric at every K: made once, so that a step of K is a look-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..metrics.judged import DEPTH
from ..types import Array
from .report import by_split, by_user, column_means, compare_values, curve_of, over_seeds
from .types import Comparison, Curve, Evaluation, Measure


@dataclass(frozen=True, slots=True, eq=False)
class Depths:
    """A per-user metric of every strategy at K = 1..100.

    values: (n_users, 100) by strategy, users alike. curves: their means and intervals. by_split: (n_splits, 100), the
    mean on each chosen split.
    """

    metric: str
    values: Mapping[str, Array]
    curves: Mapping[str, Curve]
    by_split: Mapping[str, Array]

    def measures(self, k: int) -> dict[str, Measure]:
        """What ``report.leaderboard`` says of this metric at K."""
        return {name: self._measure(name, k - 1) for name in self.values}

    def _measure(self, name: str, at: int) -> Measure:
        curve = self.curves[name]
        n = int((~np.isnan(self.values[name][:, at])).sum())
        one = Measure(float(curve.mean[at]), float(curve.low[at]), float(curve.high[at]), n)
        return replace(one, over_seeds=over_seeds(self.by_split[name][:, at].tolist()))

    def comparisons(self, k: int) -> tuple[Comparison, ...]:
        """What ``report.compare`` says of this metric at K."""
        return compare_values({name: values[:, k - 1] for name, values in self.values.items()}, self.metric, k)


def depths(evaluation: Evaluation, metric: str) -> Depths:
    """A metric that has a value for each user, at every K."""
    ks = np.arange(1, DEPTH + 1)
    values, means = {}, {}
    for name in evaluation.ranked:
        found = by_split(evaluation, metric, name, ks)
        values[name] = by_user(evaluation, found)[1]
        means[name] = np.stack([column_means(one) for one in found])
    return Depths(metric, values, {name: curve_of(one) for name, one in values.items()}, means)
