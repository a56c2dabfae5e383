"""One file by itself."""

from __future__ import annotations

from ..errors import UnknownNameError
from ..sheets import KINDS, Meaning, Sheet
from .assign import assign
from .content import columns_of
from .kinds import kind_of


def understand(sheet: Sheet, kind: str = "") -> Meaning:
    """The kind of a file and the roles of its columns; a kind that is given stays, and only the roles are guessed.

    Raises UnknownNameError for a kind that is none of KINDS.
    """
    if kind and kind not in KINDS:
        raise UnknownNameError("kind of file", kind, KINDS)
    columns = columns_of(sheet)
    found, confidence, reason = (kind, 1.0, "") if kind else kind_of(sheet.name, columns)
    return Meaning(found, confidence, assign(found, columns, sheet.dialect.header != "no"), reason)
