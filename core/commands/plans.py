"""Flags of the command line -> an import plan."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import FileError, InputError
from ..importing.plan import FilePlan, ImportPlan, suggested_name
from ..read.files import read_file
from ..sheets import KINDS, ROLES, SEVERAL, Dialect
from .data import FILE_FLAGS


def plan_from(args: argparse.Namespace) -> ImportPlan:
    """The plan of ``--plan FILE``, or of the flags. Raises InputError for what is no plan or no flag's value."""
    if args.plan is not None:
        return _kept_plan(args)
    files = [(path, kind) for kind in FILE_FLAGS for path in getattr(args, kind)]
    files += [(path, "") for path in getattr(args, "files", ())]
    if not files:
        raise InputError("no file was given: --interactions FILE, and --items FILE where you have them")
    name = getattr(args, "name", None) or (suggested_name(files[0][0].stem) if hasattr(args, "files") else None)
    if name is None:
        raise InputError("the data set needs a name: python -m core import NAME --interactions FILE")
    dialect = Dialect("", args.encoding, _delimiter(args.delimiter), args.header)
    plans = [FilePlan(str(path), path.name, kind, dialect) for path, kind in files]
    return ImportPlan(
        name=name,
        label=getattr(args, "label", ""),
        files=_with_roles(plans, _pairs(args.column, "--column", "ROLE=NAME")),
        feedback=args.feedback,
        positive_from=args.positive_from,
        time_form=args.time_form,
        log_counts=not args.plain_counts,
        events=tuple((name, _number(value, name)) for name, value in _pairs(args.event, "--event", "TYPE=WEIGHT")),
        rules=tuple(_pairs(args.rule, "--rule", "RULE=MODE")),
        knobs=tuple(_pairs(args.set, "--set", "RULE.KNOB=VALUE")),
        template=args.template,
        replace=getattr(args, "replace", False),
    )


def _kept_plan(args: argparse.Namespace) -> ImportPlan:
    """The plan of a file: as it is, or that of a kept set's manifest, whose files the flags say where to find."""
    plan = _read(args.plan)
    given = {kind: list(getattr(args, kind)) for kind in FILE_FLAGS}
    files = []
    for file in plan.files:
        path = given[file.kind].pop(0) if given.get(file.kind) else None
        if path is None and not file.path:
            raise FileError(file.name, "the plan does not say where this file is", hint=f"name it: --{file.kind} FILE")
        files.append(file if path is None else replace(file, path=str(path), name=path.name))
    name = getattr(args, "name", None) or plan.name
    return replace(plan, name=name, files=tuple(files), replace=plan.replace or getattr(args, "replace", False))


def _read(path: Path) -> ImportPlan:
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path.name} is no import plan that can be read ({error})") from None
    if isinstance(data, dict) and isinstance(data.get("origin"), dict):
        data = data["origin"].get("plan")
    return ImportPlan.from_json(data)


def _with_roles(files: Sequence[FilePlan], given: Sequence[tuple[str, str]]) -> tuple[FilePlan, ...]:
    """Each role goes to the files that can have it: "items.title=name" to those of a kind, "title=name" to those that
    have such a column. Raises InputError where that is none."""
    if not given:
        return tuple(files)
    headers = [_columns(file) for file in files]
    roles: list[list[tuple[str, tuple[str, ...]]]] = [[] for _ in files]
    for role, value in given:
        kinds, name = _meant(role, value)
        columns = tuple(filter(None, value.split(",") if name in SEVERAL else [value]))
        fitting = [place for place, file in enumerate(files) if file.kind in kinds or not file.kind]
        if "." not in role:
            fitting = [place for place in fitting if set(columns) <= set(headers[place])]
        if not fitting:
            found = "; ".join(f"{file.name}: {', '.join(header)}" for file, header in zip(files, headers, strict=True))
            raise InputError(f"--column {role}={value}: no file has that column for that role; found {found}")
        for place in fitting:
            roles[place].append((name, columns))
    return tuple(replace(file, roles=tuple(own)) for file, own in zip(files, roles, strict=True))


def _meant(role: str, value: str) -> tuple[tuple[str, ...], str]:
    """The kinds of file that a role is for, and its name."""
    owner, _, name = role.rpartition(".")
    if owner and owner not in KINDS:
        raise InputError(f"--column {role}={value}: {owner} is no kind of file; known: {', '.join(KINDS)}")
    kinds = tuple(kind for kind in ([owner] if owner else FILE_FLAGS) if name in ROLES[kind])
    if not kinds:
        known = ", ".join(dict.fromkeys(role for roles in ROLES.values() for role in roles))
        raise InputError(f"--column {role}={value}: {name} is no role; known: {known}")
    return kinds, name


def _columns(file: FilePlan) -> tuple[str, ...]:
    try:
        return read_file(Path(file.path), name=file.name, wish=file.dialect, head=True).columns
    except FileError:
        return ()  # the import itself will say what is wrong with it


def _pairs(texts: Sequence[str], flag: str, form: str) -> list[tuple[str, str]]:
    return [_pair(text, flag, form) for text in texts]


def _pair(text: str, flag: str, form: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise InputError(f"{flag} {text}: expected {flag} {form}")
    return name, value


def _number(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(f"--event {name}={text}: the weight must be a number") from None


def _delimiter(text: str) -> str:
    return {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}.get(text.lower(), text)
