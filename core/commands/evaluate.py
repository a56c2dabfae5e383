"""``evaluate``: which strategy wins, by how much, and whether the difference is real."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ..errors import InputError, OutOfRangeError
from ..modelled import model_choices, plays_part
from ..recipe import EMBEDDING_FIELDS, Recipe
from ..registry import stage
from .parser import print_json, print_progress, recipe_flags, say, verb

if TYPE_CHECKING:
    from ..evaluate.types import Plan

FEWEST, MOST = 1, 100
"""Lists are kept this deep."""
PREFIX = "protocol_"
"""Where the parser puts what belongs to the protocol."""


def add(verbs: Any) -> argparse.ArgumentParser:
    """Add the verb; the caller adds the flags of a recipe."""
    parser = verb(
        verbs, "evaluate", "compare strategies on what users did later, with intervals and paired tests", run_evaluate
    )
    parser.add_argument("--protocol", default="warm", help="warm, temporal, cold-items, cold-users or random")
    parser.add_argument("--strategies", required=True, help="strategies with commas, such as popularity,content,ease")
    add_settings(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--progress", action="store_true", help="print progress as JSON lines, and nothing else")
    return parser


def add_settings(parser: argparse.ArgumentParser) -> None:
    """A flag for each knob of each protocol."""
    protocols = stage("protocols")
    for protocol in protocols.names():
        group = parser.add_argument_group(f"settings of the protocol {protocol}")
        for spec in protocols.knobs(protocol):
            names = dict.fromkeys((f"--{spec.name}", f"--{spec.name.replace('_', '-')}"))
            text = f"{spec.help} (default: {spec.default})".replace("%", "%%")
            group.add_argument(*names, dest=PREFIX + spec.name, metavar="VALUE", help=text, default=argparse.SUPPRESS)


def run_evaluate(args: argparse.Namespace) -> None:
    """Evaluate, and print a table or JSON."""
    from ..evaluate.plain import as_json
    from ..evaluate.run import evaluate
    from ..live import live_dataset
    from ..sources import load_dataset

    plan, k = plan_of(args)
    for notice in idle_choices(args, plan.recipes):
        say(notice)
    dataset = live_dataset(plan.recipes[0], load_dataset(plan.recipes[0].dataset, on_notice=say))
    found = evaluate(plan, dataset, progress=partial(_print_progress, plan) if args.progress else None)
    for notice in found.notices:
        say(notice)
    if args.progress:
        return
    answer = as_json(found, k)
    if args.json:
        print_json(answer)
    else:
        _print_table(answer)


def plan_of(args: argparse.Namespace) -> tuple[Plan, int]:
    """The plan and K of the given flags. Raises InputError."""
    from ..evaluate.types import Plan

    given = recipe_flags(args)
    if given.get("events") == "off":
        del given["events"]  # kept apart is kept apart
    if "strategy" in given:
        raise InputError("evaluate compares several strategies: use --strategies instead of --strategy")
    names = list(dict.fromkeys(word.strip() for word in args.strategies.split(",") if word.strip()))
    if not names:
        raise InputError("--strategies names no strategy: give some with commas, such as popularity,ease")
    stage("protocols").get(args.protocol)
    recipes = tuple(Recipe.from_flat(given | {"strategy": name}) for name in names)
    k = recipes[0].k
    if not FEWEST <= k <= MOST:
        raise OutOfRangeError("k", k, f"a whole number between {FEWEST} and {MOST} (lists are kept this deep)")
    return Plan(recipes, args.protocol, recipes[0].seed, settings_of(args)), k


def idle_choices(args: argparse.Namespace, recipes: Sequence[Recipe]) -> list[str]:
    """A sentence on the given choices that play no part: strategies rank by their own scores, whole lists.

    A user model is of use to strategies whose users are points in a space.
    """
    strategies = [recipe.strategy for recipe in recipes]
    knobs = {spec.name for name in strategies for spec in stage("strategies").knobs(name)}
    knobs |= {name for recipe in recipes if plays_part(recipe) for name in model_choices(recipe)}
    idle = sorted(set(recipe_flags(args)) - {*EMBEDDING_FIELDS, "strategy", "k", "events", *knobs})
    return [f"no part is played here by {', '.join(idle)}: {', '.join(strategies)} know nothing of it"] if idle else []


def settings_of(args: argparse.Namespace) -> tuple[tuple[str, Any], ...]:
    """The protocol's knobs that were given. Raises InputError for one of another protocol."""
    given = {name.removeprefix(PREFIX): value for name, value in vars(args).items() if name.startswith(PREFIX)}
    protocols = stage("protocols")
    for protocol in protocols.names():
        for spec in protocols.knobs(protocol):
            if spec.name in given and protocol != args.protocol:
                raise InputError(f"{spec.name} belongs to the protocol {protocol}, and this one is {args.protocol}")
    return tuple(given.items())


def _print_progress(plan: Plan, done: int, total: int, eta_s: float | None) -> None:
    """A line of progress; its stage is the strategy that is being answered for."""
    now = done // (total // len(plan.recipes))
    print_progress(plan.recipes[min(now, len(plan.recipes) - 1)].strategy, done, total, eta_s)


def _print_table(answer: dict[str, Any]) -> None:
    protocol = answer["protocol"]
    print(
        f"{answer['dataset']['name']}, {protocol['name']}: {protocol['n_users']:,} users, "
        f"{protocol['n_test_positives']:,} test positives, {protocol['n_left_out']:,} left out, K = {answer['k']}"
    )
    shown = ("recall", "ndcg", "precision", "coverage")
    width = max(len(name) for name in answer["strategies"])
    print(" " * width, *(f"{name:>24}" for name in shown))
    for name, measures in sorted(answer["strategies"].items(), key=lambda one: -(one[1]["recall"]["mean"] or 0)):
        print(f"{name:<{width}}", *(f"{_cell(measures[metric]):>24}" for metric in shown))
    for one in answer["comparisons"]:
        if one["metric"] == "recall":
            print(one["words"])


def _cell(measure: dict[str, Any]) -> str:
    if measure["mean"] is None:
        return "undefined"
    if measure["low"] is None:
        return f"{measure['mean']:.4f}"
    return f"{measure['mean']:.4f} ({measure['low']:.4f}-{measure['high']:.4f})"
