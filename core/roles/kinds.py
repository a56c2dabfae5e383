"""What one file is, judged by itself: log, items, tags, names, vectors, or of no use."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..sheets import INTERACTIONS, ITEMS, NAMES, TAGS, UNUSED, VECTORS
from .aliases import FILE_WORDS, FRIENDS, LIKELY, LOOSE, NOT_ITEMS, SURE
from .assign import id_candidates, name_confidence
from .content import Column

Verdict = tuple[str, float, str]
"""Kind, confidence in [0, 1], and the reason in one sentence."""

FEWEST_KEYS = 10
"""Of fewer values, all different ones are no evidence."""
USERS_TABLE = (UNUSED, 0.85, "It holds one row per user: what users are is not used.")
LINKS = (UNUSED, 0.9, "It links users to users: who knows whom is not used.")
ENDINGS: dict[str, Verdict] = {
    "inter": (INTERACTIONS, 1.0, "Its name ends in .inter, RecBole's log."),
    "item": (ITEMS, 1.0, "Its name ends in .item, RecBole's items."),
    "user": (UNUSED, 1.0, "Its name ends in .user, RecBole's users: what users are is not used."),
    "link": (UNUSED, 1.0, "Its name ends in .link, RecBole's links to a knowledge graph, which is not used."),
    "kg": (UNUSED, 1.0, "Its name ends in .kg, RecBole's knowledge graph, which is not used."),
    "net": (UNUSED, 1.0, "Its name ends in .net, RecBole's links between users, which are not used."),
}


def kind_of(file: str, columns: Sequence[Column]) -> Verdict:
    """The kind of a file by its ending, its columns' names, and its values where the names say little.

    A typed header is written by a program for this very use: what it says is certain.
    """
    kind, confidence, reason = _kind_of(file, columns)
    typed = kind != UNUSED and bool(columns) and all(column.declared for column in columns)
    return kind, max(confidence, SURE) if typed else confidence, reason


def _kind_of(file: str, columns: Sequence[Column]) -> Verdict:
    stem, _, ending = file.rpartition(".")
    if ending.lower() in ENDINGS and len(columns) > 1:
        return ENDINGS[ending.lower()]
    if not columns:
        return UNUSED, 0.0, "It holds no columns."
    user, item = best(columns, INTERACTIONS, "user_id", LOOSE), best(columns, INTERACTIONS, "item_id", LIKELY)
    if any(column.is_vector for column in columns) and user is None and not _describes(columns):
        return VECTORS, 0.9, "It holds one list of numbers per row."
    word = file_word(stem or file)
    if user is not None:
        return _with_user(columns, user, item if item is not user else None)
    if item is not None:
        return _with_item(columns, item)
    return _without_known_ids(columns, word)


def best(columns: Sequence[Column], kind: str, role: str, least: float) -> Column | None:
    """The column whose name speaks most clearly for a role, None below ``least``."""
    found = max(columns, key=lambda column: name_confidence(kind, role, column), default=None)
    return found if found is not None and name_confidence(kind, role, found) >= least else None


def file_word(stem: str) -> str:
    """What the words of a file's name say: a kind, "users", "links" or ""."""
    words = {part.lower() for part in re.findall(r"[A-Za-z][a-z]*|[A-Z]+", stem)} | set(
        re.split(r"[\W_\d]+", stem.lower())
    )
    return next((meaning for meaning, names in FILE_WORDS.items() if words & set(names)), "")


def tag_column(columns: Sequence[Column]) -> Column | None:
    """A column called tag, tagID, tag_name ..."""
    return next(
        (c for c in columns if c.plain.startswith("tag") and name_confidence(TAGS, "category", c) >= SURE), None
    )


def _describes(columns: Sequence[Column]) -> bool:
    return any(best(columns, ITEMS, role, LIKELY) is not None for role in ("title", "text", "category", "image"))


