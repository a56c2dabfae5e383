"""The Compare page in a real browser: an address is a comparison, and lines join what both lists hold."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from ui.compare_everybody import short
from ui.compare_sides import DEFAULTS
from ui.text import t

from .conftest import Server, overflow_px, serious_findings, settled
from .test_journeys import address

ROOT = Path(__file__).resolve().parents[2]
A, B, C = "strategy=content;k=8", "strategy=content;k=8;diversity=0.6", "strategy=popularity;k=6"
pytestmark = pytest.mark.usefixtures("warm")
Open = Callable[..., Page]


def lists(page: Page) -> Locator:
    """The columns of cards."""
    found = page.locator(".column")
    expect(found.first).to_be_visible(timeout=60_000)
    return found


def titles(column: Locator) -> list[str]:
    return column.locator(".title").all_inner_texts()


def heading(page: Page) -> Locator:
    return page.locator("h3").first


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()
    page.wait_for_timeout(500)
    settled(page)


@pytest.fixture(scope="module")
def answer(warm: None) -> dict[str, Any]:
    """What the command line says of A and B."""
    command = [sys.executable, "-m", "core", "compare", "--a", A, "--b", B, "--user", "15", "--json"]
    found: dict[str, Any] = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    return found


def test_a_deep_link_shows_what_the_command_line_says(server: Server, open_page: Open, answer: dict[str, Any]) -> None:
    page = open_page(f"{server.url}/compare?user=15&a={A}&b={B}", height=1800)
    assert page.title() == "Compare · Recallscope"
    columns = lists(page)
    for place, side in enumerate("AB"):
        assert titles(columns.nth(place)) == [item["title"] for item in answer["user"]["lists"][side]]
    pair = answer["user"]["pairs"][0]
    assert page.locator(".wire").count() == pair["shared"]
    expect(heading(page)).to_contain_text(f"A and B share {pair['shared']} of 8 items (RBO {short(pair['rbo'], 2)}).")
    (ild,) = (one for one in answer["everybody"]["pairs"][0]["verdicts"] if one["metric"] == "ild")
    row = page.get_by_role("row").filter(has_text="Diversity (ILD)")
    expect(row).to_contain_text(f"{ild['better']} better by {short(ild['delta'])} ({short(ild['low'])} to ")


def test_buttons_change_the_address_and_a_reload_changes_nothing(server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}/compare?user=15&a={A}&b={B}")
    before = [titles(lists(page).nth(place)) for place in range(2)]
    press(page, t("compare.swap"))
    assert {name: address(page)[1][name] for name in "ab"} == {"a": B, "b": A}
    assert [titles(lists(page).nth(place)) for place in range(2)] == before[::-1]
    press(page, t("compare.add"))
    assert address(page)[1]["c"] == A
    page.reload()
    settled(page)
    expect(lists(page)).to_have_count(3)
    assert address(page)[1]["c"] == A
    press(page, t("compare.remove"))
    assert "c" not in address(page)[1]
    page.get_by_role("button", name=t("compare.copy"), exact=True).dblclick()
    expect(lists(page).nth(1).locator(".title")).to_have_text(before[1])
    assert titles(lists(page).nth(0)) == before[1]


def test_a_slider_moves_its_own_side_alone(server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}/compare?user=15&a={A}&b={B}")
    left = titles(lists(page).nth(0))
    handle = page.locator('input[type="range"]').nth(1)
    handle.focus()
    handle.press("End")
    page.wait_for_timeout(500)
    settled(page)
    assert address(page)[1]["b"] == "strategy=content;k=8;diversity=1.0"
    assert address(page)[1]["a"] == A
    assert titles(lists(page).nth(0)) == left
    expect(lists(page).nth(1).locator(".how")).to_contain_text("diversity 1.00")


def test_a_line_that_is_none_is_said_and_mended(server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}/compare?user=15&a=strategy%3Dnobody&b={B}")
    expect(page.get_by_role("alert").first).to_contain_text("unknown strategy 'nobody'")
    field = page.get_by_role("textbox", name=t("compare.side", side="A"))
    expect(field).to_have_value("strategy=nobody")
    field.fill("strategy=content;k=8")
    field.press("Enter")
    page.wait_for_timeout(500)
    settled(page)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert address(page)[1]["a"] == A
    expect(lists(page)).to_have_count(2)


def test_pointing_at_an_item_points_at_it_everywhere(server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}/compare?user=15&a={A}&b={A}", height=1800)
    lists(page).nth(0).locator(".item").nth(2).hover()
    expect(page.locator(".item.on")).to_have_count(2)
    expect(page.locator(".wire.on")).to_have_count(1)


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True), (390, False), (390, True)])
def test_three_sides_fit_every_window_and_can_be_read_by_everybody(
    server: Server, open_page: Open, width: int, dark: bool
) -> None:
    page = open_page(f"{server.url}/compare?user=15&a={A}&b={B}&c={C}", width=width, dark=dark)
    expect(lists(page)).to_have_count(3)
    expect(page.get_by_role("table")).to_be_visible(timeout=60_000)
    page.wait_for_timeout(500)
    assert overflow_px(page) == 0
    assert serious_findings(page) == []


def test_the_way_to_recommend_takes_the_side_along_and_coming_back_finds_the_comparison(
    server: Server, open_page: Open
) -> None:
    page = open_page(f"{server.url}/compare?user=15&a={A}&b={B}")
    shown = titles(lists(page).nth(1))
    page.get_by_role("link", name=t("compare.on_recommend", side="B")).click()
    page.wait_for_url("**/recommend*")
    settled(page)
    expect(page.locator(".cards .title").first).to_be_visible()
    page.wait_for_timeout(700)
    assert page.locator(".cards .title").all_inner_texts() == shown
    page.get_by_role("link", name="Compare").first.click()
    page.wait_for_url("**/compare*")
    settled(page)
    assert titles(lists(page).nth(1)) == shown


def test_defaults_need_no_address(server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}/compare")
    expect(lists(page)).to_have_count(2)
    field = page.get_by_text(t("compare.as_text"))
    field.click()
    for side in "ab":
        box = page.get_by_role("textbox", name=t("compare.side", side=side.upper()))
        expect(box).to_have_value(DEFAULTS[side])


def test_a_step_back_in_the_browser_is_a_step_back_on_the_page(server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}/compare?user=15&a={A}&b={B}")
    before = [titles(lists(page).nth(place)) for place in range(2)]
    press(page, t("compare.swap"))
    expect(lists(page).nth(0).locator(".title")).to_have_text(before[1])
    for _ in range(4):  # each parameter may be a step of its own
        if address(page)[1]["a"] == A and address(page)[1]["b"] == B:
            break
        page.go_back()
        settled(page)
    for place in range(2):
        expect(lists(page).nth(place).locator(".title")).to_have_text(before[place])
