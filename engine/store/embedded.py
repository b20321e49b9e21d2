"""A PostgreSQL of our own, for when no DATABASE_URL names one: demo, tests, a small office.

The server comes with a Python package. Any number of processes share it: each holds a lock while it uses the server,
and the last one out stops it. A killed process holds nothing any more, so nothing has to be cleaned up after it.
Clients come in through a socket that only root and the account that started the server can reach.
"""

import atexit
import os
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from pathlib import Path
from typing import Any

from psycopg import pq
from sqlalchemy import URL

from engine.store.premises import (
    MAJOR,
    SOCKET_NAME,
    Account,
    DatabaseNotStarted,
    Premises,
    account,
    open_lock,
    premises_for,
    programs,
)

PROJECT_FOLDER = Path(__file__).resolve().parents[2]
DEFAULT_FOLDER = PROJECT_FOLDER / "var" / "pg"
DATABASE = "jixiao"
PATIENCE_SECONDS = 60

LASTING = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=200",
    "timezone=UTC",
    "createrole_self_grant=set, inherit",  # the owner may act as the roles it makes
)
MAY_BE_LOST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
FIRST_STATEMENTS = f"CREATE ROLE {DATABASE} LOGIN CREATEDB CREATEROLE\nCREATE DATABASE {DATABASE} OWNER {DATABASE}\n"


@dataclass(frozen=True, slots=True)
class _Held:
    """This process's share in a running server."""

    server: "_Server"
    descriptor: int


_held: dict[Path, _Held] = {}
_one_thread_at_a_time = threading.RLock()


def start(folder: Path = DEFAULT_FOLDER, *, throwaway: bool = False) -> str:
    """The SQLAlchemy URL of the running database kept in `folder`; makes and starts it first where needed.

    The role in the URL owns the database, may create others, and is no superuser, so row-level security binds it where
    it is forced. A `throwaway` database is fast and gone after its last user. Refuses with DatabaseNotStarted.
    """
    try:
        with _one_thread_at_a_time:
            premises = premises_for(folder, throwaway=throwaway)
            if premises.home not in _held:
                _held[premises.home] = _join(premises, throwaway)
            return _url(premises)
    except OSError as reason:
        raise DatabaseNotStarted(
            f"内置数据库不能使用文件夹 {reason.filename or folder}：{reason.strerror}。"
            "请用建立它的账号运行，或删除它后重试，或用 DATABASE_URL 指定数据库。"
        ) from reason


def leave(folder: Path = DEFAULT_FOLDER, *, throwaway: bool = False) -> None:
    """Give up this process's share in the database in `folder`, if it has one. The last one out stops the server."""
    _leave(premises_for(folder, throwaway=throwaway).home)


def _join(premises: Premises, throwaway: bool) -> _Held:
    with premises.gate():
        runs_as = account()
        server = _Server(premises, runs_as, programs(premises, runs_as), throwaway)
        server.ensure_running()
        descriptor = open_lock(premises.users)
        flock(descriptor, LOCK_SH)
        return _Held(server, descriptor)


