"""Verbs about data sets: list, look at files, import, describe, rename, delete."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from ..clean.state import counted
from ..errors import InputError, IntegrityError
from ..importing.views import FileView
from ..registry import knobs_of, stage
from ..sheets import INTERACTIONS, ITEMS, MODES, NAMES, TAGS, UNUSED, VECTORS, Ledger
from .parser import print_json, print_progress, say, verb

FILE_FLAGS = {
    INTERACTIONS: "who did what: a user and an item in each row",
    ITEMS: "one row per item",
    TAGS: "an item and one of its tags in each row",
    NAMES: "names behind the codes of another file",
    VECTORS: "item vectors (.npy, or a table of ids and vectors), and their ids",
}


def add(verbs: Any) -> None:
    """The verbs of this module."""
    verb(verbs, "datasets", "list the data sets", run_datasets).add_argument("--json", action="store_true")

    look = verb(verbs, "inspect", "say what an import would make of files, and import nothing", run_inspect)
    look.add_argument("files", nargs="*", type=Path, metavar="FILE", help="files of one data set, of any kind")
    bring = verb(verbs, "import", "import a data set of your own", run_import)
    bring.add_argument("name", nargs="?", metavar="NAME", help="the data set's name (with --plan, the plan's)")
    for parser in (look, bring):
        _add_plan_flags(parser)
        parser.add_argument("--json", action="store_true", help="print one JSON object")
    bring.add_argument("--label", default="", help="the name as shown")
    bring.add_argument("--replace", action="store_true", help="take the place of a data set of that name")
    bring.epilog = _rules_help()
    bring.formatter_class = argparse.RawDescriptionHelpFormatter
    bring.add_argument("--rejected", type=Path, help="write the rows that were left out, with the reason, to this .csv")
    bring.add_argument("--progress", action="store_true", help="print progress as JSON lines, the report as the last")

    tell = verb(verbs, "describe", "describe a data set in figures, with advice that follows from them", run_describe)
    tell.add_argument("name", nargs="?", default="movielens-small", metavar="NAME", help="the data set")
    tell.add_argument("--json", action="store_true", help="print one JSON object")

    rename = verb(verbs, "rename", "give an imported data set another name", run_rename)
    rename.add_argument("name", metavar="NAME")
    rename.add_argument("new_name", metavar="NEW_NAME")
    rename.add_argument("--label", default="", help="the name as shown")
    delete = verb(verbs, "delete", "delete an imported data set for good", run_delete)
    delete.add_argument("name", metavar="NAME")
    delete.add_argument("--yes", action="store_true", help="needed: it cannot be undone")


def _add_plan_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--plan", type=Path, help="a plan as JSON instead of the flags below")
    for kind, words in FILE_FLAGS.items():
        parser.add_argument(f"--{kind}", type=Path, action="append", default=[], metavar="FILE", help=words)
    roles = "which column plays a role: user_id=visitor; of one file: items.title=name; several: text=plot,review"
    parser.add_argument("--column", action="append", default=[], metavar="ROLE=NAME", help=roles)
    for name in ("delimiter", "encoding"):
        parser.add_argument(f"--{name}", default="", help="of the text files; default: detected")
    parser.add_argument("--header", default="", choices=("yes", "no"), help="of the text files; default: detected")
    parser.add_argument(
        "--feedback",
        default="",
        metavar="KIND",
        help="what the weight is: rating, count, event or none; default: guessed",
    )
    parser.add_argument(
        "--positive-from",
        type=float,
        metavar="RATING",
        help="smallest rating that counts as liked; default: all",
    )
    form = 'how times are written, such as "month/day/year"; default: found out'
    parser.add_argument("--time-form", default="", metavar="FORM", help=form)
    parser.add_argument("--plain-counts", action="store_true", help="weigh a count c as c, not as log2(1 + c)")
    parser.add_argument("--event", action="append", default=[], metavar="TYPE=WEIGHT", help="weight of an event type")
    parser.add_argument("--rule", action="append", default=[], metavar="RULE=MODE", help=f"mode: {', '.join(MODES)}")
    parser.add_argument("--set", action="append", default=[], metavar="RULE.KNOB=VALUE", help="knob of a cleaning rule")
    parser.add_argument("--template", default="", help="the item text; default: made from the roles")


def _rules_help() -> str:
    """The cleaning rules with their usual modes and knobs, for --help."""
    lines = ["cleaning rules, in order (usual mode; knobs):"]
    for key in stage("clean").names():
        rule = stage("clean").get(key)
        knobs = ", ".join(f"{key}.{spec.name}={spec.default}" for spec in knobs_of(rule))
        lines.append(f"  {key} ({rule.mode}{'; ' + knobs if knobs else ''}): {rule.help}")
    return "\n".join(lines)


def run_datasets(args: argparse.Namespace) -> None:
    """List the data sets with their counts, notes and licence."""
    from ..sources import dataset_names, load_dataset

    sets = []
    for name in dataset_names():
        try:
            sets.append(load_dataset(name, on_notice=say))
        except IntegrityError as error:
            say(error)
    rows: list[dict[str, Any]] = [
        {
            "name": data.name,
            "label": data.label,
            "n_users": data.interactions.n_users,
            "n_items": len(data.catalog),
            "n_interactions": len(data.interactions),
            "fingerprint": data.fingerprint,
            "licence": data.licence,
            "citation": data.citation,
            "notes": [{"rule": note.rule, "count": note.count, "text": note.text} for note in data.notes],
        }
        for data in sets
    ]
    if args.json:
        print_json({"datasets": rows})
        return
    for row in rows:
        counts = f"{row['n_users']:,} users, {row['n_items']:,} items, {row['n_interactions']:,} interactions"
        print(f"{row['name']}: {row['label']}: {counts}")
        for note in row["notes"]:
            print(f"  - {note['text']}")
        for key, words in (("licence", "licence"), ("citation", "cite")):
            if row[key]:
                print(f"  {words}: {row[key]}")


def run_inspect(args: argparse.Namespace) -> None:
    """What an import would do."""
    from ..importing.inspect import inspect
    from .plans import plan_from

    seen = inspect(plan_from(args))
    if args.json:
        print_json(seen.to_json())
        return
    for file in seen.files:
        _print_file(file)
    form = f" ({seen.time_form})" if seen.time_form else ""
    print(f"feedback: {seen.feedback}; time: {seen.time}{form}; item text: {seen.template}")
    if seen.problem:
        say(seen.problem)


def _print_file(file: FileView) -> None:
    if file.problem:
        print(f"{file.name}: not used: {file.problem}")
        return
    dialect = file.dialect
    written = [dialect.format, dialect.encoding, repr(dialect.delimiter).strip("'")]
    rows = counted(file.n_rows, "row") if file.n_rows >= 0 else ""
    said = ", ".join(filter(None, (f"{file.kind} ({file.confidence:.0%})", rows, *written)))
    print(f"{file.name}: {said}{': ' + file.reason if file.kind == UNUSED and file.reason else ''}")
    for guess in file.guesses:
        if guess.columns:
            sure = "given" if guess.why == "given" else f"{guess.confidence:.0%} by {guess.why}"
            print(f"  {guess.role:10} {', '.join(guess.columns)} ({sure}): {'; '.join(guess.samples)}")
    for notice in file.notices:
        print(f"  note: {notice}")


def run_import(args: argparse.Namespace) -> None:
    """Import, and report to the last row."""
    from ..importing.run import run_import as bring
    from ..output import check_target, write_whole
    from ..sources import rejected_csv
    from .plans import plan_from

    if args.rejected:
        check_target(args.rejected)
    report = bring(plan_from(args), print_progress if args.progress else None)
    if args.rejected:
        write_whole(args.rejected, rejected_csv(report.name))
    if args.progress:
        print(json.dumps({"result": report.to_json()}, allow_nan=False), flush=True)
    elif args.json:
        print_json(report.to_json())
    else:
        counts = f"{report.n_users:,} users, {report.n_items:,} items, {report.n_interactions:,} interactions"
        print(f"{report.name}: {counts}, in {report.timings_ms['total'] / 1000:.1f} s")
        for file in report.files:
            _print_file(file)
        for ledger in report.ledgers:
            _print_ledger(ledger)
        for line in (*report.notices, *report.off):
            print(f"- {line}")


def _print_ledger(ledger: Ledger) -> None:
    print(f"{ledger.table}: {counted(ledger.rows_in, 'row')} in")
    for entry in ledger.entries:
        if entry.touched or entry.dropped:
            did = f"-{entry.dropped:,}" if entry.dropped else f"({entry.touched:,} found, left in)"
            print(f"  {did:>12}  {entry.rule}: {entry.text}")
    print(f"  {ledger.rows_out:>12,}  {'row' if ledger.rows_out == 1 else 'rows'} kept")


def run_describe(args: argparse.Namespace) -> None:
    """The figures of a data set."""
    from dataclasses import asdict

    from ..describe import advice, describe, print_lines
    from ..sources import load_dataset

    profile = describe(load_dataset(args.name, on_notice=say))
    if args.json:
        print_json({**profile.to_json(), "advice": [asdict(said) for said in advice(profile)]})
    else:
        print("\n".join(print_lines(profile)))


def run_rename(args: argparse.Namespace) -> None:
    """Another name."""
    from ..sources import rename_dataset

    rename_dataset(args.name, args.new_name, args.label)
    print(f"{args.name} is now called {args.new_name}")


def run_delete(args: argparse.Namespace) -> None:
    """Gone for good."""
    from ..sources import delete_dataset

    if not args.yes:
        raise InputError(f"deleting {args.name} cannot be undone: say --yes")
    delete_dataset(args.name)
    print(f"{args.name} was deleted")
