"""From a slider step to the overlay drawn on the map, in a real Chromium: median, limit, ratio, bytes a step.

    python -m benchmarks.map_latency [--steps 24] [--points 9000 100000]

The limits (250 ms at 9,000 points, 300 ms at 100,000) are those the product sets itself. A ratio below 1 is inside.
Chromium is looked for on PATH and draws in software, so a machine with a graphics card is faster.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile

from playwright.sync_api import Page, WebSocket

from .driving import ROOT, SLIDER, chromium, served, slider_step

APP = ROOT / "tests" / "browser" / "apps" / "map_app.py"
LIMITS_MS = {9_000: 250.0, 100_000: 300.0}
WARM_UP = 2


def main() -> None:
    """Measure and print one line a size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=24, help="slider steps measured, at least 20")
    parser.add_argument("--points", type=int, nargs="+", default=list(LIMITS_MS), help="sizes of the map")
    asked = parser.parse_args()
    print(f"{'points':>8} {'median':>9} {'p90':>9} {'limit':>9} {'ratio':>6} {'bytes/step':>11} {'bytes at start':>15}")
    with tempfile.TemporaryDirectory() as cache, served(APP, RECALLSCOPE_CACHE=cache) as url, chromium() as browser:
        for n in asked.points:
            page = browser.new_page(viewport={"width": 1440, "height": 1000})
            print(line(n, *measure(page, f"{url}/?n={n}", max(20, asked.steps))), flush=True)
            page.close()


def line(n: int, times: list[float], sizes: list[int], start: int) -> str:
    """One line of the table."""
    limit = LIMITS_MS.get(n, LIMITS_MS[100_000] if n > 9_000 else LIMITS_MS[9_000])
    median = statistics.median(times)
    slow = statistics.quantiles(times, n=10)[-1]
    step = statistics.median(sizes)
    return (
        f"{n:>8,} {median:>6.0f} ms {slow:>6.0f} ms {limit:>6.0f} ms {median / limit:>6.2f} {step:>11,.0f} {start:>15,}"
    )


def measure(page: Page, url: str, steps: int) -> tuple[list[float], list[int], int]:
    """(milliseconds of each step, bytes received in each, bytes received until the map stood)."""
    received = [0]

    def count(payload: bytes | str) -> None:
        received[0] += len(payload)

    def listen(web_socket: WebSocket) -> None:
        web_socket.on("framereceived", count)

    page.on("websocket", listen)
    page.goto(url)
    page.wait_for_selector(".map[data-drawn]", timeout=120_000)
    page.wait_for_timeout(1_500)
    start = received[0]
    page.locator(SLIDER).focus()
    times: list[float] = []
    sizes: list[int] = []
    for step in range(WARM_UP + steps):
        before = received[0]
        key = "ArrowRight" if step % 40 < 20 else "ArrowLeft"
        took = slider_step(page, ".map", key)
        if step >= WARM_UP:
            times.append(took)
            sizes.append(received[0] - before)
    return times, sizes, start


if __name__ == "__main__":
    main()
