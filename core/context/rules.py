"""Rules of the house on item attributes, what they say of every item, and what each did to a list.

text --parse--> Rule --applied(catalogue)--> allowed, bonus --a list with, a list without--> RuleEffect
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from ..errors import InputError, UnknownNameError
from ..types import Array, Catalog, RuleEffect, readonly
from .rules_text import BOOST, EQUAL, GRADED, HIDE, REQUIRE, Rule, number, parse, shown

__all__ = ["Applied", "Rule", "RuleEffect", "applied", "effects", "parse", "values_near", "without_each"]

CATEGORY = "category"
YES, NO = frozenset({"yes", "true", "1", "y"}), frozenset({"no", "false", "0", "n"})


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """What rules say of a catalogue.

    allowed: (n_items,) bool, False for what is hidden or not what is required. bonus: (n_items,) float64, what boosts
    and buries add, in standard deviations of the user's scores. touched: (r,) int64, items each rule speaks of: for
    ``require`` those it keeps.
    """

    rules: tuple[Rule, ...]
    allowed: Array
    bonus: Array
    touched: Array


def applied(rules: Sequence[Rule], catalog: Catalog) -> Applied:
    """Raises InputError for a field the catalogue lacks, for a comparison of what is no number, and where nothing is
    left."""
    n = len(catalog)
    allowed, bonus = np.ones(n, dtype=bool), np.zeros(n)
    masks = [matches(rule, catalog) for rule in rules]
    for rule, mask in zip(rules, masks, strict=True):
        if rule.verb in GRADED:
            bonus[mask] += rule.strength if rule.verb == BOOST else -rule.strength
        else:
            allowed &= mask if rule.verb == REQUIRE else ~mask
    if n and not allowed.any():
        raise InputError(_nothing_left(rules, masks, catalog))
    touched = np.array([int(mask.sum()) for mask in masks], dtype=np.int64)
    return Applied(tuple(rules), readonly(allowed), readonly(bonus), readonly(touched))


def matches(rule: Rule, catalog: Catalog) -> Array:
    """(n_items,) bool, the items a rule speaks of. Texts are compared whole, in any case; an item may have several
    categories. Raises InputError."""
    column = _column(rule, catalog)
    if rule.ranged or rule.op != EQUAL:
        return _within(rule, column)
    wanted = {_plain(value) for value in rule.values}
    if column is None:
        found = (any(_plain(name) in wanted for name in names) for names in catalog.categories)
        return np.fromiter(found, dtype=bool, count=len(catalog))
    texts = [_plain(str(text)) for text in column]
    if wanted <= YES | NO and set(texts) - {""} <= YES | NO:
        wanted |= {word for words in (YES, NO) if wanted & words for word in words}
    numbers = {value for text in wanted if (value := number(text)) is not None}
    known = {text: text in wanted or (bool(numbers) and number(text) in numbers) for text in set(texts)}
    return np.array([known[text] for text in texts], dtype=bool)


def _column(rule: Rule, catalog: Catalog) -> Array | None:
    """The field's texts (n_items,), None for the categories, which are several to an item."""
    named = {_plain(name): name for name in catalog.fields} | {CATEGORY: CATEGORY}
    name = named.get(_plain(rule.field))
    if name is None:
        raise UnknownNameError(f"field in the rule {shown(rule.text)}:", rule.field, tuple(named.values()))
    if name == CATEGORY:
        if rule.ranged or rule.op != EQUAL:
            raise InputError(f"the rule {shown(rule.text)} compares categories, which have no order: use category=NAME")
        return None
    return catalog.fields[name]


def _within(rule: Rule, column: Array | None) -> Array:
    texts = () if column is None else column
    known = {text: number(text) for text in {str(text) for text in texts}}
    values = np.array([np.nan if (v := known[str(text)]) is None else v for text in texts], dtype=np.float64)
    if len(values) and np.isnan(values).all():
        raise InputError(f"the rule {shown(rule.text)} compares numbers, and {rule.field} holds none: use =")
    if rule.ranged:
        low, high = (number(end) for end in rule.values)
        return np.asarray(~np.isnan(values) & (values >= _or(low, -np.inf)) & (values <= _or(high, np.inf)))
    bound = _or(number(rule.values[0]), np.nan)
    compare = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}[rule.op]
    return np.asarray(compare(values, bound))


def _or(value: float | None, other: float) -> float:
    return other if value is None else value


def _plain(text: str) -> str:
    return text.strip().casefold()


def _nothing_left(rules: Sequence[Rule], masks: Sequence[Array], catalog: Catalog) -> str:
    """Why no item is left: one rule that does it alone, else all that take items away."""
    for rule, mask in zip(rules, masks, strict=True):
        if rule.verb == REQUIRE and not mask.any():
            near = values_near(rule, catalog)
            hint = f"did you mean {' or '.join(near)}?" if near else "take it out, or require something else"
            return f"the rule {shown(rule.text)} leaves nothing, no item is like that: {hint}"
        if rule.verb == HIDE and mask.all():
            return f"the rule {shown(rule.text)} leaves nothing, every item is like that: hide less"
    said = " and ".join(shown(rule.text) for rule in rules if rule.verb not in GRADED)
    return f"the rules {said} leave nothing together: take one of them out"


def values_near(rule: Rule, catalog: Catalog, most: int = 3) -> tuple[str, ...]:
    """Values of the rule's field that are written much like what it asks for, the nearest first."""
    if rule.ranged or rule.op != EQUAL:
        return ()
    column = _column(rule, catalog)
    there = {name for names in catalog.categories for name in names} if column is None else {str(t) for t in column}
    plain = {_plain(name): name for name in sorted(there, reverse=True) if name}
    near = (name for value in rule.values for name in get_close_matches(_plain(value), plain, n=most))
    return tuple(plain[name] for name in dict.fromkeys(near))[:most]


def without_each(rules: Applied) -> tuple[str, ...]:
    """For each rule the text of all others."""
    texts = [rule.text for rule in rules.rules]
    return tuple("; ".join(texts[:place] + texts[place + 1 :]) for place in range(len(texts)))


def effects(rules: Applied, after: Array, without: Sequence[Array]) -> tuple[RuleEffect, ...]:
    """What each rule did. after: (k,) items of the list, best first. without: for each rule the list without it."""
    told = zip(rules.rules, rules.touched, without, strict=True)
    return tuple(difference(rule.text, int(touched), other, after) for rule, touched, other in told)


def difference(text: str, touched: int, before: Array, after: Array) -> RuleEffect:
    """What turned one list (m,) into another (k,): see RuleEffect. Padding (-1) is no item."""
    old = {int(item): place for place, item in enumerate(before[before >= 0])}
    new = {int(item): place for place, item in enumerate(after[after >= 0])}
    return RuleEffect(
        text=text,
        touched=touched,
        entered=tuple(item for item in new if item not in old),
        left=tuple(item for item in old if item not in new),
        moved=sum(old[item] != place for item, place in new.items() if item in old),
    )
