"""Item texts from a template such as ``{title} ({year}). Genres: {category}``.

What is missing drops out with what belongs to it:

    brackets       (...), [...] and quotes around missing fields go, the words around them stay
    clauses        parts between separators (". ", ", ", "; ", " - ", " | ", a new line) go when all their fields are
                   missing, label and all; of the separators around a gap the strongest stays
    words          inside a clause, the words before a field belong to it, those after the last field to that one
    braces         ``{{`` and ``}}`` are literal braces; braces inside a value are just text
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..errors import InputError, UnknownNameError
from ..types import Array

PAIRS = {"(": ")", "[": "]", "“": "”", "«": "»", '"': '"'}
SEPARATOR = re.compile(r"\s*\n\s*|[.!?]\s+|;\s+|\s+[|·•/–—-]\s+|,\s+")
SENTENCE_END = ".!?…"
ENDS = tuple(SENTENCE_END)
SOFT = "\0"
"""Stands before a full stop that is left out where the text before it already ends a sentence."""
DOUBLED_END = re.compile(rf"(?<=[{SENTENCE_END}]){SOFT}[{SENTENCE_END}]|{SOFT}")
EDGE = re.compile(r"^[\s.,:;|·•/–—-]+")


@dataclass(frozen=True, slots=True)
class Field:
    """The place of a value."""

    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """Something in brackets or quotes."""

    opening: str
    nodes: tuple[Node, ...]
    closing: str


Node = str | Field | Group
Part = str | Field


@dataclass(frozen=True, slots=True)
class Clause:
    """Nodes between two separators; ``separator`` is the one that follows ("" at the end)."""

    nodes: tuple[Node, ...]
    separator: str


def fill(template: str, fields: Mapping[str, Array]) -> list[str]:
    """One text per row of the fields ((n,) str each, "" = missing); "" where every field of the row is missing.

    Raises UnknownNameError for a field that is not there, InputError for a template that cannot be read.
    """
    names = fields_in(template)
    for name in names:
        if name not in fields:
            raise UnknownNameError("field of the item text", name, fields)
    columns = {name: [str(value).strip().replace(SOFT, "") for value in fields[name].tolist()] for name in names}
    present = zip(*(map(bool, columns[name]) for name in names), strict=True)
    compiled: dict[tuple[bool, ...], list[str | list[str]]] = {}
    texts = []
    for row, pattern in enumerate(present):
        if pattern not in compiled:
            known = frozenset(name for name, there in zip(names, pattern, strict=True) if there)
            compiled[pattern] = [
                part if isinstance(part, str) else columns[part.name] for part in _parts(template, known)
            ]
        text = "".join([part if type(part) is str else part[row] for part in compiled[pattern]])
        texts.append(DOUBLED_END.sub("", text) if SOFT in text else text)
    return texts


@lru_cache(maxsize=64)
def fields_in(template: str) -> tuple[str, ...]:
    """The field names of a template, each once, in order. Raises InputError where it cannot be read."""
    if not _is_text(template):
        raise InputError(f"the item text {template!a} holds characters that are not Unicode text")
    found: dict[str, None] = {}

    def collect(nodes: Sequence[Node]) -> None:
        for node in nodes:
            if isinstance(node, Field):
                found[node.name] = None
            elif isinstance(node, Group):
                collect(node.nodes)

    collect(_parse(template))
    if not found:
        raise InputError(f"the item text {template!r} names no field: write for example {{title}}")
    return tuple(found)


def _tokens(template: str) -> list[Part]:
    """Literal characters and fields, in order."""
    tokens: list[Part] = []
    at = 0
    while at < len(template):
        character = template[at]
        if template[at : at + 2] in ("{{", "}}"):
            tokens.append(character)
            at += 2
        elif character == "{":
            end = template.find("}", at)
            name = template[at + 1 : end].strip()
            if end < 0 or "{" in name:
                raise InputError(f"the item text has a {{ without its }} at character {at + 1}: {template!r}")
            if not name:
                raise InputError(f"the item text has empty braces at character {at + 1}: name a field in them")
            tokens.append(Field(name))
            at = end + 1
        elif character == "}":
            raise InputError(f"the item text has a }} without its {{ at character {at + 1}: {template!r}")
        else:
            tokens.append(character)
            at += 1
    return tokens


@lru_cache(maxsize=64)
def _parse(template: str) -> tuple[Node, ...]:
    """Fields, words and bracket groups; a bracket without its partner is just a character."""
    stack: list[tuple[str, list[Node]]] = [("", [])]
    for token in _tokens(template):
        opening, nodes = stack[-1]
        if isinstance(token, str) and opening and token == PAIRS[opening]:
            stack.pop()
            _append(stack[-1][1], Group(opening, tuple(nodes), token))
        elif isinstance(token, str) and token in PAIRS:
            stack.append((token, []))
        else:
            _append(nodes, token)
    while len(stack) > 1:
        opening, nodes = stack.pop()
        for node in (opening, *nodes):
            _append(stack[-1][1], node)
    return tuple(stack[0][1])


def _append(nodes: list[Node], node: Node) -> None:
    """Add a node; a group without a field is words, and words run together."""
    if isinstance(node, Group) and not _has_field(node):
        for inner in (node.opening, *node.nodes, node.closing):
            _append(nodes, inner)
    elif isinstance(node, str) and nodes and isinstance(nodes[-1], str):
        nodes[-1] += node
    else:
        nodes.append(node)


def _is_text(template: str) -> bool:
    try:
        template.encode()
    except UnicodeEncodeError:
        return False
    return True


def _has_field(node: Node) -> bool:
    return isinstance(node, Field) or (isinstance(node, Group) and any(map(_has_field, node.nodes)))


def _clauses(nodes: Sequence[Node]) -> list[Clause]:
    """Cut at separators; words alone before a weak separator are the label of what follows it."""
    clauses: list[Clause] = []
    current: list[Node] = []
    for node in nodes:
        if not isinstance(node, str):
            current.append(node)
            continue
        at = 0
        for match in SEPARATOR.finditer(node):
            _append(current, node[at : match.start()])
            at = match.end()
            if not any(map(_has_field, current)) and _strength(match[0]) < 2:
                _append(current, match[0])
                continue
            clauses.append(Clause(tuple(n for n in current if n != ""), match[0]))
            current = []
        _append(current, node[at:])
    return [*clauses, Clause(tuple(n for n in current if n != ""), "")]


def _strength(separator: str) -> int:
    """New line, sentence end, semicolon and the like, comma."""
    if "\n" in separator:
        return 3
    if separator.startswith(ENDS):
        return 2
    return 0 if separator.startswith(",") else 1


@lru_cache(maxsize=1024)
def _parts(template: str, known: frozenset[str]) -> tuple[Part, ...]:
    """What to print, in order, where just these fields have a value."""
    out: list[Part] = []
    for part in _level(_parse(template), known) if known else ():
        if isinstance(part, str) and part.startswith(ENDS):
            out.append(SOFT)
        out.append(part)
    return tuple(out)


def _level(nodes: Sequence[Node], known: frozenset[str]) -> list[Part]:
    out: list[Part] = []
    between = ""
    for clause in _clauses(nodes):
        printed = _clause(clause.nodes, known)
        if printed:
            out += [between, *printed] if out else printed
            between = clause.separator
        elif out and _strength(clause.separator) > _strength(between):
            between = clause.separator
    return out


def _clause(nodes: Sequence[Node], known: frozenset[str]) -> list[Part]:
    """One clause without what is missing; [] where all of it is."""
    out: list[Part] = []
    words, opened_by_gap, owner_missing, bare = "", False, False, False
    for node in nodes:
        if isinstance(node, str):
            words += node
            continue
        if isinstance(node, Field):
            printed: list[Part] = [node] if node.name in known else []
            bare, owner_missing = True, not printed
        else:
            inner = _level(node.nodes, known) if _any_known(node, known) else []
            wrapped = inner[:1] == [node.opening] and inner[-1:] == [node.closing]
            printed = inner if wrapped or not inner else [node.opening, *inner, node.closing]
            owner_missing = owner_missing if bare else not printed
        if printed:
            out += [EDGE.sub("", words) if opened_by_gap and not out else words, *printed]
            words = ""
        else:
            opened_by_gap = opened_by_gap or not out
            words = "" if isinstance(node, Field) else words.rstrip()
    if any(map(_has_field, nodes)) and not out:
        return []
    if words and not owner_missing:
        out.append(words)
    return [part for part in out if part != ""]


def _any_known(node: Node, known: frozenset[str]) -> bool:
    if isinstance(node, Field):
        return node.name in known
    return isinstance(node, Group) and any(_any_known(inner, known) for inner in node.nodes)
