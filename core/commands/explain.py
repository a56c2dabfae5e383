"""The verb ``explain``: why an item has its place in a user's list, in numbers that add up."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from .parser import print_json, recipe_flags, say, verb

if TYPE_CHECKING:
    from ..explain.attribution import Attribution
    from ..explain.counterfactual import Removals
    from ..explain.sources import Case
    from ..types import Dataset

WORDS = "why an item has its place in a user's list: what each item of the history adds, and what would be without it"
SHOWN = 10
DECIMALS = 12
"""Enough for contributions and residual to add up to the score."""


def add(verbs: Any) -> argparse.ArgumentParser:
    """Add the verb; the caller adds the flags of a recipe."""
    parser = verb(verbs, "explain", WORDS, run_explain)
    parser.add_argument("--user", required=True, help="a user id")
    parser.add_argument("--item", required=True, help="an item id")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--no-tokens", action="store_true", help="leave the words out, which need the text model")
    return parser


def run_explain(args: argparse.Namespace) -> None:
    """Explain, and print."""
    import numpy as np

    from ..explain.attribution import attribute_case
    from ..explain.counterfactual import removals_of
    from ..explain.sources import case_of
    from ..live import live_audience, live_dataset
    from ..pipeline import check, user_indices
    from ..recipe import Recipe
    from ..sources import load_dataset
    from ..vectors import embed_items

    flags = recipe_flags(args)
    dataset = load_dataset(flags.get("dataset", Recipe.default_of("dataset")), on_notice=say)
    recipe = Recipe.from_flat(flags, n_items=len(dataset.catalog))
    check(recipe, dataset)
    user, item = int(user_indices(dataset.interactions, [args.user])[0]), _item(dataset, args.item)
    dataset = live_dataset(recipe, dataset)
    content = embed_items(recipe, dataset)
    for notice in content.notices:
        say(notice)
    case = case_of(recipe, dataset, content, user, live_audience(dataset, recipe))
    said, without = attribute_case(case, np.array([item])), removals_of(case, item)
    found = _plain(case, said, without)
    found["tokens"], found["tokens_note"] = (None, "not asked for") if args.no_tokens else _tokens(case, item)
    if args.json:
        print_json(found)
    else:
        _print(found)


def _item(dataset: Dataset, given: str) -> int:
    """An item id -> its index. Raises UnknownNameError."""
    import numpy as np

    from ..errors import UnknownNameError
    from ..pipeline import WHOLE

    known, text = dataset.catalog.item_ids, given.strip()
    wanted: Any = given if known.dtype.kind not in "iu" else int(text) if WHOLE.fullmatch(text) else None
    place = -1 if wanted is None else int(np.searchsorted(known, wanted))
    if not 0 <= place < len(known) or known[place] != wanted:
        raise UnknownNameError("item", given, known)
    return place


def _plain(case: Case, said: Attribution, without: Removals) -> dict[str, Any]:
    """The whole answer as JSON has it, words apart. Rows that add nothing are left out of the contributions."""
    from ..answer import plain
    from ..explain.certainty import LEVEL, rank_interval_of
    from ..explain.evidence import evidence_of
    from ..explain.smallest import smallest_set_of

    item = int(said.targets[0])
    smallest, sure = smallest_set_of(case, item, case.recipe.k), rank_interval_of(case, item)
    seen = evidence_of(case, item, said)
    return {
        "dataset": case.dataset.name,
        "fingerprint": case.dataset.fingerprint,
        "recipe": case.recipe.to_flat(),
        "user_id": plain(case.history.user_ids[0]),
        **_named(case, item),
        "score": _number(said.scores[0]),
        "rank": without.base_rank or None,
        "formula": said.formula,
        "exact": said.exact,
        "note": said.note,
        "contributions": _contributions(case, said),
        "residual": _number(said.residual[0]),
        "residual_parts": {name: _number(part[0]) for name, part in said.residual_parts.items()},
        "channels": {name: _number(one.scores[0]) for name, one in said.channels.items()},
        "counterfactuals": _counterfactuals(case, without),
        "smallest_set": None
        if smallest is None
        else {
            "k": case.recipe.k,
            "items": [_named(case, one) for one in smallest.items],
            "rank_after": smallest.rank_after or None,
            "proven": smallest.proven,
        },
        "rank_interval": None
        if sure is None
        else {
            "level": LEVEL, "low": sure.low, "median": sure.median, "high": sure.high,
            "in_top_k": _number(sure.in_top_k), "draws": len(sure.draws),
        },
        "evidence": {
            "space": seen.space,
            "nearest": [
                {**_named(case, one.item), "similarity": _number(one.similarity), "categories": list(one.categories)}
                for one in seen.nearest
            ],
            "liked_by": seen.liked_by,
            "popularity_share": _number(seen.popularity),
        },
    }  # fmt: skip


def _contributions(case: Case, said: Attribution) -> list[dict[str, Any]]:
    import numpy as np

    values = np.nan_to_num(said.values[:, 0])
    order = np.argsort(-np.abs(values), kind="stable")
    return [
        {**_named(case, int(said.sources.items[row])), "value": _number(values[row])} for row in order if values[row]
    ]


def _counterfactuals(case: Case, without: Removals) -> list[dict[str, Any]]:
    """Without each item of the history, those first that move the rank most; each item once."""
    import numpy as np

    moved = np.where(without.rank == 0, np.inf, np.abs(without.rank - without.base_rank))
    _, first = np.unique(without.sources.items, return_index=True)
    rows = first[np.lexsort((first, -moved[first]))]
    return [
        {
            **_named(case, int(without.sources.items[row])),
            "score": _number(without.score[row]),
            "rank": int(without.rank[row]) or None,
        }
        for row in rows
    ]


def _tokens(case: Case, item: int) -> tuple[dict[str, Any] | None, str]:
    """What each word of the item's text gives, or None and why there is nothing."""
    from ..errors import RecallscopeError
    from ..explain.words import token_shares

    try:
        found = token_shares(case.recipe, case.dataset, case.content, case.user, item, case.asked.audience)
    except RecallscopeError as error:
        return None, " ".join(str(error).split())
    if not found.tokens:
        return None, found.note
    words = [
        {"text": found.word(place), "start": one.start, "end": one.end, "share": _number(share)}
        for place, (one, share) in enumerate(zip(found.tokens, found.shares, strict=True))
    ]
    return {"text": found.text, "score": _number(found.score), "words": words}, found.note


