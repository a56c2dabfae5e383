"""Speed as a reader feels it: command line, first list, slider steps. ``python -m benchmarks.pages``

Uses real servers on the warm cache and a real Chromium. Prints the median, the limit and the ratio of each.
"""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

from playwright.sync_api import Browser

from .driving import FIRST_CARD, ROOT, SLIDER, chromium, served, slider_step

STEPS, PROCESSES, STARTS, WARM_UP = 24, 7, 5, 2
APP = ROOT / "app.py"


def report(what: str, times: list[float], limit: float) -> None:
    """One line: what, our median, the limit, the ratio."""
    ms = median(times)
    print(f"{what:52} {ms:6.0f} ms   limit {limit:5.0f} ms   ratio {ms / limit:.2f}", flush=True)


def command_line() -> list[float]:
    """``recommend`` as a whole process."""
    command = [sys.executable, "-m", "core", "recommend", "--user", "1", "--json"]
    times = []
    for _ in range(PROCESSES + 1):
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        times.append((time.perf_counter() - start) * 1000)
    return times[1:]


def first_list(browser: Browser) -> list[float]:
    """From asking a fresh server for the page to the first card on the screen."""
    times = []
    for _ in range(STARTS):
        with served(APP) as base:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.add_init_script(FIRST_CARD)
            page.goto(f"{base}/recommend?user=1")
            times.append(float(page.evaluate("() => window.firstCard")))
            page.close()
    return times


def slider_steps(browser: Browser, path: str, drawing: str) -> list[float]:
    """From a key on the K slider to the new list, or the new overlay, drawn."""
    with served(APP) as base:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{base}{path}")
        page.wait_for_selector(drawing)
        page.wait_for_timeout(1500)
        page.locator(SLIDER).focus()
        times = [slider_step(page, drawing) for _ in range(STEPS + WARM_UP)][WARM_UP:]
        page.close()
    return times


def main() -> None:
    """Measure one after the other."""
    report("command line: recommend, whole process", command_line(), 1500)
    with chromium() as browser:
        report("fresh server, warm cache: page asked to first list", first_list(browser), 1500)
        report("slider step to new list", slider_steps(browser, "/recommend?user=1", "ol.cards"), 200)
        report("slider step to new overlay on the map", slider_steps(browser, "/map?user=1", ".map"), 250)
        report("the same for a user with 1,700 items", slider_steps(browser, "/map?user=15", ".map"), 250)


if __name__ == "__main__":
    main()
