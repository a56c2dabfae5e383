"""A newcomer as a short text: what they answered, in that order. The text is what an address and a file hold.

    l2571.d1.cSci-2DFi.tslow_films_without_aliens

One letter says what kind of answer follows, a full stop ends it; a blank is ``_``, and every other character that is no
ASCII letter or digit is ``-`` and two hexadecimal digits for each of its bytes. Nothing of it needs escaping in an
address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..errors import InputError
from ..types import Array, Catalog, readonly

LIKE, DISLIKE, SKIP = "like", "dislike", "skip"
CATEGORY, NOT_CATEGORY, SENTENCE = "category", "not-category", "sentence"
LETTERS = {"l": LIKE, "d": DISLIKE, "s": SKIP, "c": CATEGORY, "x": NOT_CATEGORY, "t": SENTENCE}
KINDS = tuple(LETTERS.values())
ABOUT_ITEMS, ABOUT_CATEGORIES = (LIKE, DISLIKE, SKIP), (CATEGORY, NOT_CATEGORY)
MOST_ANSWERS = 100
LONGEST_SENTENCE = 300
_ESCAPED = re.compile(rb"-([0-9A-Fa-f]{2})|([A-Za-z0-9])|(_)")
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing a newcomer said. kind: one of KINDS; SKIP is "I don't know it".

    value: an item id as text, the name of a category, or a sentence of at most LONGEST_SENTENCE letters, its blanks
    single ones. Raises InputError for another kind, an empty value or a sentence that is too long.
    """

    kind: str
    value: str

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f"an answer must be one of {', '.join(KINDS)}, got {self.kind!a}")
        if self.kind == SENTENCE:
            object.__setattr__(self, "value", " ".join(self.value.split()))
            if len(self.value) > LONGEST_SENTENCE:
                raise InputError(f"a sentence has at most {LONGEST_SENTENCE} letters, got {len(self.value)}")
        if not self.value:
            raise InputError(f"an answer of the kind {self.kind} needs something that it is about")
        if any("\ud800" <= char <= "\udfff" for char in self.value):
            raise InputError(f"an answer holds bytes that are not text: {self.value!a}")

    @property
    def about(self) -> tuple[str, str]:
        """What it is an answer to: a later answer to the same replaces it."""
        about = "item" if self.kind in ABOUT_ITEMS else "category" if self.kind in ABOUT_CATEGORIES else "sentence"
        return about, self.value.casefold() if about == "sentence" else self.value


@dataclass(frozen=True, slots=True)
class Persona:
    """All answers of one newcomer, the first one first; never two about the same, MOST_ANSWERS at most."""

    answers: tuple[Answer, ...] = ()

    def __len__(self) -> int:
        return len(self.answers)

    @property
    def telling(self) -> tuple[Answer, ...]:
        """The answers that say something: all but SKIP."""
        return tuple(answer for answer in self.answers if answer.kind != SKIP)

    def of(self, *kinds: str) -> tuple[str, ...]:
        """The values of some kinds of answers, in answer order."""
        return tuple(answer.value for answer in self.answers if answer.kind in kinds)

    def with_answer(self, kind: str, value: str) -> Persona:
        """With one more answer at the end, if it was not given; what else was said about the same before is gone.

        Raises InputError as Answer does, and where there is no room for one more.
        """
        new = Answer(kind, value)
        if new in self.answers:
            return self
        kept = tuple(answer for answer in self.answers if answer.about != new.about)
        if len(kept) >= MOST_ANSWERS:
            raise InputError(f"a newcomer has at most {MOST_ANSWERS} answers: take one back first")
        return Persona((*kept, new))

    def without(self, answer: Answer) -> Persona:
        """With one answer taken back; the same where it was not given."""
        return Persona(tuple(one for one in self.answers if one != answer))

    def prefixes(self) -> tuple[Persona, ...]:
        """The persona after each telling answer, in order: as it was on the way."""
        told = self.telling
        return tuple(Persona(told[: n + 1]) for n in range(len(told)))


def to_text(persona: Persona) -> str:
    """The text form; "" for somebody who said nothing."""
    letters = {kind: letter for letter, kind in LETTERS.items()}
    return ".".join(letters[answer.kind] + _escaped(answer.value) for answer in persona.answers)


def from_text(text: str, catalog: Catalog) -> tuple[Persona, tuple[str, ...]]:
    """The persona of a text, and a sentence on each part that was left out: unreadable, or unknown to the catalogue.

    Never raises: whatever an address holds, what can be used of it is kept.
    """
    persona, said = Persona(), []
    for part in filter(None, text.strip().split(".")):
        try:
            answer = _read(part)
            _check(answer, catalog)
            persona = persona.with_answer(answer.kind, answer.value)
        except InputError as error:
            said.append(str(error))
    return persona, tuple(said)


def item_places(ids: Iterable[str], catalog: Catalog) -> Array:
    """(n,) int64 item indices of item ids as text, -1 where the catalogue has no such item."""
    known = _places(catalog)
    return np.array([known.get(value, -1) for value in ids], dtype=np.int64)


@lru_cache(maxsize=8)
def _places(catalog: Catalog) -> dict[str, int]:
    return {str(value): place for place, value in enumerate(catalog.item_ids.tolist())}


@lru_cache(maxsize=8)
def members(catalog: Catalog) -> dict[str, Array]:
    """The items of each category, ascending; the categories in alphabetical order."""
    found: dict[str, list[int]] = {}
    for item, names in enumerate(catalog.categories):
        for name in names:
            found.setdefault(name, []).append(item)
    return {name: readonly(np.array(found[name], dtype=np.int64)) for name in sorted(found)}


def _read(part: str) -> Answer:
    kind = LETTERS.get(part[0])
    if kind is None:
        known = ", ".join(f"{letter} ({name})" for letter, name in LETTERS.items())
        raise InputError(f"{_short(part)} was left out: an answer begins with one of {known}")
    value = _unescaped(part[1:])
    if not value:
        raise InputError(f"{_short(part)} was left out: it cannot be read as an answer")
    return Answer(kind, value)


def _check(answer: Answer, catalog: Catalog) -> None:
    if answer.kind in ABOUT_ITEMS and answer.value not in _places(catalog):
        raise InputError(f"item {_short(answer.value)} was left out: it is not in this catalogue")
    if answer.kind in ABOUT_CATEGORIES and answer.value not in members(catalog):
        raise InputError(f"category {_short(answer.value)} was left out: it is not in this catalogue")


def _short(value: str) -> str:
    return ascii(value if len(value) <= 40 else value[:37] + "...")


def _escaped(value: str) -> str:
    return "".join(
        chr(byte) if byte in _PLAIN else "_" if byte == 32 else f"-{byte:02X}" for byte in value.encode("utf-8")
    )


def _unescaped(text: str) -> str:
    """ "" where it is not a text that ``_escaped`` makes."""
    raw = text.encode("utf-8", "replace")
    out, at = bytearray(), 0
    for found in _ESCAPED.finditer(raw):
        if found.start() != at:
            return ""
        code, plain, _ = found.groups()
        out += bytes.fromhex(code.decode()) if code else plain or b" "
        at = found.end()
    try:
        return out.decode("utf-8") if at == len(raw) else ""
    except UnicodeDecodeError:
        return ""
