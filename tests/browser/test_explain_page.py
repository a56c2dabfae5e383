"""The Explain page in a real browser: an item taken out, the recommendation falls, and the link shows the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ui.text import t

from .conftest import Server, overflow_px, serious_findings, settled
from .test_journeys import address

pytestmark = pytest.mark.usefixtures("warm")
Open = Callable[..., Page]


def rank_of(page: Page) -> int:
    return int(page.locator(".stand .rank").inner_text().split()[-1].replace(",", ""))


def test_a_film_taken_out_lets_the_item_fall_and_the_link_shows_the_same(server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}/explain?user=2")
    bars = page.locator('.sum .bar[data-kind="source"]')
    expect(bars.first).to_be_visible(timeout=30_000)
    assert rank_of(page) == 1
    gone, note = bars.first.get_attribute("data-id"), bars.first.locator(".note").inner_text()
    bars.first.dblclick()  # the second half of a double click takes no second film
    expect(page.locator('.stand[data-tone="down"]')).to_be_visible()
    settled(page)
    assert address(page) == ("/explain", {"user": "2", "without": gone})
    rank = rank_of(page)
    assert rank > 1
    assert note == t("explain.without", now=1, then=rank)
    told, said = page.locator(".stand").inner_text(), page.locator(".said p").inner_text()
    colleague = page.context.new_page()
    colleague.goto(page.url)
    expect(colleague.locator('.stand[data-tone="down"]')).to_be_visible(timeout=30_000)
    assert colleague.locator(".stand").inner_text() == told
    assert colleague.locator(".said p").inner_text() == said
    colleague.close()
    page.locator(".chips .chip").click()
    expect(page.locator('.stand[data-tone="same"]')).to_be_visible()
    assert rank_of(page) == 1
    settled(page)
    assert address(page) == ("/explain", {"user": "2"})


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_it_is_accessible_and_nothing_is_cut_off(width: int, dark: bool, server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}/explain?user=2&without=50", width=width, height=844, dark=dark)
    expect(page.locator(".sum .bar").first).to_be_visible(timeout=30_000)
    page.wait_for_timeout(1_000)
    assert serious_findings(page) == []
    assert overflow_px(page) == 0
