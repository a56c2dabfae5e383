"""What the verbs share: the parser, saying things on stderr, printing JSON and progress."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

from ..errors import InputError


class OneLineParser(argparse.ArgumentParser):
    """Usage errors are one line on stderr and exit code 2."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message}; see {self.prog} --help")


def verb(verbs: Any, name: str, words: str, run: Callable[[argparse.Namespace], None]) -> argparse.ArgumentParser:
    """Add a verb that runs ``run``."""
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=words, description=words, allow_abbrev=False)
    parser.set_defaults(run=run)
    return parser


def recipe_flags(args: argparse.Namespace) -> dict[str, Any]:
    """The flags of a recipe that were given, by name."""
    return {name.removeprefix("recipe_"): value for name, value in vars(args).items() if name.startswith("recipe_")}


def say(what: object) -> None:
    """One line on stderr."""
    print("recallscope: " + " ".join(str(what).split()), file=sys.stderr)


def print_json(value: dict[str, Any]) -> None:
    """One JSON object on stdout, for people."""
    print(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2))


def print_progress(stage: str, done: int, total: int, eta_s: float | None = None) -> None:
    """One JSON line on stdout: what a page follows."""
    eta = None if eta_s is None else round(eta_s, 1)
    print(json.dumps({"stage": stage, "done": done, "total": total, "eta_s": eta}), flush=True)


Told = Callable[[str], Callable[[int, int, float | None], None] | None]
"""Stage -> what is to be called with steps done, of, and seconds left; None where nobody listens."""


def teller(asked: bool) -> Told:
    """``print_progress`` of each stage, where it is asked for."""
    return lambda stage: partial(print_progress, stage) if asked else None
