"""Numbers from an evaluation: means with intervals, comparisons in words, and the answer of the command line.

The unit is the user. Where a protocol repeats itself with other seeds, a user's values are averaged over the splits
first. Cold users are reported with the most they were folded in with; ``cold_curve`` has the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

import numpy as np

from ..metrics.judged import DEPTH, Judged
from ..registry import stage
from ..splits import COLD_USERS
from ..types import Array
from .intervals import holm, interval, intervals, left_out, sign_flips
from .judge import first_places, judged, only
from .types import Comparison, Curve, Evaluation, Measure, ThresholdCurve

COMPARED = ("recall", "precision", "f1", "ndcg")
"""The metrics by which strategies are compared."""
SURE = 0.05
"""Corrected p below which a difference counts as real."""


def chosen_splits(evaluation: Evaluation) -> tuple[int, ...]:
    """The numbers of the splits that a headline figure is made of."""
    last = len(evaluation.splits) - 1
    return (last,) if evaluation.splits[last].task == COLD_USERS else tuple(range(last + 1))


def judged_on(evaluation: Evaluation, strategy: str, number: int) -> Judged:
    """The lists of a strategy on one split."""
    return judged(evaluation.ranked[strategy][number], evaluation.splits[number], evaluation.worlds[number])


def per_user(evaluation: Evaluation, metric: str, strategy: str, ks: Array) -> tuple[Array, Array]:
    """-> users (n,) ascending; values (n, n_k), NaN where undefined: the mean over the splits a user is in."""
    return by_user(evaluation, by_split(evaluation, metric, strategy, ks))


def by_split(evaluation: Evaluation, metric: str, strategy: str, ks: Array) -> list[Array]:
    """A metric on each chosen split: (n_people, n_k), or (n_k,) where it is not per user."""
    measure = stage("metrics").get(metric)()
    lists = [judged_on(evaluation, strategy, number) for number in chosen_splits(evaluation)]
    return [np.asarray(measure(one, ks), dtype=np.float64) for one in lists]


def by_user(evaluation: Evaluation, found: list[Array]) -> tuple[Array, Array]:
    """The values of each chosen split, (n_people, n_k) each, as those of ``per_user``."""
    who = np.concatenate([evaluation.splits[number].people.users for number in chosen_splits(evaluation)])
    values = np.concatenate(found)
    if len(found) == 1 and (np.diff(who) > 0).all():
        return who, values
    users, place = np.unique(who, return_inverse=True)
    sums, counts = np.zeros((len(users), values.shape[1])), np.zeros((len(users), values.shape[1]))
    np.add.at(sums, place, np.nan_to_num(values))
    np.add.at(counts, place, ~np.isnan(values))
    return users, np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)


def measure_of(evaluation: Evaluation, metric: str, strategy: str, k: int) -> Measure:
    """One metric of one strategy at one K."""
    found = by_split(evaluation, metric, strategy, np.array([k]))
    over = over_seeds([_mean(values) for values in found])
    if not stage("metrics").get(metric).per_user:
        return replace(_of_all_lists(evaluation, metric, strategy, k, found), over_seeds=over)
    return replace(measured(by_user(evaluation, found)[1][:, 0]), over_seeds=over)


def over_seeds(means: list[float]) -> tuple[float, float] | None:
    """Mean and standard deviation over splits, None for one alone."""
    return (_mean(np.array(means)), float(np.std(means, ddof=1))) if len(means) > 1 else None


def _of_all_lists(evaluation: Evaluation, metric: str, strategy: str, k: int, found: list[Array]) -> Measure:
    """A figure that belongs to the lists of everybody together; histories play no part in such."""
    measure, ks = stage("metrics").get(metric)(), np.array([k])
    lists = [first_places(judged_on(evaluation, strategy, number), k) for number in chosen_splits(evaluation)]
    who = [evaluation.splits[number].people.users for number in chosen_splits(evaluation)]
    users = np.unique(np.concatenate(who))

    def without(gone: Array) -> float:
        stay = [~gone[np.searchsorted(users, own)] for own in who]
        rest = [only(one, np.flatnonzero(rows), histories=False) for one, rows in zip(lists, stay, strict=True)]
        return _mean(np.array([measure(one, ks)[0] for one in rest]))

    mean = _mean(np.array([values[0] for values in found]))
    return Measure(mean, *left_out(mean, len(users), without), len(users))


def measured(values: Array) -> Measure:
    """The mean of one value a user (n,), NaN left out, with its interval."""
    low, high = interval(values)
    return Measure(_mean(values), low, high, int((~np.isnan(values)).sum()))


def _mean(values: Array) -> float:
    given = values[~np.isnan(values)]
    return float(given.mean()) if len(given) else float("nan")


def leaderboard(
    evaluation: Evaluation, k: int, metrics: tuple[str, ...] | None = None
) -> dict[str, dict[str, Measure]]:
    """Strategy -> metric -> measure at K; all metrics unless some are named."""
    return {
        strategy: {
            metric: measure_of(evaluation, metric, strategy, k) for metric in metrics or stage("metrics").names()
        }
        for strategy in evaluation.ranked
    }


def compare(evaluation: Evaluation, k: int, metric: str) -> tuple[Comparison, ...]:
    """Every pair of strategies on the same users: :func:`compare_values` of one metric at K."""
    values = {name: per_user(evaluation, metric, name, np.array([k]))[1][:, 0] for name in evaluation.ranked}
    return compare_values(values, metric, k)


def compare_values(values: Mapping[str, Array], metric: str, k: int) -> tuple[Comparison, ...]:
    """values: (n_users,) by strategy, of the same users. The family of Holm's correction is all pairs of this metric:
    the page, the JSON and the table of the command line all take their p from here."""
    pairs = list(combinations(values, 2))
    if not pairs:
        return ()
    differences = np.stack([values[a] - values[b] for a, b in pairs], axis=1)
    low, high = intervals(differences)
    p = sign_flips(differences).tolist()
    return tuple(
        _verdict(
            Comparison(
                *(a, b, metric, _mean(one), float(low[at]), float(high[at]), p[at], p_holm, "none", ""),
                n=int((~np.isnan(one)).sum()),
            ),
            k,
        )
        for at, ((a, b), one, p_holm) in enumerate(zip(pairs, differences.T, holm(p), strict=True))
    )


def _verdict(one: Comparison, k: int) -> Comparison:
    better, what = stage("metrics").get(one.metric).better, f"{one.metric}@{k}"
    if one.p_holm >= SURE or not better or one.delta == 0:
        found = f"{one.delta:+.4f} ({one.low:+.4f} to {one.high:+.4f})"
        but = ", once the number of pairs is corrected for" if one.p < SURE <= one.p_holm else ""
        return replace(
            one, verdict="none", words=f"{one.a} and {one.b} are not distinguishable on {what}{but}: {found}"
        )
    first, second, low, high = one.a, one.b, one.low, one.high
    if one.delta < 0:
        first, second, low, high = one.b, one.a, -one.high, -one.low
    found = f"by {abs(one.delta):.4f} ({low:.4f} to {high:.4f})"
    if better == "higher":
        words, winner = f"{first} beats {second} on {what} {found}", first
    else:
        words, winner = f"{second} beats {first} on {what}, where less is better, {found}", second
    return replace(one, verdict="a" if winner == one.a else "b", words=words)


def curve(evaluation: Evaluation, metric: str, strategy: str) -> Curve:
    """A per-user metric against K = 1..100 with its intervals."""
    return curve_of(per_user(evaluation, metric, strategy, np.arange(1, DEPTH + 1))[1])


def curve_of(values: Array) -> Curve:
    """The curve of (n_users, DEPTH) values."""
    return Curve(column_means(values), *intervals(values))


def column_means(values: Array) -> Array:
    """(n, m) -> (m,): the mean of what is defined in each column, NaN where nothing is."""
    counts = (~np.isnan(values)).sum(axis=0)
    return np.divide(np.nansum(values, axis=0), counts, out=np.full(values.shape[1], np.nan), where=counts > 0)


def cold_curve(evaluation: Evaluation, k: int, metric: str) -> dict[str, dict[int, Measure]]:
    """Strategy -> how many positives a user was folded in with -> measure; {} for other protocols."""
    if evaluation.splits[-1].task != COLD_USERS:
        return {}
    found: dict[str, dict[int, Measure]] = {}
    for strategy, answers in evaluation.ranked.items():
        found[strategy] = {}
        for number, split in enumerate(evaluation.splits):
            alone = replace(
                evaluation,
                splits=(split,),
                worlds=evaluation.worlds[number : number + 1],
                ranked={strategy: (answers[number],)},
            )
            found[strategy][int(split.label.removeprefix("n="))] = measure_of(alone, metric, strategy, k)
    return found


def threshold_curve(evaluation: Evaluation, strategy: str) -> ThresholdCurve:
    """Keeping every candidate with at least a score, on the first of the chosen splits: its scale is its own."""
    number = chosen_splits(evaluation)[0]
    ranked, relevant = evaluation.ranked[strategy][number], evaluation.splits[number].relevant.counts
    hits, kept = ranked.hits_above.astype(np.float64), ranked.n_above.astype(np.float64)
    precision = np.divide(hits, kept, out=np.full(hits.shape, np.nan), where=kept > 0)
    recall = hits / relevant[:, None]
    f1 = 2 * hits / (kept + relevant[:, None])
    return ThresholdCurve(
        thresholds=ranked.thresholds,
        precision=column_means(precision),
        recall=recall.mean(axis=0),
        f1=f1.mean(axis=0),
        kept=kept.mean(axis=0),
        best=int(f1.mean(axis=0).argmax()),
    )
