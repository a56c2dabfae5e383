"""The command line: the same recipes as the pages, headless. ``python -m core --help``."""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from time import perf_counter
from typing import Any

from .commands import compare, data, evaluate, events, explain, fit, newcomer, recipes, tradeoff, train, tune
from .commands.parser import OneLineParser, print_json, print_progress, recipe_flags, say, verb
from .errors import InputError, RecallscopeError
from .output import table_bytes, write_whole
from .recipe import Recipe, all_knobs

NEGATIVE = re.compile(r"-(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
EXIT_INPUT = 2
EXIT_FAILED = 1


def argv_verb(argv: Sequence[str] | None) -> str:
    """The verb of a command line, "" without one."""
    return next(iter(sys.argv[1:] if argv is None else argv), "")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0, 2 for bad input, 1 for what failed otherwise."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a title must not fail on a terminal without its letters
    try:
        args = build_parser().parse_args(joined(sys.argv[1:] if argv is None else argv))
        args.run(args)
        sys.stdout.flush()
    except InputError as error:
        say(error)
        return EXIT_INPUT
    except RecallscopeError as error:
        say(error)
        return EXIT_FAILED
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us has gone: nothing is left to say
        return EXIT_FAILED
    except OSError as error:
        say(f"could not write or read: {error.strerror or error}")
        return EXIT_FAILED
    except KeyboardInterrupt:
        say("stopped; nothing was changed" if argv_verb(argv) == "import" else "stopped; what was finished is kept")
        return 130
    return 0


def joined(argv: Sequence[str]) -> list[str]:
    """``--threshold -1e-1`` as ``--threshold=-1e-1``: argparse takes some negative numbers for flags."""
    out: list[str] = []
    for word in argv:
        if out and NEGATIVE.fullmatch(word) and out[-1].startswith("--") and "=" not in out[-1]:
            out[-1] += f"={word}"
        else:
            out.append(word)
    return out


def build_parser() -> argparse.ArgumentParser:
    """The verbs and their flags; recipe flags are made from the knobs, so they have the fields' names."""
    parser = OneLineParser(prog="python -m core", description="Recallscope: embedding recall, headless.")
    verbs = parser.add_subparsers(dest="verb", required=True, parser_class=OneLineParser, metavar="VERB")
    data.add(verbs)
    recipes.add(verbs)
    compare.add(verbs)
    train.add(verbs, _add_recipe_flags)
    _add_recipe_flags(evaluate.add(verbs))
    _add_recipe_flags(events.add(verbs))
    _add_recipe_flags(explain.add(verbs))
    _add_recipe_flags(fit.add(verbs))
    _add_recipe_flags(newcomer.add(verbs))
    _add_recipe_flags(tradeoff.add(verbs))
    _add_recipe_flags(tune.add(verbs), without=tune.OWN)

    embed = verb(
        verbs, "embed", "encode the items of a data set (kept in the cache) and write their vectors", run_embed
    )
    embed.add_argument("--out", type=Path, help="write the vectors, exactly as they are ranked, to this .npy file")
    embed.add_argument("--ids", type=Path, help="write the item ids, in row order, to this .csv file")

    recommend = verb(verbs, "recommend", "rank the catalogue for one user or for everybody", run_recommend)
    who = recommend.add_mutually_exclusive_group(required=True)
    who.add_argument("--user", help="one user id")
    who.add_argument("--users", help='"all", or user ids with commas; needs --out')
    recommend.add_argument("--json", action="store_true", help="print one JSON object (with --user)")
    recommend.add_argument("--out", type=Path, help="write user_id, item_id, score, rank, strategy (.parquet or .csv)")

    layout = verb(verbs, "layout", "compute the map of a data set (kept in the cache)", run_layout)
    layout.add_argument("--dims", type=int, choices=(2, 3), default=2, help="2 for the flat map, 3 for the 3-D view")

    for sub in (embed, recommend, layout):
        _add_recipe_flags(sub)
    for sub in (embed, layout):
        sub.add_argument("--progress", action="store_true", help="print progress as JSON lines")
    return parser


def _add_recipe_flags(parser: argparse.ArgumentParser, without: Sequence[str] = ()) -> None:
    group = parser.add_argument_group("recipe (same names as in the page's URL)")
    for spec in all_knobs():
        if spec.name in without:
            continue
        allowed = f" [{' | '.join(spec.allowed())}]" if spec.allowed() else ""
        names = dict.fromkeys((f"--{spec.name}", f"--{spec.name.replace('_', '-')}"))
        text = f"{spec.help}{allowed} (default: {'off' if spec.default is None else spec.default})"
        group.add_argument(
            *names, dest=f"recipe_{spec.name}", metavar="VALUE", help=text.replace("%", "%%"), default=argparse.SUPPRESS
        )


def recipe_from(args: argparse.Namespace, n_items: int | None = None) -> Recipe:
    """The recipe of the given flags; ``n_items`` bounds k by the catalogue."""
    return Recipe.from_flat(recipe_flags(args), n_items=n_items)


def run_embed(args: argparse.Namespace) -> None:
    """Encode what is not yet in the cache; write the vectors where asked."""
    import csv

    import numpy as np

    from .sources import load_dataset
    from .vectors import embed_items

    recipe = recipe_from(args)
    dataset = load_dataset(recipe.dataset, on_notice=say)
    vectors = embed_items(recipe, dataset, progress=_progress("embed") if args.progress else None)
    for notice in vectors.notices:
        say(notice)
    if args.out:
        out = io.BytesIO()
        np.save(out, vectors.values)
        write_whole(args.out, out.getvalue())
    if args.ids:
        ids = io.StringIO()
        writer = csv.writer(ids)
        writer.writerow(["item_id"])
        writer.writerows([item] for item in dataset.catalog.item_ids.tolist())
        write_whole(args.ids, ids.getvalue().encode())
    if not args.progress:
        shape = " x ".join(str(size) for size in vectors.values.shape)
        print(f"{shape} float32 vectors, model {vectors.model}, {vectors.precision}, fingerprint {vectors.fingerprint}")


def run_recommend(args: argparse.Namespace) -> None:
    """Rank for one user (JSON or a table) or many (a file)."""
    from .sources import load_dataset

    started = perf_counter()
    if args.users and args.json:
        raise InputError("--json prints one user's answer: use it with --user, or --users with --out alone")
    if args.users and not args.out:
        raise InputError("--users needs --out FILE (.parquet or .csv)")
    if args.out and args.out.suffix.lower() not in (".parquet", ".csv"):
        raise InputError(f"--out must end in .parquet or .csv, got {args.out.name}")
    name = getattr(args, "recipe_dataset", Recipe.default_of("dataset"))
    dataset = load_dataset(name, on_notice=say)
    loaded_ms = round((perf_counter() - started) * 1000, 3)
    _recommend(args, dataset, recipe_from(args, n_items=len(dataset.catalog)), loaded_ms)


def _recommend(args: argparse.Namespace, dataset: Any, recipe: Recipe, loaded_ms: float) -> None:
    from .answer import answer, columns
    from .live import live_audience, live_dataset
    from .pipeline import recall, user_indices

    everybody = args.users == "all"
    asked = [args.user] if args.user is not None else args.users.split(",")
    ids = [] if everybody else list(dict.fromkeys(word.strip() for word in asked))
    users = None if everybody else user_indices(dataset.interactions, ids)
    dataset = live_dataset(recipe, dataset)
    run = recall(recipe, dataset, users, audience=live_audience(dataset, recipe))
    for notice in run.notices:
        say(notice)
    if args.out:
        table = columns(run, dataset)
        write_whole(args.out, table_bytes(args.out.suffix.lower(), table))
        written = f"{len(table['rank']):,} rows for {len(run.users.users):,} users written to {args.out}"
        print(written, file=sys.stderr if args.json else sys.stdout)
    if args.user is None:
        return
    result = answer(run, dataset, 0)
    result["timings_ms"] = {"load": loaded_ms, **result["timings_ms"]}
    if args.json:
        print_json(result)
    elif not args.out:
        _print_list(result, recipe)


def _print_list(result: dict[str, Any], recipe: Recipe) -> None:
    from .serving import has_space, scale_of

    scale = scale_of(recipe)
    by = recipe.metric if has_space(recipe) else recipe.strategy
    print(f"user {result['user_id']}, {by}, {result['dataset']['name']}")
    for entry in result["items"]:
        title = "".join(char if char.isprintable() else " " for char in entry["title"])
        brought = "".join(f"  {name} {rank}" for name, rank in entry.get("channels", {}).items())
        print(f"{entry['rank']:>4}  {scale.native(entry['score']):8.4f}  {title}{brought and '  |' + brought}")
    if result["message"]:
        print(result["message"])


def run_layout(args: argparse.Namespace) -> None:
    """Compute the map, or find it in the cache; of the strategy's own vectors where it has some."""
    from .maps import build_layout, load_layout
    from .serving import map_space
    from .sources import load_dataset
    from .vectors import embed_items

    recipe = recipe_from(args)
    dataset = load_dataset(recipe.dataset, on_notice=say)
    progress = _progress("embed") if args.progress else None
    content = embed_items(recipe, dataset, progress=progress)
    vectors, placed = map_space(recipe, dataset, content)
    layout = load_layout(vectors, recipe, args.dims, on_notice=say)
    if layout is None:
        progress = _progress("layout") if args.progress else None
        layout = build_layout(vectors, recipe, args.dims, progress=progress, placed=placed)
    for notice in (*content.notices, *layout.notices):
        say(notice)
    if not args.progress:
        print(f"{args.dims}-D map of {len(layout.xy):,} items, trustworthiness {layout.trustworthiness:.3f}")


def _progress(what: str) -> Callable[[int, int, float | None], None]:
    return partial(print_progress, what)


if __name__ == "__main__":
    from .vectors import stop_on_terminate

    stop_on_terminate()
    sys.exit(main())
