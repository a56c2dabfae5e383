"""The command line: the same recipes as the pages, headless. ``python -m core --help``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, NoReturn

from .errors import InputError, RecallscopeError
from .recipe import Recipe, all_knobs

EXIT_INPUT = 2
EXIT_FAILED = 1


class OneLineParser(argparse.ArgumentParser):
    """Usage errors are one line on stderr and exit code 2."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message}; see {self.prog} --help")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0, 2 for bad input, 1 for what failed otherwise."""
    try:
        args = build_parser().parse_args(argv)
        args.run(args)
    except InputError as error:
        print(f"recallscope: {error}", file=sys.stderr)
        return EXIT_INPUT
    except RecallscopeError as error:
        print(f"recallscope: {error}", file=sys.stderr)
        return EXIT_FAILED
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us has gone: nothing is left to say
        return EXIT_FAILED
    except KeyboardInterrupt:
        print("recallscope: stopped; what was finished is kept", file=sys.stderr)
        return 130
    return 0


def build_parser() -> argparse.ArgumentParser:
    """The verbs and their flags; recipe flags are made from the knobs, so they have the fields' names."""
    parser = OneLineParser(prog="python -m core", description="Recallscope: embedding recall, headless.")
    verbs = parser.add_subparsers(dest="verb", required=True, parser_class=OneLineParser, metavar="VERB")
    _verb(verbs, "datasets", "list the data sets", run_datasets).add_argument("--json", action="store_true")

    embed = _verb(
        verbs, "embed", "encode the items of a data set (kept in the cache) and write their vectors", run_embed
    )
    embed.add_argument("--out", type=Path, help="write the vectors, exactly as they are ranked, to this .npy file")
    embed.add_argument("--ids", type=Path, help="write the item ids, in row order, to this .csv file")

    recommend = _verb(verbs, "recommend", "rank the catalogue for one user or for everybody", run_recommend)
    who = recommend.add_mutually_exclusive_group(required=True)
    who.add_argument("--user", help="one user id")
    who.add_argument("--users", help='"all", or user ids with commas; needs --out')
    recommend.add_argument("--json", action="store_true", help="print one JSON object (with --user)")
    recommend.add_argument("--out", type=Path, help="write user_id, item_id, score, rank, strategy (.parquet or .csv)")

    layout = _verb(verbs, "layout", "compute the map of a data set (kept in the cache)", run_layout)
    layout.add_argument("--dims", type=int, choices=(2, 3), default=2, help="2 for the flat map, 3 for the 3-D view")

    for sub in (embed, recommend, layout):
        _add_recipe_flags(sub)
    for sub in (embed, layout):
        sub.add_argument("--progress", action="store_true", help="print progress as JSON lines")
    return parser


def _verb(verbs: Any, name: str, words: str, run: Callable[[argparse.Namespace], None]) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=words, description=words, allow_abbrev=False)
    parser.set_defaults(run=run)
    return parser


def _add_recipe_flags(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("recipe (same names as in the page's URL)")
    for spec in all_knobs():
        allowed = f" [{' | '.join(spec.allowed())}]" if spec.allowed() else ""
        names = dict.fromkeys((f"--{spec.name}", f"--{spec.name.replace('_', '-')}"))
        text = f"{spec.help}{allowed} (default: {'off' if spec.default is None else spec.default})"
        group.add_argument(
            *names, dest=f"recipe_{spec.name}", metavar="VALUE", help=text.replace("%", "%%"), default=argparse.SUPPRESS
        )


def recipe_from(args: argparse.Namespace, n_items: int | None = None) -> Recipe:
    """The recipe of the given flags; ``n_items`` bounds k by the catalogue."""
    given = {name.removeprefix("recipe_"): value for name, value in vars(args).items() if name.startswith("recipe_")}
    return Recipe.from_flat(given, n_items=n_items)


def run_datasets(args: argparse.Namespace) -> None:
    """List the data sets with their counts, notes and licence."""
    from .sources import dataset_names, load_dataset

    sets = [load_dataset(name, on_notice=_warn) for name in dataset_names()]
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
        _print_json({"datasets": rows})
        return
    for row in rows:
        counts = f"{row['n_users']:,} users, {row['n_items']:,} items, {row['n_interactions']:,} interactions"
        print(f"{row['name']}: {row['label']}: {counts}")
        for note in row["notes"]:
            print(f"  - {note['text']}")
        print(f"  licence: {row['licence']}\n  cite: {row['citation']}")


def run_embed(args: argparse.Namespace) -> None:
    """Encode what is not yet in the cache; write the vectors where asked."""
    import csv

    import numpy as np

    from .sources import load_dataset
    from .vectors import embed_items

    recipe = recipe_from(args)
    dataset = load_dataset(recipe.dataset, on_notice=_warn)
    vectors = embed_items(recipe, dataset, progress=_progress("embed") if args.progress else None)
    for notice in vectors.notices:
        _warn(notice)
    if args.out:
        with _writing(args.out) as path, path.open("wb") as file:
            np.save(file, vectors.values)
    if args.ids:
        with _writing(args.ids) as path, path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["item_id"])
            writer.writerows([item] for item in dataset.catalog.item_ids.tolist())
    if not args.progress:
        shape = " x ".join(str(size) for size in vectors.values.shape)
        print(f"{shape} float32 vectors, model {vectors.model}, {vectors.precision}, fingerprint {vectors.fingerprint}")


