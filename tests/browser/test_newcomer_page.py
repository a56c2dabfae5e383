"""The Newcomer page in a real browser: a click changes list and address, a reload and a step back agree with them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ui.text import t

from .conftest import Server, overflow_px, serious_findings, settled
from .test_journeys import address

pytestmark = pytest.mark.usefixtures("embedded")
Open = Callable[..., Page]


def test_every_answer_changes_the_list_and_the_address_holds_it(server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}/newcomer")
    expect(page.get_by_role("heading", name=t("newcomer.list_none"))).to_be_visible(timeout=30_000)
    answers = page.get_by_role("list", name=t("newcomer_cards.answers")).get_by_role("button")
    like = page.locator(".question").first.locator(".choice.like")
    title = page.locator(".question .title").first.inner_text()
    page.wait_for_timeout(500)  # a new question takes no click at once
    like.dblclick()
    expect(answers).to_have_count(1)
    expect(answers.first).to_contain_text(title)
    expect(page.get_by_role("heading", name=t("newcomer.list_one"))).to_be_visible()
    before = page.locator("ol.cards .title").all_inner_texts()
    one = address(page)
    page.get_by_role("button", name=f"Comedy: {t('newcomer_cards.is_open')}").click()
    expect(answers).to_have_count(2)
    expect(page.get_by_role("heading", name=t("newcomer.list", n=2))).to_be_visible()
    after = page.locator("ol.cards .title").all_inner_texts()
    assert after != before
    page.reload()
    expect(answers).to_have_count(2)
    expect(page.locator("ol.cards .title")).to_have_text(after)
    assert not serious_findings(page)
    page.go_back()
    settled(page)
    expect(answers).to_have_count(1)
    assert address(page) == one
    expect(page.locator("ol.cards .title")).to_have_text(before)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".now")).to_be_visible()
    assert overflow_px(page) == 0