def _named(case: Case, item: int) -> dict[str, Any]:
    """An index from the catalogue's end on is something that was said, and has no id."""
    from ..answer import plain

    if item >= case.n_items:
        return {"item_id": None, "title": ""}
    return {
        "item_id": plain(case.dataset.catalog.item_ids[item]),
        "title": str(case.dataset.catalog.titles[item]),
    }


def _number(value: Any) -> float | None:
    from math import isfinite

    return round(float(value), DECIMALS) if isfinite(value) else None


def _print(found: dict[str, Any]) -> None:
    if found["score"] is None:
        print(f"user {found['user_id']}, {_title(found)}: no score, so that there is nothing to explain")
        return
    rank = "no rank" if found["rank"] is None else f"rank {found['rank']:,}"
    print(f"user {found['user_id']}, {_title(found)}: score {found['score']:.6f}, {rank}")
    ranks = {one["item_id"]: one["rank"] for one in found["counterfactuals"]}
    for one in found["contributions"][:SHOWN]:
        then = ranks.get(one["item_id"])
        print(f"{one['value']:+12.6f}  {_title(one)}  | without it: {'no rank' if then is None else f'rank {then:,}'}")
    rest = found["contributions"][SHOWN:]
    if rest:
        print(f"{sum(one['value'] for one in rest):+12.6f}  {len(rest):,} more of the history")
    for name, value in found["residual_parts"].items():
        if value is not None and abs(value) >= 5e-7:
            print(f"{value:+12.6f}  {name}")
    print(f"{found['score']:12.6f}  sum{'' if found['exact'] else ', where rows are differences and not parts'}")
    for name, value in found["channels"].items():
        print(f"{value or 0.0:+12.6f}  channel {name}")
    _print_more(found)


def _print_more(found: dict[str, Any]) -> None:
    smallest, sure = found["smallest_set"], found["rank_interval"]
    if smallest is not None and smallest["items"]:
        titles = ", ".join(_title(one) for one in smallest["items"])
        then = "no rank" if smallest["rank_after"] is None else f"rank {smallest['rank_after']:,}"
        proof = "no smaller set does it" if smallest["proven"] else "a smaller set may do it"
        print(f"out of the first {smallest['k']} without {titles}: {then}; {proof}")
    if sure is not None:
        level = f"{sure['level']:.0%}"
        print(f"rank {sure['low']:,} to {sure['high']:,} in {level} of {sure['draws']} histories drawn again")
    if found["tokens"] is not None:
        words = sorted(found["tokens"]["words"], key=lambda one: -(one["share"] or 0.0))[:SHOWN]
        print("words: " + ", ".join(f"{one['text']} {one['share']:+.3f}" for one in words))
    elif found["tokens_note"]:
        say(f"no words: {found['tokens_note']}")


def _title(entry: dict[str, Any]) -> str:
    return "".join(char if char.isprintable() else " " for char in entry["title"])
