"""The verb ``events``: live feedback on the command line: list it, add to it, take it back, learn from it."""

from __future__ import annotations

import argparse
import csv
import io
import json
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..answer import spreadsheet_safe
from ..errors import InputError
from ..output import check_target, write_whole
from ..recipe import Recipe
from .parser import print_json, recipe_flags, say, verb

if TYPE_CHECKING:
    from ..store.events import Event
    from ..types import Dataset

COLUMNS = ("id", "at", "user_id", "item_id", "title", "kind", "undone")


def add(verbs: Any) -> argparse.ArgumentParser:
    """Add the verb; the caller adds the flags of a recipe."""
    parser = verb(
        verbs,
        "events",
        "live feedback: list it, record an event, take one back, reset a user, or learn from it",
        run_events,
    )
    parser.add_argument("--user", help="one user id; without it, everybody's events are listed")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--out", type=Path, help="write the events to this .csv or .json file")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--record", metavar="KIND", help="store an event: click, like, dislike, not-now or watched")
    what.add_argument("--undo", metavar="ID", help="take one event back")
    what.add_argument("--reset", action="store_true", help="forget for good all events of --user")
    what.add_argument("--learn", action="store_true", help="move the two-tower towards the likes among the events")
    parser.add_argument("--item", help="with --record: the item id")
    parser.add_argument("--id", help="with --record: the event's id; sent twice, it is stored once (default: new)")
    parser.add_argument("--progress", action="store_true", help="with --learn: print progress as JSON lines")
    return parser


def run_events(args: argparse.Namespace) -> None:
    """Do what is asked, or list the events."""
    _check(args)
    if args.learn:
        from .events_learning import run_learning

        run_learning(args)
        return
    from ..sources import load_dataset
    from ..store.events import event_store

    dataset = load_dataset(recipe_flags(args).get("dataset", Recipe.default_of("dataset")), on_notice=say)
    if args.record is not None:
        _record(args, dataset)
    elif args.undo is not None:
        if not event_store().undo(args.undo):
            raise InputError(f"there is no event {args.undo!r} that could be taken back: list them without --undo")
        _say(args, {"undone": args.undo}, f"event {args.undo} was taken back")
    elif args.reset:
        gone = event_store().reset(dataset.name, args.user)
        _say(args, {"user_id": args.user, "forgotten": gone}, f"{gone:,} of user {args.user}'s events were forgotten")
    else:
        _list(args, dataset)


def _check(args: argparse.Namespace) -> None:
    if args.reset and args.user is None:
        raise InputError("--reset forgets the events of one user: name them with --user")
    if args.record is not None and (args.user is None or args.item is None):
        raise InputError("--record needs --user and --item")
    if args.record is None and (args.item is not None or args.id is not None):
        raise InputError("--item and --id belong to --record")
    if args.progress and not args.learn:
        raise InputError("--progress belongs to --learn")
    if args.out is not None:
        if args.record is not None or args.undo is not None or args.reset or args.learn:
            raise InputError("--out writes the list of events: use it without --record, --undo, --reset and --learn")
        if args.out.suffix.lower() not in (".csv", ".json"):
            raise InputError(f"--out must end in .csv or .json, got {args.out.name}")
        check_target(args.out)


def _say(args: argparse.Namespace, values: dict[str, Any], sentence: str) -> None:
    if args.json:
        print_json(values)
    else:
        print(sentence)


def _record(args: argparse.Namespace, dataset: Dataset) -> None:
    """Only users and items of the data set: a slip of the pen would be stored and count for nothing."""
    from ..errors import UnknownNameError
    from ..live import places_of
    from ..pipeline import user_indices
    from ..store.events import Event, event_store

    user = str(dataset.interactions.user_ids[user_indices(dataset.interactions, [args.user])[0]])
    item = args.item.strip()
    if places_of([item], dataset.catalog.item_ids)[0] < 0:
        raise UnknownNameError("item", args.item, dataset.catalog.item_ids)
    event = Event(args.id or uuid.uuid4().hex, dataset.name, user, item, args.record, time.time())
    new = event_store().record([event])
    sentence = f"event {event.id} was stored" if new else f"event {event.id} was stored before; nothing was changed"
    _say(args, {"id": event.id, "stored": new}, sentence)


def _list(args: argparse.Namespace, dataset: Dataset) -> None:
    from ..store.events import event_store

    rows = plain_events(event_store().events(dataset.name, args.user, undone=True), dataset)
    if args.out:
        write_whole(args.out, (as_csv if args.out.suffix.lower() == ".csv" else as_json)(rows))
        say(f"{len(rows):,} {'event' if len(rows) == 1 else 'events'} written to {args.out}")
    if args.json:
        print_json({"dataset": dataset.name, "events": rows})
    elif not args.out:
        for row in rows:
            title = "".join(char if char.isprintable() else " " for char in row["title"])
            back = "  (taken back)" if row["undone"] else ""
            print(f"{row['at']}  {row['id']}  user {row['user_id']}  {row['kind']:<8}  {title}{back}")
        if not rows:
            print("no events")


def plain_events(events: Sequence[Event], dataset: Dataset) -> list[dict[str, Any]]:
    """Events as plain values, oldest first: COLUMNS; ``at`` in ISO form (UTC), ``title`` "" for an unknown item."""
    from ..live import places_of

    places = places_of([event.item_id for event in events], dataset.catalog.item_ids)
    titles = [str(dataset.catalog.titles[place]) if place >= 0 else "" for place in places]
    return [
        {
            "id": event.id,
            "at": datetime.fromtimestamp(event.at, UTC).isoformat(timespec="milliseconds"),
            "user_id": event.user_id,
            "item_id": event.item_id,
            "title": title,
            "kind": event.kind,
            "undone": event.undone,
        }
        for event, title in zip(events, titles, strict=True)
    ]


def as_csv(rows: Sequence[dict[str, Any]]) -> bytes:
    """Plain events as CSV that is safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([spreadsheet_safe(str(row[name])) for name in COLUMNS] for row in rows)
    return out.getvalue().encode()


def as_json(rows: Sequence[dict[str, Any]]) -> bytes:
    """Plain events as a JSON list."""
    return json.dumps(rows, ensure_ascii=False, indent=2).encode()
