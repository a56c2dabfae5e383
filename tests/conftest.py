"""Isolation of every test: folders of its own, and no way out of this machine."""

from __future__ import annotations

import ipaddress
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCAL_NAMES = {"", "localhost", "ip6-localhost", socket.gethostname()}


class OutsideConnectionError(AssertionError):
    """A test tried to reach another host."""


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Cache and data folders of this session, never the developer's.

    RECALLSCOPE_TEST_CACHE names a cache folder to keep between sessions, so that vectors stay warm.
    """
    root = tmp_path_factory.mktemp("recallscope")
    kept = os.environ.get("RECALLSCOPE_TEST_CACHE")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECALLSCOPE_CACHE", kept or str(root / "cache"))
        patch.setenv("RECALLSCOPE_DATA", str(root / "data"))
        yield


@pytest.fixture(scope="session", autouse=True)
def no_other_host() -> Iterator[None]:
    """Connecting to, or looking up, anything but this machine raises OutsideConnectionError."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _refuse_outside(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_outside(address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_local(host):
            raise OutsideConnectionError(f"a test looked up another host: {host!r}")
        return getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield


def is_local(host: Any) -> bool:
    """Whether a host name or address (str, bytes or None) is this machine's own."""
    name = host.decode() if isinstance(host, bytes) else "" if host is None else str(host)
    if name in LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse_outside(address: Any) -> None:
    if isinstance(address, tuple) and not is_local(address[0]):
        raise OutsideConnectionError(f"a test connected to another host: {address[0]!r}")


@pytest.fixture(scope="session")
def embedded(own_folders: None) -> None:
    """The default data set's vectors in the cache."""
    subprocess.run([sys.executable, "-m", "core", "embed"], cwd=ROOT, check=True)


@pytest.fixture(scope="session")
def warm(embedded: None) -> None:
    """The default data set embedded and laid out by the command a user would type: once a session, minutes."""
    for dims in ("2", "3"):
        subprocess.run([sys.executable, "-m", "core", "layout", "--dims", dims], cwd=ROOT, check=True)


@pytest.fixture(scope="session")
def hostile(own_folders: None) -> str:
    """The name of an imported data set full of attacks, embedded and laid out."""
    from core.sources import data_dir
    from core.store.tables import write_dataset
    from tests.hostile import NAME, hostile_dataset

    write_dataset(data_dir() / "datasets" / NAME, hostile_dataset())
    subprocess.run([sys.executable, "-m", "core", "layout", "--dataset", NAME], cwd=ROOT, check=True)
    return NAME
