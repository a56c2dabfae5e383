"""``events --learn``: the two-tower learns from live feedback, and says what that changed."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError, RecallscopeError
from .parser import print_json, print_progress, recipe_flags, say

if TYPE_CHECKING:
    from ..evaluate.types import Measure
    from ..online_learning import OnlineResult


def run_learning(args: argparse.Namespace) -> None:
    """Learn from every like that counts, keep the moved model for the lists, and report."""
    from ..online_learning import base_recipe, keep, learn_from_events
    from ..recipe import Recipe
    from ..sources import load_dataset
    from ..store.events import event_store
    from ..vectors import embed_items

    if args.user is not None:
        raise InputError("--learn learns from everybody's events: leave out --user")
    given = Recipe.from_flat({"strategy": "two-tower", **recipe_flags(args)})
    if given.strategy != "two-tower":
        raise InputError(f"--learn moves the two-tower: leave out --strategy {given.strategy}")
    recipe = base_recipe(given)
    dataset = load_dataset(recipe.dataset, on_notice=say)
    began = perf_counter()
    content = embed_items(recipe, dataset, progress=_progress(args, "embed"))
    result = learn_from_events(
        recipe, dataset, content, event_store().events(dataset.name), told=partial(_progress, args)
    )
    try:
        keep(recipe, dataset, content, result)
    except OSError as error:
        raise RecallscopeError(f"the moved model could not be kept in the cache: {error.strerror or error}") from None
    plain = plain_result(result) | {"seconds": round(perf_counter() - began, 3)}
    if args.progress:
        print(json.dumps({"result": plain}), flush=True)  # one line, as those before it
    elif args.json:
        print_json(plain)
    else:
        print(sentence(plain))


def _progress(args: argparse.Namespace, stage: str) -> Callable[[int, int, float | None], None] | None:
    return partial(print_progress, stage) if args.progress else None


def plain_result(result: OnlineResult) -> dict[str, Any]:
    """What learning changed as plain values: ranks as medians, recalls with their intervals, null where undefined."""
    found: dict[str, Any] = {
        "events": len(result.event_ids),
        "left_out": result.n_left_out,
        "loss_before": round(result.loss_before, 6),
        "loss_after": round(result.loss_after, 6),
        "rank_before": float(np.median(result.ranks_before)),
        "rank_after": float(np.median(result.ranks_after)),
        "recall_before": _measure(result.recall_before),
        "recall_after": _measure(result.recall_after),
        "difference": None,
    }
    if (one := result.difference) is not None:
        found["difference"] = {
            **{name: _number(getattr(one, name)) for name in ("delta", "low", "high", "p")},
            "people": one.n,
            "certain": one.verdict != "none",
        }
    return found


def _measure(one: Measure | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"mean": _number(one.mean), "low": _number(one.low), "high": _number(one.high), "people": one.n}


def _number(value: float) -> float | None:
    return round(value, 6) if math.isfinite(value) else None


def sentence(plain: dict[str, Any]) -> str:
    """One sentence or two on a plain result."""
    n = plain["events"]
    text = (
        f"the two-tower learned from {n:,} new {'like' if n == 1 else 'likes'}: median place "
        f"{plain['rank_before']:,.0f} before, {plain['rank_after']:,.0f} after"
    )
    one = plain["difference"]
    if one is None:
        return f"{text}; the data set is too small to hold anything out"
    interval = "" if one["low"] is None else f" ({one['low']:+.4f} to {one['high']:+.4f})"
    return (
        f"{text}; recall@10 on what is held out from {one['people']:,} others "
        f"{plain['recall_before']['mean']:.4f} before, {plain['recall_after']['mean']:.4f} after, {one['delta']:+.4f}"
        f"{interval}"
    )
