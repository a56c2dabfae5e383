"""Page parts: a run, a history and a data set turned into what the drawings take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType

import streamlit as st

from core.answer import near_miss, plain, status
from core.datasets.categories import by_count, telling_first
from core.describe.weights import as_given, shift_of
from core.explain.changes import ENTERED, MOVED, Change
from core.explain.closest import closest_in_history
from core.explain.ledger import ledger
from core.explain.ledger_reasons import STAYED
from core.serving import Scale, has_space, scale_of
from core.types import Dataset, Interactions, Run, Vectors

from . import channels, palette, state
from .cards import DEFAULT_WORDS as CARD_WORDS
from .cards import Card, HistoryItem, LeftItem
from .cards import rank_cards as rank_list
from .cards.acting import Acting
from .ledger_words import of_entry
from .text import plain_markdown, t

HISTORY_SHOWN = 60
CLOSEST_SHOWN = 2
MOST_CARDS = 100


@lru_cache(maxsize=8)
def category_slots(dataset: Dataset) -> dict[str, int]:
    """Category -> palette slot, the same on every page."""
    return palette.assign([name for name, _ in by_count(dataset.catalog)])


@lru_cache(maxsize=8)
def _telling(dataset: Dataset) -> tuple[tuple[str, ...], ...]:
    counts = dict(by_count(dataset.catalog))
    known = [name for name, slot in category_slots(dataset).items() if slot != palette.OTHER]
    return tuple(telling_first(names, counts, known) for names in dataset.catalog.categories)


def categories_of(dataset: Dataset, item: int) -> tuple[tuple[str, int], ...]:
    """An item's categories with their palette slots, the most telling first."""
    slots = category_slots(dataset)
    return tuple((name, slots[name]) for name in _telling(dataset)[item])


def slot_of(dataset: Dataset, item: int) -> int:
    """The palette slot of an item's most telling category."""
    names = categories_of(dataset, item)
    return names[0][1] if names else palette.OTHER


def year_of(dataset: Dataset, item: int) -> str:
    """The item's year, "" where the catalogue has none."""
    years = dataset.catalog.fields.get("year")
    return "" if years is None else str(years[item])


def subtitle_of(dataset: Dataset, item: int) -> str:
    """Year and categories in one line: "1995 · Drama, Romance"."""
    return " · ".join(part for part in (year_of(dataset, item), str(dataset.catalog.fields["category"][item])) if part)


def cards(
    run: Run,
    dataset: Dataset,
    vectors: Vectors,
    bounds: tuple[float, float],
    marks: Sequence[Change] = (),
    most: int | None = None,
    log: Interactions | None = None,
    because: Mapping[int, str] = MappingProxyType({}),
    links: Mapping[int, str] = MappingProxyType({}),
) -> list[Card]:
    """The list of the run's first user as cards, ``most`` of them at most. bounds: range of the metric's own unit.

    A strategy without a space has no such range: its bars are measured against the best score. log: what is known of
    the users, None = what the data set's own log holds. because, links: by item, what a score comes from in a line, and
    the address of the page that explains it.
    """
    items = [int(item) for item in run.selected.items[0, :most] if item >= 0]
    if not items:
        return []
    scale = scale_of(run.recipe)
    if not has_space(run.recipe):
        bounds = (0.0, float(run.selected.scores[0, 0]))
    near, _ = closest_in_history(
        vectors,
        dataset.interactions if log is None else log,
        int(run.users.users[0]),
        run.selected.items[0, : len(items)],
        CLOSEST_SHOWN,
    )
    moved = {change.item: change_word(change) for change in marks}
    why = reasons(run, dataset)
    titles = dataset.catalog.titles
    return [
        Card(
            rank=place + 1,
            item_id=plain(dataset.catalog.item_ids[item]),
            title=str(titles[item]),
            subtitle=year_of(dataset, item),
            categories=categories_of(dataset, item),
            score_text=score_text(run, float(run.selected.scores[0, place])),
            score_share=score_share(scale, float(run.selected.scores[0, place]), bounds),
            unit=scale.unit,
            closest=tuple(str(titles[other]) for other in near[place]),
            change=moved.get(item, ""),
            channels=channels.chips(run, place),
            why=why.get(item, ""),
            because=because.get(item, ""),
            link=links.get(item, ""),
        )
        for place, item in enumerate(items)
    ]


def reasons(run: Run, dataset: Dataset) -> dict[int, str]:
    """Item -> what diversifying did with it, in plain text, for those of the first user's list that it moved."""
    if run.diversified is None:
        return {}
    return {entry.item: of_entry(dataset, entry) for entry in ledger(run).entries if entry.kind != STAYED}


def rank_cards(shown: Sequence[Card], run: Run, *, key: str, acting: Acting | None = None) -> None:
    """Draw the cards; where the strategy has no space, their nearest items are said to be nearest by text."""
    said = CARD_WORDS if has_space(run.recipe) else {**CARD_WORDS, "closest": t("cards.closest_text")}
    rank_list(shown, key=key, words=said, acting=acting)


