"""The import itself: read, clean, build, keep. Straight-line calls; nothing is kept unless all of it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..clean.runner import clean, rules_from
from ..clean.state import NO_TIME, Items, Log, Rule, counted
from ..clock import Clock
from ..errors import InputError, RecallscopeError, UnknownNameError
from ..registry import stage
from ..sheets import INTERACTIONS, ITEMS, NAMES, TAGS, Ledger
from ..store.manifest import MANIFEST
from ..store.paths import DATA_VARIABLE, data_dir
from ..store.tables import REJECTED, parquet_bytes, sweep_unfinished, write_dataset
from .build import Built, Cleaned, build, switched_off
from .files import Looked, Problem, checked, look, of_kind
from .inspect import file_view
from .items import ReadItems, read_items
from .log import ReadLog, read_log, with_known
from .others import Others, read_others
from .plan import ImportPlan, check_name
from .rejected import Dropped, rejected_table
from .rows import Rows
from .views import Report

Progress = Callable[[str, int, int], None]
"""Called with (stage, steps done, steps in all); stages: read, clean, build, keep."""

STEPS = ("read", "clean", "build", "keep")


def run_import(plan: ImportPlan, progress: Progress | None = None) -> Report:
    """Import the files of a plan and keep the data set.

    Raises InputError (FileError, UnknownNameError ...) with one sentence; then nothing was kept or changed.
    """
    clock, tell = Clock(), progress or (lambda stage, done, total: None)
    folder = data_dir() / "datasets" / check_name(plan.name)
    sweep_unfinished(folder.parent)
    _check_free(plan, os.path.lexists(folder / MANIFEST))
    tell("read", 0, len(STEPS))
    files = look(plan)
    good = checked(files)
    items, others, log = _read(good, plan)
    clock.lap("read")
    tell("clean", 1, len(STEPS))
    cleaned = _clean(items, others, log, plan)
    clock.lap("clean")
    tell("build", 2, len(STEPS))
    built = build(cleaned, good, files, plan)
    clock.lap("build")
    tell("keep", 3, len(STEPS))
    _keep(folder, built, plan)
    clock.lap("keep")
    tell("keep", len(STEPS), len(STEPS))
    return _report(built, files, clock.done())


def _keep(folder: Path, built: Built, plan: ImportPlan) -> None:
    """Raises InputError where the name was taken meanwhile, RecallscopeError where the disk refuses."""
    extra = {} if built.rejected is None else {REJECTED: parquet_bytes(built.rejected)}
    try:
        write_dataset(folder, built.dataset, extra, replace=plan.replace)
    except FileExistsError:
        _check_free(plan, True)
    except OSError as error:
        hint = f"make room there, or set {DATA_VARIABLE} to another folder"
        problem = f"{plan.name} could not be kept in {folder.parent} ({error.strerror or error}), nothing was changed"
        raise RecallscopeError(f"{problem}: {hint}") from error


def _check_free(plan: ImportPlan, taken: bool) -> None:
    if taken and not plan.replace:
        raise InputError(f"there is already a data set {plan.name}: choose another name, or let it be replaced")


@dataclass(frozen=True, slots=True, eq=False)
class CleanItems:
    """The items as read, what cleaning left of them, its ledger, and what it took out."""

    read: ReadItems
    kept: Items
    ledger: Ledger
    dropped: Dropped


def _read(good: Sequence[Looked], plan: ImportPlan) -> tuple[CleanItems | None, Others, ReadLog]:
    """Read the log beside reading and cleaning the items: arrow reads while Python tidies texts."""
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read_log, of_kind(good, INTERACTIONS), plan)
        others = read_others(of_kind(good, TAGS), of_kind(good, NAMES))
        items = _read_items(good, others, plan)
        return items, others, reading.result()


def _read_items(good: Sequence[Looked], others: Others, plan: ImportPlan) -> CleanItems | None:
    files = of_kind(good, ITEMS)
    if not files:
        return None
    items = read_items(files[0], others)
    found = CleanItems(items, *clean(items.state, _rules(ITEMS, plan), items.rows.show, items.rows.unread()))
    _check_items(found, files[0].meaning.columns("item_id")[0])
    return found


def _check_items(items: CleanItems, column: str) -> None:
    """Each item needs an id of its own, even where the rules for that are off. Raises FileError."""
    ids = items.kept.ids
    first: dict[str, int] = {}
    for place, item in enumerate(ids.tolist()):
        if not item:
            hint = "let the rule item_missing_id take such rows out, or mend the file"
            raise items.read.rows.error(int(items.kept.at[place]), column, "is no item_id", hint)
        if first.setdefault(item, place) != place:
            hint = "let the rule item_repeats keep the first, or mend the file"
            raise items.read.rows.error(int(items.kept.at[place]), column, "stands more than once", hint)


def _clean(items: CleanItems | None, others: Others, read: ReadLog, plan: ImportPlan) -> Cleaned:
    known = None if items is None else frozenset(items.kept.ids.tolist())
    log = with_known(read.log, known, {} if items is None else items.kept.renamed)
    log, ledger, dropped = clean(log, _rules(INTERACTIONS, plan), read.rows.show, read.rows.unread())
    if not len(log):
        raise InputError(_nothing_left(ledger, read, items))
    _check_whole(log, read)
    parts: list[tuple[Rows, Dropped]] = [(read.rows, dropped)]
    ledgers = [ledger]
    if items is not None:
        parts.append((items.read.rows, items.dropped))
        ledgers.append(items.ledger)
    source, kept = (None, None) if items is None else (items.read, items.kept)
    notices = (*read.notices, *(() if source is None else source.notices), *others.notices)
    return Cleaned(source, kept, log, read, tuple(ledgers), rejected_table(parts), others.tags, notices)


def _rules(table: str, plan: ImportPlan) -> tuple[tuple[Rule, str], ...]:
    tables = {key: stage("clean").get(key).table for key in stage("clean").names()}
    for key, _ in plan.rules:
        if key not in tables:
            raise UnknownNameError("cleaning rule", key, tables)
    for name, _ in plan.knobs:
        if name.partition(".")[0] not in tables:
            raise UnknownNameError("cleaning rule", name.partition(".")[0], tables)
    modes = {key: mode for key, mode in plan.rules if tables[key] == table}
    knobs = {name: value for name, value in plan.knobs if tables[name.partition(".")[0]] == table}
    return rules_from(table, modes, knobs)


def _check_whole(log: Log, read: ReadLog) -> None:
    """Rows that say nothing cannot stay, even where the rule that takes them out is off. Raises FileError."""
    none = np.zeros(0, dtype=bool)
    missing = (
        ("user_id", "missing_user", log.users < 0),
        ("item_id", "missing_item", log.items < 0),
        ("weight", "bad_weight", none if log.values is None else ~np.isfinite(log.values)),
        ("datetime", "bad_time", none if log.times is None else log.times == NO_TIME),
        ("position", "bad_position", none if log.position is None or log.times is not None else np.isnan(log.position)),
    )
    for role, rule, bad in missing:
        if bad.any():
            hint = f"let the rule {rule} take such rows out, or mend the file"
            problem = f"is no {role}, as in {counted(int(bad.sum()), 'row')} that would stay"
            raise read.rows.error(int(log.at[np.argmax(bad)]), read.names.get(role, role), problem, hint)


def _nothing_left(ledger: Ledger, read: ReadLog, items: CleanItems | None) -> str:
    file = read.rows.sheets[0].name
    if not ledger.rows_in:
        return f"{file} has no interactions: bring a file with a user and an item in each row"
    worst = max(ledger.entries, key=lambda entry: entry.dropped)
    said = (
        f"no interaction of {file} is left after cleaning: the rule {worst.rule} took out {worst.dropped:,} of "
        f"{ledger.rows_in:,} ({worst.text.rstrip('.')})"
    )
    if worst.rule == "unknown_item" and items is not None and len(items.kept) and len(read.log.item_ids):
        one, other = str(read.log.item_ids[0])[:40], str(items.kept.ids[0])[:40]
        return f"{said}: the log calls items like {one!r}, the items file like {other!r}: check the columns of item ids"
    return f"{said}: switch it off, or check the roles of the columns"


def _report(built: Built, files: Sequence[Looked | Problem], timings_ms: Mapping[str, float]) -> Report:
    dataset = built.dataset
    return Report(
        name=dataset.name,
        label=dataset.label,
        fingerprint=dataset.fingerprint,
        n_users=dataset.interactions.n_users,
        n_items=len(dataset.catalog),
        n_interactions=len(dataset.interactions),
        feedback=dataset.feedback,
        time=built.time,
        files=tuple(file_view(file) for file in files),
        template=dataset.template,
        ledgers=dataset.ledgers,
        notices=built.notices,
        off=switched_off(dataset),
        n_rejected=0 if built.rejected is None else built.rejected.num_rows,
        timings_ms=timings_ms,
    )
