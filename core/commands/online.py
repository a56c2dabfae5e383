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

from ..answer import plain
from ..errors import InputError
from ..types import Array, readonly
from .parser import print_json, recipe_flags, say

if TYPE_CHECKING:
    from ..train.settings import Trained
    from ..types import Dataset

COLUMNS = ("user_id", "item_id")
WEIGHT = "weight"
STEPS, STEP_SIZE = 5, 0.1
LISTED_USERS = 5
LIST_LENGTH = 10
BLOCK = 512
"""Users scored at once, which bounds memory."""
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
    parser.add_argument("--steps", type=int, help=f"gradient steps of --online (default: {STEPS})")
    parser.add_argument("--step-size", type=float, help=f"how far each of them goes (default: {STEP_SIZE})")


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
    steps = STEPS if args.steps is None else args.steps
    size = STEP_SIZE if args.step_size is None else args.step_size
    if not 1 <= steps <= 1000 or not 0 < size < math.inf:
        raise InputError("--steps must be a whole number between 1 and 1000, and --step-size a number above 0")
    name = args.name or f"{args.resume[:57]}-online"
    model_path(name)
    known = kept_model(args.resume)
    dataset = load_dataset(known.recipe.dataset if known else Recipe().dataset, on_notice=say)
    model, recipe = load_model(args.resume, dataset.fingerprint)
    events = read_events(args.online, dataset)
    if events.left_out:
        say(f"{events.left_out:,} rows were left out: not liked, or of a user or an item that this data set has not")
    moved = online_step(model, dataset.interactions, events.users, events.items, steps=steps, lr=size)
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
        weight = float(said)
    except ValueError:
        weight = math.nan
    if not math.isfinite(weight):
        raise InputError(f"a weight must be a number, got {said!r}")
    return weight >= dataset.interactions.positive_from


def changed(before: Trained, after: Trained, events: Events, dataset: Dataset) -> dict[str, Any]:
    """Median place of the new likes among what their users had not, before and after; some users' lists.

    Users who liked nothing before have no list, and no part in the median.
    """
    found: dict[str, Any] = {}
    who = np.unique(events.users)[:LISTED_USERS]
    lists: list[dict[str, Any]] = [{"user_id": plain(dataset.interactions.user_ids[user])} for user in who]
    for when, model in (("before", before), ("after", after)):
        found[f"rank_{when}"] = float(np.nanmedian(places_of(model, events, dataset)))
        for entry, items in zip(lists, _tops(model, who, events, dataset), strict=True):
            entry[when] = dataset.catalog.titles[items].tolist()
    return found | {"lists": lists}


def places_of(model: Trained, events: Events, dataset: Dataset) -> Array:
    """(n,) the place, from 1, of each event's item among what its user had not; NaN for users without a vector."""
    who, rows = np.unique(events.users, return_inverse=True)
    found = np.full(len(rows), np.nan)
    for start in range(0, len(who), BLOCK):
        scores, seen = _scores(model, who[start : start + BLOCK], dataset)
        for place in np.flatnonzero((rows >= start) & (rows < start + BLOCK)):
            own = scores[rows[place] - start]
            wanted = own[events.items[place]]
            if not np.isnan(wanted):
                ahead = np.count_nonzero(own > wanted) - np.count_nonzero(own[seen[rows[place] - start]] > wanted)
                found[place] = ahead + 1
    return found


def _scores(model: Trained, users: Array, dataset: Dataset) -> tuple[Array, list[Array]]:
    """(n, n_items) scores, NaN rows for users without a vector; and what each user had."""
    from ..splits import everybody
    from ..strategies.two_tower import FittedTowers

    log = dataset.interactions
    seen = [np.unique(log.items[log.history(int(user))]) for user in users]
    return FittedTowers(model).score(everybody(log).take(users)), seen


def _tops(model: Trained, users: Array, events: Events, dataset: Dataset) -> list[Array]:
    """Each user's first items, without what she had and what is new."""
    scores, seen = _scores(model, users, dataset)
    tops = []
    for user, own, had in zip(users, scores, seen, strict=True):
        values = np.nan_to_num(own, nan=-np.inf)
        values[had] = values[events.items[events.users == user]] = -np.inf
        order = np.argsort(-values, kind="stable")[:LIST_LENGTH]
        tops.append(order[np.isfinite(values[order])])
    return tops
