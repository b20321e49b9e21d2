"""Where the embedded database may live.

Folders that exist are never opened up for the server's account: what lies where the account cannot go (a project under
/root, say) gets other premises instead, and the log says where. `whereabouts` sees to it that this never makes two.
"""

import hashlib
import logging
import os
import re
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from engine.store.installation import ACCOUNT
from engine.store.obstacles import DatabaseNotStarted

__all__ = ["SOCKET_NAME", "DatabaseNotStarted", "Premises", "closed_folders", "open_lock", "premises_for"]

SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100  # bytes; Linux takes 107, macOS 103
GATE_PATIENCE_SECONDS = 300
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Premises:
    """The folders of one embedded database: all inside `home`, but for a socket whose path would be too long there.

    `wanted` is where it was asked for, `elsewhere` where it goes if the server's account cannot go there.
    """

    wanted: Path
    elsewhere: Path
    home: Path
    socket_folder: Path
    throwaway: bool

    @property
    def is_elsewhere(self) -> bool:
        """Whether the database is not where it was asked for."""
        return self.home == self.elsewhere

    @property
    def data(self) -> Path:
        """What PostgreSQL calls the data directory."""
        return self.home / "data"

    @property
    def unfinished(self) -> Path:
        """Where a new data directory is made; it never holds anything that somebody stored."""
        return self.home / "data.new"

    @property
    def server_log(self) -> Path:
        """What the server has to say."""
        return self.data / "server.log"

    @property
    def copied_programs(self) -> Path:
        """Where the programs go when the account cannot reach the installed ones."""
        return self.home / "programs"

    @property
    def users(self) -> Path:
        """Every process that uses the server holds this file locked, shared; the system lets go of it for the dead."""
        return self.home / "users.lock"

    @property
    def throwaway_mark(self) -> Path:
        """Lies in the home of a throwaway database, from before its first file until after its last."""
        return self.home / "throwaway"

    @contextmanager
    def gate(self) -> Iterator[int]:
        """Starting and stopping happen behind this gate, one process at a time; makes the home if it is not there.

        Gives the descriptor that keeps the gate shut.
        """
        descriptor = self._own_gate()
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def claim(self) -> None:
        """Mark a home without data as one for a throwaway database; a home with another kind of data is refused."""
        marked = os.path.lexists(self.throwaway_mark)
        if os.path.lexists(self.data) and marked != self.throwaway:
            kind = "临时数据库" if marked else "长期保存的数据库"
            raise DatabaseNotStarted(f"{self.home} 里是{kind}，不能当作另一种来用，没有启动。请换一个文件夹。")
        if self.throwaway and not marked:
            os.close(open_lock(self.throwaway_mark))
        if marked and not self.throwaway:
            self.throwaway_mark.unlink()

    def vacate(self) -> None:
        """Remove a throwaway database and all that goes with it; to be called behind the gate, the server stopped."""
        if not self.throwaway_mark.exists():
            return
        for folder in (self.data, self.unfinished, self.copied_programs, self.socket_folder):
            if folder.exists():
                shutil.rmtree(folder)
        for file in (self.users, self.gate_file, self.throwaway_mark):
            file.unlink(missing_ok=True)
        with suppress(OSError):  # something else lies there too
            self.home.rmdir()

    @property
    def gate_file(self) -> Path:
        """Whoever holds it locked may start, stop and remove the server."""
        return self.home / "gate.lock"

    def _own_gate(self) -> int:
        """Wait until the gate is ours; one that was removed meanwhile with its home is nobody's."""
        until = time.monotonic() + GATE_PATIENCE_SECONDS
        while True:
            _make_folder(self.home)
            try:
                self._refuse_a_stranger()
                descriptor = open_lock(self.gate_file)
            except FileNotFoundError:
                continue
            if _locked(descriptor, until) and _is_file_at(self.gate_file, descriptor):
                return descriptor
            os.close(descriptor)
            if time.monotonic() > until:
                raise DatabaseNotStarted(
                    f"另一个程序正在启动或停止 {self.home} 里的数据库，"
                    f"等了 {GATE_PATIENCE_SECONDS // 60} 分钟没有等到。请看它是否停住了，等它结束后再试。"
                )

    def _refuse_a_stranger(self) -> None:
        """A home outside the project lies where others may write too, so it counts only if root made it."""
        if self.is_elsewhere and (self.home.is_symlink() or self.home.stat().st_uid != 0):
            raise DatabaseNotStarted(
                f"{self.home} 不是 root 建立的文件夹，内置数据库不使用它，没有启动。"
                "请查明它的来历，把它改名移开后再试。"
            )


