"""From cleaned rows to a data set: weights, catalogue, vectors that came along, and how it was all made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..clean.state import Items, Log
from ..datasets.build import CodedRows, catalog_of, fingerprint, interactions_of
from ..datasets.ids import objects
from ..embed.template import fields_in
from ..errors import InputError, UnknownNameError
from ..sheets import ITEMS, UNUSED, VECTORS, Ledger
from ..types import Array, Catalog, Dataset
from .files import Looked, Problem, of_kind
from .items import ReadItems, template_of
from .log import ReadLog
from .own_vectors import brought_along, matrix_for
from .plan import ImportPlan


@dataclass(frozen=True, slots=True, eq=False)
class Cleaned:
    """What cleaning left. items: None where no items were brought along."""

    source: ReadItems | None
    items: Items | None
    log: Log
    read: ReadLog
    ledgers: tuple[Ledger, ...]
    rejected: Any
    tags: Mapping[str, tuple[str, ...]]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """A data set before it is kept, and what was left out on the way (arrow table or None)."""

    dataset: Dataset
    rejected: Any
    notices: tuple[str, ...]
    time: str


def build(cleaned: Cleaned, good: Sequence[Looked], files: Sequence[Looked | Problem], plan: ImportPlan) -> Built:
    """Put it together.

    Raises FileError where vectors do not fit the items, InputError for a threshold or an item text that cannot be.
    """
    log, source = cleaned.log, cleaned.source
    weights, positive_from, shift = scaled(log, plan)
    catalog, own = _catalog(cleaned, good)
    rows = CodedRows(log.users, log.items, log.user_ids, log.item_ids, weights, log.times, log.position)
    interactions = interactions_of(rows, catalog, positive_from=positive_from)
    template = _template(plan, catalog, () if source is None else source.text_fields)
    feedback = log.feedback if log.feedback not in ("count", "none") or plan.log_counts else "amount"
    notices = (*_said(plan, log, shift), *cleaned.notices, *_unused(files))
    dataset = Dataset(
        name=plan.name,
        label=plan.label.strip() or plan.name,
        catalog=catalog,
        interactions=interactions,
        fingerprint=fingerprint(catalog, interactions, feedback, template, b"" if own is None else own.tobytes()),
        source=", ".join(file.plan.name for file in good),
        feedback=feedback,
        template=template,
        own_vectors=own,
        ledgers=cleaned.ledgers,
        origin={**_origin(plan, good, cleaned, notices), "shift": shift},
    )
    return Built(dataset, cleaned.rejected, notices, cleaned.read.time)


def _template(plan: ImportPlan, catalog: Catalog, text_fields: Sequence[str]) -> str:
    if not plan.template:
        titled = bool(catalog.fields["title"].any())
        return template_of(titled, text_fields, catalog.fields, any(catalog.categories))
    for name in fields_in(plan.template):
        if name not in catalog.fields:
            raise UnknownNameError("field of the item text", name, catalog.fields)
    return plan.template


def _said(plan: ImportPlan, log: Log, shift: float) -> tuple[str, ...]:
    """What was done to the weights, or not, that a reader would not expect."""
    said = []
    if plan.positive_from is not None and log.feedback != "rating":
        said.append(f"The threshold {plan.positive_from:g} plays no part: there are no ratings.")
    if shift:
        said.append(f"Ratings start below 0: {shift:g} was added to each, so that none weighs less than nothing.")
    return tuple(said)


def scaled(log: Log, plan: ImportPlan) -> tuple[Array, float, float]:
    """The weights of a cleaned log (n,) >= 0, from which weight on they count as liked, and what was added to them.

    Ratings stay as they are, unless some lie below 0: then all are moved up, so that the lowest of the scale is 0, and
    the threshold with them. A count c weighs log2(1 + c), so that one time is 1.
    """
    values = np.ones(len(log)) if log.values is None else log.values
    if log.feedback == "rating":
        lowest = float(values.min(initial=0.0))
        shift = -min(lowest, log.scale[0] if np.isfinite(log.scale[0]) else lowest) if lowest < 0 else 0.0
        if plan.positive_from is None:
            return values + shift, 0.0, shift
        if not (values >= plan.positive_from).any():
            highest = f"the highest rating is {values.max():g}"
            raise InputError(f"no rating reaches positive_from {plan.positive_from:g}, {highest}: choose a lower one")
        return values + shift, max(0.0, plan.positive_from + shift), shift
    if log.feedback in ("count", "none") and plan.log_counts:
        return np.log2(1.0 + np.maximum(values, 0.0)), 0.0, 0.0
    return np.maximum(values, 0.0), 0.0, 0.0


def _catalog(cleaned: Cleaned, good: Sequence[Looked]) -> tuple[Catalog, Array | None]:
    """The kept items, then items that the log knows and no file describes; their vectors where some came along."""
    used = np.flatnonzero(np.bincount(cleaned.log.items, minlength=len(cleaned.log.item_ids)))
    in_log = cleaned.log.item_ids[used].tolist()
    source, kept = cleaned.source, cleaned.items
    if source is None or kept is None:
        tags = cleaned.tags
        catalog = catalog_of({"item_id": objects(in_log), "category": [tags.get(item, ()) for item in in_log]})
        vectors = brought_along(of_kind(good, VECTORS), ())
        return catalog, _own(vectors, catalog, good)
    ids = kept.ids.tolist()
    bare = sorted(set(in_log) - set(ids))
    at = kept.at
    columns: dict[str, Any] = {name: [*values[at], *[""] * len(bare)] for name, values in source.fields.items()}
    columns |= {
        "item_id": objects([*ids, *bare]),
        "title": [*kept.titles, *[""] * len(bare)],
        "category": [*(source.categories[place] for place in at), *(cleaned.tags.get(item, ()) for item in bare)],
    }
    catalog = catalog_of(columns)
    vectors = brought_along(of_kind(good, VECTORS), source.state.ids.tolist())
    if vectors is None and source.vectors is not None:
        vectors = {item: row for item, row in zip(ids, source.vectors[at], strict=True) if not np.isnan(row[0])}
    return catalog, _own(vectors, catalog, good)


def _own(vectors: Mapping[str, Array] | None, catalog: Catalog, good: Sequence[Looked]) -> Array | None:
    if vectors is None:
        return None
    files = of_kind(good, VECTORS) or of_kind(good, ITEMS)
    return matrix_for(dict(vectors), [str(item) for item in catalog.item_ids.tolist()], files[0].plan.name)


def _unused(files: Sequence[Looked | Problem]) -> tuple[str, ...]:
    """What was brought along and plays no part, and why."""
    said = []
    for file in files:
        if isinstance(file, Problem):
            said.append(f"Not used: {file.text.rstrip('.')}.")
        elif file.meaning.kind == UNUSED:
            why = file.meaning.reason.rstrip(".")
            said.append(f"Not used: {file.plan.name}{': ' + why if why else ''}.")
    return tuple(said)


def _origin(plan: ImportPlan, good: Sequence[Looked], cleaned: Cleaned, notices: Sequence[str]) -> dict[str, Any]:
    """How the set was made, for its manifest: the plan as it was carried out, so that it can be carried out again."""
    files = []
    for file in good:
        roles = [[guess.role, list(guess.columns)] for guess in file.meaning.guesses if guess.columns]
        named = asdict(file.plan.dialect)  # only what the user chose: what we found, we find again
        files.append({"path": "", "name": file.plan.name, "kind": file.meaning.kind, "dialect": named, "roles": roles})
    carried_out = {**plan.to_json(), "files": files, "feedback": cleaned.log.feedback}
    return {"plan": carried_out, "time": cleaned.read.time, "form": cleaned.read.form, "notices": list(notices)}


def switched_off(dataset: Dataset) -> tuple[str, ...]:
    """What this data cannot do, a sentence each."""
    log = dataset.interactions
    said = []
    if log.times is None:
        order = "their order is known" if log.ordered else "not even their order is known"
        said.append(
            f"The interactions have no times ({order}): the half-life, the picture over time and the rules that look "
            "for speed and bursts are switched off."
        )
    if not dataset.catalog.fields["title"].any():
        said.append(
            "The items have no titles: they are shown by their ids, and a language model learns little from those."
        )
    if dataset.feedback != "rating":
        said.append("There are no ratings: nothing tells disliked from liked, so the threshold for it is switched off.")
    return tuple(said)
