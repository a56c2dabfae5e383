"""The recall pipeline as a live diagram: stations with real figures, and the way back from feedback to behaviour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType

from ..component import mark_of, register
from ..text import group

_mount = register(Path(__file__).parent, "pipeline")

ICONS = ("behaviour", "cleaning", "embedding", "similarity", "diversity", "list", "feedback")
"""Drawings a node may carry."""

DEFAULT_WORDS = MappingProxyType(group("pipeline_words"))


@dataclass(frozen=True, slots=True)
class Node:
    """One station. figure: the number that matters here; caption: what it counts, what was done, how long it took.

    icon: one of ICONS or "". active: False greys the station; its caption says that it comes later.
    """

    title: str
    figure: str
    caption: str = ""
    icon: str = ""
    active: bool = True


def pipeline_diagram(nodes: Sequence[Node], *, key: str, words: Mapping[str, str] = DEFAULT_WORDS) -> str:
    """Draw the stations in order, with the loop from the last one back to the first; returns the mark drawn.

    Seven in a row where there is room, four and three on a tablet, under each other on a phone. Screen readers get an
    ordered list. The flow moves unless the reader's system asks for less motion.
    """
    entries = [asdict(node) for node in nodes]
    mark = mark_of(entries, dict(words))
    _mount(key=key, data={"nodes": entries, "words": dict(words), "seq": mark})
    return mark
