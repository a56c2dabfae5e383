"""Speed of the Diversity page as a reader feels it: a step of the strength to the new sentence, lists and figures.

``python -m benchmarks.diversity_page`` uses a real server on the warm cache and a real Chromium.
"""

from __future__ import annotations

from playwright.sync_api import Browser

from .driving import chromium, served
from .pages import APP, STEPS, WARM_UP, report

PAUSE_MS = 900
SLIDER = 'input[type="range"][aria-label="Diversity"]'
LIMIT_MS = 400
PATHS = ("/diversity?user=15&k=10", "/diversity?user=15&k=10&strategy=ease")

# From the key on the slider to the frames in which the sentence, the lists and the tiles name the new strength, and in
# which the page is at rest: all that is below them is drawn as well.
STEP = """
([wanted, patience]) => new Promise((done, fail) => {
  const start = performance.now();
  const inner = (name) => {
    const host = document.querySelector(`.st-key-${name}`);
    const find = (root) => root.querySelector('.rs')
      || [...root.querySelectorAll('*')].map((node) => node.shadowRoot && find(node.shadowRoot)).find(Boolean);
    return host && find(host);
  };
  const told = {};
  const looks = {
    sentence: () => [...document.querySelectorAll('h3')].some((node) => node.textContent.includes(wanted)),
    lists: () => inner('diversity-lists')?.querySelector('.after h3')?.textContent.includes(wanted),
    tiles: () => inner('diversity-tiles')?.querySelector('.tiles')?.getAttribute('aria-label').includes(wanted),
    rest: () => told.tiles
      && document.querySelector('[data-testid="stApp"]').dataset.testScriptState === 'notRunning',
  };
  const look = () => {
    for (const [name, seen] of Object.entries(looks)) if (!told[name] && seen()) told[name] = performance.now() - start;
    if (Object.keys(told).length === 4) done([told.sentence, told.lists, told.tiles, told.rest]);
    else requestAnimationFrame(look);
  };
  setTimeout(() => fail(new Error('nothing new was drawn')), patience);
  document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
  requestAnimationFrame(look);
})
"""


def steps(browser: Browser, address: str) -> list[list[float]]:
    """Milliseconds to the sentence, the lists, the tiles and the end, of each step."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    found = []
    for start in (0.0, 0.05):  # the slider has 20 steps
        page.goto(f"{address}&diversity={start}")
        page.wait_for_selector(SLIDER, timeout=60_000)
        page.wait_for_timeout(4_000)
        page.locator(SLIDER).focus()
        for step in range(1, STEPS // 2 + WARM_UP + 1):
            wanted = f"{start + 0.05 * step:.2f}"
            times = page.evaluate(STEP, [wanted, 20_000])
            if step > WARM_UP:
                found.append([float(ms) for ms in times])
            page.wait_for_timeout(PAUSE_MS)
    page.close()
    return found


def main() -> None:
    """Measure a strategy in the space of the texts, and one that has learned from the log."""
    with chromium() as browser, served(APP) as base:
        for path in PATHS:
            found = steps(browser, base + path)
            print(path)
            for place, what in enumerate(("sentence", "lists", "figures of everybody", "page, all of it sent")):
                report(f"slider step to the new {what}", [one[place] for one in found], LIMIT_MS)


if __name__ == "__main__":
    main()