def _with_user(columns: Sequence[Column], user: Column, item: Column | None) -> Verdict:
    if item is None:
        if any(column.plain in FRIENDS for column in columns):
            return LINKS
        others = id_candidates(column for column in columns if column is not user)
        if user.is_unique and not any(column.repeats and column.plain.endswith("id") for column in others):
            return USERS_TABLE
        if others:
            return INTERACTIONS, 0.6, f"It holds users ({user.name}), who come back, and what may be items."
        return UNUSED, 0.5, f"It holds users ({user.name}), but nothing that looks like items."
    title = best(columns, ITEMS, "title", SURE)
    if item.is_unique and not user.is_unique and item.n_present > 20 and title is not None and title is not item:
        return ITEMS, 0.7, f"It holds one row per item ({item.name}), with a title."
    tag = tag_column(columns)
    if tag is not None and tag is not item and best(columns, INTERACTIONS, "weight", LIKELY) is None:
        return TAGS, 0.8, f"It says which tag ({tag.name}) users gave to which item ({item.name})."
    return INTERACTIONS, 0.95, f"It says which user ({user.name}) met which item ({item.name})."


def _with_item(columns: Sequence[Column], item: Column) -> Verdict:
    if item.is_unique or item.is_empty:
        if _describes(columns):
            return ITEMS, 0.9, f"It holds one row per item ({item.name})."
        return ITEMS, 0.6, f"It holds one row per item ({item.name}), though little to say about them."
    tag = best([column for column in columns if column is not item], TAGS, "category", LIKELY)
    title = best([column for column in columns if column is not item], ITEMS, "title", SURE)
    if tag is not None and title is None and len(columns) <= 5:
        return TAGS, 0.8, f"It holds several rows per item ({item.name}), with a tag each ({tag.name})."
    if title is not None:
        return ITEMS, 0.6, f"It holds items ({item.name}) with titles, some of them more than once."
    others = [column for column in id_candidates(column for column in columns if column is not item) if column.repeats]
    if others:
        return INTERACTIONS, 0.5, f"It holds items ({item.name}), who come back, and what may be users."
    return UNUSED, 0.4, f"It holds items ({item.name}) more than once, but neither users nor tags."


def _key_of_texts(columns: Sequence[Column], repeating: Sequence[Column]) -> Column | None:
    """The column of ids, each once, before texts that come back; None where a time, an event or a weight says log."""
    texts = [column for column in columns if column.is_text and not column.is_unique]
    logged = any(column.is_time or column.is_event or column.is_place for column in columns)
    if not texts or logged or best(columns, INTERACTIONS, "weight", LIKELY) is not None:
        return None
    if not all(column.is_text for column in repeating):
        return None
    return next((c for c in columns if _is_key(c) and (not c.is_numeric or c.place < texts[0].place)), None)


def _is_key(column: Column) -> bool:
    known = column.plain not in NOT_ITEMS and column.n_present >= FEWEST_KEYS and not column.is_vector
    short = column.is_unique and column.length <= 40 and column.words <= 1
    return known and short and not column.is_time and not column.is_web_address


def _without_known_ids(columns: Sequence[Column], word: str) -> Verdict:
    if word == "users":
        return USERS_TABLE
    if word == "links":
        return LINKS
    code = best(columns, NAMES, "code", SURE)
    name = best([column for column in columns if column is not code], NAMES, "name", LOOSE)
    if code is not None and code.is_unique and name is not None and len(columns) <= 4:
        return NAMES, 0.85, f"It gives names ({name.name}) to codes ({code.name})."
    unique = best(columns, ITEMS, "item_id", LOOSE)
    if unique is not None and unique.is_unique and _describes(columns):
        if word == TAGS and len(columns) <= 3:
            return NAMES, 0.6, f"It gives names to codes ({unique.name})."
        return ITEMS, 0.75, f"It holds one row per item ({unique.name})."
    repeating = [column for column in id_candidates(columns) if column.repeats]
    key = _key_of_texts(columns, repeating)
    if key is not None and word != INTERACTIONS:
        return ITEMS, 0.7 if word == ITEMS else 0.5, f"Each row has an id of its own ({key.name}), with texts about it."
    if len(repeating) >= 2 and word != ITEMS:
        found = " and ".join(column.name for column in repeating[:2])
        return INTERACTIONS, 0.7 if word == INTERACTIONS else 0.5, f"Two columns look like ids that come back: {found}."
    if any(column.is_unique for column in columns) and any(column.is_text for column in columns) and len(columns) > 1:
        return ITEMS, 0.7 if word == ITEMS else 0.5, "Each row is something else, with texts about it."
    if word == INTERACTIONS and len(columns) > 1:
        return INTERACTIONS, 0.5, "Its name says that it is a log."
    return UNUSED, 0.3, "Nothing in it looks like users, items or texts."
