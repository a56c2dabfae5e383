"""What an import would do, before it does: files, kinds, roles, formats, weights, each with values to check it by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..errors import FileError, InputError
from ..roles.feedback import feedback_of, rating_scale
from ..sheets import INTERACTIONS, ITEMS, ROLES, TAGS, Sheet
from ..types import Array
from ..values import as_ids, as_numbers, as_texts, as_times
from .files import Looked, Problem, checked, look, of_kind, whole
from .items import field_name, template_of
from .log import event_weights
from .plan import ImportPlan
from .rows import under_each_other
from .views import ColumnView, FileView, Inspection

BINS = 20
MOST_EVENTS = 50
SAMPLES = 3
COUNTED_BYTES = 64 << 20
"""A file up to this size is read once more, only to say how many rows it has."""


def inspect(plan: ImportPlan) -> Inspection:
    """Fill the plan's blanks, and show what came of it.

    A file that cannot be used is shown with its problem and keeps the others from nothing. Raises InputError only for
    choices of the plan that are none: an unknown kind, role or column.
    """
    files = look(plan)
    views = tuple(file_view(file, count=True) for file in files)
    try:
        good = checked(files)
        return _with_weights(Inspection(views, template=_template(good, plan)), good, plan)
    except InputError as error:
        return Inspection(views, problem=str(error))


def file_view(file: Looked | Problem, *, count: bool = False) -> FileView:
    """A file as it was understood; count: say how many rows it has where its head does not tell."""
    size = _size(file.plan.path)
    if isinstance(file, Problem):
        return FileView(file.plan.name, size, problem=file.text)
    meaning, sheet = file.meaning, file.sheet
    view = FileView(
        name=file.plan.name,
        n_bytes=size,
        kind=meaning.kind,
        confidence=meaning.confidence,
        reason=meaning.reason,
        guesses=meaning.guesses,
    )
    if sheet is None:
        return replace(view, n_rows=file.shape[0])
    return replace(
        view,
        dialect=sheet.dialect,
        n_rows=len(sheet.rows) + sheet.n_unread if sheet.whole else _counted(file, size) if count else -1,
        columns=tuple(ColumnView(name, samples(sheet, name)) for name in sheet.columns),
        notices=sheet.notices,
    )


def _counted(file: Looked, size: int) -> int:
    """How many records a file has, by reading one of its columns; -1 where it is large or cannot be read to its end."""
    if file.sheet is None or size > COUNTED_BYTES or file.meaning.kind == INTERACTIONS:
        return -1
    try:
        sheet = whole(file, file.sheet.columns[:1])
    except FileError:
        return -1  # the import will say what is wrong
    return len(sheet.rows) + sheet.n_unread


def samples(sheet: Sheet, column: str) -> tuple[str, ...]:
    """Three distinct values of a column, those that stand first."""
    texts = as_texts(sheet.table.column(column).slice(0, 200)).to_pylist()
    return tuple(text[:200] for text in list(dict.fromkeys(text for text in texts if text.strip()))[:SAMPLES])


def _with_weights(seen: Inspection, good: Sequence[Looked], plan: ImportPlan) -> Inspection:
    """What the columns of weights, events and times of the logs say, over all of their rows."""
    logs = of_kind(good, INTERACTIONS)
    first = logs[0].meaning
    shared = [role for role in ROLES[INTERACTIONS] if all(log.meaning.column(role) for log in logs)]
    roles = [role for role in ("user_id", "weight", "event", "datetime") if role in shared]
    sheets = [whole(log, [log.meaning.column(role) or "" for role in roles]) for log in logs]
    columns = {
        role: under_each_other(
            [sheet.table.column(log.meaning.column(role) or "") for sheet, log in zip(sheets, logs, strict=True)]
        )
        for role in roles
    }
    values = as_numbers(columns["weight"]).values if "weight" in columns else None
    event = first.column("event") if "event" in columns else None
    feedback = plan.feedback or feedback_of(first.column("weight") if values is not None else None, values, event)
    known = np.empty(0) if values is None else values[np.isfinite(values)]
    rows = {log.plan.name: len(sheet.rows) + sheet.n_unread for log, sheet in zip(logs, sheets, strict=True)}
    return replace(
        seen,
        files=tuple(replace(view, n_rows=rows.get(view.name, view.n_rows)) for view in seen.files),
        feedback=feedback,
        scale=rating_scale(known) if feedback == "rating" and len(known) else None,
        histogram=histogram(known, feedback) if feedback in ("rating", "count") else (),
        events=_events(columns["event"], plan) if event else (),
        time="time" if {"datetime", "year"} & set(shared) else "position" if "position" in shared else "none",
        time_form=as_times(columns["datetime"], plan.time_form).form if "datetime" in columns else "",
    )


def histogram(values: Array, feedback: str) -> tuple[tuple[float, float, int], ...]:
    """(from, to, rows): one bar a rating where there are few distinct ones, else BINS; counts in powers of two."""
    if not len(values):
        return ()
    distinct, counts = np.unique(values, return_counts=True)
    if feedback == "rating" and len(distinct) <= BINS + 1:
        return tuple((float(value), float(value), int(count)) for value, count in zip(distinct, counts, strict=True))
    if feedback == "count" and values.min() > 0:
        top = int(np.floor(np.log2(values.max()))) + 1
        edges = 2.0 ** np.arange(min(0, int(np.floor(np.log2(values.min())))), top + 1)
    else:
        edges = np.histogram_bin_edges(values, BINS)
    found, edges = np.histogram(values, edges)
    return tuple((float(low), float(high), int(n)) for low, high, n in zip(edges, edges[1:], found, strict=False))


def _events(column: object, plan: ImportPlan) -> tuple[tuple[str, int, float], ...]:
    ids = as_ids(column)
    counts = np.bincount(ids.codes[ids.codes >= 0], minlength=len(ids.names))
    order = np.argsort(-counts, kind="stable")[:MOST_EVENTS]
    found = [(str(ids.names[code]), int(counts[code])) for code in order]
    weights = event_weights([name for name, _ in found], plan)
    return tuple((name, count, float(weight)) for (name, count), weight in zip(found, weights, strict=True))


def _template(good: Sequence[Looked], plan: ImportPlan) -> str:
    if plan.template:
        return plan.template
    files = of_kind(good, ITEMS)
    if not files or files[0].sheet is None:
        return template_of(False, (), {}, bool(of_kind(good, TAGS)))
    sheet, meaning = files[0].sheet, files[0].meaning
    fields: dict[str, Array] = {}
    for column in meaning.columns("text"):
        fields[field_name(column, tuple(fields))] = as_texts(sheet.table.column(column)).to_numpy(zero_copy_only=False)
    tagged = bool(meaning.columns("category")) or bool(of_kind(good, TAGS))
    return template_of(bool(meaning.columns("title")), tuple(fields), fields, tagged)


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except (OSError, ValueError):
        return 0
