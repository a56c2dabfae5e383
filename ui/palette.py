"""Every colour that carries meaning: nine categories, a ramp for numbers, and the roles of the map and the lists.

Each category slot has one hue and two shades, for a light and for a dark ground. The shades were chosen for the largest
smallest distance in OKLab, with normal sight and with simulated protanopia, deuteranopia and tritanopia, at a contrast
of at least 3:1 with the ground; the tests hold them to it. Colour never stands alone: a name, a shape or a place says
the same thing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

SLOTS = ("blue", "amber", "green", "rose", "violet", "cyan", "rust", "plum", "olive", "other")
"""Names of the slots, in the order in which categories take them."""

OTHER = len(SLOTS) - 1
"""The grey slot: every category after the nine most frequent, and items without one."""

GROUND = MappingProxyType({"light": "#f6f8fa", "dark": "#0f151c"})
"""The page's background in each theme; config.toml says the same."""

ACCENT = MappingProxyType({"light": "#0b6b74", "dark": "#14828b"})
"""The one colour of the interface itself. White words on it are readable in both themes; in the dark one it is too deep
for words of its own, so assets/dark.css gives those the colour of links."""

_LIGHT = ("#4649c5", "#c27e19", "#108353", "#ec306e", "#ba66f7", "#0397c0", "#792119", "#54043f", "#676203", "#7b8087")
_DARK = ("#6064fe", "#b37a05", "#3cc54e", "#ff9fa6", "#9f3cb1", "#6de3fa", "#b43a2d", "#fd4cbd", "#c3e82c", "#676c73")

_ROLES_LIGHT = {
    "user": "#d6336c",
    "history": "#1d2939",
    "ranked": "#0b6b74",
    "hit": "#7048e8",
    "focus": "#b54708",
    "entered": "#17703f",
    "left": "#b3261e",
    "moved": "#2b5fb3",
}
_ROLES_DARK = {
    "user": "#ff7aa8",
    "history": "#e8edf3",
    "ranked": "#45d3d8",
    "hit": "#b197fc",
    "focus": "#ffb454",
    "entered": "#58d68d",
    "left": "#ff9b93",
    "moved": "#85b4ff",
}

# Low to high, as (lightness, chroma, hue in degrees) in OKLCH; the high end always stands out most from the ground.
_RAMP_LIGHT = ((0.80, 0.125, 100.0), (0.66, 0.125, 165.0), (0.50, 0.105, 220.0), (0.28, 0.130, 292.0))
_RAMP_DARK = ((0.42, 0.150, 295.0), (0.56, 0.110, 235.0), (0.73, 0.125, 175.0), (0.93, 0.150, 105.0))
RAMP_SIZE = 256


def slots(dark: bool) -> tuple[str, ...]:
    """The ten slot colours, one hex a slot, in the order of SLOTS."""
    return _DARK if dark else _LIGHT


def assign(categories_by_count: Sequence[str]) -> dict[str, int]:
    """Category name -> slot. The nine first (most frequent) names take a colour each, the others share the grey."""
    return {name: min(slot, OTHER) for slot, name in enumerate(dict.fromkeys(categories_by_count))}


def roles(dark: bool) -> Mapping[str, str]:
    """Colour of each role: user, history, ranked, hit, focus on the map; entered, left, moved in a list."""
    return MappingProxyType(_ROLES_DARK if dark else _ROLES_LIGHT)


@cache
def ramp(dark: bool) -> tuple[str, ...]:
    """RAMP_SIZE hexes for numbers, low to high: even steps in OKLCH between four stops, lightness strictly monotone."""
    stops = _RAMP_DARK if dark else _RAMP_LIGHT
    return tuple(_hex_of(*_between(stops, index / (RAMP_SIZE - 1))) for index in range(RAMP_SIZE))


def sequential(dark: bool, count: int = 10) -> tuple[str, ...]:
    """``count`` evenly spaced colours of the ramp, low to high."""
    whole = ramp(dark)
    return tuple(whole[round(step * (RAMP_SIZE - 1) / (count - 1))] for step in range(count))


@cache
def css() -> str:
    """The palette as custom properties for components: --slot-0 .. --slot-9 and --role-<name>, light and dark.

    A component's root carries the class ``rs``, and ``data-dark`` where the theme's background is dark.
    """
    return _css_block(".rs", dark=False) + _css_block(".rs[data-dark]", dark=True)


def _css_block(selector: str, *, dark: bool) -> str:
    named = {f"slot-{slot}": colour for slot, colour in enumerate(slots(dark))}
    named |= {f"role-{name}": colour for name, colour in roles(dark).items()}
    return selector + "{" + "".join(f"--{name}:{colour};" for name, colour in named.items()) + "}\n"


def _between(stops: Sequence[tuple[float, float, float]], share: float) -> tuple[float, float, float]:
    place = share * (len(stops) - 1)
    first = min(int(place), len(stops) - 2)
    part = place - first
    low, high = stops[first], stops[first + 1]
    return (
        low[0] + part * (high[0] - low[0]),
        low[1] + part * (high[1] - low[1]),
        low[2] + part * (high[2] - low[2]),
    )


def _hex_of(lightness: float, chroma: float, hue: float) -> str:
    """OKLCH (Ottosson 2020) -> sRGB hex; the chroma shrinks until the colour exists."""
    linear = _linear_of(lightness, chroma, hue)
    while chroma > 0 and (min(linear) < 0 or max(linear) > 1):
        chroma = max(0.0, chroma - 0.002)
        linear = _linear_of(lightness, chroma, hue)
    return "#" + "".join(f"{round(255 * _encode(part)):02x}" for part in linear)


def _linear_of(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _encode(linear: float) -> float:
    linear = min(1.0, max(0.0, linear))
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
