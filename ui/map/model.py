"""What the map component is told and what it answers, and how both cross the wire.

Three messages reach the browser: the points (large, sent once per fingerprint), the colours and the overlay (small).
The answer is a click and a region; both carry the fingerprint of the points they were made on, so that an answer
about another layout is never applied to this one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from core.errors import InputError
from core.layout.region import Region

NO_VALUE = 255
"""Code of an item without a value or outside the palette: drawn in grey."""

MAX_TEXT = 300
"""Characters of a label that are sent; a longer one ends in an ellipsis."""

CACHED_FROM = 10_000
"""Bytes from which the browser's cache answers for a repeated message: Streamlit's global.minCachedMessageSize."""

XY = tuple[float, float]


@dataclass(frozen=True, eq=False)
class MapPoints:
    """The items' places and labels: everything that stays while sliders move.

    fingerprint: stands for the whole content; the browser keeps the points, the camera and the selection by it.
    xy: (n, 2) float32, finite. titles, subtitles: n strings each, shown as plain text.
    Keep one instance as long as the layout lives: it holds its own encoded form, made once.
    """

    fingerprint: str
    xy: npt.NDArray[np.float32]
    titles: Sequence[str]
    subtitles: Sequence[str]

    def __post_init__(self) -> None:
        n = len(self.xy)
        if self.xy.ndim != 2 or self.xy.shape[1] != 2:
            raise InputError(f"map coordinates must have the shape (n, 2), got {self.xy.shape}")
        if len(self.titles) != n or len(self.subtitles) != n:
            raise InputError(f"a map of {n} points needs {n} titles and subtitles, got {self._text_counts()}")
        if not np.isfinite(self.xy).all():
            bad = int((~np.isfinite(self.xy).all(axis=1)).sum())
            raise InputError(f"map coordinates must be finite, {bad} of {n} points are not")

    def _text_counts(self) -> str:
        return f"{len(self.titles)} and {len(self.subtitles)}"

    def __len__(self) -> int:
        return len(self.xy)

    @cached_property
    def body(self) -> bytes:
        """float32 little-endian x, y pairs, then {"titles": [...], "subtitles": [...]} as JSON in UTF-8 under zlib."""
        texts = {
            "titles": [_shorten(text) for text in self.titles],
            "subtitles": [_shorten(text) for text in self.subtitles],
        }
        encoded = json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        return np.ascontiguousarray(self.xy, dtype="<f4").tobytes() + zlib.compress(encoded)


@dataclass(frozen=True, eq=False)
class MapColours:
    """One colour per item, and what the colours mean.

    kind: "category" (codes are category indices) or "ramp" (codes 0 .. 254 are levels from low to high).
    codes: (n,) uint8; 255 = no value, and so is a category index without a palette entry.
    palette_light, palette_dark: hex colours, as many of one as of the other; a ramp may have any number from 2.
    labels: category names in palette order, or (low label, high label). title: what is coloured by.
    """

    kind: Literal["category", "ramp"]
    codes: npt.NDArray[np.uint8]
    palette_light: tuple[str, ...]
    palette_dark: tuple[str, ...]
    labels: tuple[str, ...]
    title: str

    def __post_init__(self) -> None:
        if self.kind not in ("category", "ramp"):
            raise InputError(f"map colours are of kind category or ramp, got {self.kind!r}")
        if self.codes.dtype != np.uint8 or self.codes.ndim != 1:
            raise InputError(f"map colour codes must be (n,) uint8, got {self.codes.shape} {self.codes.dtype}")
        size = len(self.palette_light)
        if size != len(self.palette_dark):
            raise InputError(f"the light palette has {size} colours, the dark one {len(self.palette_dark)}")
        if self.kind == "category" and (size != len(self.labels) or size > NO_VALUE):
            raise InputError(f"{len(self.labels)} categories need as many colours, at most {NO_VALUE}, got {size}")
        if self.kind == "ramp" and (size < 2 or len(self.labels) != 2):
            raise InputError(f"a ramp needs 2 labels and at least 2 colours, got {len(self.labels)} and {size}")


@dataclass(frozen=True)
class MapOverlay:
    """What lies on top of the points, and changes with every slider step.

    user_xy, phrase_xy: places in map coordinates. history, hits, neighbours: item indices. ranked: item indices,
    best first. focus: the item that was clicked. dim: fade every point that is neither marked nor selected.
    left: items that a list no longer holds. arrows: (from item, to item), from what left to what entered.
    """

    user_xy: XY | None = None
    history: Sequence[int] = ()
    ranked: Sequence[int] = ()
    hits: Sequence[int] = ()
    phrase_xy: XY | None = None
    focus: int | None = None
    neighbours: Sequence[int] = ()
    dim: bool = False
    left: Sequence[int] = ()
    arrows: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True)
class MapEvents:
    """What the reader did. clicked: item index or None. region: in map coordinates, or None.

    webgl: False where the browser cannot draw the map, so that the page shows another figure.
    """

    clicked: int | None = None
    region: Region | None = None
    webgl: bool = True


def points_message(points: MapPoints, key: str, height: int, words: Mapping[str, str]) -> bytes:
    """Length of the header (uint32, little-endian), the header as JSON padded to 4 bytes, then ``points.body``."""
    header = json.dumps(
        {"map": key, "n": len(points), "fp": points.fingerprint, "height": height, "words": dict(words)}
    ).encode()
    header += b" " * (-len(header) % 4)
    return len(header).to_bytes(4, "little") + header + points.body


def colours_message(colours: MapColours, points: MapPoints, key: str) -> dict[str, Any]:
    """The colours as JSON values; codes go as base64.

    They are the same from step to step, so where they would be just too short to be cached they are made longer.
    """
    if len(colours.codes) != len(points):
        raise InputError(f"a map of {len(points)} points needs as many colour codes, got {len(colours.codes)}")
    message = _sealed(
        {
            "map": key,
            "kind": "colours",
            "fp": points.fingerprint,
            "scale": colours.kind,
            "codes": base64.b64encode(colours.codes.tobytes()).decode(),
            "light": list(colours.palette_light),
            "dark": list(colours.palette_dark),
            "labels": list(colours.labels),
            "title": colours.title,
        }
    )
    size = len(json.dumps(message))
    return message | {"pad": " " * (CACHED_FROM - size) if CACHED_FROM // 5 < size < CACHED_FROM else ""}


def overlay_message(overlay: MapOverlay, points: MapPoints, key: str, *, has_region: bool) -> dict[str, Any]:
    """The overlay as JSON values. History and hits have no order, so they go as differences, which are short."""
    n = len(points)
    return _sealed(
        {
            "map": key,
            "kind": "overlay",
            "fp": points.fingerprint,
            "user": _place(overlay.user_xy, "user"),
            "phrase": _place(overlay.phrase_xy, "phrase"),
            "history": _steps(_indices(overlay.history, n, "history")),
            "hits": _steps(_indices(overlay.hits, n, "hits")),
            "ranked": _indices(overlay.ranked, n, "ranked"),
            "neighbours": _indices(overlay.neighbours, n, "neighbours"),
            "left": _indices(overlay.left, n, "left"),
            "arrows": [_indices(pair, n, "arrows") for pair in overlay.arrows],
            "focus": None if overlay.focus is None else _indices([overlay.focus], n, "focus")[0],
            "dim": overlay.dim,
            "region": has_region,
        }
    )


def read_events(raw: object, points: MapPoints) -> MapEvents:
    """The events in a component's state, whatever the browser sent; what is malformed or about other points is None."""
    state = raw if isinstance(raw, Mapping) else {}
    clicked = _about(state.get("clicked"), points)
    index = clicked.get("index") if clicked else None
    known = isinstance(index, int) and not isinstance(index, bool) and 0 <= index < len(points)
    return MapEvents(
        clicked=index if known else None,
        region=Region.from_payload(_about(state.get("region"), points)),
        webgl=state.get("webgl") is not False,
    )


def _about(payload: object, points: MapPoints) -> Mapping[str, Any] | None:
    return payload if isinstance(payload, Mapping) and payload.get("fp") == points.fingerprint else None


def _sealed(message: dict[str, Any]) -> dict[str, Any]:
    """The message with ``seq``, a digest of it: the browser shows it once the message is drawn."""
    digest = hashlib.blake2b(json.dumps(message, sort_keys=True).encode(), digest_size=6)
    return message | {"seq": digest.hexdigest()}


def _shorten(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "\u2026"


def _place(xy: XY | None, what: str) -> list[float] | None:
    """Seven digits say all that float32 coordinates hold."""
    if xy is None:
        return None
    if not np.isfinite(xy).all():
        raise InputError(f"the {what}'s place on the map must be finite, got {xy}")
    return [float(f"{value:.7g}") for value in xy]


def _indices(items: Sequence[int], n: int, what: str) -> list[int]:
    indices = [int(item) for item in items]
    for index in indices:
        if not 0 <= index < n:
            raise InputError(f"{what} of a map of {n} points holds the item index {index}")
    return indices


def _steps(indices: list[int]) -> list[int]:
    ordered = sorted(set(indices))
    return [index - before for before, index in zip([0, *ordered], ordered, strict=False)]
