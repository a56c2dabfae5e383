"""A run in plain values: what the command line prints and what the page shows are the same numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np

from .counting import counted, in_context
from .explain.ledger import Entry, Gone, category_names, ledger
from .recipe import Recipe
from .serving import has_space, scale_of
from .types import Dataset, RuleEffect, Run

CHANNEL_COLUMN = "channel_"
"""A table's column with the ranks of one channel is called so and by the channel's name."""
LEDGER_COLUMNS = ("rank_before", "relevance", "penalty", "cause", "similarity", "reason", "step", "category")
"""What a sheet says of each item of a list that was rearranged."""


def status(run: Run, row: int) -> str:
    """ok | no_history | no_direction (the history cancels out) | nothing_left (all seen) | nothing_passes."""
    if not run.users.known[row]:
        return "no_direction" if run.users.has_history[row] else "no_history"
    if run.selected.items.shape[1] and run.selected.items[row, 0] >= 0:
        return "ok"
    return "nothing_left" if np.isnan(run.best_score[row]) else "nothing_passes"


def near_miss(run: Run, row: int) -> float:
    """How far the best candidate is from the threshold, in the metric's own unit, >= 0; NaN without a threshold."""
    if run.recipe.threshold is None:
        return float("nan")
    best = float(scale_of(run.recipe).native(run.best_score[row]))
    return abs(run.recipe.threshold - best)


def message(run: Run, row: int) -> str:
    """One sentence about a list that is empty, "" for one that is not."""
    scorer = scale_of(run.recipe)
    what = status(run, row)
    if what == "no_history":
        if chosen := in_context(run.recipe):
            return f"nothing this user liked counts under {', '.join(chosen)}: no list"
        return "this user has no history to build a vector from: no list"
    if what == "no_direction":
        return "the items of this user's history cancel each other out: no direction to recommend in, no list"
    if what == "nothing_left" and (run.recipe.rules.strip() or run.recipe.as_of):
        left = "that the rules and the moment leave"
        return f"the user already has every item {left}: loosen them, or use exclude_seen=false"
    if what == "nothing_left":
        return "the user already has every item of the catalogue; use exclude_seen=false to rank them again"
    if what == "nothing_passes":
        best = float(scorer.native(run.best_score[row]))
        return (
            f"nothing passes the threshold {run.recipe.threshold:g} ({scorer.keeps} is kept); "
            f"the best candidate is at {digits(best)}, {near_miss(run, row):.3g} away"
        )
    return ""


def listed(run: Run, dataset: Dataset, row: int) -> list[dict[str, Any]]:
    """One user's list: rank (from 1), item_id, title, score (higher is better), for a merged list also channels."""
    items, scores = run.selected.items[row], run.selected.scores[row]
    return [
        {
            "rank": rank,
            "item_id": plain(dataset.catalog.item_ids[item]),
            "title": str(dataset.catalog.titles[item]),
            "score": digits(score),
            **({"channels": channels_at(run, row, rank - 1)} if run.channels else {}),
        }
        for rank, (item, score) in enumerate(zip(items, scores, strict=True), start=1)
        if item >= 0
    ]


def channels_at(run: Run, row: int, place: int) -> dict[str, int]:
    """The channels that brought the item at one place (from 0) of a merged list, the best rank first."""
    ranks = {name: int(given[row, place]) for name, given in run.channels.items()}
    return dict(sorted(((name, rank) for name, rank in ranks.items() if rank > 0), key=lambda pair: pair[1]))


def answer(run: Run, dataset: Dataset, row: int) -> dict[str, Any]:
    """One user's answer, ready for JSON."""
    interactions = dataset.interactions
    best = float(run.best_score[row])
    return {
        "recipe": run.recipe.to_flat(),
        "dataset": {
            "name": dataset.name,
            "fingerprint": dataset.fingerprint,
            "n_users": interactions.n_users,
            "n_items": len(dataset.catalog),
            "n_interactions": len(interactions),
        },
        "model": run.model,
        "user_id": plain(interactions.user_ids[run.users.users[row]]),
        "status": status(run, row),
        "message": message(run, row),
        **_with_context(run, dataset, row),
        **_with_ledger(run, dataset, row),
        "n_above_threshold": int(run.n_above_threshold[row]),
        "best_score": None if np.isnan(best) else digits(best),
        "timings_ms": dict(run.timings_ms),
        "notices": list(run.notices),
    }


def _with_context(run: Run, dataset: Dataset, row: int) -> dict[str, Any]:
    """Where there is a context, how many interactions count in it; where there are rules, what each did."""
    found = counted(run.recipe, dataset, int(run.users.users[row]))
    context = {} if found is None else {"context": asdict(found)}
    return context if not run.rules else context | {"rules": [_effect(dataset, effect) for effect in run.rules]}


def _effect(dataset: Dataset, effect: RuleEffect) -> dict[str, Any]:
    """``touched`` items of the catalogue; ``entered``, ``left``, ``moved``: of the list, beside that without the
    rule."""
    return {
        "rule": effect.text,
        "touched": effect.touched,
        "entered": [_named(dataset, item) for item in effect.entered],
        "left": [_named(dataset, item) for item in effect.left],
        "moved": effect.moved,
    }


