"""From a slider step to the overlay drawn on the map, in a real Chromium: median, limit, ratio, bytes a step.

    python -m benchmarks.map_latency [--steps 24] [--points 9000 100000]

The limits (250 ms at 9,000 points, 300 ms at 100,000) are those the product sets itself. A ratio below 1 is inside.
Chromium is looked for on PATH and draws in software, so a machine with a graphics card is faster.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, WebSocket, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "tests" / "browser" / "apps" / "map_app.py"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LAUNCH_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
LIMITS_MS = {9_000: 250.0, 100_000: 300.0}
WARM_UP = 2

# The clock starts just before the key reaches the slider and stops in the same frame in which the map says that the
# new overlay is on its canvas; both are read in the page, so the driver's own latency does not count.
STEP = """
([key, patience]) => {
  const find = (root) => {
    for (const node of root.querySelectorAll('*')) {
      if (node.matches('.map')) return node;
      const inner = node.shadowRoot && find(node.shadowRoot);
      if (inner) return inner;
    }
    return null;
  };
  const map = find(document);
  const before = map.dataset.drawn;
  return new Promise((done, fail) => {
    const start = performance.now();
    const watcher = new MutationObserver(() => {
      if (map.dataset.drawn === before) return;
      watcher.disconnect();
      done(performance.now() - start);
    });
    watcher.observe(map, { attributes: true, attributeFilter: ['data-drawn'] });
    setTimeout(() => fail(new Error('no new overlay')), patience);
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  });
}
"""


def main() -> None:
    """Measure and print one line a size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=24, help="slider steps measured, at least 20")
    parser.add_argument("--points", type=int, nargs="+", default=list(LIMITS_MS), help="sizes of the map")
    asked = parser.parse_args()
    chromium = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if chromium is None:
        sys.exit(f"no browser on PATH (looked for {', '.join(BROWSERS)})")
    print(f"{'points':>8} {'median':>9} {'p90':>9} {'limit':>9} {'ratio':>6} {'bytes/step':>11} {'bytes at start':>15}")
    with server() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(LAUNCH_ARGS))
        for n in asked.points:
            page = browser.new_page(viewport={"width": 1440, "height": 1000})
            print(line(n, *measure(page, f"{url}/?n={n}", max(20, asked.steps))), flush=True)
            page.close()
        browser.close()


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
    page.get_by_role("slider", name="K").focus()
    times: list[float] = []
    sizes: list[int] = []
    for step in range(WARM_UP + steps):
        before = received[0]
        key = "ArrowRight" if step % 40 < 20 else "ArrowLeft"
        took = float(page.evaluate(STEP, [key, 20_000]))
        page.wait_for_timeout(350)
        if step >= WARM_UP:
            times.append(took)
            sizes.append(received[0] - before)
    return times, sizes, start


@contextmanager
def server() -> Iterator[str]:
    """The map alone, on made-up points, in a server of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true"]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "RECALLSCOPE_CACHE": folder}
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def wait_until_healthy(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait for the server's answer; exit where it ends or stays silent."""
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    sys.exit("the server did not start")


if __name__ == "__main__":
    main()
