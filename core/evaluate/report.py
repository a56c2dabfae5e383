"""Numbers from an evaluation: means with intervals, comparisons in words, and the answer of the command line.

The unit is the user. Where a protocol repeats itself with other seeds, a user's values are averaged over the splits
first. Cold users are reported with the most they were folded in with; ``cold_curve`` has the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from ..metrics.judged import DEPTH, Judged
from ..registry import stage
from ..splits import COLD_USERS
from ..types import Array
from .intervals import holm, interval, intervals, sign_flip
from .judge import judged
from .types import Comparison, Curve, Evaluation, Measure, ThresholdCurve

COMPARED = ("recall", "ndcg")
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
    return _by_user(evaluation, _by_split(evaluation, metric, strategy, ks))


def _by_split(evaluation: Evaluation, metric: str, strategy: str, ks: Array) -> list[Array]:
    measure = stage("metrics").get(metric)()
    return [measure(judged_on(evaluation, strategy, number), ks) for number in chosen_splits(evaluation)]


def _by_user(evaluation: Evaluation, by_split: list[Array]) -> tuple[Array, Array]:
    who = np.concatenate([evaluation.splits[number].people.users for number in chosen_splits(evaluation)])
    values = np.concatenate(by_split)
    users, place = np.unique(who, return_inverse=True)
    sums, counts = np.zeros((len(users), values.shape[1])), np.zeros((len(users), values.shape[1]))
    np.add.at(sums, place, np.nan_to_num(values))
    np.add.at(counts, place, ~np.isnan(values))
    return users, np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)


def measure_of(evaluation: Evaluation, metric: str, strategy: str, k: int) -> Measure:
    """One metric of one strategy at one K."""
    by_split = _by_split(evaluation, metric, strategy, np.array([k]))
    means = [_mean(values) for values in by_split]
    over = (_mean(np.array(means)), float(np.std(means, ddof=1))) if len(means) > 1 else None
    if not stage("metrics").get(metric).per_user:
        # Drawing users again shows fewer distinct items than drawing new ones would: no honest interval that way.
        n = sum(len(evaluation.splits[number].people) for number in chosen_splits(evaluation))
        return Measure(_mean(np.array(means)), float("nan"), float("nan"), n, over)
    return replace(measured(_by_user(evaluation, by_split)[1][:, 0]), over_seeds=over)


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
    """Every pair of strategies on the same users, corrected for the number of pairs."""
    values = {name: per_user(evaluation, metric, name, np.array([k]))[1][:, 0] for name in evaluation.ranked}
    return corrected([_compared(metric, k, a, b, values) for a, b in combinations(values, 2)], k)


def _compared(metric: str, k: int, a: str, b: str, values: Mapping[str, Array]) -> Comparison:
    differences = values[a] - values[b]
    one = measured(differences)
    return Comparison(a, b, metric, one.mean, one.low, one.high, sign_flip(differences), 1.0, "none", "", one.n)


def corrected(found: list[Comparison], k: int) -> tuple[Comparison, ...]:
    """Holm's correction over all of them, and the verdicts in words."""
    p_holm = holm([one.p for one in found])
    return tuple(_verdict(replace(one, p_holm=p), k) for one, p in zip(found, p_holm, strict=True))


def _verdict(one: Comparison, k: int) -> Comparison:
    better, what = stage("metrics").get(one.metric).better, f"{one.metric}@{k}"
    if one.p_holm >= SURE or not better or one.delta == 0:
        found = f"{one.delta:+.4f} ({one.low:+.4f} to {one.high:+.4f})"
        return replace(one, verdict="none", words=f"{one.a} and {one.b} are not distinguishable on {what}: {found}")
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
    values = per_user(evaluation, metric, strategy, np.arange(1, DEPTH + 1))[1]
    return Curve(np.array([_mean(column) for column in values.T]), *intervals(values))


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
        precision=np.array([_mean(column) for column in precision.T]),
        recall=recall.mean(axis=0),
        f1=f1.mean(axis=0),
        kept=kept.mean(axis=0),
        best=int(f1.mean(axis=0).argmax()),
    )


def as_json(evaluation: Evaluation, k: int) -> dict[str, Any]:
    """The answer of the command line: plain values, None where undefined."""
    splits = [evaluation.splits[number] for number in chosen_splits(evaluation)]
    users = np.unique(np.concatenate([split.people.users for split in splits]))
    board = leaderboard(evaluation, k)
    pairs = [one for metric in COMPARED for one in compare(evaluation, k, metric)]
    return {
        "dataset": {"name": evaluation.dataset, "fingerprint": evaluation.fingerprint},
        "protocol": {
            "name": evaluation.plan.protocol,
            "seed": evaluation.plan.seed,
            "n_splits": len(splits),
            "n_users": len(users),
            "n_left_out": max(split.n_left_out for split in splits),
            "n_test_positives": int(sum(split.relevant.counts.sum() for split in splits)),
        },
        "k": k,
        "strategies": {
            name: {metric: _plain_measure(one) for metric, one in measures.items()} for name, measures in board.items()
        },
        "comparisons": [
            {name: _plain(getattr(one, name)) for name in Comparison.__dataclass_fields__}
            for one in corrected(pairs, k)
        ],
        "notices": list(evaluation.notices),
    }


def _plain_measure(one: Measure) -> dict[str, Any]:
    found: dict[str, Any] = {"mean": _plain(one.mean), "low": _plain(one.low), "high": _plain(one.high), "n": one.n}
    if one.over_seeds is not None:
        found |= {"mean_over_seeds": _plain(one.over_seeds[0]), "sd_over_seeds": _plain(one.over_seeds[1])}
    return found


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and np.isnan(value) else value
