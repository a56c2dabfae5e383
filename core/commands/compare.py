"""The verb ``compare``: two or three recipes side by side, for one user and for everybody."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from .parser import Told, print_json, say, teller, verb

if TYPE_CHECKING:
    from ..compare.everybody import Everybody
    from ..recipe import Recipe
    from ..types import Dataset, Run, Vectors

WORDS = "compare two or three recipes: lists and overlap for one user, figures with paired verdicts for everybody"
SIDE = 'a recipe in words: "strategy=ease;diversity=0.3;k=10"; what is left out keeps its default'


def add(verbs: Any) -> None:
    """The verb of this module."""
    from ..compare.overlap import PERSISTENCE

    parser = verb(verbs, "compare", WORDS, run_compare)
    for side in ("a", "b"):
        parser.add_argument(f"--{side}", required=True, metavar="RECIPE", help=SIDE)
    parser.add_argument("--c", default="", metavar="RECIPE", help="a third one")
    parser.add_argument("--dataset", default="movielens-small", metavar="NAME", help="the data set of all sides")
    parser.add_argument("--user", help="a user id: her lists and how they agree")
    parser.add_argument("--p", type=float, default=PERSISTENCE, help=f"persistence of RBO (default: {PERSISTENCE})")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--progress", action="store_true", help="print progress as JSON lines, and nothing else")


def run_compare(args: argparse.Namespace) -> None:
    """Compare, and print."""
    from ..compare.everybody import check_alike
    from ..compare.overlap import check_persistence
    from ..compare.text import from_text
    from ..pipeline import user_indices
    from ..sources import load_dataset
    from ..tradeoff.figures import check_k
    from ..vectors import embed_items

    check_persistence(args.p)
    dataset = load_dataset(args.dataset, on_notice=say)
    texts = {"a": args.a, "b": args.b} | ({"c": args.c} if args.c.strip() else {})
    sides = {name.upper(): from_text(text, dataset.name, len(dataset.catalog)) for name, text in texts.items()}
    check_alike(sides)
    for one in sides.values():
        check_k(one.k)
    users = None if args.user is None else user_indices(dataset.interactions, [args.user])
    told = teller(args.progress)
    content = {side: embed_items(recipe, dataset, progress=told("embed")) for side, recipe in sides.items()}
    found: dict[str, Any] = {"dataset": dataset.name, "sides": {side: one.to_flat() for side, one in sides.items()}}
    if users is not None:
        found["user"] = _one_user(sides, dataset, content, users, args.p)
    everyone = _everybody(sides, dataset, content, args.p, told)
    if args.progress:
        return
    found["everybody"] = _plain(everyone, args.p)
    if args.json:
        print_json(found)
    else:
        _print(found)


def _one_user(
    sides: dict[str, Recipe], dataset: Dataset, content: dict[str, Vectors], users: Any, p: float
) -> dict[str, Any]:
    from itertools import combinations

    from ..answer import listed, plain
    from ..compare.align import lines
    from ..compare.overlap import jaccard, rbo
    from ..live import live_audience, live_dataset
    from ..pipeline import recall

    runs: dict[str, Run] = {
        one: recall(
            recipe,
            live_dataset(recipe, dataset),
            users,
            vectors=content[one],
            audience=live_audience(dataset, recipe),
        )
        for one, recipe in sides.items()
    }
    k = min(recipe.k for recipe in sides.values())
    pairs = []
    for a, b in combinations(runs, 2):
        left, right = (runs[side].selected.items[:, :k] for side in (a, b))
        own = [[int(item) for item in items[0] if item >= 0] for items in (left, right)]
        moved = lines(*own)
        pairs.append(
            {
                "sides": [a, b],
                "shared": len(moved),
                "jaccard": _number(jaccard(left, right)[0]),
                "rbo": _number(rbo(left, right, p)[0]),
                "moved": [
                    {"item_id": plain(dataset.catalog.item_ids[one.item]), a: one.left, b: one.right} for one in moved
                ],
            }
        )
    lists = {side: listed(run, dataset, 0) for side, run in runs.items()}
    return {"user_id": plain(dataset.interactions.user_ids[users[0]]), "k": k, "lists": lists, "pairs": pairs}


def _everybody(
    sides: dict[str, Recipe], dataset: Dataset, content: dict[str, Vectors], p: float, told: Told
) -> Everybody:
    from ..compare.everybody import everybody
    from ..tradeoff.population import population

    people = {}
    for side, recipe in sides.items():
        if tell := told("candidates"):
            tell(0, 0, None)
        people[side] = population(recipe, dataset, content[side], tell)
    return everybody(sides, people, p)


def _plain(found: Everybody, p: float) -> dict[str, Any]:
    from ..compare.everybody import CORRECTION, in_words

    return {
        "n_users": found.n,
        "k": found.k,
        "rbo_p": p,
        "correction": CORRECTION,
        "figures": {side: {name: _measure(one) for name, one in own.items()} for side, own in found.measures.items()},
        "pairs": [
            {
                "sides": [pair.a, pair.b],
                **{name: _measure(getattr(pair, name)) for name in ("shared", "jaccard", "rbo")},
                "verdicts": [
                    {
                        "metric": one.metric,
                        **{name: _number(getattr(one, name)) for name in ("delta", "low", "high", "p", "p_holm")},
                        "verdict": one.verdict,
                        "better": one.better,
                        "words": in_words(one, pair.a, pair.b, found.k),
                    }
                    for one in pair.verdicts
                ],
            }
            for pair in found.pairs
        ],
        "notices": list(found.notices),
    }


def _measure(one: Any) -> dict[str, Any]:
    return {"mean": _number(one.mean), "low": _number(one.low), "high": _number(one.high), "n": one.n}


def _number(value: float) -> float | None:
    from math import isnan

    return None if isnan(value) else round(float(value), 6)


def _print(found: dict[str, Any]) -> None:
    for pair in found.get("user", {}).get("pairs", ()):
        a, b = pair["sides"]
        k = found["user"]["k"]
        print(f"user {found['user']['user_id']}: {a} and {b} share {pair['shared']} of {k} items{_agree(pair)}")
    everyone = found["everybody"]
    for pair in everyone["pairs"]:
        a, b = pair["sides"]
        means = {name: pair[name]["mean"] for name in ("jaccard", "rbo")}
        print(f"{everyone['n_users']:,} test users, first {everyone['k']} places, {a} and {b}{_agree(means)}")
        for one in pair["verdicts"]:
            print(f"  {one['words']}")
    for notice in everyone["notices"]:
        say(notice)


def _agree(values: dict[str, Any]) -> str:
    named = (("jaccard", "Jaccard"), ("rbo", "RBO"))
    known = [f"{label} {values[name]:.2f}" for name, label in named if values[name] is not None]
    return f": {', '.join(known)}" if known else ""
