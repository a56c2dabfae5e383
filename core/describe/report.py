"""The profile as lines of text, for a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from .advice import advice, percent
from .languages import language_name
from .profile import Profile

WIDTH = 14
BAR = 30
SHOWN = 5


def print_lines(profile: Profile) -> list[str]:
    """A report of at most 100 characters a line where the data's own names allow it: the figures, then the advice."""
    facts = [f"{name:<{WIDTH}}{text}" for name, text in _facts(profile)]
    told = [line for one in advice(profile) for line in (f"[{one.level}] {one.text}", f"       {one.consequence}")]
    return [profile.label, "", *facts, "", *_histogram(profile), *([""] if told else []), *told]


def _facts(profile: Profile) -> Iterator[tuple[str, str]]:
    facts, tail, cold = profile.summary, profile.long_tail, profile.cold
    yield "users", f"{facts.n_users:,}, {_number(facts.per_user)} interactions in the median"
    yield (
        "items",
        f"{facts.n_items:,}; {cold.items:,} with no interactions, {cold.near_items:,} with 1 to {cold.few - 1}",
    )
    yield "interactions", f"{facts.n_interactions:,}, {_share(facts.density)} of the user x item table"
    yield "long tail", f"Gini {_number(tail.gini, 2)} ({_number(tail.gini_touched, 2)} over items with interactions)"
    yield "", f"top 1 / 10 / 20 % of items: {_share(tail.top_1)} / {_share(tail.top_10)} / {_share(tail.top_20)}"
    yield "", f"{tail.half_items:,} items make half of all interactions"
    yield "cold users", f"{cold.users:,} with fewer than {cold.few} interactions ({_share(cold.users_share)})"
    yield "time", _time(profile)
    yield "weights", _weights(profile)
    mix = profile.categories
    top = ", ".join(f"{name} {count:,}" for name, count in mix.top[:SHOWN])
    yield "categories", f"{mix.n_categories:,}{f': {top}' if top else ''}; {mix.without:,} items without any"
    texts = profile.texts
    yield "texts", f"{_number(texts.median_words)} words in the median, {texts.empty:,} empty"
    yield "", f"{_share(texts.short_share)} below {texts.short} words, {_share(texts.long_share)} from {texts.long} on"
    if profile.languages is not None:
        yield "languages", _languages(profile)


def _time(profile: Profile) -> str:
    line = profile.timeline
    if line is None:
        return "no times, but an order" if profile.ordered else "no times and no order"
    busiest = max(range(len(line.counts)), key=line.counts.__getitem__)
    return (
        f"{_day(profile.summary.first)} to {_day(profile.summary.last)}; the busiest {line.unit}, from "
        f"{line.starts[busiest]}, has {line.counts[busiest]:,}"
    )


def _weights(profile: Profile) -> str:
    weights = profile.weights
    span = f"{_number(weights.low)} to {_number(weights.high)}, {_number(weights.median)} in the median"
    if weights.scale is None:
        return f"{weights.kind}: {span}"
    if len(weights.scale.values) == 1:
        return f"{weights.kind}: all {weights.low:g}"
    return (
        f"{weights.kind}: {span}; the commonest, {weights.scale.commonest:g}, makes "
        f"{_share(weights.scale.commonest_share)}; evenness {_number(weights.scale.evenness, 2)}"
    )


def _languages(profile: Profile) -> str:
    mix = profile.languages
    if mix is None or not mix.told:
        return "could not be told"
    top = ", ".join(f"{language_name(code)} {_share(mix.share(code))}" for code, _ in mix.found[:SHOWN])
    return f"{top} (estimated from {mix.told:,} of {mix.sampled:,} sampled items)"


def _histogram(profile: Profile) -> Iterator[str]:
    bins = profile.long_tail.per_item
    most = max(bins.counts, default=0)
    yield f"items by their number of interactions{'' if most else ': none'}"
    for label, count in zip(bins.labels, bins.counts, strict=True):
        yield f"{label:>{WIDTH}} {'#' * max(round(BAR * count / most), 1 if count else 0):<{BAR}} {count:,}"


def _day(seconds: int | None) -> str:
    """A date, however far off; datetime ends at the year 9999."""
    return "-" if seconds is None else str(np.datetime64(seconds, "s").astype("datetime64[D]"))


def _share(share: float) -> str:
    return "-" if math.isnan(share) else percent(share)


def _number(number: float, digits: int = 0) -> str:
    if math.isnan(number):
        return "-"
    return f"{number:.{digits}f}" if digits else f"{number:,.7g}"
