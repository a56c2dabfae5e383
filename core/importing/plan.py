"""A plan says what to import and how. What it leaves blank is filled in by :func:`core.importing.inspect.inspect`.

It is plain values, so that it travels: from the page to the job, into the manifest of the data set, and back again when
the set is imported anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, asdict, dataclass, fields
from typing import Any

from ..errors import InputError, OutOfRangeError, UnknownNameError
from ..read.files import shown_name
from ..registry import stage
from ..sheets import DETECT, Dialect
from ..values import FORMS

NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
FEEDBACKS = ("rating", "count", "event", "none")


@dataclass(frozen=True, slots=True)
class FilePlan:
    """One file. path: where it lies. name: what the user calls it. kind: one of KINDS, "" = guess.

    dialect: how to read it, "" = detect. roles: (role, columns) the user has decided; the others are guessed.
    Only the printable part of a name behind its last folder is kept.
    """

    path: str
    name: str
    kind: str = ""
    dialect: Dialect = DETECT
    roles: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", shown_name(self.name))


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Everything behind one import.

    name: of the data set, in addresses and on the command line. label: as shown, "" = the name.
    feedback: what the weight column holds, one of FEEDBACKS, "" = guess. positive_from: smallest rating that counts as
    liked, None = all. time_form: how times are written, one of core.values.FORMS, "" = find out. log_counts: weigh a
    count c as log2(1 + c). events: (event type, weight), those not named get the usual ones. rules: (cleaning rule,
    mode) where not the rule's own. knobs: (rule.knob, value). template: the item text, "" = made from the roles.
    replace: overwrite a data set of that name.
    """

    name: str
    label: str = ""
    files: tuple[FilePlan, ...] = ()
    feedback: str = ""
    positive_from: float | None = None
    time_form: str = ""
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
        if self.positive_from is not None and not abs(self.positive_from) < float("inf"):
            raise OutOfRangeError("positive_from", self.positive_from, "a number")
        if self.time_form and self.time_form not in FORMS:
            raise UnknownNameError("form of times", self.time_form, FORMS)

    def to_json(self) -> dict[str, Any]:
        """Plain values; :meth:`from_json` takes them back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ImportPlan:
        """A plan from plain values. Raises InputError where they are not a plan."""
        try:
            values = {field.name: _typed(field, data[field.name]) for field in fields(cls) if field.name in data}
            values["files"] = tuple(_file(entry) for entry in data.get("files", ()))
            for key in ("events", "rules", "knobs"):
                values[key] = tuple((str(name), value) for name, value in data.get(key, ()))
            return cls(**values)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            hint = "the plan of a kept set stands in its manifest.json"
            raise InputError(f"this is not an import plan ({error}): {hint}") from None


def _typed(field: Field[Any], value: Any) -> Any:
    """A value of the kind that the field's default has. Raises TypeError."""
    kind = str if field.default is MISSING else type(field.default)
    if kind is type(None):
        return None if value is None else float(value)
    if not isinstance(value, list | tuple if kind is tuple else kind):
        raise TypeError(f"{field.name} is {value!r}")
    return value


def _file(entry: Mapping[str, Any]) -> FilePlan:
    roles = tuple((str(role), tuple(map(str, columns))) for role, columns in entry.get("roles", ()))
    texts = [entry["path"], entry["name"], entry.get("kind", ""), *entry.get("dialect", {}).values()]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError(f"a file is {entry!r}")
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
