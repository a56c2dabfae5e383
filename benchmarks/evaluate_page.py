"""Speed of the Evaluate page as a reader feels it: a step of K to the new verdict, and to the new leaderboard.

``python -m benchmarks.evaluate_page`` uses a real server on the warm cache and a real Chromium.
"""

from __future__ import annotations

import subprocess
import sys

from playwright.sync_api import Browser

from .driving import ROOT, SLIDER, chromium, served
from .pages import APP, STEPS, WARM_UP, report

PAUSE_MS = 900
STRATEGIES = "popularity,content,item-knn,ease"
"""Those the page compares at first."""

# From the key on the slider to the frame in which the heading, and then the axis of the leaderboard, name the new K.
STEP = """
([wanted, patience]) => new Promise((done, fail) => {
  const start = performance.now();
  const says = (root, tag) => [...root.querySelectorAll(tag)].some((node) => node.textContent.includes(wanted));
  let told = 0;
  const look = () => {
    const board = document.querySelector('.st-key-evaluate-board');
    if (!told && says(document, 'h3')) told = performance.now() - start;
    if (told && board && says(board, 'text')) done([told, performance.now() - start]);
    else requestAnimationFrame(look);
  };
  setTimeout(() => fail(new Error('nothing new was drawn')), patience);
  document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
  requestAnimationFrame(look);
})
"""


def steps(browser: Browser, base: str) -> list[list[float]]:
    """Milliseconds to the verdict and to the leaderboard, of each step."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{base}/evaluate")
    page.wait_for_selector(".st-key-evaluate-board text", timeout=60_000)
    page.wait_for_timeout(2_500)
    page.locator(SLIDER).focus()
    first = int(page.locator(SLIDER).input_value()) + 1
    found = []
    for k in range(first, first + STEPS + WARM_UP):
        found.append([float(ms) for ms in page.evaluate(STEP, [f"Recall@{k}", 20_000])])
        page.wait_for_timeout(PAUSE_MS)
    page.close()
    return found[WARM_UP:]


def main() -> None:
    """Evaluate, so that there is something to show, and measure."""
    command = [sys.executable, "-m", "core", "evaluate", "--strategies", STRATEGIES]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with chromium() as browser, served(APP) as base:
        found = steps(browser, base)
    report("slider step to new verdict", [one[0] for one in found], 200)
    report("slider step to new leaderboard", [one[1] for one in found], 250)


if __name__ == "__main__":
    main()