def premises_for(folder: Path, *, throwaway: bool) -> Premises:
    """The premises of the database wanted in `folder`: there, or elsewhere if the server's account cannot go there."""
    wanted = _end_of_links(folder.expanduser())
    if re.search(r'["`$\\\n]', str(wanted)):
        raise DatabaseNotStarted(f"内置数据库不能放在 {wanted}：路径里有引号、$ 一类的字符。请换一个路径。")
    elsewhere = Path(f"{'/tmp/jixiao-throwaway' if throwaway else '/var/lib/jixiao'}-{_key(wanted)}")
    closed = os.geteuid() == 0 and closed_folders(wanted)
    home = elsewhere if closed else wanted
    if closed and not throwaway and not home.exists():
        _log.warning("%s 所在目录不对数据库账号 %s 开放，数据库改放在 %s。", wanted, ACCOUNT, home)
    return Premises(wanted, elsewhere, home, _socket_folder(home), throwaway)


def premises_at(home: Path) -> Premises:
    """The premises of the throwaway database that is found in `home`, wherever it was wanted."""
    return Premises(home, home, home, _socket_folder(home), throwaway=True)


def closed_folders(folder: Path) -> list[Path]:
    """Which of `folder` and the folders above it, as far as they exist, other accounts cannot enter."""
    return [above for above in (folder, *folder.parents) if above.exists() and not above.stat().st_mode & stat.S_IXOTH]


def open_lock(path: Path) -> int:
    """A descriptor to lock `path` with; not handed to programs we start. Never follows a link."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise DatabaseNotStarted(f"{path} 应当是普通文件，现在不是，内置数据库没有启动。请把它改名移开后再试。")
    return descriptor


def home_now(users: Path, descriptor: int) -> Path | None:
    """In which home the open `users` file lies by now, as far as the system tells: a home can be moved while in use."""
    if _is_file_at(users, descriptor):
        return users.parent
    try:
        found = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
    except OSError:
        return None
    return found.parent if _is_file_at(found, descriptor) else None


def _end_of_links(folder: Path) -> Path:
    """The real place of `folder`. A link to nowhere is refused: the disk it leads to may not be there just now."""
    for place in (folder, *folder.absolute().parents):
        if place.is_symlink() and not place.exists():
            raise DatabaseNotStarted(
                f"{place} 是一个链接，指向的 {os.readlink(place)} 现在不存在，内置数据库没有启动，也没有另建。"
                "请看那块磁盘是否挂上，或改正链接后再试。"
            )
    return folder.resolve()


def _locked(descriptor: int, until: float) -> bool:
    while True:
        try:
            flock(descriptor, LOCK_EX | LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(0.02)


def _key(place: Path) -> str:
    """A short name for a place."""
    return hashlib.sha256(os.fsencode(place)).hexdigest()[:12]


def _socket_folder(home: Path) -> Path:
    within = home / "run"
    return within if _fits_a_socket(within) else Path("/tmp") / f"jixiao-{_key(home)}-run"


def _is_file_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _make_folder(folder: Path) -> None:
    """Make `folder` and the folders above it that are missing; only what is made here is opened to others."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)


def _fits_a_socket(folder: Path) -> bool:
    """Short enough for the system, and without the characters that separate hosts or words in a connection string."""
    return len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH and not re.search(r"[\s,'\"\\]", str(folder))
