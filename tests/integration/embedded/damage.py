"""What happens to an embedded database in the wild: processes that use it and are killed, folders that are damaged.

A cluster is made once and copied for every test, since making one takes longer than everything else.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from engine.store import embedded
from engine.store.premises import DatabaseNotStarted
from tests.integration.refusals import must_be_a_sentence

PATIENCE_SECONDS = 90
NOBODY = 65534
PROGRAM = """
import os, sys
from pathlib import Path
from engine.store import embedded, server
from web.signals import ending_in_order
server.STOP_PATIENCE_SECONDS = 1
if sys.argv[3:]:  # only now: an ordinary account need not be able to reach our Python
    os.setgroups([]), os.setgid(int(sys.argv[3])), os.setuid(int(sys.argv[3]))
with ending_in_order():
    print(embedded.start(Path(sys.argv[1]), throwaway=sys.argv[2] == "throwaway"), flush=True)
    sys.stdin.readline()
"""


class Client:
    """A process that uses the database in `folder` until it is told to leave, or worse."""

    def __init__(self, folder: Path, kind: str = "lasting", account: int | None = None, **settings: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", PROGRAM, folder, kind, *([] if account is None else [str(account)])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=embedded.PROJECT_FOLDER,
            env={**os.environ, **settings},
        )

    def url(self) -> str:
        """Where the database is; the client uses it by then. Empty if it could not be started."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def ends(self, how: signal.Signals | None = None) -> tuple[int, str]:
        """Exit code and last line on standard error, after this signal or a friendly word."""
        if how is not None:
            self.process.send_signal(how)
        _, said = self.process.communicate("\n" if how is None else None, timeout=PATIENCE_SECONDS)
        return self.process.returncode, ([""] + said.strip().splitlines())[-1]

    def is_over(self) -> None:
        """Let it leave, if it is still there."""
        if self.process.returncode is None:
            self.ends()


def copied(ready: Path, home: Path) -> Path:
    """A database nobody uses at `home`, with its owner and rights; gives its data folder."""
    home.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", ready, home], check=True)
    return home / "data"


def refused(folder: Path, *, throwaway: bool = False) -> str:
    """The sentence with which the database in `folder` is not started: one that never advises to delete anything."""
    with pytest.raises(DatabaseNotStarted) as caught:
        embedded.start(folder, throwaway=throwaway)
    must_be_a_sentence(caught.value.message)
    assert "删" not in caught.value.message
    return caught.value.message


def value_of(url: str, query: str) -> object:
    """The one value the query gives."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute(query).fetchone()  # type: ignore[call-overload]
    assert row is not None
    return row[0]


def run(url: str, *statements: str) -> None:
    """Run these, each committed."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


@contextmanager
def used(folder: Path, *, throwaway: bool = False) -> Iterator[str]:
    """The URL of the database, used by this very process."""
    url = embedded.start(folder, throwaway=throwaway)
    try:
        yield url
    finally:
        embedded.leave(folder, throwaway=throwaway)


def is_kept(folder: Path) -> bool:
    """Whether the database in `folder` starts and still has what the ready one has."""
    with used(folder) as url:
        return value_of(url, "select number from kept") == 7


def server_of(data: Path) -> int:
    """The process number of the server."""
    return int((data / "postmaster.pid").read_text().splitlines()[0])


def servers_in(place: Path) -> list[int]:
    """Every process of the server's programs that works below `place`; Linux only."""
    found = []
    for shown in Path("/proc").glob("[0-9]*"):
        try:
            if os.fsencode(place) in (shown / "cmdline").read_bytes() and "pginstall" in os.readlink(shown / "exe"):
                found.append(int(shown.name))
        except OSError:
            continue
    return found


def command_of(process: int) -> bytes:
    """What a process was called with; nothing when it has ended since. Linux only."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def eventually(holds: Callable[[], object], patience_seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until it holds."""
    until = time.monotonic() + patience_seconds
    while not holds():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.02)


def fill(folder: Path) -> Path:
    """A file that takes all that is left on the disk of `folder`."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        piece = b"x" * 65536
        while piece:
            try:
                file.write(piece)
            except OSError:
                piece = piece[: len(piece) // 2]
    return filler


def given_to(place: Path, account: int) -> None:
    """Make everything at `place` the account's."""
    for each in (place, *place.rglob("*")):
        os.chown(each, account, account, follow_symlinks=False)


def remove(place: Path) -> None:
    """Remove what a test has made, whatever it looks like by now."""
    for folder in (place, *place.rglob("*")):
        if folder.is_dir() and not folder.is_symlink():
            folder.chmod(0o700)
    shutil.rmtree(place)
