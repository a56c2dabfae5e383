"""What a data set may be called before anybody said so: what its files have in common, else what its log is called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from core.importing.plan import suggested_name
from core.importing.views import Inspection
from core.sheets import INTERACTIONS, UNUSED

NOTHING = suggested_name("")
LEAST_LETTERS = 3
COLUMN_WORDS = frozenset(("user", "users", "item", "items", "the"))
"""What files may have in common without a meaning: user_ratings, user_friends."""
_BETWEEN = " _-."


def label_of(seen: Inspection) -> str:
    """A name to show, "" where the names of the files say nothing."""
    used = [view for view in seen.files if not view.problem and view.kind != UNUSED]
    logs = [_stem(view.name) for view in used if view.kind == INTERACTIONS]
    for name in (_common([_stem(view.name) for view in used]), *logs[:1]):
        if suggested_name(name) != NOTHING:
            return _shown(name)
    return ""


def _stem(name: str) -> str:
    return PurePath(name).name.split(".")[0]


def _common(stems: Sequence[str]) -> str:
    """The words with which all of them begin, "" for a single one or where they say nothing."""
    if len(stems) < 2:
        return ""
    split = [re.split(r"([ _\-]+)", stem) for stem in stems]
    shared = []
    for parts in zip(*split, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    found = "".join(shared).strip(_BETWEEN)
    return "" if len(found) < LEAST_LETTERS or found.lower() in COLUMN_WORDS else found


def _shown(name: str) -> str:
    words = re.sub(r"[\s_]+", " ", name).strip(_BETWEEN)[:60]
    return words[:1].upper() + words[1:] if words.islower() and words.split()[0].isalpha() else words
