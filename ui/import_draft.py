"""The draft of an import: its token in the address, its files and its plan on disk, and how a widget changes them.

The plan on disk is the only truth. Widgets show it, and write to it as soon as they change, so a reload, the back
button or a lost connection finds everything again.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import Any, Protocol

from core.errors import InputError
from core.importing.plan import FilePlan, ImportPlan, suggested_name
from core.importing.views import Inspection, Report
from core.sheets import DETECT, ITEMS, Dialect
from core.store import drafts

from . import import_name, resources, state
from .text import t

PARAMETER = "draft"
GOOD, REPORT, RUN, CALLED = "good", "report", "run", "called"
SHARED_ROLES = ("title", "text", "category")
"""Roles of an items file that may share a column with another."""
_REFUSED = "_import_refused"
_ROUND = "_import_round"


class Upload(Protocol):
    """What the browser handed over."""

    name: str

    def getvalue(self) -> bytes:
        """Its content."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it is on disk. plan: files with path "" are awaited. files: what is there. suggested: a name to show
    for the set, made from those of its files, "" where none was."""

    token: str
    plan: ImportPlan
    files: tuple[drafts.DraftFile, ...]
    suggested: str = ""

    @property
    def job_key(self) -> str:
        """The import of this draft, among the jobs."""
        return f"import|{self.token}"

    def ready(self) -> ImportPlan:
        """The plan of the files that are there, under the name and label that it will have."""
        there = tuple(file for file in self.plan.files if file.path)
        return replace(self.plan, files=there, name=self.name(), label=self.label())

    def label(self) -> str:
        """The name as shown: the user's, else one made from the files, with a number where that one is taken."""
        given = self.plan.label.strip()
        base = self.suggested or t("import.my_data")
        return given or (base if self.plan.name else base + self._free(base).replace("-", " "))

    def name(self) -> str:
        """The name in addresses: the user's, else made from the label."""
        given = self.plan.label.strip()
        base = self.suggested or t("import.my_data")
        return self.plan.name or suggested_name(given or base) + ("" if given else self._free(base))

    def made_name(self) -> str:
        """The name in addresses as the label gives it, whatever the user has typed."""
        return replace(self, plan=replace(self.plan, name="")).name()

    def _free(self, base: str) -> str:
        """What makes a name the first that is free: "", "-2", "-3" ..."""
        taken, made = resources.names(), suggested_name(base)
        return next(end for end in chain([""], (f"-{n}" for n in count(2))) if made + end not in taken)


def current() -> Draft | None:
    """The draft of this address, or of this session; None where there is none, and ``refused`` says if it is gone."""
    token = str(state.chosen(PARAMETER) or state.url_value(PARAMETER) or "")
    if not token:
        return None
    if not drafts.exists(token):
        leave()
        refuse(t("import.no_draft"))
        return None
    state.show_value(PARAMETER, token)
    return load(token)


def load(token: str) -> Draft:
    """A draft from disk, its plan in step with its files. Raises InputError where there is none."""
    found = drafts.files(token)
    plan = ImportPlan.from_json(drafts.read_plan(token) or {"name": ""})
    suggested = str((drafts.read_note(token, CALLED) or {}).get("label", ""))
    return Draft(token, _in_step(plan, found), found, suggested)


def begin(plan: ImportPlan | None = None) -> str:
    """Make a draft and put its token into the address."""
    token = drafts.new_draft()
    if plan is not None:
        drafts.save_plan(token, plan.to_json())
    state.choose(PARAMETER, token)
    return token


def leave() -> None:
    """Forget, in this session, which draft it was; it stays on disk. Also to be used as an ``on_click``."""
    state.choose(PARAMETER, "")


def throw_away(token: str) -> None:
    """Start over: to be used as an ``on_click``."""
    if drafts.exists(token):
        drafts.forget(token)
    resources.jobs().forget(f"import|{token}")
    leave()


def uploader_key() -> str:
    """Another one after each upload, so that the browser's own list is empty again: the draft has the files."""
    return f"upload-{state.chosen(_ROUND, 0)}"


def take_in(uploads: Sequence[Upload], token: str | None) -> str:
    """Put what was dropped into the draft, made where there is none; returns its token. Raises InputError, OSError."""
    token = token or begin()
    before = {file.name for file in drafts.files(token)}
    names = _distinct(drafts.safe_name(upload.name) for upload in uploads)
    for name, upload in zip(names, uploads, strict=True):
        drafts.save_file(token, name, upload.getvalue())
    anew = before & set(names)
    changed(token, lambda plan: replace(plan, files=tuple(_blank(f) if f.name in anew else f for f in plan.files)))
    drafts.remove_note(token, REPORT)
    resources.jobs().forget(f"import|{token}")
    state.choose(_ROUND, state.chosen(_ROUND, 0) + 1)
    return token


def remove(token: str, name: str) -> None:
    """Take a file out of the draft: to be used as an ``on_click``."""
    if drafts.exists(token):
        drafts.remove_file(token, name)
        changed(token, lambda plan: replace(plan, files=tuple(file for file in plan.files if file.name != name)))


def changed(token: str, change: Callable[[ImportPlan], ImportPlan]) -> None:
    """Change the plan on disk; what cannot be is said, and leaves the plan as it was."""
    try:
        drafts.save_plan(token, change(load(token).plan).to_json())
    except InputError as error:
        refuse(str(error))


