"""The verb ``train``: a two-tower model on a whole data set, kept after every epoch."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from .parser import print_json, recipe_flags, say, verb

if TYPE_CHECKING:
    from ..train.settings import Epoch


def add(verbs: Any, add_recipe_flags: Callable[[argparse.ArgumentParser], None]) -> None:
    """The verb of this module. add_recipe_flags: gives a parser the recipe's flags."""
    parser = verb(verbs, "train", "train a two-tower model on a data set, and keep it", run_train)
    parser.add_argument("--name", default="", help="the model's name (default: the data set's)")
    parser.add_argument("--resume", default="", metavar="NAME", help="go on with a kept model")
    parser.add_argument("--progress", action="store_true", help="print one JSON line after each epoch")
    parser.add_argument("--json", action="store_true", help="print one JSON object at the end")
    add_recipe_flags(parser)


def run_train(args: argparse.Namespace) -> None:
    """Train, or go on training; the validation part only says when to stop."""
    from ..embed.stopping import finish_first
    from ..recipe import Recipe
    from ..sources import load_dataset
    from ..splits import Training, positives
    from ..strategies.two_tower import validation
    from ..train.checkpoint import load_model, save_model
    from ..train.loop import train
    from ..vectors import embed_items

    given = recipe_flags(args)
    if args.resume:
        given = load_model(args.resume)[1].to_flat() | given
    recipe = Recipe.from_flat({**given, "strategy": "two-tower"})
    name = args.name or args.resume or recipe.dataset
    dataset = load_dataset(recipe.dataset, on_notice=say)
    vectors = embed_items(recipe, dataset)
    text = embed_items(recipe.replace(postprocess="none", normalize=True), dataset).values
    resume = load_model(args.resume, dataset.fingerprint, vectors.fingerprint)[0] if args.resume else None
    log = dataset.interactions
    if not positives(log).any():
        raise InputError("there is nothing to train on: no interaction of this data set counts as liked")
    training = Training(dataset.catalog, log, vectors, text, _all(len(dataset.catalog)), seed=recipe.seed)
    settings = recipe.build("strategies").settings(recipe.seed)
    cut = validation(training)
    inner, valid = cut or (training, None)
    if valid is None:
        say("the data set is too small for a validation part: training runs through all its epochs")

    def keep(epoch: Epoch, model: Any) -> None:
        with finish_first():
            save_model(name, model, recipe, dataset.fingerprint, vectors.fingerprint)
            if args.progress:
                _print_epoch(epoch, settings.epochs)

    began = perf_counter()
    model = train(inner, settings, valid=valid, on_epoch=keep, resume=resume)
    result = {
        "name": name,
        "epochs": len(model.epochs),
        "best_epoch": model.best_epoch,
        "recall": _number(model.recall),
        "seconds": round(perf_counter() - began, 3),
    }
    if args.json and args.progress:
        print(json.dumps(result), flush=True)  # one line, as those before it
    elif args.json:
        print_json(result)
    else:
        print(f"model {name}: best of {len(model.epochs)} epochs is {model.best_epoch}, recall@10 {model.recall:.4f}")


def _all(n_items: int) -> Any:
    import numpy as np

    from ..types import readonly

    return readonly(np.ones(n_items, dtype=bool))


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)


def _print_epoch(epoch: Epoch, total: int) -> None:
    line = {"stage": "train", "done": epoch.epoch, "total": total, "eta_s": round(epoch.eta_s, 1)}
    print(json.dumps({**line, "loss": round(epoch.loss, 6), "recall": _number(epoch.recall)}), flush=True)
