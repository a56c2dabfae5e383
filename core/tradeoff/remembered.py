"""Answers about a population, kept as long as it is and no longer."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, update_wrapper
from typing import Concatenate, Generic, ParamSpec, TypeVar
from weakref import WeakKeyDictionary, ref

from .population import Population

Rest = ParamSpec("Rest")
Answer = TypeVar("Answer")


class Remembered(Generic[Rest, Answer]):
    """A function that keeps its last answers for each population, the first argument; the others must be hashable.

    ``functools.lru_cache`` would hold the populations themselves, tens of megabytes each, long after they were let go.
    An answer must not hold its population.
    """

    def __init__(self, ask: Callable[Concatenate[Population, Rest], Answer], maxsize: int) -> None:
        self._ask, self._maxsize = ask, maxsize
        self._kept: WeakKeyDictionary[Population, Callable[Rest, Answer]] = WeakKeyDictionary()
        update_wrapper(self, ask)

    def __call__(self, population: Population, *rest: Rest.args, **named: Rest.kwargs) -> Answer:
        found = self._kept.get(population)
        if found is None:
            found = self._kept.setdefault(population, self._of(population))
        return found(*rest, **named)

    def cache_clear(self) -> None:
        """Forget every answer."""
        self._kept.clear()

    def _of(self, population: Population) -> Callable[Rest, Answer]:
        """The function of one population, which it does not hold."""
        held = ref(population)

        def ask(*rest: Rest.args, **named: Rest.kwargs) -> Answer:
            known = held()
            assert known is not None, "its caller has it"
            return self._ask(known, *rest, **named)

        kept: Callable[Rest, Answer] = lru_cache(self._maxsize)(ask)  # type: ignore[assignment]
        return kept


def remembered(
    maxsize: int,
) -> Callable[[Callable[Concatenate[Population, Rest], Answer]], Remembered[Rest, Answer]]:
    """A decorator: keep the last ``maxsize`` answers for each population; see :class:`Remembered`."""
    return lambda ask: Remembered(ask, maxsize)
