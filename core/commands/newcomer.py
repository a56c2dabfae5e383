"""``newcomer``: the list of somebody made up, as the page of that name has it: a text of answers in, a list out."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from .parser import print_json, recipe_flags, say, verb

if TYPE_CHECKING:
    from ..newcomer.audience import Balance
    from ..newcomer.converge import Convergence
    from ..newcomer.persona import Persona
    from ..recipe import Recipe

WEIGHTS = ("category_weight", "sentence_weight")


def add(verbs: Any) -> argparse.ArgumentParser:
    """Add the verb; the caller adds the flags of a recipe."""
    words = "rank the catalogue for somebody nobody knows, from what she answered"
    parser = verb(verbs, "newcomer", words, run_newcomer)
    parser.add_argument("--persona", default="", metavar="TEXT", help="the answers, as the page's address holds them")
    parser.add_argument("--category-weight", type=float, metavar="LIKES", help="what a category weighs, in likes")
    parser.add_argument("--sentence-weight", type=float, metavar="LIKES", help="what a sentence weighs, in likes")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def command(recipe: Recipe, text: str, balance: Balance) -> str:
    """The command line that gives the same list as the page."""
    from shlex import quote

    from ..newcomer.audience import Balance

    plain = Balance()
    weights = {name: getattr(balance, name) for name in WEIGHTS if getattr(balance, name) != getattr(plain, name)}
    flags = {name.replace("_", "-"): f"{value:g}" for name, value in weights.items()}
    flags |= {name: _said(value) for name, value in recipe.to_flat(changed_only=True).items()}
    rest = "".join(f" --{name} {quote(value)}" for name, value in flags.items())
    return f"python -m core newcomer --persona {quote(text)}{rest} --json"


def _said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def run_newcomer(args: argparse.Namespace) -> None:
    """Read the answers, rank, and print a table or JSON; what cannot be used of them is said."""
    from ..answer import listed as plainly
    from ..newcomer.lists import counting, listed, settled, suited, unasked
    from ..newcomer.persona import from_text
    from ..recipe import Recipe
    from ..sources import load_dataset
    from ..vectors import embed_items

    given = recipe_flags(args)
    dataset = load_dataset(Recipe.from_flat(given).dataset, on_notice=say)
    recipe, balance = Recipe.from_flat(given, n_items=len(dataset.catalog)), _balance(args)
    persona, left_out = from_text(args.persona, dataset.catalog)
    asked, content = suited(recipe, persona), embed_items(recipe, dataset)
    counted = counting(recipe, persona)
    run = unasked(recipe, dataset, content)
    found = None
    if counted.answers:
        run = listed(asked, dataset, content, [persona], balance=balance)
        found = settled(asked, dataset, content, persona, balance=balance)
    for notice in (*left_out, *run.notices):
        say(notice)
    items = plainly(run, dataset, 0)
    if args.json:
        said = {"text": args.persona, "left_out": list(left_out), "answers": _answers(counted, found)}
        print_json({"recipe": run.recipe.to_flat(), "dataset": dataset.name, "persona": said, "items": items})
        return
    print(f"newcomer, {len(counted)} answers that count, {run.recipe.strategy}, {dataset.name}")
    for entry in items:
        title = "".join(char if char.isprintable() else " " for char in entry["title"])
        print(f"{entry['rank']:>4}  {entry['score']:8.4f}  {title}")
    if not items:
        print("these answers give no direction: like one thing")


def _balance(args: argparse.Namespace) -> Balance:
    """Raises OutOfRangeError for a weight outside its range."""
    from ..newcomer.audience import Balance
    from ..registry import knobs_of

    values = {spec.name: getattr(args, spec.name) for spec in knobs_of(Balance)}
    specs = {spec.name: spec for spec in knobs_of(Balance)}
    return Balance(**{name: specs[name].parse(value) for name, value in values.items() if value is not None})


def _answers(persona: Persona, found: Convergence | None) -> list[dict[str, Any]]:
    """kept: overlap of the list after the answer with the one before it. moved: 1 - overlap without the answer."""
    if found is None:
        return []
    return [
        {"kind": answer.kind, "value": answer.value, "kept": _number(kept), "moved": _number(moved)}
        for answer, kept, moved in zip(persona.answers, found.kept, found.moved, strict=True)
    ]


def _number(value: float) -> float | None:
    return None if value != value else round(float(value), 6)
