"""What a stranger does, in a real browser against a real server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Server, overflow_px, serious_findings, settled

ROOT = Path(__file__).resolve().parents[2]
PATHS = ("/", "/recommend", "/map", "/diversity", "/compare", "/train", "/evaluate")
pytestmark = pytest.mark.usefixtures("warm")
Open = Callable[..., Page]


def titles(page: Page) -> list[str]:
    """The titles on the cards, best first."""
    cards = page.locator("ol.cards > li.card .title")
    expect(cards.first).to_be_visible(timeout=30_000)
    return cards.all_inner_texts()


def slider_of(page: Page, label: str) -> Locator:
    """The slider with exactly this label."""
    return page.locator(f'input[type="range"][aria-label="{label}"]')


def address(page: Page) -> tuple[str, dict[str, str]]:
    """Path and parameters of the page, once they have stopped changing."""
    page.wait_for_timeout(700)
    parts = urlsplit(page.url)
    return parts.path, dict(parse_qsl(parts.query))


def cli(*flags: str) -> dict[str, Any]:
    """What the command line answers."""
    command = [sys.executable, "-m", "core", "recommend", "--json", *flags]
    found: dict[str, Any] = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    return found


@pytest.mark.parametrize(
    "path", ["/map?user=15&k=12", "/recommend?user=15&k=12", "/diversity?user=15&k=12&diversity=0.3"]
)
def test_a_fresh_server_opened_first_on_a_deep_link(
    path: str, start_server: Callable[..., Server], open_page: Open
) -> None:
    page = open_page(start_server().url + path)
    expect(slider_of(page, "K")).to_have_value("12")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("Page not found")).to_have_count(0)
    assert page.title() == f"{path[1:].partition('?')[0].title()} · Recallscope"


def test_a_comparison_opened_first_on_a_fresh_server(start_server: Callable[..., Server], open_page: Open) -> None:
    sides = "a=strategy%3Dcontent%3Bk%3D7&b=strategy%3Dcontent%3Bk%3D7%3Bdiversity%3D1"
    page = open_page(f"{start_server().url}/compare?user=15&{sides}")
    expect(page.get_by_text("Page not found")).to_have_count(0)
    assert page.title() == "Compare · Recallscope"
    first, last = cli("--user", "15", "--k", "7"), cli("--user", "15", "--k", "7", "--diversity", "1")
    for answer in (first, last):
        for item in answer["items"]:
            expect(page.get_by_text(item["title"], exact=True).first).to_be_visible(timeout=30_000)


def test_diversity_on_the_list_explains_itself_and_leads_to_its_page(server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}/recommend?user=15&diversity=0.95")
    slider = slider_of(page, "Diversity")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Diversity 1.00 by MMR")).to_be_visible(timeout=30_000)
    answer = cli("--user", "15", "--diversity", "1")
    assert titles(page) == [item["title"] for item in answer["items"]]
    moved = [item for item in answer["items"] if item["ledger"]["reason"] != "stayed"]
    why = page.locator("ol.cards > li.card .why:visible")
    assert why.count() == len(moved) > 0
    assert all(
        str(item["ledger"]["rank_before"]) in text for item, text in zip(moved, why.all_inner_texts(), strict=True)
    )
    page.get_by_role("link", name="what it costs everybody").click()
    settled(page)
    assert address(page) == ("/diversity", {"user": "15", "diversity": "1"})
    expect(slider_of(page, "Diversity")).to_have_value("1")


@pytest.mark.parametrize(
    "flat",
    [
        {"user": "15", "k": "12"},
        {"user": "547", "k": "30", "metric": "euclidean", "normalize": "false"},
        {"user": "1", "select": "both", "threshold": "0.2", "k": "20", "half_life": "30"},
        {"user": "30", "postprocess": "none", "metric": "dot", "normalize": "false"},
        {"user": "15", "strategy": "ease", "ease_l2": "400", "k": "20"},
        {"user": "15", "strategy": "als", "metric": "euclidean"},
        {"user": "2", "strategy": "fusion-rank"},
        {"user": "15", "diversity": "0.7", "relevance_scale": "rank"},
        {"user": "2", "strategy": "ease", "diversity": "0.4", "diversify": "dpp", "spacing": "category"},
        {"user": "15", "exploration": "epsilon", "explore_share": "0.3", "seed": "7", "pool": "40"},
    ],
    ids=lambda flat: "-".join(flat.values()),
)
def test_address_page_and_command_line_agree_to_the_last_item(
    flat: dict[str, str], server: Server, open_page: Open
) -> None:
    address = "&".join(f"{name}={value}" for name, value in flat.items())
    page = open_page(f"{server.url}/recommend?{address}")
    answer = cli(*(part for name, value in flat.items() for part in (f"--{name}", value)))
    assert titles(page) == [item["title"] for item in answer["items"]]
    page.reload()
    settled(page)
    assert titles(page) == [item["title"] for item in answer["items"]]


def test_slider_changes_list_and_address_and_both_survive_a_reload(server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}/recommend?user=15")
    before = titles(page)
    slider = slider_of(page, "K")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("ol.cards > li.card")).to_have_count(len(before) + 1)
    assert titles(page)[: len(before)] == before
    assert address(page) == ("/recommend", {"user": "15", "k": "11"})
    assert page.locator("ol.cards .change", has_text="new").count() == 1
    page.reload()
    settled(page)
    expect(page.locator("ol.cards > li.card")).to_have_count(len(before) + 1)


def test_choices_travel_between_pages(server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}/recommend?user=15&k=14")
    expect(page.locator("ol.cards > li.card")).to_have_count(14)
    expect(slider_of(page, "K")).to_have_value("14")  # the page is whole before the reader leaves it
    page.get_by_role("link", name="Map").first.click()
    settled(page)
    expect(slider_of(page, "K")).to_have_value("14")
    assert address(page) == ("/map", {"user": "15", "k": "14"})
    page.go_back()
    settled(page)
    expect(page.locator("ol.cards > li.card")).to_have_count(14)
    assert address(page) == ("/recommend", {"user": "15", "k": "14"})
    page.get_by_role("link", name="Overview").first.click()
    settled(page)
    page.get_by_role("link", name="Map").first.click()
    settled(page)
    assert address(page) == ("/map", {"user": "15", "k": "14"})


def test_map_overlay_follows_the_slider_and_the_zoom_stays(server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}/map?user=15")
    root = page.locator("[data-drawn][data-camera]").first
    expect(root).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Zoom in (+)").click()
    page.get_by_role("button", name="Zoom in (+)").click()
    page.wait_for_timeout(500)
    camera, drawn = root.get_attribute("data-camera"), root.get_attribute("data-drawn")
    slider = slider_of(page, "K")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(root).not_to_have_attribute("data-drawn", drawn or "")
    assert root.get_attribute("data-camera") == camera


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_accessible_and_nothing_cut_off_on_a_phone(path: str, dark: bool, server: Server, open_page: Open) -> None:
    page = open_page(server.url + path, width=390, height=844, dark=dark)
    page.wait_for_timeout(1_000)
    assert serious_findings(page) == []
    assert overflow_px(page) == 0


@pytest.mark.parametrize("path", PATHS)
def test_hostile_texts_stay_texts(path: str, hostile: str, server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}{path}?dataset={hostile}&k=5&colour=category")
    page.wait_for_timeout(1_500)
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src='x'], img[src*='192.0.2.1'], a[href^='http://192.0.2.1']").count() == 0
    assert page.locator(".katex").count() == 0


def test_a_phrase_lights_up_its_nearest_items(server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}/map?user=15&phrase=space%20war%20with%20robots&table=true")
    settled(page)
    expect(page.get_by_text("your phrase").first).to_be_visible(timeout=60_000)