def _with_ledger(run: Run, dataset: Dataset, row: int) -> dict[str, Any]:
    """The list; where it was rearranged, a ``ledger`` for each item, and what is ``gone`` of the list by relevance."""
    items = listed(run, dataset, row)
    if run.diversified is None:
        return {"items": items}
    found = ledger(run, row)
    said = [{**item, "ledger": _entry(dataset, entry)} for item, entry in zip(items, found.entries, strict=True)]
    return {"items": said, "gone": [_gone(dataset, gone) for gone in found.gone]}


def _entry(dataset: Dataset, entry: Entry) -> dict[str, Any]:
    """``rank_before`` counts from 1; ``cause`` and ``similarity`` are None where no single pick is behind it."""
    return {
        "rank_before": entry.before,
        "relevance": digits(entry.relevance),
        "penalty": digits(entry.penalty),
        "cause": _named(dataset, entry.cause),
        **_reason(dataset, entry),
    }


def _gone(dataset: Dataset, gone: Gone) -> dict[str, Any]:
    return {
        **(_named(dataset, gone.item) or {}),
        "rank_before": gone.before,
        "shortfall": _number(gone.shortfall),
        "cause": _named(dataset, gone.cause),
        **_reason(dataset, gone),
        "instead": _named(dataset, gone.instead),
    }


def _reason(dataset: Dataset, line: Entry | Gone) -> dict[str, Any]:
    category = None if line.category is None else category_names(dataset.catalog)[line.category]
    return {
        "similarity": _number(line.similarity),
        "reason": line.kind,
        "step": line.step or None,
        "category": category,
    }


def _named(dataset: Dataset, item: int | None) -> dict[str, Any] | None:
    if item is None:
        return None
    return {"item_id": plain(dataset.catalog.item_ids[item]), "title": str(dataset.catalog.titles[item])}


def _number(value: float) -> float | None:
    return None if np.isnan(value) else digits(value)


def columns(run: Run, dataset: Dataset) -> dict[str, Any]:
    """Every list as columns user_id, item_id, score, rank, strategy; users without a list have no rows.

    A merged list has a column channel_<name> for each channel as well, masked where the channel did not bring the item;
    a list that was rearranged has rank_before, the rank by relevance alone.
    """
    steps, (rows, places) = run.diversified, np.nonzero(run.selected.items >= 0)
    ids = dataset.interactions.user_ids[run.users.users[rows]]
    return {
        "user_id": ids,
        "item_id": dataset.catalog.item_ids[run.selected.items[rows, places]],
        "score": run.selected.scores[rows, places],
        "rank": (places + 1).astype(np.int32),
        "strategy": np.full(len(rows), run.recipe.strategy, dtype=object),
        **({} if steps is None else {"rank_before": (steps.places[rows, places] + 1).astype(np.int32)}),
        **{CHANNEL_COLUMN + name: np.ma.masked_equal(given[rows, places], 0) for name, given in run.channels.items()},
    }


def export_rows(run: Run, dataset: Dataset, row: int) -> Iterator[list[Any]]:
    """One user's list as rows for a spreadsheet, header first; texts made safe by :func:`spreadsheet_safe`."""
    scorer = scale_of(run.recipe)
    unit = [scorer.unit] if has_space(run.recipe) else []  # a strategy's own score has no second unit
    brought = [CHANNEL_COLUMN + name for name in run.channels]
    why = [] if run.diversified is None else list(LEDGER_COLUMNS)
    yield ["user_id", "item_id", "title", "score", *unit, "rank", "strategy", *brought, *why]
    user = plain(dataset.interactions.user_ids[run.users.users[row]])
    for entry in _with_ledger(run, dataset, row)["items"]:
        native = [digits(scorer.native(entry["score"])) for _ in unit]
        texts = (user, entry["item_id"], entry["title"])
        ranks = [entry["channels"].get(name, "") for name in run.channels]
        values = [entry["score"], *native, entry["rank"], run.recipe.strategy, *ranks]
        yield [*map(spreadsheet_safe, texts), *values, *(_cell(entry["ledger"][name]) for name in why)]


def _cell(value: Any) -> Any:
    """A value of the ledger in a sheet: an item by its id, nothing as an empty cell."""
    known = value["item_id"] if isinstance(value, dict) else value
    return "" if known is None else spreadsheet_safe(known)


def spreadsheet_safe(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets a leading apostrophe (OWASP, CSV injection)."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value


def digits(value: Any) -> float:
    """A score with the digits a float32 has: given back as a threshold, it is the same score again."""
    return float(str(np.float32(value)))


def plain(value: Any) -> Any:
    """A numpy scalar as the Python value JSON knows."""
    return value.item() if isinstance(value, np.generic) else value


def command(recipe: Recipe, user_id: Any) -> str:
    """The command line that gives the same list."""
    flags = " ".join(f"--{name} {_quote(value)}" for name, value in recipe.to_flat(changed_only=True).items())
    return f"python -m core recommend --user {_quote(user_id)} {flags}".rstrip() + " --json"


def _quote(value: Any) -> str:
    from shlex import quote

    return quote(str(value).lower() if isinstance(value, bool) else str(value))
