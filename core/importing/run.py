"""The import itself: read, clean, build, keep. Straight-line calls; nothing is kept unless all of it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ..clean.runner import clean, rules_from
from ..clean.state import NO_TIME, Items, Log, Rule
from ..errors import InputError, UnknownNameError
from ..pipeline import Clock
from ..registry import stage
from ..sheets import INTERACTIONS, ITEMS, NAMES, TAGS, Ledger
from ..store.paths import data_dir
from ..store.tables import REJECTED, parquet_bytes, write_dataset
from .build import Built, Cleaned, build, switched_off
from .files import Looked, checked, look, of_kind
from .items import ReadItems, read_items
from .log import ReadLog, read_log, with_known
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
    _check_free(plan, folder.exists())
    tell("read", 0, len(STEPS))
    files = look(plan)
    good = checked(files)
    items, log = _read(good, plan)
    clock.lap("read")
    tell("clean", 1, len(STEPS))
    cleaned = _clean(items, log, plan)
    clock.lap("clean")
    tell("build", 2, len(STEPS))
    built = build(cleaned, good, files, plan)
    clock.lap("build")
    tell("keep", 3, len(STEPS))
    extra = {} if built.rejected is None else {REJECTED: parquet_bytes(built.rejected)}
    try:
        write_dataset(folder, built.dataset, extra, replace=plan.replace)
    except FileExistsError:
        _check_free(plan, True)
    clock.lap("keep")
    tell("keep", len(STEPS), len(STEPS))
    return _report(built, clock.done())


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


def _read(good: Sequence[Looked], plan: ImportPlan) -> tuple[CleanItems | None, ReadLog]:
    """Read the log beside reading and cleaning the items: arrow reads while Python tidies texts."""
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read_log, of_kind(good, INTERACTIONS), plan)
        items = _read_items(good, plan)
        return items, reading.result()


def _read_items(good: Sequence[Looked], plan: ImportPlan) -> CleanItems | None:
    files = of_kind(good, ITEMS)
    if not files:
        return None
    items = read_items(files[0], of_kind(good, TAGS), of_kind(good, NAMES))
    return CleanItems(items, *clean(items.state, _rules(ITEMS, plan), items.rows.show, items.rows.unread()))


def _clean(items: CleanItems | None, read: ReadLog, plan: ImportPlan) -> Cleaned:
    known = None if items is None else frozenset(items.kept.ids.tolist())
    log = with_known(read.log, known, {} if items is None else items.kept.renamed)
    log, ledger, dropped = clean(log, _rules(INTERACTIONS, plan), read.rows.show, read.rows.unread())
    if not len(log):
        raise InputError(_nothing_left(ledger, read.rows.sheets[0].name))
    _check_whole(log, read)
    parts: list[tuple[Rows, Dropped]] = [(read.rows, dropped)]
    ledgers = [ledger]
    if items is not None:
        parts.append((items.read.rows, items.dropped))
        ledgers.append(items.ledger)
    source, kept = (None, None) if items is None else (items.read, items.kept)
    return Cleaned(source, kept, log, read, tuple(ledgers), rejected_table(parts))


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
    missing = (
        ("user_id", "missing_user", log.users < 0),
        ("item_id", "missing_item", log.items < 0),
        ("weight", "bad_weight", np.zeros(0, dtype=bool) if log.values is None else np.isnan(log.values)),
        ("datetime", "bad_time", np.zeros(0, dtype=bool) if log.times is None else log.times == NO_TIME),
    )
    for role, rule, bad in missing:
        if bad.any():
            column = read.names.get(role, role)
            hint = f"let the rule {rule} take such rows out, or mend the file"
            problem = f"cannot stay without a {role}, like {int(bad.sum()):,} rows"
            raise read.rows.error(int(log.at[np.argmax(bad)]), column, problem, hint)


def _nothing_left(ledger: Ledger, file: str) -> str:
    if not ledger.rows_in:
        return f"{file} has no interactions: bring a file with a user and an item in each row"
    worst = max(ledger.entries, key=lambda entry: entry.dropped)
    return (
        f"no interaction of {file} is left after cleaning: the rule {worst.rule} took out {worst.dropped:,} of "
        f"{ledger.rows_in:,} ({worst.text.rstrip('.')}): switch it off, or check the roles of the columns"
    )


def _report(built: Built, timings_ms: Mapping[str, float]) -> Report:
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
        template=dataset.template,
        ledgers=dataset.ledgers,
        notices=built.notices,
        off=switched_off(dataset),
        n_rejected=0 if built.rejected is None else built.rejected.num_rows,
        timings_ms=timings_ms,
    )
