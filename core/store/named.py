"""Named things on disk: one JSON file each in a folder of ``data_dir()``, found again by all who use the folder."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InputError, IntegrityError, UnknownNameError
from .paths import data_dir
from .sealed import read_whole, write_atomic

FORMAT = 1
SUFFIX = ".json"
LONGEST = 60
NAME = re.compile(r"[^\W_](?:[\w .,+()-]*[\w)+])?")
"""Letters of any script, digits and a little between them: safe as a file name everywhere."""
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|(com|lpt)[\d\u00b9\u00b2\u00b3])\s*(\..*)?")
"""Names that one system keeps for itself, whatever follows a dot; it reads raised digits and blanks before the dot
the same way."""


@dataclass(frozen=True, slots=True)
class NamedFiles:
    """A folder of named things. what: what one of them is called in a sentence: "recipe"."""

    folder: str
    what: str

    def names(self) -> tuple[str, ...]:
        """The names there are, in alphabetical order; damaged ones are among them."""
        folder = self._folder()
        found = [path.name.removesuffix(SUFFIX) for path in folder.glob(f"*{SUFFIX}")] if folder.is_dir() else []
        return tuple(sorted((name for name in found if _is_name(name)), key=lambda name: (name.casefold(), name)))

    def save(self, name: str, values: Mapping[str, Any], *, replace: bool = False) -> str:
        """Keep plain values (JSON) under a name, in one step; returns the name as it is kept.

        Raises InputError for a name that cannot be one, or that is taken and is not to be replaced.
        """
        kept, what = self.check(name), self.what
        if not replace and kept.casefold() in {other.casefold() for other in self.names()}:
            raise InputError(
                f"there is a saved {what} called {kept!r} already: choose another name, or delete that one"
            )
        content = {"format": FORMAT, "name": kept, "saved": int(time.time()), **values}
        self._folder().mkdir(parents=True, exist_ok=True)
        write_atomic(self.path(kept), json.dumps(content, ensure_ascii=False, indent=1).encode())
        return kept

    def load(self, name: str) -> dict[str, Any]:
        """The values kept under a name, with "saved" (unix seconds). Raises UnknownNameError where there are none,
        IntegrityError where the file is damaged or another version wrote it."""
        kept = self.check(name)
        try:
            values = dict(json.loads(read_whole(self.path(kept))))
            if values["format"] != FORMAT:
                raise IntegrityError(f"the saved {self.what} {kept!r} was written by another version of this program")
            return values | {"saved": int(values["saved"])}
        except FileNotFoundError:
            raise UnknownNameError(f"saved {self.what}", kept, self.names()) from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise self.damaged(kept) from None

    def damaged(self, name: str) -> IntegrityError:
        """What is to be said of a file that does not hold what it should."""
        return IntegrityError(f"the saved {self.what} {name!r} is damaged: delete it and save it again")

    def delete(self, name: str) -> None:
        """Forget one, damaged or not. Raises UnknownNameError where there is none of that name."""
        kept = self.check(name)
        try:
            self.path(kept).unlink()
        except FileNotFoundError:
            raise UnknownNameError(f"saved {self.what}", kept, self.names()) from None

    def check(self, name: str) -> str:
        """A name as it is kept: trimmed, composed letters. Raises InputError where it cannot be one."""
        kept = unicodedata.normalize("NFC", name).strip()
        if not kept:
            raise InputError(f"a saved {self.what} needs a name")
        if len(kept) > LONGEST:
            raise InputError(f"the name of a saved {self.what} has at most {LONGEST} letters, got {len(kept)}")
        if not _is_name(kept):
            raise InputError(
                f"{kept!a} cannot be the name of a saved {self.what}: use letters, digits, blanks and .,+()-"
            )
        return kept

    def path(self, name: str) -> Path:
        """The file of a name as it is kept."""
        return self._folder() / f"{name}{SUFFIX}"

    def _folder(self) -> Path:
        return data_dir() / self.folder


def _is_name(name: str) -> bool:
    fits = len(name) <= LONGEST and len(name.encode("utf-8", "replace")) <= 180
    return fits and bool(NAME.fullmatch(name)) and not RESERVED.fullmatch(name)
