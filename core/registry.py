"""One file = one extension: knobs, and the discovery of the implementations of a stage.

A stage folder (``core/score``, ``core/users`` ...) holds one file per implementation, each with one frozen
dataclass that has ``key`` and ``label`` class variables, whose fields are made with :func:`knob`, and whose
``__call__`` works on whole batches. Dropping such a file in is all it takes: pickers, sliders, URL parameters,
command-line flags and contract tests ask the registry.
"""

from __future__ import annotations

import dataclasses
import importlib
import math
import pkgutil
from dataclasses import dataclass
from functools import cache
from typing import Any

from .errors import InputError, OutOfRangeError, UnknownNameError

_METADATA_KEY = "knob"


@dataclass(frozen=True, slots=True)
class Knob:
    """What one choice may be, enough to draw a widget, parse a flag and check a value.

    ``low``/``high`` bound numbers (inclusive); ``choices`` lists names, ``stage`` names the registry that holds
    them; ``optional`` allows None, written as an empty string in flat form. ``unit`` is shown beside the value.
    ``needs``: what the data must have for the knob to play a part: "times", or "" for nothing.
    """

    name: str
    kind: type
    default: Any
    help: str
    low: float | None = None
    high: float | None = None
    step: float | None = None
    unit: str = ""
    choices: tuple[str, ...] = ()
    stage: str = ""
    optional: bool = False
    needs: str = ""

    def allowed(self) -> tuple[str, ...]:
        """The names this knob accepts, () where it is not a choice."""
        return stage(self.stage).names() if self.stage else self.choices

    def parse(self, raw: object) -> Any:
        """Turn a flat value (a string from a URL or flag, or already typed) into a checked one.

        Raises OutOfRangeError or UnknownNameError, naming the knob and the value.
        """
        if self.optional and (raw is None or raw == ""):
            return None
        if self.kind is bool:
            return self._parse_bool(raw)
        if self.kind in (int, float):
            return self._parse_number(raw)
        text = str(raw)
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise InputError(f"{self.name} holds bytes that are not text: {text!a}")
        allowed = self.allowed()
        if allowed and text not in allowed:
            raise UnknownNameError(self.name, text, allowed)
        return text

    def _parse_bool(self, raw: object) -> bool:
        if isinstance(raw, bool):
            return raw
        value = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(
            str(raw).strip().lower()
        )
        if value is None:
            raise OutOfRangeError(self.name, repr(str(raw)), "true or false")
        return value

    def _parse_number(self, raw: object) -> int | float:
        if isinstance(raw, bool):
            raise OutOfRangeError(self.name, raw, self.expected())
        try:
            number = float(str(raw))
        except ValueError:
            raise OutOfRangeError(self.name, repr(str(raw)), self.expected()) from None
        whole = self.kind is int
        if not math.isfinite(number) or (whole and number != int(number)):
            raise OutOfRangeError(self.name, raw, self.expected())
        if (self.low is not None and number < self.low) or (self.high is not None and number > self.high):
            raise OutOfRangeError(self.name, raw, self.expected())
        return int(number) if whole else number

    def expected(self) -> str:
        """The accepted range in words, for messages and help."""
        noun = "a whole number" if self.kind is int else "a number"
        if self.low is not None and self.high is not None:
            return f"{noun} between {self.low:g} and {self.high:g}"
        if self.low is not None:
            return f"{noun} of at least {self.low:g}"
        return noun


def knob(
    default: Any,
    help: str,
    *,
    low: float | None = None,
    high: float | None = None,
    step: float | None = None,
    unit: str = "",
    choices: tuple[str, ...] = (),
    stage: str = "",
    kind: type | None = None,
    needs: str = "",
) -> Any:
    """A dataclass field that is also a :class:`Knob`. ``kind`` is only needed where the default is None."""
    metadata = {
        "help": help,
        "low": low,
        "high": high,
        "step": step,
        "unit": unit,
        "choices": choices,
        "stage": stage,
        "kind": kind or type(default),
        "needs": needs,
    }
    return dataclasses.field(default=default, metadata={_METADATA_KEY: metadata})


def knobs_of(cls: type) -> tuple[Knob, ...]:
    """The knobs of a dataclass, in field order."""
    return _knobs_of(cls)


@cache
def _knobs_of(cls: type) -> tuple[Knob, ...]:
    return tuple(
        Knob(name=f.name, default=f.default, optional=f.default is None, **f.metadata[_METADATA_KEY])
        for f in dataclasses.fields(cls)
        if _METADATA_KEY in f.metadata
    )


class Registry:
    """The implementations of one stage, found by looking at the files of its folder."""

    def __init__(self, name: str) -> None:
        self.name = name
        package = importlib.import_module(f"core.{name}")
        found: dict[str, Any] = {}
        for module_info in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"core.{name}.{module_info.name}")
            for value in vars(module).values():
                if isinstance(value, type) and value.__module__ == module.__name__ and "key" in vars(value):
                    key = vars(value)["key"]
                    if key in found:
                        raise InputError(f"two implementations of {name} are called {key!r}")
                    found[key] = value
        self._classes = dict(sorted(found.items(), key=lambda pair: (getattr(pair[1], "order", 50), pair[0])))

    def names(self) -> tuple[str, ...]:
        """Every key, in the order pickers show them."""
        return tuple(self._classes)

    def get(self, key: str) -> Any:
        """The class behind a key; raises UnknownNameError."""
        if key not in self._classes:
            raise UnknownNameError(self.name, key, self._classes)
        return self._classes[key]

    def knobs(self, key: str) -> tuple[Knob, ...]:
        """The knobs of one implementation."""
        return knobs_of(self.get(key))


@cache
def stage(name: str) -> Registry:
    """The registry of a stage folder, discovered once per process."""
    return Registry(name)
