"""The small components in a real browser: text stays text, nodes live on, nothing is cut off, all can be read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, overflow_px, serious_findings

HOSTILE = "<img src=x onerror=alert(1)>"
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def cards_url(start_server: Callable[..., Server]) -> str:
    return start_server("tests/browser/apps/cards_app.py").url


def press(page: Page, slider: str, key: str, times: int = 1) -> None:
    """Move a slider by keys; after each, wait for the list that belongs to it."""
    for _ in range(times):
        before = page.locator("ol.cards").evaluate("list => list.closest('.rs').dataset.drawn")
        page.get_by_role("slider", name=slider).press(key)
        page.wait_for_function(
            """before => {
              const hosts = [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')];
              const roots = hosts.map(host => host.shadowRoot.querySelector('.rs'));
              const root = roots.find(it => it?.querySelector('ol.cards'));
              const mark = [...document.querySelectorAll('[data-testid="stText"]')].map(it => it.textContent).join();
              return root.dataset.drawn !== before && mark.includes(root.dataset.drawn);
            }""",
            arg=before,
        )


def test_hostile_text_is_shown_as_text(open_page: Open, cards_url: str) -> None:
    page = open_page(cards_url)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    expect(page.locator("ol.cards .title").first).to_have_text(HOSTILE)
    expect(page.locator("ol.cards .title").nth(1)).to_have_text("![x](http://x.invalid/y.png)")
    expect(page.locator("ol.cards .title").nth(2)).to_have_text("$x$")
    expect(page.locator(".strip .what").first).to_have_text(HOSTILE)
    expect(page.locator("ol.cards .why").first).to_have_text(f"moved up from 4: unlike {HOSTILE}")
    expect(page.locator("ol.cards .why").nth(1)).to_be_hidden()
    expect(page.locator(".flow .caption").first).to_have_text(HOSTILE)
    press(page, "First", "ArrowRight")
    expect(page.locator(".left .what")).to_have_text(HOSTILE)
    expect(page.locator("ol.cards .chip").nth(5)).to_contain_text(HOSTILE)
    assert page.locator("ol.cards img, .strip img, .flow img, .left img, .tiles img, .sources img").count() == 0
    assert dialogs == []


def test_a_slider_step_keeps_the_cards_that_stay(open_page: Open, cards_url: str) -> None:
    page = open_page(cards_url)
    expect(page.locator("ol.cards > li")).to_have_count(5)
    page.locator("ol.cards > li").evaluate_all("cards => cards.forEach((card, place) => { card.planted = place; })")
    press(page, "First", "ArrowRight", times=2)
    cards = page.locator("ol.cards > li")
    assert cards.locator(".title").all_inner_texts() == ["$x$", "**b** :material/home:", "Item 4", "Item 5", "Item 6"]
    assert cards.locator(".rank").all_inner_texts() == ["1", "2", "3", "4", "5"]
    assert cards.evaluate_all("cards => cards.map(card => card.planted ?? null)") == [2, 3, 4, None, None]
    press(page, "K", "ArrowRight", times=3)
    assert cards.count() == 8
    press(page, "K", "Home")
    assert cards.locator(".title").all_inner_texts() == ["$x$"]


def test_lists_are_lists_and_changes_are_words(open_page: Open, cards_url: str) -> None:
    page = open_page(cards_url)
    ranked = page.get_by_role("list", name="Recommendations, best first")
    expect(ranked.locator("> li")).to_have_count(5)
    assert ranked.evaluate("list => list.tagName") == "OL"
    assert ranked.locator(".change:visible").all_inner_texts() == ["+ new", "▲ up 3", "▼ down 2", "+ new"]
    brought = ranked.locator("> li").nth(1).get_by_role("list", name="Brought by")
    assert brought.locator("> li.own").get_attribute("title") == "rank 1 by Sequence"
    assert brought.locator("> li > :not([aria-hidden])").all_text_contents() == [
        "rank 1 by Sequence",
        "rank 13 by EASE",
    ]
    expect(page.get_by_role("list", name="How many of these items").locator("> li")).to_have_count(3)
    expect(page.get_by_role("list", name="The recall pipeline").locator("> li")).to_have_count(7)
    expect(page.locator(".flow .later")).to_have_count(1)


def test_the_history_scrolls_by_keys(open_page: Open, cards_url: str) -> None:
    page = open_page(cards_url, width=390, height=800)
    strip = page.get_by_role("region", name="History")
    strip.focus()
    page.keyboard.press("End")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(600)
    assert strip.evaluate("strip => strip.scrollLeft") > 20


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 800, 1440])
def test_nothing_is_cut_off_and_all_is_readable(open_page: Open, cards_url: str, width: int, dark: bool) -> None:
    page = open_page(cards_url, width=width, dark=dark)
    expect(page.locator("ol.cards > li")).to_have_count(5)
    expect(page.locator(".wires .wire")).to_have_count(7)
    assert page.locator(".flow").evaluate("flow => flow.closest('.rs').hasAttribute('data-dark')") is dark
    assert overflow_px(page) == 0
    inside = "nodes => nodes.every(node => node.getBoundingClientRect().right <= innerWidth)"
    assert page.locator("ol.cards > li, .tile, .node").evaluate_all(inside)
    page.wait_for_timeout(300)  # the fade-in of new cards would count as faint text
    assert serious_findings(page) == []
    columns = page.locator("ol.cards").evaluate("list => getComputedStyle(list).gridTemplateColumns.split(' ').length")
    assert columns == {390: 1, 800: 2, 1440: 1}[width]


def test_the_flow_stands_still_on_request(open_page: Open, cards_url: str) -> None:
    moving = open_page(cards_url)
    display = "nodes => [...new Set(nodes.map(node => getComputedStyle(node).display))]"
    expect(moving.locator(".wires .pulse")).to_have_count(5)
    assert moving.locator(".wires .pulse").evaluate_all(display) == ["inline"]
    still = open_page(cards_url, reduced_motion="reduce")
    expect(still.locator(".wires .wire")).to_have_count(7)
    assert still.locator(".wires .pulse").evaluate_all(display) == ["none"]
