"""Journeys in a real browser: Chromium from PATH against a real server in its own process.

Without Chromium these tests are skipped with a reason; with CI set they fail instead. They run after all others.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from benchmarks.driving import BROWSERS, LAUNCH_ARGS

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
DEAD_PROXY = "http://127.0.0.1:9"
"""Where a server under test is sent for any other host: nothing listens there."""

EXPECTED_404 = ("/_stcore/health", "/_stcore/host-config")
"""A deep link makes Streamlit look for these below the page's own path first."""


def chromium() -> str | None:
    """The first Chromium on PATH."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark and order this folder's tests: last, so that a browser's event loop meets no other test."""
    own = [item for item in items if HERE in item.path.parents]
    for item in own:
        item.add_marker(pytest.mark.browser)
        if chromium() is None and not os.environ.get("CI"):
            item.add_marker(pytest.mark.skip(reason=f"no browser on PATH (looked for {', '.join(BROWSERS)})"))
    ours = set(own)
    items[:] = [item for item in items if item not in ours] + own


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's Chromium, headless, with WebGL2 in software and no traffic of its own."""
    path = chromium()
    if path is None:
        pytest.fail(f"CI needs a browser on PATH, and there is none (looked for {', '.join(BROWSERS)})", pytrace=False)
    return {**browser_type_launch_args, "executable_path": path, "headless": True, "args": list(LAUNCH_ARGS)}


@pytest.fixture(scope="session")
def base_url() -> None:
    """No common address: each server has its own. (The plugin's fixture of this name warns under pytest 9.)"""


@dataclass(frozen=True)
class Server:
    """A running app. url: without a closing slash. log: everything it printed."""

    url: str
    log: Path


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """``start_server(app="app.py", env={})`` starts a server of its own and waits until it is healthy."""
    running: list[subprocess.Popen[bytes]] = []

    def start(app: str | Path = "app.py", env: dict[str, str] | None = None) -> Server:
        port = _free_port()
        log = tmp_path_factory.mktemp("server") / "log.txt"
        command = [sys.executable, "-m", "streamlit", "run", str(ROOT / app)]
        command += ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), DEAD_PROXY)
        environment = {**os.environ, **proxies, "NO_PROXY": "127.0.0.1,localhost", **(env or {})}
        with log.open("wb") as out:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
        running.append(process)
        _wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", process, log)
        return Server(url=f"http://127.0.0.1:{port}", log=log)

    yield start
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


@pytest.fixture(scope="session")
def server(start_server: Callable[..., Server]) -> Server:
    """The product itself, one server for the whole session."""
    return start_server()


@dataclass
class Watch:
    """What went wrong in a page while it was watched."""

    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def check(self) -> None:
        """No page error, no console error, no request to another host."""
        assert not self.foreign, f"requests to other hosts: {self.foreign}"
        assert not self.errors, f"errors in the page: {self.errors}"


def watch(page: Page) -> Watch:
    """Record page errors, console errors and requests to other hosts from now on."""
    seen = Watch()

    def on_console(message: Any) -> None:
        place = urlsplit((message.location or {}).get("url", "")).path
        if message.type == "error" and not place.endswith(EXPECTED_404):
            seen.errors.append(f"{message.text} ({place})")

    def on_request(request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in ("127.0.0.1", "localhost"):
            seen.foreign.append(request.url)

    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("console", on_console)
    page.on("request", on_request)
    page.on("websocket", lambda socket: on_request(socket))
    return seen


@pytest.fixture
def open_page(new_context: Callable[..., BrowserContext]) -> Iterator[Callable[..., Page]]:
    """``open_page(url, width=1440, height=1000, dark=False, **context)``: a settled page in a context of its own.

    When the test ends, every page opened this way must have had no error and no request to another host.
    """
    watched: list[Watch] = []

    def open_one(url: str, *, width: int = 1440, height: int = 1000, dark: bool = False, **options: Any) -> Page:
        scheme = "dark" if dark else "light"
        context = new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **options)
        page = context.new_page()
        watched.append(watch(page))
        page.goto(url)
        settled(page)
        return page

    yield open_one
    for seen in watched:
        seen.check()


def settled(page: Page, timeout_s: float = 60) -> Page:
    """Wait until the script has run to its end, and no exception element is on the page."""
    page.wait_for_selector(SETTLED, timeout=timeout_s * 1000)
    assert page.get_by_test_id("stException").count() == 0, page.get_by_test_id("stException").first.inner_text()
    return page


def serious_findings(page: Page) -> list[str]:
    """What axe-core calls serious or critical, one line a finding with the elements meant.

    A dark page is drawn twice, since the server learns of the theme from the first drawing: the second is looked at.
    """
    settled(page)
    page.wait_for_timeout(300)  # colours fade in
    found = Axe().run(page).response["violations"]
    return [
        f"{finding['id']}: {finding['help']}: {[node['target'] for node in finding['nodes']][:5]}"
        for finding in found
        if finding["impact"] in ("serious", "critical")
    ]


def overflow_px(page: Page) -> int:
    """How many pixels the page is wider than its window: 0 when nothing is cut off sideways."""
    return int(
        page.evaluate(
            """() => {
              const main = document.querySelector('[data-testid="stMain"]') || document.documentElement;
              return Math.max(0, main.scrollWidth - main.clientWidth,
                document.documentElement.scrollWidth - innerWidth);
            }"""
        )
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path, timeout_s: float = 60) -> None:
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.read() == b"ok":
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not become healthy; it printed:\n{log.read_text()[-2000:]}", pytrace=False)
