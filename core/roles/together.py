"""Several files at once: each is understood with the help of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..sheets import INTERACTIONS, ITEMS, NAMES, NEEDED, TAGS, UNUSED, VECTORS, Guess, Meaning, Sheet
from .aliases import LIKELY, LOOSE, plain_name
from .assign import id_candidates
from .content import Column, columns_of, covered, overlap
from .kinds import best, tag_column
from .single import understand

CONTAINED = 0.6
"""From this share of common ids on, two columns hold the same things."""
UNTOLD = ("id", "code", "key")
"""Names of an id column that leave to the file's name what it is an id of."""
AGREED = 0.9
"""Confidence of a role that another file confirms."""


class Files:
    """The sheets, their columns and what they are so far."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.sheets = sheets
        self.columns = [columns_of(sheet) for sheet in sheets]
        self.meanings = [understand(sheet) for sheet in sheets]

    def of(self, kind: str) -> list[int]:
        """The places of the files of a kind."""
        return [place for place, meaning in enumerate(self.meanings) if meaning.kind == kind]

    def player(self, place: int | None, role: str) -> Column | None:
        """The column that plays a role in a file."""
        name = None if place is None else self.meanings[place].column(role)
        return None if name is None else next(column for column in self.columns[place or 0] if column.name == name)

    def becomes(self, place: int, kind: str, reason: str, confidence: float = 0.8) -> None:
        """Another kind for a file, and the roles of that kind."""
        self.meanings[place] = replace(understand(self.sheets[place], kind), confidence=confidence, reason=reason)

    def casts(self, place: int, role: str, column: Column, why: str) -> None:
        """Another column for a role, taken from the role it had."""
        guesses = []
        for guess in self.meanings[place].guesses:
            if guess.role == role:
                guesses.append(Guess(role, (column.name,), AGREED, why, column.samples(role)))
            else:
                left = tuple(name for name in guess.columns if name != column.name)
                guesses.append(guess if left == guess.columns else Guess(guess.role, left, 0.0, ""))
        self.meanings[place] = replace(self.meanings[place], guesses=tuple(guesses))


def understand_all(sheets: Sequence[Sheet]) -> tuple[Meaning, ...]:
    """One meaning per sheet, in order: one items file at most; one log, or parts of one with the same columns."""
    files = Files(sheets)
    if len(sheets) > 1:
        log = _one_log(files)
        items = _one_items_file(files, log)
        _names_of_codes(files, log, items)
        _same_items(files, log, items)
    return tuple(files.meanings)


def _one_log(files: Files) -> int | None:
    """The richest log; what else looks like one is a part of it, holds tags, or is left aside."""
    _items_of_logs(files)
    if not files.of(INTERACTIONS):
        for place in files.of(TAGS):
            if best(files.columns[place], INTERACTIONS, "user_id", LOOSE) is not None:
                files.becomes(place, INTERACTIONS, "No other file is a log: who tagged what counts as one.", 0.6)
                break
    logs = files.of(INTERACTIONS)
    log = max(logs, key=lambda place: _worth(files, place), default=None)
    for place in logs:
        if place != log and log is not None:
            name = files.sheets[log].name
            if {c.plain for c in files.columns[place]} == {c.plain for c in files.columns[log]}:
                reason = f"It has the columns of {name}: together they are the log."
                files.meanings[place] = replace(files.meanings[place], reason=reason)
            elif tag_column(files.columns[place]) is not None:
                files.becomes(place, TAGS, f"It holds tags of items; the log is {name}.")
            else:
                files.becomes(place, UNUSED, f"It looks like a log, but {name} is taken as the log.", 0.6)
    return log


def _items_of_logs(files: Files) -> None:
    """A file in which each item of a log stands once holds the items, though it looks like a log or like nothing."""
    for place, meaning in enumerate(files.meanings):
        doubtful = meaning.kind == INTERACTIONS or (meaning.kind == UNUSED and meaning.confidence <= 0.5)
        if not doubtful or best(files.columns[place], INTERACTIONS, "user_id", LIKELY) is not None:
            continue
        for log in files.of(INTERACTIONS):
            item = files.player(log, "item_id")
            if log != place and item is not None and not item.is_unique:
                own = next((c for c in files.columns[place] if _is_key_of(files, place, c, log, item)), None)
                if own is not None and len(files.columns[place]) > 1:
                    name = files.sheets[log].name
                    files.becomes(place, ITEMS, f"It holds one row per item ({own.name}) of {name}.")
                    files.casts(place, "item_id", own, "name" if own.plain == item.plain else "content")
                    break


def _is_key_of(files: Files, place: int, own: Column, log: int, item: Column) -> bool:
    """Whether a column stands for the items of a log: each once, under the same name or with the same values."""
    if not own.is_unique or own.is_vector or own.is_time:
        return False
    headed = all(files.sheets[which].dialect.header != "no" for which in (place, log))
    if headed and own.plain == item.plain:
        return overlap(own, item) > 0
    told = covered(item, own)
    # Whole numbers from 1 on may be anything's.
    return min(told, covered(own, item)) >= CONTAINED if own.is_numeric else told >= CONTAINED


def _worth(files: Files, place: int) -> tuple[float, int, int]:
    meaning = files.meanings[place]
    filled = sum(bool(meaning.columns(role)) for role in ("weight", "datetime", "event", "position"))
    return meaning.confidence, filled, len(files.sheets[place].rows)


def _one_items_file(files: Files, log: int | None) -> int | None:
    """The file that says most about the items of the log; a second one gives names to codes, or is left aside."""
    ids = files.player(log, "item_id")

    def worth(place: int) -> tuple[bool, float, int]:
        own, meaning = files.player(place, "item_id"), files.meanings[place]
        named = ids is not None and own is not None and own.plain == ids.plain
        told = 0.0 if ids is None or own is None else covered(ids, own)
        filled = sum(bool(meaning.columns(role)) for role in ("title", "text", "category", "image"))
        return named, 2 * told + meaning.confidence + filled / 4, len(files.sheets[place].rows)

    candidates = files.of(ITEMS)
    if not candidates and log is not None:
        candidates = [place for place in files.of(NAMES) if _names_the_items(files, place, ids)]
    items = max(candidates, key=worth, default=None)
    for place in candidates:
        if place == items and files.meanings[place].kind != ITEMS:
            files.becomes(place, ITEMS, "Its codes are the items of the log.", 0.7)
        elif place != items and items is not None:
            if _coded_elsewhere(files, place, log, items) or _codes_of_categories(files, place, items):
                files.becomes(place, NAMES, "It gives names to codes that stand in another file.", 0.75)
            else:
                name = files.sheets[items].name
                files.becomes(place, UNUSED, f"It may hold items, but {name} is taken as the items.", 0.6)
    return items


def _names_the_items(files: Files, place: int, ids: Column | None) -> bool:
    code = files.player(place, "code")
    tagged = [files.player(other, "category") for other in files.of(TAGS)]
    is_tag = code is not None and any(tag is not None and _same(code, tag) for tag in tagged)
    return code is not None and ids is not None and not is_tag and covered(ids, code) >= CONTAINED


def _coded_elsewhere(files: Files, place: int, log: int | None, items: int | None) -> bool:
    """Whether a file's id column stands in another file under the same name, and is not the log's user or item."""
    own = files.player(place, "item_id") or files.player(place, "code")
    if own is None or not own.is_unique:
        return False
    known = [files.player(log, "user_id"), files.player(log, "item_id"), files.player(items, "item_id")]
    if own.plain not in UNTOLD and any(column is not None and column.plain == own.plain for column in known):
        return False
    names = {own.plain}
    if own.plain in UNTOLD:
        stem = plain_name(files.sheets[place].name.rsplit(".", 1)[0])
        stems = {stem, stem.removesuffix("s")} | ({f"{stem[:-3]}y"} if stem.endswith("ies") else set())
        names = {f"{one}{ending}" for one in stems for ending in ("", *UNTOLD)}
    return any(
        column.plain in names and overlap(column, own) > 0
        for other, columns in enumerate(files.columns)
        if other != place
        for column in columns
    )


def _codes_of_categories(files: Files, place: int, items: int | None) -> bool:
    """Whether the ids of a file are the values of a column of categories of the items, and hardly anything else."""
    own = files.player(place, "item_id") or files.player(place, "code")
    if own is None or items is None or not own.is_unique:
        return False
    names = files.meanings[items].columns("category")
    return any(
        min(covered(column, own), covered(own, column)) >= CONTAINED
        for column in files.columns[items]
        if column.name in names
    )


def _names_of_codes(files: Files, log: int | None, items: int | None) -> None:
    """Files of names must name something that another file holds."""
    used = [files.player(place, "category") for place in (*files.of(TAGS), *files.of(ITEMS))]
    for place in files.of(NAMES):
        code = files.player(place, "code")
        named = code is not None and any(column is not None and _same(code, column) for column in used)
        if not named and not _coded_elsewhere(files, place, log, items):
            files.becomes(place, UNUSED, "It gives names to codes that stand in no other file.", 0.6)


def _same_items(files: Files, log: int | None, items: int | None) -> None:
    """The log and the tags must speak of the items of the items file: by the name of the column, or by the ids."""
    own = files.player(items, "item_id") or files.player(log, "item_id")
    if own is None:
        return
    for place in (*files.of(INTERACTIONS), *files.of(TAGS), *files.of(VECTORS)):
        if "item_id" in NEEDED[files.meanings[place].kind]:
            _agree(files, place, own)
    _items_agree(files, items, log)


def _agree(files: Files, place: int, own: Column) -> None:
    now = files.player(place, "item_id")
    user = files.player(place, "user_id")
    if now is None or now is own or now.plain == own.plain:
        return
    others = [column for column in files.columns[place] if column is not now]
    same_name = next((c for c in others if c.plain == own.plain and c.plain != "id" and c is not user), None)
    if same_name is not None:
        files.casts(place, "item_id", same_name, "name")
    elif overlap(now, own) < 0.1:
        found = max(id_candidates(others), key=lambda column: overlap(column, own), default=None)
        if found is not None and overlap(found, own) >= CONTAINED:
            files.casts(place, "item_id", found, "content")
            if found is user:
                files.casts(place, "user_id", now, "content")


def _items_agree(files: Files, items: int | None, log: int | None) -> None:
    """Of several id columns of the items file the one whose values stand in the log."""
    own, ids = files.player(items, "item_id"), files.player(log, "item_id")
    if items is None or own is None or ids is None or own.plain == ids.plain or overlap(own, ids) >= CONTAINED:
        return
    found = next(
        (c for c in files.columns[items] if c is not own and c.is_unique and overlap(c, ids) >= CONTAINED), None
    )
    if found is not None and not found.is_vector:
        files.casts(items, "item_id", found, "content")


def _same(one: Column, other: Column) -> bool:
    return (one.plain == other.plain and one.plain != "id") or overlap(one, other) >= CONTAINED
