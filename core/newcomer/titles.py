"""Titles as people write them, found in the catalogue: "the matrix" is "Matrix, The (1999)".

Titles are brought to a common form first; what is not equal then is compared by its trigrams (Dice 1945), and the
nearest ones once more letter by letter, so that a slip of the pen is forgiven.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

import numpy as np

from ..types import Array, Catalog, readonly

FOUND, SURE = 0.72, 0.86
"""Likeness from which a title may be meant, and from which it is taken without asking back; below, it was not found."""
CLOSE = 0.06
"""Others that are no further behind the best one are choices beside it."""
MOST_CHOICES = 5
MOST_TITLES = 50
SHORTLIST = 40
_YEAR = re.compile(r"[(\[]\s*((?:1[89]|20)\d\d)\s*[)\]]\s*$")
_BEHIND = re.compile(r"(?i)^(.*?),\s*(the|an?|le|la|les|l'|il|el|los|las|der|die|das|den|det)(?=\s*(?:[:(\[-]|$))\s*")
_FRONT = re.compile(r"^(?:the|an?|le|la|les|il|el|los|las|der|die|das)\s+(?=\S)")
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_LIST_MARK = re.compile(r"^\s*(?:[-*\u2022]\s+|\d{1,3}[.)]\s+)")


@dataclass(frozen=True, slots=True)
class Match:
    """What one line was taken for. item: the item index, -1 where none was found or it has to be asked back.

    choices: those that may be meant, the likeliest first; () where one was found, or none. likeness: of the best one,
    in [0, 1], 1 = equal up to case, accents, punctuation, articles and Roman numbers.
    """

    asked: str
    item: int
    choices: tuple[int, ...]
    likeness: float


@dataclass(frozen=True, slots=True, eq=False)
class _Index:
    """names: (v,) common forms of all that items are called; items: (v,) the item of each. by_name: items of a whole
    title or another name of it; by_series: items whose title goes on after a colon. years: "" where unknown.

    grams: (g,) sorted trigrams; starts: (g + 1,) and holders: the names that hold each; sizes: (v,) trigrams of each.
    """

    names: tuple[str, ...]
    items: Array
    by_name: dict[str, tuple[int, ...]]
    by_series: dict[str, tuple[int, ...]]
    years: tuple[str, ...]
    grams: Array
    starts: Array
    holders: Array
    sizes: Array


def common_form(title: str) -> str:
    """Lower case, no accents, no punctuation, no year at the end, no article at either end, Roman numbers in digits."""
    bare = _YEAR.sub("", title).strip()
    bare = _BEHIND.sub(r"\1 ", bare)
    bare = unicodedata.normalize("NFKD", bare.casefold())
    bare = "".join(char for char in bare if not unicodedata.combining(char)).replace("&", " and ")
    words = re.sub(r"[^\w]+|_", " ", re.sub(r"['\u2019]", "", bare)).split()
    bare = " ".join(_ROMAN.get(word, word) if place else word for place, word in enumerate(words))
    return _FRONT.sub("", bare) or bare


def lines_of(text: str) -> tuple[str, ...]:
    """The titles of a pasted text: one a line, or parted by semicolons; list marks are dropped, MOST_TITLES at most."""
    parts = (_LIST_MARK.sub("", part).strip().strip("\"'\u201c\u201d") for part in re.split(r"[\n;]+", text))
    return tuple(dict.fromkeys(part for part in parts if part))[:MOST_TITLES]


def find_titles(catalog: Catalog, asked: Sequence[str], known: Array | None = None) -> tuple[Match, ...]:
    """Each title looked up: found, to be asked back (with choices), or not found.

    known: (n_items,) how well each item is known; choices that are equally like the title stand in that order.
    """
    index = _index(catalog)
    fame = np.zeros(len(catalog)) if known is None else known
    return tuple(_find(index, one, fame) for one in asked)


def _find(index: _Index, asked: str, fame: Array) -> Match:
    form = common_form(asked)
    if not form:
        return Match(asked, -1, (), 0.0)
    given = _YEAR.search(asked.strip())
    year = given[1] if given else ""
    equal, series = index.by_name.get(form, ()), index.by_series.get(form, ())
    if equal or series:
        best_known = max(fame[list(equal)], default=-1.0)
        meant = equal + series if max(fame[list(series)], default=-1.0) > best_known else equal
        return _settled(index, asked, sorted(set(meant), key=lambda item: (-fame[item], item)), year, 1.0)
    items, likeness = _nearest(index, form)
    best = float(likeness[0]) if len(likeness) else 0.0
    if best < FOUND:
        return Match(asked, -1, (), best)
    near = [int(item) for item, value in zip(items, likeness, strict=True) if value >= best - CLOSE]
    return _settled(index, asked, near, year, best)


def _settled(index: _Index, asked: str, items: Sequence[int], year: str, likeness: float) -> Match:
    """A year that was given decides between several, if one of them has it. Guesses are asked back."""
    left = [item for item in items if year and index.years[item] == year] or items
    if len(left) == 1 and likeness >= SURE:
        return Match(asked, left[0], (), likeness)
    return Match(asked, -1, tuple(left[:MOST_CHOICES]), likeness)


def _nearest(index: _Index, form: str) -> tuple[Array, Array]:
    """Items and their likeness, the nearest first, smaller index first among equals."""
    wanted = _grams(form)
    met = [
        index.holders[index.starts[at] : index.starts[at + 1]] for at in np.flatnonzero(np.isin(index.grams, wanted))
    ]
    shared = np.bincount(np.concatenate(met), minlength=len(index.names)) if met else np.zeros(len(index.names))
    dice = 2 * shared / (index.sizes + len(wanted))
    short = np.lexsort((index.items, -dice))[:SHORTLIST]
    best: dict[int, float] = {}
    for name in short[dice[short] > 0]:
        letters = SequenceMatcher(None, form, index.names[name], autojunk=False).ratio()
        item = int(index.items[name])
        best[item] = max(best.get(item, 0.0), float(dice[name]), letters)
    order = sorted(best, key=lambda item: (-best[item], item))
    return np.array(order, dtype=np.int64), np.array([best[item] for item in order])


@lru_cache(maxsize=4)
def _index(catalog: Catalog) -> _Index:
    by_name: dict[str, list[int]] = {}
    by_series: dict[str, list[int]] = {}
    for item, title in enumerate(catalog.titles.tolist()):
        whole, series = _names(title)
        for form in whole:
            by_name.setdefault(form, []).append(item)
        if series and series not in whole:
            by_series.setdefault(series, []).append(item)
    pairs = [(form, item) for known in (by_name, by_series) for form, items in known.items() for item in items]
    names = tuple(form for form, _ in pairs)
    grams = [_grams(form) for form in names]
    sizes = np.array([len(some) for some in grams], dtype=np.int64)
    every = np.concatenate(grams) if grams else np.zeros(0, dtype="<U3")
    holders = np.repeat(np.arange(len(names)), sizes)[np.argsort(every, kind="stable")]
    values, counts = np.unique(every, return_counts=True)
    return _Index(
        names,
        readonly(np.array([item for _, item in pairs], dtype=np.int64)),
        {form: tuple(items) for form, items in by_name.items()},
        {form: tuple(items) for form, items in by_series.items()},
        _years(catalog),
        readonly(values),
        readonly(np.concatenate(([0], np.cumsum(counts)))),
        readonly(holders),
        readonly(sizes),
    )


def _names(title: str) -> tuple[tuple[str, ...], str]:
    """All that an item is called by, in the common form, and what stands before its first colon, "" without one.

    What stands in brackets is another name: "Amelie (Fabuleux destin d'Amélie Poulain, Le)".
    """
    bare = _YEAR.sub("", title).strip()
    inside = [common_form(part.removeprefix("a.k.a. ")) for part in re.findall(r"\(([^()]{3,})\)", bare)]
    outside = re.sub(r"\([^()]*\)", " ", bare)
    front, colon, _ = outside.partition(":")
    others = [form for form in (*inside, common_form(outside)) if len(form) >= 3]
    whole = dict.fromkeys(form for form in (common_form(title), *others) if form)
    return tuple(whole), common_form(front) if colon else ""


def _years(catalog: Catalog) -> tuple[str, ...]:
    given = catalog.fields.get("year")
    found = [_YEAR.search(title) for title in catalog.titles.tolist()]
    return tuple(match[1] if match else "" if given is None else str(given[item]) for item, match in enumerate(found))


def _grams(form: str) -> Array:
    """The different trigrams of a text with a blank before and after it, sorted."""
    padded = f"  {form} "
    return np.unique(np.array([padded[at : at + 3] for at in range(len(padded) - 2)], dtype="<U3"))
