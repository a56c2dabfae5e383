"""Speed of live feedback as a reader feels it: from the click on a card to the re-ranked list, stored on the way.

``python -m benchmarks.feedback_page`` uses a real server on the warm cache, a data folder of its own, and a real
Chromium.
"""

from __future__ import annotations

import tempfile

from playwright.sync_api import Browser

from .driving import chromium, served
from .pages import APP, STEPS, WARM_UP, report

PAUSE_MS = 450
LIMIT_MS = 250
PATHS = ("/recommend?user=15", "/recommend?user=15&strategy=ease", "/recommend?user=15&k=100")

# From the click to the frame in which the card is gone from the list that the page has drawn anew. A click comes from
# within the page, so that the driver's own latency does not count.
STEP = """
([deed, patience]) => new Promise((done, fail) => {
  const find = (root) => root.querySelector('ol.cards')
    || [...root.querySelectorAll('*')].map((node) => node.shadowRoot && find(node.shadowRoot)).find(Boolean);
  const list = find(document);
  const shown = list.closest('.rs');
  const before = shown.dataset.drawn;
  const card = list.children[1];
  const start = performance.now();
  const look = () => {
    if (shown.dataset.drawn !== before && !card.isConnected) done(performance.now() - start);
    else requestAnimationFrame(look);
  };
  setTimeout(() => fail(new Error('the list is as it was')), patience);
  card.querySelector(`[data-deed="${deed}"].deed`)
    .dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, detail: 1 }));
  requestAnimationFrame(look);
})
"""

UNDO = """
([patience]) => new Promise((done, fail) => {
  const find = (root) => root.querySelector('ol.cards')
    || [...root.querySelectorAll('*')].map((node) => node.shadowRoot && find(node.shadowRoot)).find(Boolean);
  const shown = find(document).closest('.rs');
  const before = shown.dataset.drawn;
  const start = performance.now();
  const look = () => shown.dataset.drawn !== before ? done(performance.now() - start) : requestAnimationFrame(look);
  setTimeout(() => fail(new Error('the list is as it was')), patience);
  document.querySelector('.st-key-feedback-undo button').click();
  requestAnimationFrame(look);
})
"""


def clicks(browser: Browser, address: str) -> tuple[list[float], list[float]]:
    """Milliseconds of each like, and of each undo."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(address)
    page.wait_for_selector("ol.cards > li", timeout=60_000)
    page.wait_for_timeout(3_000)
    liked, undone = [], []
    for step in range(STEPS // 2 + WARM_UP):
        times = []
        for script, arguments in ((STEP, ["like" if step % 2 else "not-now", 20_000]), (UNDO, [20_000])):
            times.append(float(page.evaluate(script, arguments)))
            page.wait_for_timeout(PAUSE_MS)
        if step >= WARM_UP:
            liked.append(times[0])
            undone.append(times[1])
    page.close()
    return liked, undone


def main() -> None:
    """Measure a list by content, a list of a strategy that learned from the log, and a long list."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser, served(APP, RECALLSCOPE_DATA=folder) as base:
        for path in PATHS:
            liked, undone = clicks(browser, base + path)
            print(path)
            report("feedback on a card to the re-ranked list", liked, LIMIT_MS)
            report("undo to the list as it was", undone, LIMIT_MS)


if __name__ == "__main__":
    main()
