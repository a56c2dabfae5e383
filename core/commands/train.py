"""The verb ``train``: a two-tower model on a whole data set, kept after every epoch."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from . import online
from .parser import print_json, recipe_flags, say, verb

if TYPE_CHECKING:
    from ..splits import Split, Training
    from ..train.settings import Epoch, Trained

TRAINED = "two-tower"


def add(verbs: Any, add_recipe_flags: Callable[[argparse.ArgumentParser], None]) -> None:
    """The verb of this module. add_recipe_flags: gives a parser the recipe's flags."""
    parser = verb(verbs, "train", "train a two-tower model on a data set, and keep it", run_train)
    parser.add_argument("--name", default="", help="the model's name (default: the data set's)")
    parser.add_argument("--resume", default="", metavar="NAME", help="go on with a kept model")
    parser.add_argument(
        "--progress", action="store_true", help="print one JSON line after each epoch and one at the end"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object at the end")
    online.add(parser)
    add_recipe_flags(parser)


def run_train(args: argparse.Namespace) -> None:
    """Train, or go on training; the validation part only says when to stop, and how popularity does on it."""
    if args.online:
        online.run_online(args)
        return
    if args.steps is not None or args.step_size is not None:
        raise InputError("--steps and --step-size belong to --online: leave them out, or name new events")
    from ..embed.stopping import finish_first
    from ..live import live_dataset
    from ..recipe import Recipe
    from ..serving import training_of
    from ..sources import load_dataset
    from ..strategies.two_tower import validation
    from ..train.checkpoint import kept_model, load_model, model_path, save_model
    from ..train.loop import train
    from ..vectors import embed_items

    given = recipe_flags(args)
    if given.get("strategy", TRAINED) != TRAINED:
        raise InputError(f"train makes a {TRAINED} model: use fit for --strategy {given['strategy']}")
    if args.resume:
        given = load_model(args.resume)[1].to_flat() | given
    recipe = Recipe.from_flat({**given, "strategy": TRAINED})
    name = args.name or args.resume or recipe.dataset
    model_path(name)
    dataset = live_dataset(recipe, load_dataset(recipe.dataset, on_notice=say))
    vectors = embed_items(recipe, dataset)
    resume = load_model(args.resume, dataset.fingerprint, vectors.fingerprint)[0] if args.resume else None
    if args.resume and (known := kept_model(args.resume)) and known.online:
        raise InputError(
            f"model {args.resume!r} was moved towards new events since its training: go on with the one it came from, "
            "or bring the events into the data set and train anew"
        )
    training = training_of(recipe, dataset, vectors)
    settings = recipe.build("strategies").settings(recipe.seed)
    cut = validation(training)
    inner, valid = cut or (training, None)
    if valid is None:
        say("the data set is too small for a validation part: training runs through all its epochs")
    baseline = math.nan if valid is None else popularity_recall(inner, valid)

    def told(epoch: Epoch) -> None:
        if args.progress:
            _print_epoch(epoch, settings.epochs, baseline)

    def keep(epoch: Epoch, model: Trained) -> None:
        with finish_first():
            save_model(name, model, recipe, dataset.fingerprint, vectors.fingerprint, baseline)
            told(epoch)

    for epoch in resume.epochs if resume else ():  # so that who follows sees the whole curve
        told(epoch)
    began = perf_counter()
    model = train(inner, settings, valid=valid, on_epoch=keep, resume=resume)
    result = {
        "name": name,
        "epochs": len(model.epochs),
        "best_epoch": model.best_epoch,
        "recall": _number(model.recall),
        "baseline": _number(baseline),
        "seconds": round(perf_counter() - began, 3),
    }
    if args.progress:
        print(json.dumps({"result": result}), flush=True)  # one line, as those before it
    elif args.json:
        print_json(result)
    else:
        print(_sentence(result))


def popularity_recall(inner: Training, valid: Split) -> float:
    """Recall@10 of popularity on the validation users: what a trained model has to beat."""
    from ..strategies.popularity import Popularity
    from ..train.loop import mean_recall

    fitted = Popularity().fit(inner)
    return mean_recall(valid, lambda rows: fitted.score(valid.people.take(rows)))


def _sentence(result: dict[str, Any]) -> str:
    words = f"model {result['name']}: best of {result['epochs']} epochs is {result['best_epoch']}"
    if result["recall"] is None:
        return f"{words}, without a validation"
    return f"{words}, recall@10 {result['recall']:.4f} (popularity on the same users {result['baseline']:.4f})"


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)


def _print_epoch(epoch: Epoch, total: int, baseline: float) -> None:
    line = {"stage": "train", "done": epoch.epoch, "total": total, "eta_s": round(epoch.eta_s, 1)}
    figures = {"loss": round(epoch.loss, 6), "recall": _number(epoch.recall), "baseline": _number(baseline)}
    print(json.dumps(line | figures), flush=True)
