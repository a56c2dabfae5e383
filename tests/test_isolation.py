"""The isolation of the tests is itself tested: it must be able to fail."""

from __future__ import annotations

import os
import socket
import tempfile
import threading
from pathlib import Path

import pytest


def test_another_host_cannot_be_looked_up() -> None:
    with pytest.raises(AssertionError, match=r"looked up another host: 'example\.org'"):
        socket.create_connection(("example.org", 443), timeout=1)


def test_another_address_cannot_be_reached() -> None:
    with socket.socket() as outside, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))
    with socket.socket() as outside, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        outside.connect_ex(("192.0.2.1", 80))


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        greeter = threading.Thread(target=lambda: server.accept()[0].close())
        greeter.start()
        with socket.create_connection(("localhost", server.getsockname()[1]), timeout=5) as client:
            assert client.recv(1) == b""
        greeter.join(5)


def test_folders_are_not_the_developers() -> None:
    kept = os.environ.get("RECALLSCOPE_TEST_CACHE")
    inside = Path(kept) if kept else Path(tempfile.gettempdir())
    assert Path(os.environ["RECALLSCOPE_CACHE"]).is_relative_to(inside)
    assert Path(os.environ["RECALLSCOPE_DATA"]).is_relative_to(tempfile.gettempdir())
