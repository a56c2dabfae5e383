"""The little language of rules: ``boost category=Comedy 0.5; bury year<1980 1; require year=1990..2005``.

rule       verb field comparison value [strength]            semicolons, or lines, part rules
verb       boost | bury  (strength in standard deviations of the user's scores, 1 where none is given)
           require | hide  (no strength)
comparison = one of the values | = a..b from a to b, both included, each may be left out | < <= > >= a number
value      Comedy | "Film Noir" (blanks, semicolons and bars in double quotes) | Comedy|Drama (either)
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from ..errors import InputError

BOOST, BURY, REQUIRE, HIDE = "boost", "bury", "require", "hide"
VERBS = (BOOST, BURY, REQUIRE, HIDE)
GRADED = (BOOST, BURY)
"""The verbs that take a strength."""
ENDS = ";\n"
EQUAL = "="
ORDERED = ("<", "<=", ">", ">=")
STRONGEST = 10.0
LONGEST = 2_000
MOST = 20
"""Rules at once: each is shown beside the list without it, which is one more list to make."""
EXAMPLES = {
    BOOST: "boost category=Comedy 0.5",
    BURY: "bury year<1980 1",
    REQUIRE: "require year=1990..2005",
    HIDE: "hide category=Horror",
}
QUOTED = r'"(?:[^"]|"")*"'
VALUE = rf'(?:{QUOTED}|[^\s"|;]+)'
CONDITION = re.compile(rf'(?P<field>{QUOTED}|[^\s=<>≤≥"]+)\s*(?P<op><=|>=|[=<>≤≥])\s*(?P<values>{VALUE}(?:\|{VALUE})*)')
BARE = re.compile(r'[^\s=<>≤≥"|;]+')
SIGNS = {"≤": "<=", "≥": ">="}
"""Other ways of writing a comparison, which a page may show in place of the two letters."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. values: what is compared with, at least one; for a range (``ranged``) its ends as written, "" = open.

    strength: 0 < strength <= STRONGEST for the graded verbs, 0 for the others. text: the rule as it was written.
    """

    verb: str
    field: str
    op: str
    values: tuple[str, ...]
    strength: float
    text: str
    ranged: bool = False


def parse(text: str) -> tuple[Rule, ...]:
    """Every rule of a text, in its order; () where it is empty. Raises InputError with one sentence."""
    if len(text) > LONGEST:
        raise InputError(f"the rules are {len(text):,} characters long: use at most {LONGEST:,}")
    parts = [part for part in map(str.strip, split(text)) if part]
    if len(parts) > MOST:
        raise InputError(f"{len(parts)} rules are too many: use at most {MOST}; one rule takes several values with |")
    return tuple(_rule(" ".join(part.split()) if '"' not in part else part) for part in parts)


def split(text: str) -> list[str]:
    """The pieces between semicolons and ends of lines, those in double quotes aside; blank ones included."""
    pieces, quoted = [""], False
    for char in text:
        quoted ^= char == '"'
        if char in ENDS and not quoted:
            pieces.append("")
        else:
            pieces[-1] += char
    return pieces


def written(verb: str, field: str, op: str, value: str, strength: float = 1.0) -> str:
    """A rule as text, quoted where that is needed. value: taken as it is, no range and no list of values."""
    grade = f" {strength:g}" if verb in GRADED else ""
    return f"{verb} {quoted(field)}{op}{quoted(value)}{grade}"


def quoted(value: str) -> str:
    """A word of a rule: in double quotes where it would not be read as one word."""
    return value if BARE.fullmatch(value) and ".." not in value else '"' + value.replace('"', '""') + '"'


def _rule(text: str) -> Rule:
    verb, rest = (*text.split(None, 1), "")[:2]
    verb = verb.lower()
    if verb not in VERBS:
        raise _unread(text, f"starts with one of {', '.join(VERBS)}", EXAMPLES[BOOST])
    if text.count('"') % 2:
        raise _unread(text, "closes its double quotes", f'{verb} category="Film Noir"')
    found = CONDITION.match(rest.strip())
    if found is None:
        raise _unread(text, "names a field, one of = < <= > >= and a value", EXAMPLES[verb])
    field, op = unquoted(found["field"]), SIGNS.get(found["op"], found["op"])
    given = re.findall(VALUE, found["values"])
    strength = _strength(text, verb, rest.strip()[found.end() :].strip())
    if op == EQUAL and len(given) == 1 and ".." in given[0] and not given[0].startswith('"'):
        return Rule(verb, field, op, _ends(text, verb, field, given[0]), strength, text, ranged=True)
    values = tuple(unquoted(value) for value in given)
    if op in ORDERED and (len(values) > 1 or number(values[0]) is None):
        raise _unread(text, f"has one number after {op}", f"{verb} {field}{op}1980")
    return Rule(verb, field, op, values, strength, text)


def _ends(text: str, verb: str, field: str, given: str) -> tuple[str, str]:
    """The ends of a range."""
    low, _, high = given.partition("..")
    numbers = [number(end) for end in (low, high) if end]
    if not numbers or any(end is None for end in numbers):
        raise _unread(text, "has numbers around its two dots", f"{verb} {field}=1990..2005")
    if len(numbers) == 2 and float(numbers[0] or 0) > float(numbers[1] or 0):
        raise _unread(text, "has the smaller number first", f"{verb} {field}={high}..{low}")
    return low, high


def _strength(text: str, verb: str, rest: str) -> float:
    if verb not in GRADED:
        if rest:
            raise _unread(text, "ends after its value (a value with blanks stands in double quotes)", EXAMPLES[verb])
        return 0.0
    strength = number(rest) if rest else 1.0
    if strength is None:
        said = "ends with its strength as one number (a value with blanks stands in double quotes)"
        raise _unread(text, said, f'{verb} category="Film Noir" 0.5')
    if not 0 < strength <= STRONGEST:
        raise _unread(text, f"has a strength above 0 and up to {STRONGEST:g}", EXAMPLES[verb])
    return strength


def number(text: str) -> float | None:
    """A finite number, None for anything else."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def unquoted(word: str) -> str:
    """What a word of a rule says."""
    return word[1:-1].replace('""', '"') if word.startswith('"') else word


def shown(text: str) -> str:
    """A rule in a message: quoted, and cut where it is long."""
    return repr(text if len(text) <= 80 else f"{text[:80]}…")


def _unread(text: str, expected: str, example: str) -> InputError:
    return InputError(f"the rule {shown(text)} cannot be read: a rule {expected}, as in {example!r}")