def run_recommend(args: argparse.Namespace) -> None:
    """Rank for one user (JSON or a table) or many (a file)."""
    from .sources import load_dataset

    started = perf_counter()
    if args.users and not args.out:
        raise InputError("--users needs --out FILE (.parquet or .csv)")
    if args.out and args.out.suffix.lower() not in (".parquet", ".csv"):
        raise InputError(f"--out must end in .parquet or .csv, got {args.out.name}")
    name = getattr(args, "recipe_dataset", Recipe.default_of("dataset"))
    dataset = load_dataset(name, on_notice=_warn)
    loaded_ms = round((perf_counter() - started) * 1000, 3)
    _recommend(args, dataset, recipe_from(args, n_items=len(dataset.catalog)), loaded_ms)


def _recommend(args: argparse.Namespace, dataset: Any, recipe: Recipe, loaded_ms: float) -> None:
    from .answer import answer, columns
    from .pipeline import recall, user_indices

    everybody = args.users == "all"
    ids = [] if everybody else [args.user] if args.user is not None else args.users.split(",")
    users = None if everybody else user_indices(dataset.interactions, ids)
    run = recall(recipe, dataset, users)
    for notice in run.notices:
        _warn(notice)
    if args.out:
        table = columns(run, dataset)
        with _writing(args.out) as path:
            _write_table(path, args.out.suffix.lower(), table)
        print(f"{len(table['rank']):,} rows for {len(run.users.users):,} users written to {args.out}")
    if args.user is None:
        return
    result = answer(run, dataset, 0)
    result["timings_ms"] = {"load": loaded_ms, **result["timings_ms"]}
    if args.json:
        _print_json(result)
    elif not args.out:
        _print_list(result, recipe)


def _print_list(result: dict[str, Any], recipe: Recipe) -> None:
    scorer = recipe.build("score")
    print(f"user {result['user_id']}, {recipe.metric}, {result['dataset']['name']}")
    for entry in result["items"]:
        print(f"{entry['rank']:>4}  {scorer.native(entry['score']):8.4f}  {entry['title']}")
    if result["message"]:
        print(result["message"])


def run_layout(args: argparse.Namespace) -> None:
    """Compute the map, or find it in the cache."""
    from .maps import build_layout, load_layout
    from .sources import load_dataset
    from .vectors import embed_items

    recipe = recipe_from(args)
    dataset = load_dataset(recipe.dataset, on_notice=_warn)
    progress = _progress("embed") if args.progress else None
    vectors = embed_items(recipe, dataset, progress=progress)
    layout = load_layout(vectors, recipe, args.dims, on_notice=_warn)
    if layout is None:
        layout = build_layout(vectors, recipe, args.dims, progress=_progress("layout") if args.progress else None)
    for notice in (*vectors.notices, *layout.notices):
        _warn(notice)
    if not args.progress:
        print(f"{args.dims}-D map of {len(layout.xy):,} items, trustworthiness {layout.trustworthiness:.3f}")


def _write_table(path: Path, suffix: str, table: dict[str, Any]) -> None:
    import pyarrow as pa

    arrow = pa.table({name: pa.array(values) for name, values in table.items()})
    if suffix == ".csv":
        from pyarrow import csv as arrow_csv

        arrow_csv.write_csv(arrow, path)
    else:
        from pyarrow import parquet

        parquet.write_table(arrow, path)


class _writing:
    """A file that appears whole or not at all; a folder that cannot be written gives one sentence."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._draft = target.with_name(f".{target.name}.part")

    def __enter__(self) -> Path:
        if not self._target.parent.is_dir():
            raise InputError(f"cannot write {self._target}: the folder {self._target.parent} does not exist")
        return self._draft

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        try:
            if kind is None:
                self._draft.replace(self._target)
            else:
                self._draft.unlink(missing_ok=True)
        except OSError as problem:
            raise InputError(f"cannot write {self._target}: {problem.strerror}") from problem
        if isinstance(error, OSError):
            raise InputError(f"cannot write {self._target}: {error.strerror}") from error


def _progress(what: str) -> Callable[[int, int, float | None], None]:
    def report(done: int, total: int, eta_s: float | None) -> None:
        eta = None if eta_s is None else round(eta_s, 1)
        print(json.dumps({"stage": what, "done": done, "total": total, "eta_s": eta}), flush=True)

    return report


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2))


def _warn(notice: str) -> None:
    print(f"recallscope: {notice}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
