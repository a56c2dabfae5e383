"""The palette is safe for every kind of colour sight, stands out from its ground, and is what the theme says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from ui import palette

Array = npt.NDArray[np.float64]
CONFIG = Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml"
SIGHT: dict[str, Array] = {
    # Machado, Oliveira & Fernandes 2009, severity 1.0, on linear RGB.
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
LEAST = {"normal": 0.11, "protan": 0.07, "deutan": 0.07, "tritan": 0.07}
"""Smallest distance in OKLab between two slots. For scale: black and white are 1 apart, a just visible step is 0.02."""

THEMES = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])


def linear(colours: list[str]) -> Array:
    """Hexes -> (n, 3) linear RGB."""
    srgb = np.array([[int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)] for colour in colours])
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def oklab(rgb: Array) -> Array:
    """(n, 3) linear RGB -> OKLab (Ottosson 2020)."""
    cones = rgb @ np.array(
        [
            [0.4122214708, 0.2119034982, 0.0883024619],
            [0.5363325363, 0.6806995451, 0.2817188376],
            [0.0514459929, 0.1073969566, 0.6299787005],
        ]
    )
    return np.cbrt(cones) @ np.array(
        [
            [0.2104542553, 1.9779984951, 0.0259040371],
            [0.7936177850, -2.4285922050, 0.7827717662],
            [-0.0040720468, 0.4505937099, -0.8086757660],
        ]
    )


def seen(colours: list[str], sight: str) -> Array:
    """How a kind of sight sees colours, in OKLab."""
    return oklab(np.clip(linear(colours) @ SIGHT[sight].T, 0, 1))


def least_distance(points: Array) -> float:
    apart = np.sqrt(((points[:, None] - points[None]) ** 2).sum(-1))
    return float(apart[np.triu_indices(len(points), 1)].min())


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio, 1 .. 21."""
    light = linear([one, other]) @ np.array([0.2126, 0.7152, 0.0722])
    return float((light.max() + 0.05) / (light.min() + 0.05))


def ground(dark: bool) -> str:
    return palette.GROUND["dark" if dark else "light"]


def test_the_measures_themselves() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    white, black = oklab(linear(["#ffffff", "#000000"]))
    assert white == pytest.approx([1, 0, 0], abs=1e-3)
    assert black == pytest.approx([0, 0, 0], abs=1e-3)
    red_and_green = ["#b5652b", "#6b8a1f"]
    for sight in ("protan", "deutan"):
        assert seen(["#ffffff"], sight)[0] == pytest.approx([1, 0, 0], abs=1e-2)
        assert least_distance(seen(red_and_green, sight)) < least_distance(seen(red_and_green, "normal")) / 2


@THEMES
@pytest.mark.parametrize("sight", list(SIGHT))
def test_no_two_slots_look_alike(dark: bool, sight: str) -> None:
    assert least_distance(seen(list(palette.slots(dark)), sight)) >= LEAST[sight]


@THEMES
def test_every_slot_and_role_stands_out(dark: bool) -> None:
    for colour in (*palette.slots(dark), *palette.roles(dark).values()):
        assert contrast(colour, ground(dark)) >= 3, colour


@THEMES
def test_words_in_the_colour_of_a_change_are_readable(dark: bool) -> None:
    for name in ("entered", "left", "moved", "ranked"):
        assert contrast(palette.roles(dark)[name], ground(dark)) >= 4.5, name


def test_a_slot_keeps_its_hue_in_both_themes() -> None:
    light, dark = (oklab(linear(list(palette.slots(theme)[: palette.OTHER]))) for theme in (False, True))
    turn = np.angle(np.exp(1j * (np.arctan2(light[:, 2], light[:, 1]) - np.arctan2(dark[:, 2], dark[:, 1]))))
    assert np.degrees(np.abs(turn)).max() <= 25


