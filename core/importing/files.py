"""The files of a plan, looked at: each with what it is taken to be, or why it cannot be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import FileError, InputError
from ..read.files import read_file, read_vectors
from ..roles.guess import check, understand, understand_all, with_choice
from ..sheets import INTERACTIONS, ITEMS, KINDS, UNUSED, VECTORS, Meaning, Sheet
from ..types import Array
from .plan import FilePlan, ImportPlan

ARRAY_SUFFIX = ".npy"
MOST_FILES = 50


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """A file whose head was read. sheet: None for a bare array of vectors, whose shape is then in ``shape``."""

    plan: FilePlan
    meaning: Meaning
    sheet: Sheet | None = None
    shape: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that cannot be used, and why in one sentence."""

    plan: FilePlan
    text: str


def look(plan: ImportPlan) -> tuple[Looked | Problem, ...]:
    """Read the heads and guess what the files are, together; what the user decided stands.

    Raises InputError for a choice that the files do not allow: an unknown kind, role or column.
    """
    if len(plan.files) > MOST_FILES:
        raise InputError(f"{len(plan.files)} files are too many for one import: bring at most {MOST_FILES}")
    opened = [_open(file) for file in plan.files]
    sheets = [found.sheet for found in opened if isinstance(found, Looked) and found.sheet is not None]
    guessed = dict(zip(map(id, sheets), understand_all(sheets), strict=True))
    arrays = any(isinstance(found, Looked) and found.sheet is None for found in opened)
    return tuple(
        _decided(found, guessed[id(found.sheet)], arrays)
        if isinstance(found, Looked) and found.sheet is not None
        else found
        for found in opened
    )


def of_kind(files: Sequence[Looked | Problem], kind: str) -> tuple[Looked, ...]:
    """The files taken to be of a kind, in the order given."""
    return tuple(file for file in files if isinstance(file, Looked) and file.meaning.kind == kind)


def checked(files: Sequence[Looked | Problem]) -> tuple[Looked, ...]:
    """The files that take part. Raises the first problem that keeps the import from running."""
    for file in files:
        if isinstance(file, Problem) and file.plan.kind not in ("", UNUSED):
            raise InputError(file.text)
    good = tuple(file for file in files if isinstance(file, Looked) and file.meaning.kind != UNUSED)
    if not of_kind(good, INTERACTIONS):
        raise InputError(_no_log(files))
    if len(of_kind(good, ITEMS)) > 1:
        names = " and ".join(file.plan.name for file in of_kind(good, ITEMS))
        raise InputError(f"{names} both hold one row per item: keep one as items and set the others to unused, or tags")
    for file in good:
        if file.meaning.kind != VECTORS:
            check(file.meaning, file.plan.name)
    return good


def whole(file: Looked, columns: Sequence[str] | None = None) -> Sheet:
    """The whole file; ``columns``: only these. Raises FileError."""
    return read_file(Path(file.plan.path), name=file.plan.name, wish=file.plan.dialect, columns=columns)


def array_of(file: Looked) -> Array:
    """The vectors of a bare array file, (n, d) float32. Raises FileError."""
    return read_vectors(Path(file.plan.path), name=file.plan.name)


def _open(file: FilePlan) -> Looked | Problem:
    if file.kind and file.kind not in KINDS:
        raise InputError(f"{file.name}: unknown kind {file.kind!r}; known: {', '.join(KINDS)}")
    path = Path(file.path)
    try:
        if path.suffix.lower() == ARRAY_SUFFIX or file.name.lower().endswith(ARRAY_SUFFIX):
            shape = read_vectors(path, name=file.name).shape
            reason = f"{shape[0]:,} vectors of {shape[1]:,} numbers"
            kind = file.kind if file.kind == UNUSED else VECTORS
            return Looked(file, Meaning(kind, 1.0, (), reason), None, shape)
        sheet = read_file(path, name=file.name, wish=file.dialect, head=True)
    except FileError as error:
        return Problem(file, str(error))
    return Looked(file, Meaning(UNUSED, 0.0, ()), sheet)


def _decided(file: Looked, guess: Meaning, arrays: bool) -> Looked:
    sheet = file.sheet
    assert sheet is not None
    meaning = guess
    kind = file.plan.kind
    if not kind and arrays and len(sheet.columns) == 1:
        kind = VECTORS  # a lone column beside an array: the ids of its rows
    if kind and kind != guess.kind:
        meaning = replace(understand(sheet, kind), reason=guess.reason if kind == guess.kind else "")
    for role, columns in file.plan.roles:
        meaning = with_choice(meaning, sheet, role, columns)
    return replace(file, meaning=meaning)


def _no_log(files: Sequence[Looked | Problem]) -> str:
    if not files:
        return "no file was given: bring at least a file of interactions, with a user and an item in each row"
    taken = [file.text if isinstance(file, Problem) else f"{file.plan.name} is {file.meaning.kind}" for file in files]
    said = "; ".join(taken[:5])
    return f"none of the files has a user and an item in each row ({said}): bring one, or set one to interactions"
