"""The Diversity page in a real browser: the address, the slider, the way back, and what a phone shows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ui.text import t

from .conftest import Server, overflow_px, serious_findings, settled
from .test_journeys import address, cli, slider_of

pytestmark = pytest.mark.usefixtures("warm")
Open = Callable[..., Page]


def titles(page: Page, side: str) -> list[str]:
    """The titles of one of the two lists, best first."""
    rows = page.locator(f".both .{side} .row .title")
    expect(rows.first).to_be_visible(timeout=30_000)
    return rows.all_inner_texts()


def listed(*flags: str) -> list[str]:
    return [str(item["title"]) for item in cli(*flags)["items"]]


def test_a_link_shows_the_lists_of_the_command_line(start_server: Callable[..., Server], open_page: Open) -> None:
    """On a fresh server, opened first on a deep link; reloaded, it is the same."""
    page = open_page(f"{start_server().url}/diversity?user=15&diversity=0.6&strategy=ease&k=7")
    assert page.title() == "Diversity · Recallscope"
    expect(slider_of(page, t("knob.diversity"))).to_have_value("0.6")
    flags = ("--user", "15", "--strategy", "ease", "--k", "7")
    for _ in range(2):
        assert titles(page, "before") == listed(*flags)
        assert titles(page, "after") == listed(*flags, "--diversity", "0.6")
        expect(page.locator(".tile")).to_have_count(8, timeout=30_000)
        page.reload()
        settled(page)
    assert address(page) == ("/diversity", {"user": "15", "diversity": "0.6", "strategy": "ease", "k": "7"})


def test_one_drag_changes_lists_sentence_and_figures_and_the_link_says_it(server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}/diversity?user=15")
    expect(page.locator("h3", has_text=t("diversity.nothing_yet"))).to_be_visible()
    assert titles(page, "before") == titles(page, "after")
    page.get_by_role("button", name=t("diversity.try", strength="0.30")).dblclick()
    expect(page.locator("h3", has_text="At 0.30: ")).to_be_visible()
    figures = page.locator(".tile .change").all_inner_texts()
    slider_of(page, t("knob.diversity")).focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    expect(page.locator("h3", has_text="At 0.60: ")).to_contain_text("more categories per list")
    expect(page.locator(".tiles")).to_have_attribute("aria-label", "at 0.60")
    assert page.locator(".tile .change").all_inner_texts() != figures
    entered = page.locator('.after .row[data-mark="entered"]')
    assert entered.count() == page.locator('.before .row[data-mark="left"]').count() > 0
    expect(entered.first.locator(".why")).to_have_text(re.compile(r"moved up from \d+"))
    assert address(page) == ("/diversity", {"user": "15", "diversity": "0.6"})
    page.get_by_role("radio", name="dpp").click()
    expect(page.get_by_text("DPP").first).to_be_visible()
    settled(page)
    assert address(page)[1]["diversify"] == "dpp"


def test_the_strength_goes_along_to_recommend_and_back(server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}/diversity?user=15&diversity=0.6")
    after = titles(page, "after")
    page.get_by_role("link", name="Recommend").first.click()
    page.wait_for_url("**/recommend*")
    settled(page)
    assert address(page) == ("/recommend", {"user": "15", "diversity": "0.6"})
    expect(page.locator("ol.cards > li.card .title").first).to_be_visible()
    assert page.locator("ol.cards > li.card .title").all_inner_texts() == after
    page.go_back()
    page.wait_for_url("**/diversity*")
    settled(page)
    assert titles(page, "after") == after


def test_values_that_cannot_be_used_are_said(server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}/diversity?diversity=much&diversify=magic&spacing=wide&k=0")
    expect(page.get_by_test_id("stAlert").first).to_be_visible()
    words = " ".join(page.get_by_test_id("stAlert").all_inner_texts())
    for one in ("got 'much'", "unknown diversify 'magic'", "unknown spacing 'wide'", "got 0"):
        assert one in words
    assert titles(page, "before")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_it_is_accessible_and_nothing_is_cut_off(width: int, dark: bool, server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}/diversity?user=15&diversity=0.6", width=width, height=844, dark=dark)
    expect(page.locator(".tile")).to_have_count(8, timeout=30_000)
    page.wait_for_timeout(1_500)
    assert serious_findings(page) == []
    assert overflow_px(page) == 0
    above = [page.locator(f".both .{side}").bounding_box() for side in ("before", "after")]
    assert above[0] is not None
    assert above[1] is not None
    assert (above[1]["y"] < above[0]["y"]) == (width == 390)


@pytest.mark.parametrize("width", [1440, 390])
def test_long_lists_scroll_and_begin_at_their_top(width: int, server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}/diversity?user=15&diversity=0.6&k=40", width=width, height=844)
    expect(page.locator(".both .after .row")).to_have_count(40)
    both = page.locator(".both")
    height, whole, at = both.evaluate("node => [node.clientHeight, node.scrollHeight, node.scrollTop]")
    assert height < whole
    assert at == 0
    first, box = page.locator(".both .after .row").first.bounding_box(), both.bounding_box()
    assert first is not None
    assert box is not None
    assert box["y"] <= first["y"] < box["y"] + 60
