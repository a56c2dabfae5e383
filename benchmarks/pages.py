"""Speed as a reader feels it: command line, first list, slider step. ``python -m benchmarks.pages``

Starts a real server on the warm cache and drives it in real Chromium. Prints the median, the limit and the ratio.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parent.parent
ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
SLIDER = 'input[type="range"][aria-label="K"]'
CARDS = """() => {
    const roots = (root) => [...root.querySelectorAll('*')].flatMap(
        (node) => node.shadowRoot ? [node.shadowRoot, ...roots(node.shadowRoot)] : []);
    return Math.max(0, ...roots(document).map((root) => root.querySelectorAll('ol.cards > li.card').length));
}"""
FIRST_CARD = f"""window.firstCard = new Promise((done) => {{
    const look = () => ({CARDS})() ? done(performance.now()) : requestAnimationFrame(look);
    look();
}})"""
"""Milliseconds from asking for the page (the start of the navigation) to the frame in which the first card stands."""

STEPS, PROCESSES, STARTS = 24, 7, 5


def report(what: str, ms: float, limit: float) -> None:
    """One line: what, our figure, the limit, the ratio."""
    print(f"{what:48} {ms:8.0f} ms   limit {limit:6.0f} ms   ratio {ms / limit:.2f}")


def command_line() -> None:
    """``recommend`` as a whole process."""
    command = [sys.executable, "-m", "core", "recommend", "--user", "1", "--json"]
    times = []
    for _ in range(PROCESSES + 1):
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        times.append((time.perf_counter() - start) * 1000)
    report("command line: recommend, whole process", median(times[1:]), 1500)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_server() -> tuple[subprocess.Popen[bytes], str]:
    """A fresh server, once it answers."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    server = subprocess.Popen(
        [*command, "--server.address", "127.0.0.1"], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    base = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{base}/_stcore/health", timeout=1)
        except OSError:
            time.sleep(0.1)
        else:
            return server, base
    raise SystemExit("the server did not start")


def first_list() -> None:
    """From asking a fresh server for the page to the first list on the screen."""
    from playwright.sync_api import sync_playwright

    times = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=ARGS)
        for _ in range(STARTS):
            server, base = start_server()
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.add_init_script(FIRST_CARD)
            page.goto(f"{base}/recommend?user=1")
            times.append(float(page.evaluate("() => window.firstCard")))
            page.close()
            server.terminate()
            server.wait()
        browser.close()
    report("fresh server, warm cache: page asked to first list", median(times), 1500)


def slider_steps() -> None:
    """From a key on the K slider to the new list drawn."""
    from playwright.sync_api import sync_playwright

    server, base = start_server()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=ARGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{base}/recommend?user=1")
        page.wait_for_selector("ol.cards li.card")
        page.wait_for_timeout(1500)
        page.locator(SLIDER).focus()
        times = [step(page) for _ in range(STEPS + 2)][2:]
        browser.close()
    server.terminate()
    server.wait()
    report("slider step to new list in Chromium", median(times), 200)


def step(page: Page) -> float:
    """Press the right arrow; milliseconds from there until the page has drawn a list with one more card."""
    before = page.evaluate(f"() => ({CARDS})()")
    page.evaluate(
        f"""(before) => {{
            window.stepDone = new Promise((done) => {{
                addEventListener('keydown', () => {{
                    const start = performance.now();
                    const look = () => ({CARDS})() > before
                        ? requestAnimationFrame(() => done(performance.now() - start))
                        : requestAnimationFrame(look);
                    look();
                }}, {{once: true, capture: true}});
            }});
        }}""",
        before,
    )
    page.keyboard.press("ArrowRight")
    ms = float(page.evaluate("() => window.stepDone"))
    page.wait_for_timeout(300)
    return ms


def chromium() -> str:
    """The system's Chromium."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return found
    raise SystemExit("this benchmark needs Chromium on PATH")


if __name__ == "__main__":
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        os.environ.pop(name, None)
    command_line()
    first_list()
    slider_steps()
