"""Training in a real browser: curves that move, a reload in the middle, stop, go on, and a restarted server."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import Server, overflow_px, serious_findings, settled

pytestmark = pytest.mark.usefixtures("warm")
Open = Callable[..., Page]
BEST = re.compile(r"Best \(epoch \d+\)")


def epoch_of(page: Page) -> int:
    """The epoch the page says it is at, once it says one."""
    words = page.get_by_text(re.compile(r"^Epoch \d+ of 60"))
    expect(words).to_be_visible(timeout=60_000)
    found = re.match(r"Epoch (\d+)", words.inner_text())
    assert found
    return int(found[1])


def beyond(page: Page, epoch: int) -> None:
    """Wait until the page is past an epoch; it may skip one between two looks."""
    page.wait_for_function(
        "before => Number((document.body.innerText.match(/^Epoch (\\d+) of 60/m) || [0, 0])[1]) > before",
        arg=epoch,
        timeout=60_000,
    )


def test_train_reload_stop_go_on_and_restart(
    start_server: Callable[..., Server], open_page: Open, tmp_path: Path
) -> None:
    own = {"RECALLSCOPE_DATA": str(tmp_path)}
    page = open_page(start_server(env=own).url + "/train?tower_epochs=60&tower_dim=8&tower_patience=0")
    page.get_by_role("button", name="Train", exact=True).click()
    first = epoch_of(page)
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    beyond(page, first)

    page.reload()
    settled(page)
    assert epoch_of(page) > first
    expect(page.get_by_text(BEST)).to_be_visible()
    assert serious_findings(page) == []

    page.get_by_role("button", name="Stop, and keep the best epoch so far").click()
    expect(page.get_by_text(re.compile(r"^Stopped. The best of \d+ epochs is kept"))).to_be_visible(timeout=30_000)
    stopped = page.get_by_text(re.compile(r"popularity: recall@10 .* of \d+\)")).inner_text()
    done = int(stopped.rpartition(" of ")[2].split(")")[0])
    assert done > first

    later = open_page(start_server(env=own).url + "/train", width=390, height=844)  # knows nothing but what is on disk
    expect(later.get_by_text(stopped)).to_be_visible(timeout=30_000)
    assert overflow_px(later) == 0
    later.get_by_role("button", name=f"Go on ({60 - done} epochs left)").first.click()
    assert epoch_of(later) >= done
    beyond(later, done)
    later.get_by_role("button", name="Stop, and keep the best epoch so far").click()
    expect(later.get_by_text(re.compile(r"^Stopped. The best of \d+ epochs is kept"))).to_be_visible(timeout=30_000)
