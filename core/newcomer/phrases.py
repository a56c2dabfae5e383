"""Minus works: "slow space films without aliens" is a wish for slow space films, and one against aliens."""

from __future__ import annotations

import re
from dataclasses import dataclass

_AGAINST = r"without|no|not|never|except|excluding|minus|avoid|nothing\s+with"
_FOR = r"but|though|although|with|only|just|rather|instead"
_SWITCH = re.compile(
    rf"""(?ix)
    (?P<stop> [,;.!?:()]+ | \s[-\u2013\u2014]+\s )                                  # a pause ends what was against
    | (?<![\w'-]) (?P<against> (?:but\s+|and\s+|or\s+)? (?:{_AGAINST}) ) (?![\w'-]) # "but not", "without"
    | (?<!\S) [-\u2212] (?=\w)                                                      # "-aliens"
    | (?<![\w'-]) (?P<toward> {_FOR} ) (?![\w'-])
    """
)
_JOINED = re.compile(
    r"(?i)^(?:and|or|nor|any|an?|the|too|much|so|please|with|but|only|just)\b\s*|\s*\b(?:and|or|nor|please)$"
)
_NOT_ONLY = re.compile(r"(?i)\bnot\s+(?=only\b|just\b)")


@dataclass(frozen=True, slots=True)
class Wish:
    """A part of a sentence. liked: False where it is to be kept away from."""

    text: str
    liked: bool


def wishes(sentence: str) -> tuple[Wish, ...]:
    """The parts of a sentence in order, () where no word is left.

    without, no, not, never, except, minus, avoid and a dash at the front of a word turn what follows against; a comma,
    "but" and "with" turn back. English only: in other languages a leading dash does it.
    """
    found: list[Wish] = []
    at, liked, single = 0, True, False
    text = _NOT_ONLY.sub("", sentence)
    for switch in _SWITCH.finditer(text):
        if liked and not single and (switch["stop"] or switch["toward"]):
            continue  # "films with dogs", "slow, quiet films": one wish
        _keep(found, text[at : switch.start()], liked, single)
        at = switch.end()
        listing = not liked and switch["stop"] is not None and switch["stop"].strip() == ","
        single = switch["stop"] is None and switch["against"] is None and switch["toward"] is None
        if not (listing and _goes_on(text[at:])):
            liked = not (switch["against"] or single)
    _keep(found, text[at:], liked, single)
    return tuple(found)


def _goes_on(rest: str) -> bool:
    """Whether a comma within what is to be kept away from only parts its words: "no aliens, robots or zombies"."""
    return bool(re.match(r"(?i)\s*(?:\w+\s*,\s*)*(?:\w+\s+)?(?:or|nor)\b", rest))


def _keep(found: list[Wish], piece: str, liked: bool, single: bool) -> None:
    """single: the dash in front is about one word only, and what follows that is wished for again."""
    text = " ".join(piece.split()).strip(",;.!?:()- ")
    if single:
        word, _, rest = text.partition(" ")
        _keep(found, word, False, False)
        _keep(found, rest, True, False)
        return
    while (less := _JOINED.sub("", text).strip()) != text:
        text = less
    if text and re.search(r"\w", text):
        found.append(Wish(text, liked))
