"""``tradeoff``: what diversity costs and brings everybody, at one setting and over a whole sweep."""

from __future__ import annotations

import argparse
from time import perf_counter
from typing import Any

from .parser import print_json, print_progress, recipe_flags, say, teller, verb


def add(verbs: Any) -> argparse.ArgumentParser:
    """Add the verb; the caller adds the flags of a recipe."""
    words = "measure diversity against relevance over all test users: strength x K x method, kept in the cache"
    parser = verb(verbs, "tradeoff", words, run_tradeoff)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--progress", action="store_true", help="print progress as JSON lines, and nothing else")
    return parser


def run_tradeoff(args: argparse.Namespace) -> None:
    """Prepare the users' candidates, sweep, and print a table or JSON; what is kept already is not made again."""
    from ..recipe import Recipe
    from ..sources import load_dataset
    from ..tradeoff.figures import check_k, effects
    from ..tradeoff.plain import as_json
    from ..tradeoff.population import population
    from ..tradeoff.sweep import sweep, sweep_total
    from ..vectors import embed_items

    given = recipe_flags(args)
    dataset = load_dataset(Recipe.from_flat(given).dataset, on_notice=say)
    n_items = len(dataset.catalog)
    recipe = Recipe.from_flat(given, n_items=n_items)
    check_k(recipe.k)
    told = teller(args.progress)
    content = embed_items(recipe, dataset, progress=told("embed"))
    if args.progress:
        print_progress("candidates", 0, 0)
    people = population(recipe, dataset, content, told("candidates"))
    tell, total, began, made, points = told("sweep"), sweep_total(recipe, n_items), perf_counter(), 0, []
    for point, kept in sweep(recipe, dataset, content):
        points.append(point)
        made += not kept
        if tell is not None:
            left = (perf_counter() - began) / made * (total - len(points)) if made else None
            tell(len(points), total, left)
    answer = as_json(recipe, dataset, people, effects(people, recipe), points)
    for notice in (*content.notices, *answer["notices"]):
        say(notice)
    if args.progress:
        return
    if args.json:
        print_json(answer)
    else:
        _print_table(answer)


def _print_table(answer: dict[str, Any]) -> None:
    protocol, setting = answer["protocol"], answer["setting"]
    print(
        f"{answer['dataset']['name']}, {setting['strategy']}, {setting['diversify']} at {setting['diversity']:g}, "
        f"K = {setting['k']}, pool {setting['pool']}: {protocol['n_users']:,} users of the protocol {protocol['name']}"
    )
    print(f"{'':<12}{'now':>10}{'at 0':>10}   change (95 % interval)")
    for name, one in answer["effects"].items():
        verdict = "not distinguishable from no change" if one["verdict"] == "none" else one["verdict"]
        print(
            f"{name:<12}{_number(one['now']['mean']):>10}{_number(one['before']['mean']):>10}   "
            f"{_number(one['delta'], '+')} ({_number(one['low'], '+')} to {_number(one['high'], '+')}), {verdict}"
        )
    front = sum(point["pareto"] for point in answer["points"])
    print(f"{len(answer['points'])} settings measured, {front} of them beaten by no other of the same length")
    if (knee := answer["knee"]) is not None:
        lost, won = (_number(knee[name], "+.1%") for name in ("ndcg_share", "ild_share"))
        print(f"proposed: {knee['method']} at {knee['diversity']:g}, NDCG {lost}, diversity {won}")


def _number(value: float | None, form: str = "") -> str:
    if value is None:
        return "undefined"
    return format(value, form if form.endswith("%") else form + ".4f")
