"""Folders for servers that are damaged, and one whole database to begin with."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.store.premises import premises_for
from tests.integration.embedded.damage import Client, copied, eventually, remove, run, servers_in, used

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can change accounts and has premises elsewhere")

linux = pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are found through /proc")


@pytest.fixture(scope="session")
def ready() -> Iterator[Path]:
    """The home of a database with one row in it, which nobody uses."""
    made = Path(tempfile.mkdtemp(prefix="jixiao-test-"))
    made.chmod(0o755)
    with used(made / "pg") as url:
        run(url, "create table kept as select 7 as number")
    yield made / "pg"
    remove(made)


@pytest.fixture
def ground() -> Iterator[Path]:
    """A folder that every account can reach, unlike pytest's own; no server is left in it afterwards."""
    made = Path(tempfile.mkdtemp(prefix="jixiao-test-"))
    made.chmod(0o755)
    yield made
    try:
        eventually(lambda: not servers_in(made), 5)
    finally:
        for process in servers_in(made):
            os.kill(process, 9)
        remove(made)


@pytest.fixture
def folder(ground: Path, ready: Path) -> Path:
    """Where a database is kept that holds a row."""
    copied(ready, ground / "pg")
    return ground / "pg"


@pytest.fixture
def client(ground: Path) -> Iterator[Callable[..., Client]]:
    """Makes processes that use a database; they are over when the test is."""
    clients: list[Client] = []

    def make(folder: Path, kind: str = "lasting", account: int | None = None, **settings: str) -> Client:
        clients.append(Client(folder, kind, account, **settings))
        return clients[-1]

    yield make
    for each in clients:
        each.is_over()


@pytest.fixture
def elsewhere(ground: Path) -> Iterator[Path]:
    """Where the database of `ground / "closed" / "pg"` goes if root's server cannot go there."""
    place = premises_for(ground / "closed" / "pg", throwaway=False).elsewhere
    assert not place.exists()
    yield place
    if place.exists():
        remove(place)


@pytest.fixture
def small_disk(ground: Path) -> Iterator[Path]:
    """A file system of its own with room for one database and little more."""
    place = ground / "small"
    place.mkdir()
    mounted = sys.platform == "linux" and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=160m,mode=755", "jixiao-test", place], capture_output=True, check=False
    )
    if not mounted or mounted.returncode != 0:
        pytest.skip("only root on Linux can mount a small file system, and no other disk may be filled up")
    yield place
    subprocess.run(["umount", place], check=True)