def _leave(home: Path) -> None:
    with _one_thread_at_a_time:
        held = _held.pop(home, None)
        if held is None:
            return
        premises = held.server.premises
        with premises.gate():
            os.close(held.descriptor)  # a forked child that still has it keeps the lock
            descriptor = open_lock(premises.users)
            try:
                flock(descriptor, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                return
            finally:
                os.close(descriptor)
            held.server.stop()


@atexit.register
def _leave_all() -> None:
    for home in list(_held):
        _leave(home)


def _url(premises: Premises) -> str:
    host = {"host": str(premises.socket_folder)}
    url = URL.create("postgresql+psycopg", username=DATABASE, database=DATABASE, query=host)
    return url.render_as_string(hide_password=False)


@dataclass(frozen=True, slots=True)
class _Server:
    """The server on its premises. All methods are called behind the gate."""

    premises: Premises
    runs_as: Account
    programs: Path
    throwaway: bool

    def ensure_running(self) -> None:
        """Return when the server takes connections: it did already, or it has been made or started."""
        if self._ping() is pq.Ping.OK:
            return
        if not self._has_data():
            self._make()
        self._refuse_another_version()
        self.runs_as.own(self.premises.socket_folder)
        until = time.monotonic() + PATIENCE_SECONDS
        tries = 5
        while self._ping() is not pq.Ping.OK:
            if time.monotonic() > until or tries == 0:
                raise DatabaseNotStarted(f"内置数据库没有启动起来。日志最后几行：\n{self._last_words()}")
            if self._lives() or not self._start():  # recovering from a crash, on its way down, or not free yet
                time.sleep(0.2)
            tries -= not self._lives()

    def stop(self) -> None:
        """Stop the server if it runs; a throwaway one is removed with all its data."""
        if self._lives():
            mode = "immediate" if self.throwaway else "fast"
            how = ("-w", "-t", PATIENCE_SECONDS, "-m", mode)
            self._run("pg_ctl", "-D", self.premises.data, *how, "stop")
        if self.throwaway:
            self.premises.vacate()

    def _has_data(self) -> bool:
        """A throwaway database whose server is down may be damaged, so it counts as none."""
        return self.premises.data.exists() and (not self.throwaway or self._lives())

    def _make(self) -> None:
        """Make a new cluster beside its final place and move it there when it is whole."""
        unfinished = self.premises.home / "data.new"
        for left_over in (unfinished, self.premises.data):
            if left_over.exists():
                shutil.rmtree(left_over)
        self.runs_as.own(unfinished)
        settings = LASTING + (MAY_BE_LOST if self.throwaway else ())
        self._run(
            "initdb",
            *("-D", unfinished, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-locale"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *(["--no-sync"] if self.throwaway else []),
            *(part for setting in settings for part in ("-c", setting)),
        )
        alone = ("--single", "-c", "exit_on_error=on", "-D", unfinished, "postgres")
        self._run("postgres", *alone, read=FIRST_STATEMENTS)
        unfinished.rename(self.premises.data)

    def _refuse_another_version(self) -> None:
        found = (self.premises.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != MAJOR:
            raise DatabaseNotStarted(
                f"{self.premises.data} 是 PostgreSQL {found} 的数据，程序是 {MAJOR} 版，不能打开。"
                "请用原来的程序备份，再恢复到新的数据库。",
                found=found,
                expected=MAJOR,
            )

    def _start(self) -> bool:
        """Try once. It fails while the last processes of a killed server are still on their way out."""
        if self._noted_process() is not None:
            self._note.unlink()  # a stranger has the number by now; the server would believe it was running
        # likewise the note beside the socket: nobody has buried the killed server yet, or a stranger has its number
        (self.premises.socket_folder / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
        socket = ("-o", f'-k "{self.premises.socket_folder}"')
        where = ("-D", self.premises.data, "-l", self.premises.server_log)
        how = ("-w", "-t", PATIENCE_SECONDS)
        return self._try("pg_ctl", *where, *socket, *how, "start").returncode == 0

    def _lives(self) -> bool:
        """Whether the process that the server noted down is there and is this server."""
        noted = self._noted_process()
        if noted is None:
            return False
        command = Path(f"/proc/{noted}/cmdline")
        return not command.exists() or os.fsencode(self.premises.data) in command.read_bytes()

    def _noted_process(self) -> int | None:
        """The process number in the server's note, if any process has that number now."""
        if not self._note.exists():
            return None
        number = int(self._note.read_text(encoding="utf-8").partition("\n")[0])
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return None
        except PermissionError:
            pass  # it is there, and somebody else's
        return number

    @property
    def _note(self) -> Path:
        return self.premises.data / "postmaster.pid"

    def _ping(self) -> pq.Ping:
        where = f"host='{self.premises.socket_folder}' user={DATABASE} dbname={DATABASE} connect_timeout=3"
        return pq.Ping(pq.PGconn.ping(os.fsencode(where)))

    def _last_words(self) -> str:
        log = self.premises.server_log
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else ["（没有日志）"]
        return "\n".join(lines[-5:])

    def _run(self, program: str, *arguments: object, read: str = "") -> None:
        done = self._try(program, *arguments, read=read)
        if done.returncode != 0:
            raise DatabaseNotStarted(f"内置数据库的程序 {program} 没有成功：\n{done.stdout.strip()}", program=program)

    def _try(self, program: str, *arguments: object, read: str = "") -> subprocess.CompletedProcess[str]:
        """Run one of the server's programs as its account, in an environment of nobody's."""
        switch: dict[str, Any] = {}
        if self.runs_as.switch:
            switch = {"user": self.runs_as.uid, "group": self.runs_as.gid, "extra_groups": []}
        return subprocess.run(
            [self.programs / program, *map(str, arguments)],
            input=read,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            umask=0o077,
            **switch,
        )
