"""The very first start: nothing in the cache, progress on the page, the list without a reload."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from .conftest import Server


def test_from_an_empty_cache_to_a_list_and_a_map(
    hostile: str, start_server: Callable[..., Server], open_page: Callable[..., Page], tmp_path: Path
) -> None:
    server = start_server(env={"RECALLSCOPE_CACHE": str(tmp_path / "cache")})
    page = open_page(f"{server.url}/recommend?dataset={hostile}&k=5")
    expect(page.get_by_text("Reading the catalogue")).to_be_visible(timeout=30_000)
    page.reload()
    expect(page.locator("ol.cards > li.card").first).to_be_visible(timeout=90_000)
    expect(page.locator("ol.cards > li.card")).to_have_count(5)
    page.get_by_role("link", name="Map").first.click()
    expect(page.locator(".map").first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("How far to trust the picture")).to_be_visible(timeout=90_000)


def test_an_unknown_model_is_one_sentence_with_a_way_back(
    hostile: str, start_server: Callable[..., Server], open_page: Callable[..., Page], tmp_path: Path
) -> None:
    server = start_server(env={"HF_HUB_OFFLINE": "1"})
    page = open_page(f"{server.url}/recommend?dataset={hostile}&k=5&model=no/such-model")
    expect(page.get_by_text("This could not be finished")).to_be_visible(timeout=90_000)
    assert "Traceback" not in page.locator("body").inner_text()
    page.get_by_role("button", name="Back to the default model and text").click()
    expect(page.locator("ol.cards > li.card")).to_have_count(5, timeout=90_000)
    assert "model=" not in page.url