def score_text(run: Run, score: float) -> str:
    """A score in the metric's own unit, or as the strategy gives it: those span many powers of ten."""
    value = float(scale_of(run.recipe).native(score))  # type: ignore[arg-type]
    if has_space(run.recipe):
        return f"{value:.3f}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:#.3g}".rstrip(".")


def score_share(scale: Scale, score: float, bounds: tuple[float, float]) -> float:
    """Length of a score's bar, in [0, 1]: of the metric's range from "nothing in common" to its best value.

    A similarity of 0 or below has no bar; a distance has a full bar at 0 and none at the largest one.
    """
    high = bounds[1]
    if not high > 0:
        return 0.0
    value = float(scale.native(score))  # type: ignore[arg-type]
    share = value / high if scale.keeps == "above" else 1 - value / high
    return min(1.0, max(0.0, share))


def change_word(change: Change) -> str:
    if change.kind == ENTERED:
        return "new"
    if change.kind == MOVED:
        return f"up {change.steps}" if change.steps > 0 else f"down {-change.steps}"
    return ""


def left_items(dataset: Dataset, left: Sequence[int], before: Sequence[int]) -> list[LeftItem]:
    """The items that left, with the place they had."""
    places = {item: place + 1 for place, item in enumerate(before)}
    return [
        LeftItem(plain(dataset.catalog.item_ids[item]), str(dataset.catalog.titles[item]), places[item])
        for item in left
    ]


def history(
    dataset: Dataset, user: int, log: Interactions, done: Mapping[str, str] = MappingProxyType({})
) -> tuple[list[HistoryItem], int]:
    """The newest interactions of a user, newest first, and the length of the whole history.

    log: what is known of the users. done: item id -> what was done with it on these pages, in a word. Where no order is
    known, what was done here comes first, then those with the largest weights.
    """
    rows = list(reversed(range(*log.history(user).indices(len(log)))))
    if not log.ordered:
        ids = dataset.catalog.item_ids[log.items[rows]]
        fresh = {row for row, item_id in zip(rows, ids, strict=True) if str(plain(item_id)) in done}
        rows.sort(key=lambda row: (row not in fresh, -float(log.weights[row])))
    shown = []
    for row in rows[:HISTORY_SHOWN]:
        item_id = plain(dataset.catalog.item_ids[log.items[row]])
        live = done.get(str(item_id), "")
        shown.append(
            HistoryItem(
                item_id=item_id,
                title=str(dataset.catalog.titles[log.items[row]]),
                rating="" if live else weight_text(dataset, float(log.weights[row])),
                date="" if log.times is None else datetime.fromtimestamp(int(log.times[row]), UTC).strftime("%d %b %Y"),
                slot=slot_of(dataset, int(log.items[row])),
                live=live,
            )
        )
    return shown, len(rows)


def weight_text(dataset: Dataset, weight: float) -> str:
    """A weight as people know it: the rating, how often, "" where it says nothing."""
    if dataset.feedback in ("count", "none"):
        times = float(as_given(weight, "count"))
        return t("history.times", n=f"{times:,.7g}") if dataset.feedback == "count" or times > 1 else ""
    liked = weight >= dataset.interactions.positive_from
    rating = f"{float(as_given(weight, dataset.feedback, shift=shift_of(dataset))):g}"
    return rating if liked else t("history.not_liked", rating=rating)


def history_words(dataset: Dataset) -> dict[str, str]:
    """How a history is ordered and what its figures are, for the sentence above it."""
    log = dataset.interactions
    order = t("history.newest_first") if log.ordered else t("history.strongest_first")
    if not log.ordered and dataset.feedback == "none":
        order = t("history.no_order")
    return {"order": order, "what": t(f"history.what_{dataset.feedback}")}


def empty_list(run: Run) -> None:
    """Say why the list is empty, and what would change it."""
    what = status(run, 0)
    scale = scale_of(run.recipe)
    if what == "nothing_passes":
        best = float(scale.native(run.best_score[0]))
        threshold = run.recipe.threshold or 0.0
        st.info(
            t(
                f"empty.nothing_passes_{scale.keeps}",
                threshold=f"{threshold:g}",
                best=f"{best:.3f}",
                away=f"{near_miss(run, 0):.3f}",
                unit=scale.unit,
            ),
            icon=":material/filter_alt_off:",
        )
    else:
        st.info(t(f"empty.{what}"), icon=":material/person_off:")


def notices(extra: Sequence[str] = ()) -> None:
    """What could not be used or had to be repaired: one box, a line each."""
    texts = [plain_markdown(text) for text in (*state.notices(), *extra)]
    if texts:
        st.warning("\n".join(f"- {text}" for text in texts) if len(texts) > 1 else texts[0], icon=":material/info:")


def error_card(text: str) -> None:
    """One clear sentence about what went wrong."""
    st.error(plain_markdown(text), icon=":material/error:")
