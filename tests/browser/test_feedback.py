"""Live feedback in a real browser: a like changes the list, a reload keeps it, undo brings the old list back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.store.events import Event, event_store
from ui.text import t

from .conftest import Server, overflow_px, serious_findings, settled
from .test_journeys import address, cli, titles

pytestmark = pytest.mark.usefixtures("warm")
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a server of our own, so that no feedback reaches other tests."""
    return tmp_path_factory.mktemp("feedback")


@pytest.fixture(scope="module")
def url(start_server: Callable[..., Server], folder: Path) -> str:
    return start_server(env={"RECALLSCOPE_DATA": str(folder)}).url


@pytest.fixture
def events(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Event]]:
    """What the server has stored, read from its file."""
    monkeypatch.setenv("RECALLSCOPE_DATA", str(folder))
    return lambda: list(event_store().events("movielens-small"))


def listed(*flags: str) -> list[int]:
    return [int(item["item_id"]) for item in cli(*flags)["items"]]


def card(page: Page, place: int) -> Locator:
    return page.locator("ol.cards > li.card").nth(place)


def deed(page: Page, place: int, name: str) -> Locator:
    found = card(page, place)
    found.hover()
    title = found.locator(".title").inner_text()
    return found.get_by_role("button", name=f"{name}: {title}", exact=True)


def test_a_like_changes_the_list_is_kept_and_can_be_undone(
    open_page: Open, url: str, events: Callable[[], list[Event]]
) -> None:
    page = open_page(f"{url}/recommend?user=15&k=6")
    before = titles(page)
    deed(page, 1, "Like").dblclick()
    expect(page.get_by_text(f"Kept: liked {before[1]}.")).to_be_visible()
    expect(page.locator("ol.cards .title", has_text=before[1])).to_have_count(0)
    after = titles(page)
    assert before[1] not in after
    assert page.locator("ol.cards .change:visible").count() > 0
    assert [(one.user_id, one.kind) for one in events()] == [("15", "like")]
    expect(page.locator(".past.fresh .what").first).to_have_text(before[1])
    page.reload()
    assert titles(settled(page)) == after
    page.get_by_role("button", name=t("feedback.undo"), exact=True).click()
    expect(page.locator("ol.cards .title", has_text=before[1])).to_have_count(1)
    assert titles(page) == before
    assert events() == []
    card(page, 1).hover()
    card(page, 1).get_by_role("link", name=t("cards.why")).click()
    page.wait_for_url("**/explain?*")
    settled(page)
    path, parameters = address(page)
    assert path == "/explain"
    assert parameters == {"user": "15", "k": "6", "item": str(listed("--user", "15", "--k", "6")[1])}


def test_the_keyboard_and_a_phone_can_do_it(open_page: Open, url: str, events: Callable[[], list[Event]]) -> None:
    page = open_page(f"{url}/recommend?user=15&k=6", width=390, height=844)
    before = titles(page)
    assert overflow_px(page) <= 0
    buttons = card(page, 0).locator(".deed")
    assert min(min(size["width"], size["height"]) for one in buttons.all() if (size := one.bounding_box())) >= 44
    buttons.first.focus()
    page.keyboard.press("ArrowRight")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert page.evaluate(FOCUSED) == f"Already seen: {before[0]}"
    page.keyboard.press("Enter")
    expect(page.locator("ol.cards .title").first).to_have_text(before[1])
    assert page.evaluate(FOCUSED) == f"Already seen: {before[1]}"
    assert [one.kind for one in events()] == ["watched"]
    assert serious_findings(page) == []


FOCUSED = """
() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at?.getAttribute('aria-label');
}
"""
