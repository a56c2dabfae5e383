"""Lists drawn in the browser: recommendations as cards, what left, the history as a strip, key figures as tiles.

Every string reaches the screen as text (``textContent``), whatever it holds. Lists are updated in place: a card lives
as long as its item stays, so a slider step moves and changes cards and never blinks. After drawing, the component's
root element carries ``data-drawn``: the mark that the call returned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from ..component import mark_of, register
from ..palette import OTHER
from ..text import group
from .acting import Acting

_mount = register(Path(__file__).parent, "cards", "acting")

DEFAULT_WORDS = MappingProxyType(group("cards"))
"""The words these drawings need."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One channel of a merged list: text is short ("EASE #3"), words is the whole of it. own: by itself, the channel
    would have shown the item in a list of this length; such a chip is filled."""

    text: str
    words: str
    own: bool


@dataclass(frozen=True, slots=True)
class ChannelBar:
    """How much of a merged list a channel has by itself: share in [0, 1] is the bar, count says it."""

    name: str
    count: str
    share: float


@dataclass(frozen=True, slots=True)
class Card:
    """One recommended item.

    rank: 1 = best. subtitle: the year, say; may be "". categories: (name, palette slot); the first colours the edge.
    score_text and unit: the score in the metric's own unit, "0.734" and "cosine". score_share: in [0, 1], length of
    the bar. closest: titles of the user's own items it is nearest to. change: against the list before, in ranks:
    "" (none known, or the same place), "new", "up 3", "down 2". channels: what brought it to a merged list. why: what
    diversifying did with it, in a sentence; "" where it did nothing. because: which items of the history its score
    comes from, in a line, told in place of the closest ones. link: address of the page that explains it; shown where
    cards can be acted on.
    """

    rank: int
    item_id: int | str
    title: str
    subtitle: str
    categories: tuple[tuple[str, int], ...]
    score_text: str
    score_share: float
    unit: str
    closest: tuple[str, ...] = ()
    change: str = ""
    channels: tuple[Chip, ...] = ()
    why: str = ""
    because: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One interaction of the user: slot is the palette slot of the item's first category. live: what was done with it
    on these pages, in a word; "" for an interaction that came with the data."""

    item_id: int | str
    title: str
    rating: str = ""
    date: str = ""
    slot: int = OTHER
    live: str = ""


@dataclass(frozen=True, slots=True)
class LeftItem:
    """An item of the list before that is not in the list now."""

    item_id: int | str
    title: str
    rank_before: int


def rank_cards(
    cards: Sequence[Card],
    *,
    key: str,
    words: Mapping[str, str] = DEFAULT_WORDS,
    layout: Literal["grid", "compact"] = "grid",
    acting: Acting | None = None,
) -> str:
    """Draw a ranked list, best first; returns its mark. acting: what readers may do on its cards, None = nothing.

    layout: "grid" is one column on a phone, two on a tablet, and rows with their bars under each other where there is
    room; "compact" is always one column, without the nearest items.
    """
    entries = [
        {
            "id": str(card.item_id),
            "rank": card.rank,
            "title": card.title,
            "subtitle": card.subtitle,
            "kinds": [list(category) for category in card.categories],
            "score": card.score_text,
            "share": min(1.0, max(0.0, card.score_share)),
            "unit": card.unit,
            "closest": list(card.closest),
            "change": _change_in_words(card.change, words),
            "channels": [[chip.text, chip.words, chip.own] for chip in card.channels],
            "why": card.why,
            "because": card.because,
        }
        for card in cards
    ]
    needed = {name: words[name] for name in ("list", "closest", "channels", "because")}
    if acting is None:
        return _draw("cards", entries, key, layout=layout, words=needed)
    for entry, card in zip(entries, cards, strict=True):
        entry |= {"link": card.link, "given": acting.given.get(str(card.item_id), "")}
    said = acting.message(words)
    return _draw("cards", entries, key, acting, layout=layout, words=needed, acting=said)


def left_list(items: Sequence[LeftItem], *, key: str, words: Mapping[str, str] = DEFAULT_WORDS) -> str:
    """Draw the items that left the list, each with the place it had; returns the mark."""
    entries = [
        {"id": str(item.item_id), "title": item.title, "was": words["was"].format(n=item.rank_before)} for item in items
    ]
    return _draw("left", entries, key, words={"left": words["left"]})


def history_strip(
    items: Sequence[HistoryItem],
    *,
    key: str,
    words: Mapping[str, str] = DEFAULT_WORDS,
    total: int | None = None,
    owner: str = "",
) -> str:
    """Draw a history, newest first, as a strip that scrolls sideways by touch, wheel and keys; returns the mark.

    total: length of the whole history when ``items`` is only its beginning; the strip then says how many more there
    are. owner: whose history it is; another owner starts at the strip's beginning again.
    """
    # counted from the oldest, so that those that stay keep their ids when a new one comes in front
    entries = [
        {
            "id": f"{item.item_id} {(total or len(items)) - place}",
            "title": item.title,
            "rating": item.rating,
            "date": item.date,
            "slot": item.slot,
            "live": item.live,
        }
        for place, item in enumerate(items)
    ]
    rest = (total or len(items)) - len(items)
    more = words["more"].format(n=f"{rest:,}") if rest > 0 else ""
    return _draw("strip", entries, key, words={"history": words["history"]}, more=more, of=owner)


def stat_tiles(tiles: Sequence[tuple[str, str, str]], *, key: str) -> str:
    """Draw key figures as (label, value, note) tiles that wrap on narrow screens; returns the mark."""
    return _draw("tiles", [list(tile) for tile in tiles], key)


def channel_bars(
    bars: Sequence[ChannelBar], *, key: str, lead: str, legend: Sequence[tuple[Chip | None, str]] = (), note: str = ""
) -> str:
    """Draw what each channel has of a merged list, under a sentence; returns the mark.

    legend: sample chips with what they mean. note: a sentence below.
    """
    entries = [[bar.name, bar.count, min(1.0, max(0.0, bar.share))] for bar in bars]
    samples = [[chip.text if chip else "", bool(chip and chip.own), meaning] for chip, meaning in legend]
    return _draw("channels", entries, key, lead=lead, legend=samples, note=note)


def _draw(kind: str, entries: list[Any], key: str, listening: Acting | None = None, **rest: Any) -> str:
    mark = mark_of(kind, entries, rest)
    data = {"kind": kind, "entries": entries, "seq": mark, **rest}
    if listening is None:
        _mount(key=key, data=data)
    else:
        _mount(key=key, data=data, on_act_change=listening.on_act, on_why_change=listening.on_why)
    return mark


def change_in_words(change: str, words: Mapping[str, str] = DEFAULT_WORDS) -> str:
    """ "up 3" -> the words for it, "" for no change."""
    return _change_in_words(change, words)[1]


def _change_in_words(change: str, words: Mapping[str, str]) -> tuple[str, str]:
    """ "up 3" -> ("up", the words for it); ("", "") for no change."""
    kind, _, places = change.partition(" ")
    return kind, words[kind].format(n=places) if kind else ""
