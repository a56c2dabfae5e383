"""The verb ``recipes``: list, save and delete named recipes."""

from __future__ import annotations

import argparse
from typing import Any

from ..errors import IntegrityError
from .parser import print_json, say, verb


def add(verbs: Any) -> None:
    """The verb of this module."""
    parser = verb(verbs, "recipes", "list the saved recipes, save one or delete one", run_recipes)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--save", nargs=2, metavar=("NAME", "RECIPE"), help='save "strategy=ease;k=10" under a name')
    what.add_argument("--delete", metavar="NAME", help="delete a saved recipe for good")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run_recipes(args: argparse.Namespace) -> None:
    """Save or delete one, or list them with their words."""
    from ..compare.text import from_text, to_text
    from ..recipe import Recipe
    from ..store.recipes import delete_recipe, load_recipe, save_recipe, saved_names

    if args.save:
        name, text = args.save
        kept = save_recipe(name, from_text(text, Recipe.default_of("dataset")))
        print(f"saved as {kept}")
        return
    if args.delete:
        delete_recipe(args.delete)
        print(f"{args.delete} was deleted")
        return
    found = {}
    for name in saved_names():
        try:
            found[name] = to_text(load_recipe(name).recipe)
        except IntegrityError as error:
            say(error)
    if args.json:
        print_json({"recipes": found})
        return
    for name, text in found.items():
        print(f"{name}: {text}")
