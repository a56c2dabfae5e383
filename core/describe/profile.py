"""Every figure about a data set, as one value."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..types import Dataset
from .activity import Activity, activity
from .category_mix import CategoryMix, category_mix
from .cold_start import ColdStart, cold_start
from .languages import LanguageMix, language_mix
from .long_tail import LongTail, long_tail
from .summary import Summary, summarise
from .texts import TextLength, text_length
from .timeline import Timeline, timeline
from .weights import Weights, weights_of


@dataclass(frozen=True, slots=True)
class Profile:
    """A data set in figures; each part says in its docstring what it counts and over what.

    ordered: histories stand oldest first, by time or by a given order. timeline: None without times.
    languages: None where they were not asked for.
    """

    name: str
    label: str
    fingerprint: str
    ordered: bool
    summary: Summary
    long_tail: LongTail
    activity: Activity
    cold: ColdStart
    weights: Weights
    timeline: Timeline | None
    categories: CategoryMix
    texts: TextLength
    languages: LanguageMix | None

    def to_json(self) -> dict[str, Any]:
        """The same as plain values: dicts, lists, numbers and text; None where a figure is undefined."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


def describe(dataset: Dataset, *, languages: bool = True) -> Profile:
    """Every figure of a data set.

    languages: estimate them as well, which takes longer than all the rest (about a second).
    Raises InputError where the data set's item-text template cannot be read.
    """
    log = dataset.interactions
    per_user = np.diff(log.indptr)
    per_item = np.bincount(log.items, minlength=len(dataset.catalog))
    return Profile(
        name=dataset.name,
        label=dataset.label,
        fingerprint=dataset.fingerprint,
        ordered=log.ordered,
        summary=summarise(dataset),
        long_tail=long_tail(per_item),
        activity=activity(per_user),
        cold=cold_start(per_user, per_item),
        weights=weights_of(dataset),
        timeline=timeline(log),
        categories=category_mix(dataset.catalog),
        texts=text_length(dataset),
        languages=language_mix(dataset) if languages else None,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
