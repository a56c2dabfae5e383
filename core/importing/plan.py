"""A plan says what to import and how. What it leaves blank is filled in by :func:`core.importing.inspect.inspect`.

It is plain values, so that it travels: from the page to the job, into the manifest of the data set, and back again when
the set is imported anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from ..errors import InputError, OutOfRangeError
from ..registry import stage
from ..sheets import DETECT, Dialect

NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
FEEDBACKS = ("rating", "count", "event", "none")


@dataclass(frozen=True, slots=True)
class FilePlan:
    """One file. path: where it lies. name: what the user calls it. kind: one of KINDS, "" = guess.

    dialect: how to read it, "" = detect. roles: (role, columns) the user has decided; the others are guessed.
    """

    path: str
    name: str
    kind: str = ""
    dialect: Dialect = DETECT
    roles: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Everything behind one import.

    name: of the data set, in addresses and on the command line. label: as shown, "" = the name.
    feedback: what the weight column holds, one of FEEDBACKS, "" = guess. positive_from: smallest weight that counts as
    liked, 0 = all. log_counts: weigh a count c as log2(1 + c). events: (event type, weight), those not named get the
    usual ones. rules: (cleaning rule, mode) where not the rule's own. knobs: (knob of a rule, value).
    template: the item text, "" = made from the roles. replace: overwrite a data set of that name.
    """

    name: str
    label: str = ""
    files: tuple[FilePlan, ...] = ()
    feedback: str = ""
    positive_from: float = 0.0
    log_counts: bool = True
    events: tuple[tuple[str, float], ...] = ()
    rules: tuple[tuple[str, str], ...] = ()
    knobs: tuple[tuple[str, Any], ...] = ()
    template: str = ""
    replace: bool = False

    def __post_init__(self) -> None:
        if self.feedback and self.feedback not in FEEDBACKS:
            raise OutOfRangeError("feedback", self.feedback, f"one of {', '.join(FEEDBACKS)}")
        for event, weight in self.events:
            if not 0 <= weight < float("inf"):
                raise OutOfRangeError(f"the weight of the event {event!r}", weight, "a number of at least 0")
        if not abs(self.positive_from) < float("inf"):
            raise OutOfRangeError("positive_from", self.positive_from, "a number")

    def to_json(self) -> dict[str, Any]:
        """Plain values; :meth:`from_json` takes them back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ImportPlan:
        """A plan from plain values. Raises InputError where they are not a plan."""
        try:
            known = {field.name for field in fields(cls)}
            values = {key: value for key, value in data.items() if key in known}
            values["files"] = tuple(_file(entry) for entry in data.get("files", ()))
            for key in ("events", "rules", "knobs"):
                values[key] = tuple((str(name), value) for name, value in data.get(key, ()))
            return cls(**values)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise InputError(f"this is not an import plan ({error}): write it with python -m core inspect") from None


def _file(entry: Mapping[str, Any]) -> FilePlan:
    roles = tuple((str(role), tuple(columns)) for role, columns in entry.get("roles", ()))
    return FilePlan(entry["path"], entry["name"], entry.get("kind", ""), Dialect(**entry.get("dialect", {})), roles)


def check_name(name: str) -> str:
    """The name if a data set may be called so. Raises InputError, which says what is allowed."""
    if not NAME.fullmatch(name) or ".." in name:
        raise InputError(
            f"a data set cannot be called {name[:80]!r}: use 1 to 64 small letters, digits, dots, hyphens or "
            f"underscores, with a letter or digit at both ends, such as {suggested_name(name)!r}"
        )
    if name in stage("datasets").names():
        raise InputError(f"{name} is a built-in data set: choose another name")
    return name


def suggested_name(text: str) -> str:
    """The nearest allowed name to what somebody typed, "my-data" where nothing of it can stay."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:64].strip("-") or "my-data"
