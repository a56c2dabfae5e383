"""An evaluation as plain values: what the command line prints and the page gives to take along."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..recipe import Recipe
from ..registry import stage
from .report import COMPARED, chosen_splits, cold_curve, compare, leaderboard
from .types import Comparison, Evaluation, Measure

CORRECTION = "Holm, over all pairs of strategies, for each metric by itself"


def as_json(evaluation: Evaluation, k: int) -> dict[str, Any]:
    """The answer of the command line: plain values, None where undefined.

    ``comparisons``: every pair on each of ``report.COMPARED``; ``p_holm`` is corrected as CORRECTION says.
    ``protocol.settings`` and ``settings``: the knobs of the protocol and of each strategy, defaults among them.
    ``cold_start``: the curve of cold users, where the protocol has one.
    """
    return {
        "dataset": {"name": evaluation.dataset, "fingerprint": evaluation.fingerprint},
        "protocol": protocol_facts(evaluation),
        "k": k,
        "strategies": {
            name: {metric: _plain_measure(one) for metric, one in measures.items()}
            for name, measures in leaderboard(evaluation, k).items()
        },
        "correction": CORRECTION,
        "comparisons": [
            {name: _plain(getattr(one, name)) for name in Comparison.__dataclass_fields__}
            for metric in COMPARED
            for one in compare(evaluation, k, metric)
        ],
        "settings": {recipe.strategy: settings_of(recipe) for recipe in evaluation.plan.recipes},
        "seconds": {
            name: {
                "fit": round(sum(one.fit_s for one in answers), 3),
                "score": round(sum(one.score_s for one in answers), 3),
            }
            for name, answers in evaluation.ranked.items()
        },
        "notices": list(evaluation.notices),
        **_cold_start(evaluation, k),
    }


def _cold_start(evaluation: Evaluation, k: int) -> dict[str, Any]:
    """Strategy -> metric -> positives known of a new user -> measure; nothing for other protocols."""
    found: dict[str, dict[str, Any]] = {}
    for metric in COMPARED:
        for name, measures in cold_curve(evaluation, k, metric).items():
            found.setdefault(name, {})[metric] = {str(n): _plain_measure(one) for n, one in measures.items()}
    return {"cold_start": found} if found else {}


def protocol_facts(evaluation: Evaluation) -> dict[str, Any]:
    """What was asked, and of how many; of several splits users count once, positives each time."""
    splits = [evaluation.splits[number] for number in chosen_splits(evaluation)]
    plan = evaluation.plan
    given = dict(plan.protocol_options)
    return {
        "name": plan.protocol,
        "settings": {spec.name: given.get(spec.name, spec.default) for spec in stage("protocols").knobs(plan.protocol)},
        "seed": plan.seed,
        "n_splits": len(splits),
        "n_users": len(np.unique(np.concatenate([split.people.users for split in splits]))),
        "n_left_out": max(split.n_left_out for split in splits),
        "n_test_positives": int(sum(split.relevant.counts.sum() for split in splits)),
    }


def settings_of(recipe: Recipe) -> dict[str, Any]:
    """The knobs of the strategy a recipe names, with their values."""
    values = dict(recipe.options)
    return {spec.name: values[spec.name] for spec in stage("strategies").knobs(recipe.strategy)}


def _plain_measure(one: Measure) -> dict[str, Any]:
    found: dict[str, Any] = {"mean": _plain(one.mean), "low": _plain(one.low), "high": _plain(one.high), "n": one.n}
    if one.over_seeds is not None:
        found |= {"mean_over_seeds": _plain(one.over_seeds[0]), "sd_over_seeds": _plain(one.over_seeds[1])}
    return found


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and np.isnan(value) else value
