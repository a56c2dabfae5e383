"""A trade-off as plain values: what the command line prints and a page gives to take along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ..recipe import Recipe
from ..types import Dataset
from .figures import CORRECTION, Effect, said
from .kept import plain_point, without_nan
from .knee import Knee, knee
from .points import Point, corrected, pareto
from .population import DEPTH, PROTOCOL, Population


def as_json(
    recipe: Recipe, dataset: Dataset, people: Population, found: Sequence[Effect], points: Sequence[Point]
) -> dict[str, Any]:
    """The answer of the command line; None where undefined. points: as ``sweep`` yields them."""
    swept = corrected(points)
    return {
        "dataset": {"name": dataset.name, "fingerprint": dataset.fingerprint},
        "protocol": protocol_facts(people),
        "setting": recipe.to_flat(changed_only=True)
        | {name: getattr(recipe, name) for name in ("strategy", "diversify", "diversity", "k")}
        | {"pool": min(recipe.pool_size, DEPTH)},
        "correction": CORRECTION,
        "effects": {one.metric: plain_effect(one) for one in found},
        "curve_correction": "Holm, over the points of each curve (method and K), on the change of NDCG",
        "points": [
            plain_point(point) | {"pareto": bool(front)} for point, front in zip(swept, pareto(swept), strict=True)
        ],
        "knee": plain_knee(knee(swept, recipe.diversify, recipe.k)),
        "notices": [*people.notices, *said(recipe)],
    }


def protocol_facts(people: Population) -> dict[str, Any]:
    """Who was asked, and for what."""
    return {
        "name": PROTOCOL,
        "n_users": len(people),
        "n_left_out": people.split.n_left_out,
        "n_test_positives": len(people.split.relevant.items),
        "candidates_kept": int(people.pool.items.shape[1]),
        "key": people.key,
    }


def plain_effect(one: Effect) -> dict[str, Any]:
    """One effect."""
    found: dict[str, Any] = without_nan(asdict(one) | {"now": _measure(one.now), "before": _measure(one.before)})
    return found


def plain_knee(found: Knee | None) -> dict[str, Any] | None:
    """The proposal; its points by their places."""
    if found is None:
        return None
    numbers = ("distance", "ndcg_share", "ild_share", "ndcg_of_loss", "ild_of_gain", "n_points")
    strengths = {
        name: None if one is None else one.diversity for name, one in (("bend", found.bend), ("free", found.free))
    }
    proposed = {"method": found.point.method, "k": found.point.k, "diversity": found.point.diversity}
    return proposed | strengths | without_nan({name: getattr(found, name) for name in numbers})


def _measure(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("mean", "low", "high", "n")}
