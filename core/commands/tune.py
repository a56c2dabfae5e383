"""The verb ``tune``: look for a strategy's best knobs on a validation part, and record every try."""

from __future__ import annotations

import argparse
import json
from functools import partial
from typing import TYPE_CHECKING, Any

from ..errors import InputError, OutOfRangeError
from .evaluate import FEWEST, MOST, add_settings, idle_choices, settings_of
from .parser import print_json, print_progress, recipe_flags, say, verb

if TYPE_CHECKING:
    from ..recipe import Recipe
    from ..tuning.types import Outcome, Question
    from ..types import Dataset

TRIES = 20
MOST_TRIES = 10_000
OWN = ("metric",)
"""Flags of a recipe whose name means something else here."""


def add(verbs: Any) -> argparse.ArgumentParser:
    """Add the verb; the caller adds the flags of a recipe, but not those named in ``OWN``."""
    words = "look for a strategy's best knobs on a validation part of training; the test part is not touched"
    parser = verb(verbs, "tune", words, run_tune)
    parser.epilog = "A knob of the strategy that is given as a flag is fixed at that value and not searched."
    parser.add_argument("--protocol", default="warm", help="warm, temporal, cold-items, cold-users or random")
    add_settings(parser)
    parser.add_argument("--metric", default="ndcg", help="what is made better: ndcg, recall, map ... (default: ndcg)")
    parser.add_argument("--tries", type=int, help=f"how many, the defaults included (default: {TRIES}; a grid: all)")
    parser.add_argument(
        "--search", default="", choices=("random", "grid"), help="how (default: random, or grid where one is given)"
    )
    parser.add_argument("--grid", default="", metavar="KNOBS", help='values: "ease_l2=100,200; ease_half_life=10,25"')
    parser.add_argument("--progress", action="store_true", help="print progress as JSON lines, with --json the answer")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def run_tune(args: argparse.Namespace) -> None:
    """Search, and print what was found."""
    from ..live import live_dataset
    from ..sources import load_dataset
    from ..tuning.run import tune
    from ..tuning.words import as_json

    question, fixed = question_of(args)
    check_search(args)
    for notice in idle_choices(args, (question.recipe,)):
        say(notice)
    dataset = live_dataset(question.recipe, load_dataset(question.recipe.dataset, on_notice=say))
    space, tries = space_of(args, question, fixed, dataset)
    found = tune(question, dataset, space, tries, progress=partial(print_progress, "tune") if args.progress else None)
    for notice in found.notices:
        say(notice)
    if args.json and args.progress:
        print(json.dumps(as_json(found), ensure_ascii=False, allow_nan=False), flush=True)
    elif args.json:
        print_json(as_json(found))
    elif not args.progress:
        _print_tries(found)


def question_of(args: argparse.Namespace) -> tuple[Question, frozenset[str]]:
    """What is asked, and which knobs of the strategy are fixed. Raises InputError."""
    from ..evaluate.types import Plan
    from ..recipe import Recipe
    from ..registry import stage
    from ..tuning.types import Question
    from ..tuning.words import check_metric

    given = recipe_flags(args)
    if "strategy" not in given:
        raise InputError(f"tune needs --strategy, one of {', '.join(stage('strategies').names())}")
    stage("protocols").get(args.protocol)
    check_metric(args.metric)
    recipe = Recipe.from_flat(given)
    if not FEWEST <= recipe.k <= MOST:
        raise OutOfRangeError("k", recipe.k, f"a whole number between {FEWEST} and {MOST} (lists are kept this deep)")
    own = {knob.name for knob in stage("strategies").knobs(recipe.strategy)}
    if not own:
        raise InputError(f"the strategy {recipe.strategy} has no knobs to tune")
    plan = Plan((recipe,), args.protocol, recipe.seed, settings_of(args))
    return Question(recipe, args.protocol, args.metric, plan.protocol_options), frozenset(own & set(given))


def check_search(args: argparse.Namespace) -> None:
    """Raises InputError for flags that do not go together."""
    if args.tries is not None and not 1 <= args.tries <= MOST_TRIES:
        raise OutOfRangeError("tries", args.tries, f"a whole number between 1 and {MOST_TRIES}")
    if args.search == "grid" and not args.grid:
        raise InputError('--search grid needs --grid, such as --grid "ease_l2=100,200,500; ease_half_life=10,25"')


def space_of(args: argparse.Namespace, question: Question, fixed: frozenset[str], dataset: Dataset) -> tuple[Any, int]:
    """Values to try in turn, the defaults first, and how many of them. Raises InputError."""
    from ..registry import stage
    from ..tuning.space import combined, drawn, grid_axes, searched

    recipe, knobs = question.recipe, stage("strategies").knobs(question.recipe.strategy)
    first = _first(recipe)
    if args.grid:
        axes = grid_axes(args.grid, knobs, fixed, recipe.strategy)
    else:
        axes = searched(knobs, fixed, has_times=dataset.interactions.times is not None)
    if not axes:
        raise InputError(f"no knob of {recipe.strategy} is left to draw: name values with --grid, or fix fewer")
    if args.search == "random" or not args.grid:
        return drawn(axes, first, recipe.seed), args.tries or TRIES
    every = combined(axes, first)
    if args.tries is not None and args.tries < len(every):
        raise InputError(
            f"the grid has {len(every):,} tries with the defaults, --tries says {args.tries:,}: "
            "leave --tries out, or use --search random"
        )
    return every, len(every)


def _first(recipe: Recipe) -> dict[str, Any]:
    """The knobs of the recipe's own strategy."""
    from ..registry import stage

    values = dict(recipe.options)
    return {knob.name: values[knob.name] for knob in stage("strategies").knobs(recipe.strategy)}


def _print_tries(found: Outcome) -> None:
    from ..tuning.words import best_recipe, command_of, sentences

    what = f"{found.question.metric}@{found.question.recipe.k}"
    print(f"{found.question.recipe.dataset}, {found.question.protocol}, {found.question.recipe.strategy}: {what}")
    names = [name for name in found.tries[0].values if len({one.values[name] for one in found.tries}) > 1]
    for place, one in enumerate(found.tries):
        shown = "  ".join(f"{name}={one.values[name]}" for name in names)
        if one.measure is None:
            result = f"failed: {one.failure}"
        else:
            result = f"{one.measure.mean:.4f} ({one.measure.low:.4f}-{one.measure.high:.4f})"
        mark = "*" if place == found.best else " "
        print(f"{mark}{place + 1:>4}  {result:<24} {one.seconds:7.1f} s  {shown}{'' if place else '  (defaults)'}")
    for line in sentences(found):
        print(line)
    print(f"Recorded in {found.path}")
    print(f"Evaluate it: {command_of(found.question, best_recipe(found))}")
