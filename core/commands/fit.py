"""The verb ``fit``: a recipe's strategy on the whole data set, kept for the pages and for the next command."""

from __future__ import annotations

import argparse
from time import perf_counter
from typing import Any

from .parser import print_json, print_progress, recipe_flags, say, verb


def add(verbs: Any) -> argparse.ArgumentParser:
    """Add the verb; the caller adds the flags of a recipe."""
    parser = verb(verbs, "fit", "fit a strategy on a whole data set, and keep it in the cache", run_fit)
    parser.add_argument("--progress", action="store_true", help="print progress as JSON lines")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def run_fit(args: argparse.Namespace) -> None:
    """Fit and keep; what is kept already is checked and left as it is. Raises IntegrityError if it cannot be kept."""
    from functools import partial

    from ..errors import IntegrityError
    from ..live import live_dataset
    from ..recipe import Recipe
    from ..serving import is_fitted, prepare
    from ..sources import load_dataset
    from ..vectors import embed_items

    recipe = Recipe.from_flat(recipe_flags(args))
    dataset = live_dataset(recipe, load_dataset(recipe.dataset, on_notice=say))
    content = embed_items(recipe, dataset, progress=partial(print_progress, "embed") if args.progress else None)
    if args.progress:
        print_progress("fit", 0, 0)
    began = perf_counter()
    notices = prepare(recipe, dataset, content, partial(print_progress, "fit") if args.progress else None)
    seconds = round(perf_counter() - began, 3)
    for notice in (*content.notices, *notices):
        say(notice)
    if not is_fitted(recipe, dataset, content):
        raise IntegrityError(notices[-1].rstrip("."))
    if args.json:
        print_json({"strategy": recipe.strategy, "dataset": dataset.name, "seconds": seconds})
    elif not args.progress:
        print(f"{recipe.strategy} is ready for {dataset.name}, after {seconds:.1f} s")
