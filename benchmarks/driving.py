"""A real server and a real Chromium for the benchmarks, and one clock: from a key on the slider to the new drawing."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LAUNCH_ARGS = (
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
PAUSE_MS = 350

# The clock starts just before the key reaches the slider and stops in the frame in which the drawing says that it shows
# the new state; both are read in the page, so the driver's own latency does not count.
STEP = """
([drawing, key, patience]) => {
  const find = (root) => {
    for (const node of root.querySelectorAll('*')) {
      if (node.dataset?.drawn && (node.matches(drawing) || node.querySelector(drawing))) return node;
      const inner = node.shadowRoot && find(node.shadowRoot);
      if (inner) return inner;
    }
    return null;
  };
  const shown = find(document);
  const before = shown.dataset.drawn;
  return new Promise((done, fail) => {
    const start = performance.now();
    const watcher = new MutationObserver(() => {
      if (shown.dataset.drawn === before) return;
      watcher.disconnect();
      done(performance.now() - start);
    });
    watcher.observe(shown, { attributes: true, attributeFilter: ['data-drawn'] });
    setTimeout(() => fail(new Error('nothing new was drawn')), patience);
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  });
}
"""

# Milliseconds from asking for the page (the start of the navigation) to the frame in which the first card stands.
FIRST_CARD = """
window.firstCard = new Promise((done) => {
  const find = (root) => root.querySelector('ol.cards > li.card')
    || [...root.querySelectorAll('*')].some((node) => node.shadowRoot && find(node.shadowRoot));
  const look = () => find(document) ? done(performance.now()) : requestAnimationFrame(look);
  look();
});
"""


def slider_step(page: Page, drawing: str, key: str = "ArrowRight") -> float:
    """Press a key on the focused slider; milliseconds until the component around ``drawing`` (CSS) has drawn anew."""
    ms = float(page.evaluate(STEP, [drawing, key, 20_000]))
    page.wait_for_timeout(PAUSE_MS)
    return ms


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, headless."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        sys.exit(f"no browser on PATH (looked for {', '.join(BROWSERS)})")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(LAUNCH_ARGS))
        yield browser
        browser.close()


@contextmanager
def served(app: Path, **environment: str) -> Iterator[str]:
    """The address of a fresh server of that app, once it answers; ended afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true"]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    sys.exit("the server did not start")