def writer(token: str, key: str, change: Callable[[ImportPlan, Any], ImportPlan]) -> Callable[[], None]:
    """What a widget calls when it changes: its value goes into the plan."""
    return lambda: changed(token, lambda plan: change(plan, state.chosen(key)))


def with_file(plan: ImportPlan, name: str, change: Callable[[FilePlan], FilePlan]) -> ImportPlan:
    """The plan with one file changed."""
    return replace(plan, files=tuple(change(file) if file.name == name else file for file in plan.files))


def with_kind(plan: ImportPlan, name: str, kind: str) -> ImportPlan:
    """Another kind; roles of the old one mean nothing in the new one."""
    return with_file(plan, name, lambda file: replace(file, kind=kind, roles=()))


def with_dialect(plan: ImportPlan, name: str, field: str, value: str) -> ImportPlan:
    """Read the file in another way; its columns may then be others, so their roles are guessed anew."""
    return with_file(
        plan, name, lambda file: replace(file, dialect=replace(file.dialect, format="", **{field: value}), roles=())
    )


def with_role(plan: ImportPlan, name: str, kind: str, role: str, columns: Iterable[str]) -> ImportPlan:
    """The columns of a role; a role of the same file that had one of them gives it up, unless the two may share it."""
    given = tuple(columns)

    def change(file: FilePlan) -> FilePlan:
        others = []
        for other, had in file.roles:
            shared = kind == ITEMS and (other in SHARED_ROLES or role in SHARED_ROLES)
            if other != role:
                others.append((other, had if shared else tuple(column for column in had if column not in given)))
        return replace(file, roles=(*others, (role, given)))

    return with_file(plan, name, change)


def as_guessed(plan: ImportPlan) -> ImportPlan:
    """The plan without any decision about files."""
    return replace(plan, files=tuple(_blank(file) for file in plan.files), feedback="", events=(), template="")


def look(draft: Draft) -> tuple[Inspection | None, str]:
    """What we make of the files, and what keeps us from it, "" = nothing.

    A decision that the files do not allow is taken back, and said: the last plan that worked stands again.
    """
    seen, problem = _looked(draft)
    if seen is not None:
        drafts.save_note(draft.token, GOOD, draft.plan.to_json())
        drafts.save_note(draft.token, CALLED, {"label": import_name.label_of(seen)})
        return seen, ""
    good = drafts.read_note(draft.token, GOOD)
    if good is not None:
        back = replace(draft, plan=_in_step(ImportPlan.from_json(good), draft.files))
        if looked_at(back) != looked_at(draft):
            seen, _ = _looked(back)
            if seen is not None:
                drafts.save_plan(draft.token, back.plan.to_json())
                refuse(problem)
                return seen, ""
    return None, problem


def _looked(draft: Draft) -> tuple[Inspection | None, str]:
    mark = looked_at(draft)
    drafts.save_note(draft.token, f"look-{mark}", draft.ready().to_json())
    answer = resources.inspected(draft.token, mark)
    drafts.remove_note(draft.token, f"look-{mark}")
    return (None, answer.problem) if answer.problem else (Inspection.from_json(answer.values), "")


def looked_at(draft: Draft) -> str:
    """16 hex digits over all that an inspection depends on."""
    plan = draft.ready().to_json()
    told = {name: plan[name] for name in ("files", "feedback", "events", "template")}
    stamps = [(file.name, file.n_bytes, file.stamp) for file in draft.files]
    return hashlib.sha256(json.dumps([told, stamps]).encode()).hexdigest()[:16]


def report_of(token: str) -> Report | None:
    """What the import of this draft did, None while there was none."""
    values = drafts.read_note(token, REPORT)
    try:
        return None if values is None else Report.from_json(values)
    except (KeyError, TypeError, ValueError):
        return None


def refuse(problem: str) -> None:
    """Keep a sentence about something that could not be done, to be shown once."""
    state.choose(_REFUSED, problem)


def refused() -> str:
    """The sentence kept last, once."""
    text = str(state.chosen(_REFUSED, ""))
    state.drop(_REFUSED)
    return text


def key_of(token: str, *parts: str) -> str:
    """The key of a widget of this draft."""
    return f"{token}-{zlib.crc32('|'.join(parts).encode('utf-8', 'replace')):08x}"


def _in_step(plan: ImportPlan, found: Sequence[drafts.DraftFile]) -> ImportPlan:
    """The plan with a place for each file that is there; the path of one that is not is blank, or the entry goes."""
    paths = {file.name: str(file.path) for file in found}
    known = tuple(
        replace(file, path=paths.get(file.name, "")) for file in plan.files if file.name in paths or not file.path
    )
    names = {file.name for file in known}
    return replace(plan, files=(*known, *(FilePlan(paths[name], name) for name in paths if name not in names)))


def _blank(file: FilePlan) -> FilePlan:
    return FilePlan(file.path, file.name)


def _distinct(names: Iterable[str]) -> list[str]:
    """Names that were dropped together, each once: b.csv, b (2).csv."""
    out: list[str] = []
    for name in names:
        stem, dot, suffix = name.rpartition(".")
        place, fresh = 1, name
        while fresh in out:
            place += 1
            fresh = f"{stem} ({place}){dot}{suffix}" if dot else f"{name} ({place})"
        out.append(fresh)
    return out


def dialect_of(plan: ImportPlan, name: str) -> Dialect:
    """How the user wants a file to be read."""
    return next((file.dialect for file in plan.files if file.name == name), DETECT)
