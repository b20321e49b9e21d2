"""What killed processes left behind in the temporary folders, and nobody holds: throwaway servers and their remains.

Only what is provably ours goes: made by our own account, marked as throwaway (see `premises`), with nobody at its gate
and nobody using it. A lasting database carries no such mark and is never looked at.
"""

import os
import re
import stat
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from engine.errors import EngineError
from engine.store.children import ran
from engine.store.cluster import Note
from engine.store.installation import Account
from engine.store.premises import SOCKET_NAME, open_lock, premises_at
from engine.store.server import Server

ANY = re.compile(r"jixiao-.+")
TEMPORARY = re.compile(r"jixiao-[a-z0-9_]{8}")
"""A folder for one throwaway server, as `tempfile` names it."""
SHORT_SOCKET = re.compile(r"jixiao-[0-9a-f]{12}-run")
ABANDONED_AFTER_SECONDS = 3600
HEADER_BYTES = 56
"""Of the shared memory by which a server shows the system that it is there."""


def sweep(runs_as: Account) -> None:
    """Remove what nobody holds. What cannot be removed, or is gone already, is left to the next sweep."""
    for folder in {Path("/tmp").resolve(), Path(tempfile.gettempdir()).resolve()}:
        for home in _homes(folder):
            with suppress(OSError, EngineError):
                _sweep_home(home, runs_as)
        for found in _of_ours(folder, SHORT_SOCKET, runs_as.uid):
            with suppress(OSError):
                _sweep_socket(found)
        for found in _of_ours(folder, TEMPORARY):
            with suppress(OSError):
                _sweep_empty(found)
    if runs_as.switch:
        with suppress(OSError):
            _sweep_memory(runs_as)


def _homes(folder: Path) -> list[Path]:
    """Marked homes right in `folder`, or one below in a folder of ours."""
    places = [home for place in _of_ours(folder, ANY) for home in (place, place / "pg")]
    return [home for home in places if _is_ours(home) and _is_ours(home / "throwaway", kind=stat.S_ISREG)]


def _of_ours(folder: Path, name: re.Pattern[str], *others: int) -> list[Path]:
    try:
        return [place for place in folder.iterdir() if name.fullmatch(place.name) and _is_ours(place, *others)]
    except OSError:
        return []


def _is_ours(place: Path, *others: int, kind: Callable[[int], bool] = stat.S_ISDIR) -> bool:
    """Whether we made it, or one of these `others`; never through a link."""
    try:
        found = place.lstat()
    except OSError:
        return False
    return kind(found.st_mode) and found.st_uid in (os.geteuid(), *others)


def _sweep_home(home: Path, runs_as: Account) -> None:
    """Stop the server nobody uses, and remove it."""
    premises = premises_at(home)
    with ExitStack() as stack:
        for lock in (premises.gate_file, premises.users):
            if lock.exists():
                descriptor = open_lock(lock)
                stack.callback(os.close, descriptor)
                flock(descriptor, LOCK_EX | LOCK_NB)
        if premises.gate_file.exists():  # it goes last, so without it all that matters is gone
            Server(premises, runs_as).stop()
        elif [each.name for each in home.iterdir()] == [premises.throwaway_mark.name]:
            premises.throwaway_mark.unlink()
            home.rmdir()
    if TEMPORARY.fullmatch(home.parent.name):
        home.parent.rmdir()


def _sweep_socket(folder: Path) -> None:
    """A socket folder whose server is gone with its data."""
    note = Note.read(folder / f"{SOCKET_NAME}.lock")
    if note is None or not note.folder or Path(note.folder).exists() or note.is_of(Path(note.folder)):
        return
    for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (folder / name).unlink(missing_ok=True)
    folder.rmdir()


def _sweep_empty(folder: Path) -> None:
    """A folder whose process was killed before it put anything there, or after it took everything away."""
    if time.time() - folder.lstat().st_mtime > ABANDONED_AFTER_SECONDS:
        folder.rmdir()


def _sweep_memory(runs_as: Account) -> None:
    """Shared memory of killed servers. The account has no other programs, so all of it is of such servers.

    Only where the system shows it as a file (Linux); elsewhere it is gone with the next start of the machine.
    """
    listing = Path("/proc/sysvipc/shm")
    if not listing.exists():
        return
    for line in listing.read_text(encoding="ascii").splitlines()[1:]:
        _, number, _, size, maker, _, attached, owner = line.split()[:8]
        is_ours = int(owner) == runs_as.uid and int(size) == HEADER_BYTES
        if is_ours and int(attached) == 0 and not _lives(maker):
            ran(["ipcrm", "-m", number])


def _lives(process: str) -> bool:
    """Whether there is such a process; one that only waits to be buried does not live."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return state.rpartition(") ")[2][:1] not in ("Z", "X")
