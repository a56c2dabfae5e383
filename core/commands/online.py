"""``train --resume NAME --online FILE``: a few steps on new events, and what they changed."""

from __future__ import annotations

import argparse
import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError
from ..types import Array, readonly
from .parser import print_json, recipe_flags, say

if TYPE_CHECKING:
    from ..train.settings import Trained
    from ..types import Dataset

COLUMNS = ("user_id", "item_id")
WEIGHT = "weight"
LISTED_USERS = 5
LIST_LENGTH = 10
MOST_EVENTS = 10_000
"""One step takes all events at once: more belong into a new training."""


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """users, items: (n,) indices of what was liked. left_out: rows that were not, or whose user or item is unknown."""

    users: Array
    items: Array
    left_out: int


def add(parser: argparse.ArgumentParser) -> None:
    """The flags of the online step."""
    parser.add_argument(
        "--online",
        type=Path,
        metavar="FILE",
        help="with --resume: no training, but a few gradient steps on new events: a .csv file with user_id, item_id "
        "and, where you have it, weight; kept under --name (default: NAME-online)",
    )
    parser.add_argument("--steps", type=int, default=5, help="gradient steps of --online (default: 5)")
    parser.add_argument("--step-size", type=float, default=0.1, help="how far each of them goes (default: 0.1)")


def run_online(args: argparse.Namespace) -> None:
    """Move a kept model towards new events, keep it under another name, and say what changed."""
    from ..recipe import Recipe
    from ..sources import load_dataset
    from ..train.checkpoint import kept_model, load_model, model_path, save_model
    from ..train.online import online_step

    if not args.resume:
        raise InputError("--online goes on with a kept model: name it with --resume NAME")
    if recipe_flags(args):
        raise InputError("--online keeps the choices the model was trained with: leave out the others")
    if not 1 <= args.steps <= 1000 or not 0 < args.step_size < math.inf:
        raise InputError("--steps must be a whole number between 1 and 1000, and --step-size a number above 0")
    name = args.name or f"{args.resume[:57]}-online"
    model_path(name)
    known = kept_model(args.resume)
    dataset = load_dataset(known.recipe.dataset if known else Recipe().dataset, on_notice=say)
    model, recipe = load_model(args.resume, dataset.fingerprint)
    events = read_events(args.online, dataset)
    if events.left_out:
        say(f"{events.left_out:,} rows were left out: not liked, or of a user or an item that this data set has not")
    moved = online_step(model, dataset.interactions, events.users, events.items, steps=args.steps, lr=args.step_size)
    fingerprint, online = (known.vectors_fingerprint, known.online) if known else ("", 0)
    save_model(name, moved, recipe, dataset.fingerprint, fingerprint, online=online + len(events.items))
    result = {
        "name": name,
        "events": len(events.items),
        "left_out": events.left_out,
        **changed(model, moved, events, dataset),
    }
    if args.json:
        print_json(result)
    else:
        before, after = result["rank_before"], result["rank_after"]
        print(f"model {name}: {len(events.items):,} new likes, median place {before:,.0f} before, {after:,.0f} after")


def read_events(path: Path, dataset: Dataset) -> Events:
    """The liked events of a file. Raises InputError for a file that cannot be read or brings none."""
    users = {str(value): place for place, value in enumerate(dataset.interactions.user_ids.tolist())}
    items = {str(value): place for place, value in enumerate(dataset.catalog.item_ids.tolist())}
    found: list[tuple[int, int]] = []
    left_out = 0
    for row in _rows(path):
        user, item = users.get(row[COLUMNS[0]] or ""), items.get(row[COLUMNS[1]] or "")
        if user is None or item is None or not _liked(row, dataset):
            left_out += 1
        else:
            found.append((user, item))
    if not found:
        raise InputError(f"{path.name} has no liked event of a user and an item that this data set knows")
    pairs = np.array(found, dtype=np.int64)
    return Events(readonly(pairs[:, 0]), readonly(pairs[:, 1]), left_out)


def _rows(path: Path) -> list[Mapping[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise InputError(
                    f"{path.name} needs the columns {' and '.join(COLUMNS)}; missing: {', '.join(missing)}"
                )
            rows: list[Mapping[str, str]] = [row for row, _ in zip(reader, range(MOST_EVENTS + 1), strict=False)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path.name} cannot be read as a .csv file in UTF-8 ({type(error).__name__})") from None
    if len(rows) > MOST_EVENTS:
        raise InputError(
            f"{path.name} has more than {MOST_EVENTS:,} events: bring them into the data set and train anew"
        )
    return rows


def _liked(row: Mapping[str, str], dataset: Dataset) -> bool:
    """Without a weight an event is a like."""
    said = (row.get(WEIGHT) or "").strip()
    if not said:
        return True
    try:
        return float(said) >= dataset.interactions.positive_from
    except ValueError:
        raise InputError(f"a weight must be a number, got {said!r}") from None


def changed(before: Trained, after: Trained, events: Events, dataset: Dataset) -> dict[str, Any]:
    """Median place of the new likes among what their users had not, before and after; some users' lists."""
    from ..splits import everybody
    from ..strategies.two_tower import FittedTowers

    log, who = dataset.interactions, np.unique(events.users)
    people = everybody(log).take(who)
    rows = np.searchsorted(who, events.users)
    found: dict[str, Any] = {}
    lists: list[dict[str, Any]] = [{"user_id": log.user_ids[user].item()} for user in who[:LISTED_USERS]]
    for when, model in (("before", before), ("after", after)):
        scores = np.nan_to_num(FittedTowers(model).score(people), nan=-np.inf)
        wanted = scores[rows, events.items]
        for row, user in enumerate(who):
            scores[row, log.items[log.history(int(user))]] = -np.inf
        found[f"rank_{when}"] = float(np.median((scores[rows] > wanted[:, None]).sum(axis=1) + 1))
        scores[rows, events.items] = -np.inf
        top = np.argsort(-scores[:LISTED_USERS], axis=1, kind="stable")[:, :LIST_LENGTH]
        for entry, row in zip(lists, top, strict=True):
            entry[when] = dataset.catalog.titles[row].tolist()
    return found | {"lists": lists}