def test_assign_gives_colours_to_the_nine_most_frequent() -> None:
    names = [f"genre {place}" for place in range(12)]
    slots = palette.assign(names)
    assert [slots[name] for name in names] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9]
    assert palette.assign([]) == {}
    assert palette.assign(["a", "a", "b"]) == {"a": 0, "b": 1}
    assert max(slots.values()) < len(palette.slots(dark=False)) == len(palette.SLOTS)


@THEMES
@pytest.mark.parametrize("sight", list(SIGHT))
def test_the_ramp_runs_one_way_for_everybody(dark: bool, sight: str) -> None:
    lightness = seen(list(palette.ramp(dark)), sight)[:, 0]
    away = lightness if dark else -lightness
    assert len(lightness) == palette.RAMP_SIZE
    assert np.diff(away).min() > -0.004
    assert np.diff(away[::16]).min() > 0.01


@THEMES
def test_the_ramp_never_sinks_into_the_ground(dark: bool) -> None:
    ramp = palette.ramp(dark)
    ratios = [contrast(colour, ground(dark)) for colour in ramp]
    assert min(ratios) >= 1.6
    assert ratios[-1] == max(ratios)
    assert palette.sequential(dark)[0] == ramp[0]
    assert palette.sequential(dark)[-1] == ramp[-1]


@THEMES
def test_the_theme_says_the_same_colours(dark: bool) -> None:
    name = "dark" if dark else "light"
    theme = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][name]
    assert theme["backgroundColor"] == palette.GROUND[name]
    assert theme["primaryColor"] == palette.ACCENT[name]
    assert tuple(theme["chartCategoricalColors"]) == palette.slots(dark)
    assert tuple(theme["chartSequentialColors"]) == palette.sequential(dark)
    assert len(theme["chartDivergingColors"]) == 10


@THEMES
def test_text_and_captions_are_readable(dark: bool) -> None:
    name = "dark" if dark else "light"
    theme = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][name]
    text, page = (
        np.array([int(theme[key][place : place + 2], 16) for place in (1, 3, 5)])
        for key in ("textColor", "backgroundColor")
    )
    caption = "#" + "".join(f"{round(part):02x}" for part in 0.6 * text + 0.4 * page)
    assert contrast(theme["textColor"], theme["secondaryBackgroundColor"]) >= 7
    assert contrast(caption, theme["backgroundColor"]) >= 4.5
    assert contrast(theme["linkColor"], theme["backgroundColor"]) >= 4.5
    assert contrast(theme["primaryColor"], theme["backgroundColor"]) >= (3 if dark else 4.5)


@THEMES
def test_words_on_a_main_button_are_readable_and_the_button_stands_out(dark: bool) -> None:
    theme = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]["dark" if dark else "light"]
    assert contrast("#ffffff", theme["primaryColor"]) >= 4.5
    for place in (theme, theme["sidebar"]):
        for key in ("backgroundColor", "secondaryBackgroundColor"):
            assert contrast(theme["primaryColor"], place[key]) >= 3


def test_words_in_the_dark_themes_accent_take_a_lighter_shade() -> None:
    theme = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]["dark"]
    style = (CONFIG.parents[1] / "assets" / "dark.css").read_text(encoding="utf-8")
    assert set(re.findall(r"#[0-9a-f]{6}", style)) == {theme["linkColor"]}
    assert contrast(theme["linkColor"], theme["sidebar"]["secondaryBackgroundColor"]) >= 4.5


def test_components_get_every_colour_in_both_themes() -> None:
    css = palette.css()
    light, dark = css.strip().split("\n")
    assert light.startswith(".rs{")
    assert dark.startswith(".rs[data-dark]{")
    for part, is_dark in ((light, False), (dark, True)):
        for slot, colour in enumerate(palette.slots(is_dark)):
            assert f"--slot-{slot}:{colour};" in part
        for role, colour in palette.roles(is_dark).items():
            assert f"--role-{role}:{colour};" in part
