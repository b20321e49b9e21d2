"""Two database servers and the monitor that decides which of them takes changes, all on this machine's loopback.

pg_auto_failover keeps them: each is a `pg_autoctl run` with a PostgreSQL below it.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from engine.errors import Unavailable
from engine.store import Logins
from engine.store.fitness import ADMINISTRATOR, postgresql
from engine.store.installation import Account, account
from tools.ha.processes import family_of

DEBIAN = Path("/usr/lib/postgresql")
VERSIONS = (15, 16, 17, 18)
MONITOR, FIRST, SECOND = "monitor", "first", "second"
PATIENCE_SECONDS = 120
SOONER = {"primary_demote_timeout": "15s"}
"""What the monitor is told besides: how long a primary nobody hears of may take to stop (see docs)."""
PARTITION_SECONDS = 10
"""A primary that hears of nobody stops after so long: sooner than the other one takes changes."""
COMES_IN = "local all all trust\nlocal replication all trust\nhost all jixiao,jixiao_app 127.0.0.1/32 scram-sha-256\n"


class NoSuchPrograms(Unavailable):
    """PostgreSQL or pg_auto_failover is not installed."""

    code = "ha.programs_missing"


class DidNotStart(Unavailable):
    """The two servers did not come to follow one another."""

    code = "ha.did_not_start"


def programs() -> Path:
    """The folder of the server's programs of a version that pg_auto_failover is there for."""
    for version in VERSIONS:
        folder = DEBIAN / str(version)
        if (folder / "bin" / "initdb").exists() and (folder / "lib" / "pgautofailover.so").exists():
            return folder / "bin"
    raise NoSuchPrograms(
        "没有找到 PostgreSQL 和 pg_auto_failover 的程序。请用 root 安装（Debian 12）："
        "apt-get install --no-install-recommends postgresql-15 postgresql-15-auto-failover pg-auto-failover-cli"
    )


@dataclass
class Servers:
    """The three, in their folder; `first` begins as the primary."""

    bin: Path
    runs_as: Account
    folder: Path
    ports: dict[str, int]
    password: str = field(default_factory=lambda: token_hex(16))
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def logins(self) -> Logins:
        """How the product comes in: both servers, whichever takes changes."""
        hosts = ",".join(f"127.0.0.1:{self.ports[name]}" for name in (FIRST, SECOND))
        return Logins(
            *(
                postgresql(f"postgresql://{login}:{self.password}@{hosts}/jixiao", "DATABASE_URL")
                for login in ("jixiao_app", "jixiao")
            )
        )

    def begin(self) -> None:
        """Make and start all three; the second follows the first, synchronously, when this returns."""
        for folder in (self.folder, self.folder / "sockets", self.folder / "run"):
            self.runs_as.own(folder)
        for name in (MONITOR, FIRST):
            self._run("initdb", "-D", self.folder / name, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
            with (self.folder / name / "postgresql.conf").open("a") as settings:
                settings.write(f"unix_socket_directories = '{self.folder / 'sockets'}'\n")
        (self.folder / FIRST / "pg_hba.conf").write_text(COMES_IN)
        self._autoctl(MONITOR, "create", "monitor", *self._place(MONITOR), *_OPEN_TO_NOBODY)
        self.start(MONITOR)
        self._until(lambda: self.asked(MONITOR, "SELECT 1", "pg_auto_failover") == 1, "监控")
        for name, value in SOONER.items():
            self.told(MONITOR, f"ALTER SYSTEM SET pgautofailover.{name} = '{value}'")
        self.told(MONITOR, "SELECT pg_reload_conf()")
        self._make(FIRST)
        self._until(lambda: self.asked(FIRST, "SELECT 1") == 1, "主库")
        known = (each.replace("密码一", self.password).replace("密码二", self.password) for each in ADMINISTRATOR)
        self.told(FIRST, *known, "CHECKPOINT")  # else the copy waits for one, which takes its time
        self._make(SECOND)
        self._until(lambda: self.is_followed(FIRST), "备库")

    def start(self, name: str) -> None:
        """`pg_autoctl run`, as the system's service manager would."""
        with (self.folder.parent / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                ["pg_autoctl", "run", "--pgdata", self.folder / name],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self._as_account(),
            )  # fmt: skip

    def kill(self, name: str) -> float:
        """kill -9 all that belongs to one server, as when the power fails; gives when it was done."""
        _kill(self.running.pop(name))
        return time.time()

    def is_followed(self, name: str) -> bool:
        """Whether this one takes changes, and tells nobody that one is done before the other has it."""
        found = self.asked(
            name,
            "SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')"
            " AND current_setting('synchronous_standby_names') <> ''",
        )
        return bool(found == 1)

    def asked(self, name: str, question: str, database: str = "postgres") -> Any:
        """The one value a server answers with; None while it does not."""
        with suppress(psycopg.Error), self._connected(name, database) as connection:
            row = connection.execute(question.encode()).fetchone()
            return row and row[0]
        return None

    def told(self, name: str, *statements: str) -> None:
        """Have the superuser of a server say this."""
        with self._connected(name, "postgres") as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def end(self) -> None:
        """Stop all three in order; what does not stop in time is killed."""
        for process in self.running.values():
            process.send_signal(signal.SIGINT)
        for process in self.running.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                _kill(process)

    def _make(self, name: str) -> None:
        monitor = f"postgres://autoctl_node@127.0.0.1:{self.ports[MONITOR]}/pg_auto_failover?sslmode=prefer"
        self._autoctl(
            name, "create", "postgres", *self._place(name), *_OPEN_TO_NOBODY,
            "--pghost", self.folder / "sockets", "--name", name, "--monitor", monitor,
        )  # fmt: skip
        keeps = ("timeout.network_partition_timeout", PARTITION_SECONDS)
        self._autoctl(name, "config", "set", "--pgdata", self.folder / name, *keeps)
        self.start(name)

    def _place(self, name: str) -> tuple[object, ...]:
        where = ("--pgdata", self.folder / name, "--pgport", self.ports[name], "--pgctl", self.bin / "pg_ctl")
        return (*where, "--listen", "127.0.0.1", "--hostname", "127.0.0.1")

    def _autoctl(self, name: str, *words: object) -> None:
        self._run("pg_autoctl", *words, what=name)

    def _run(self, program: str, *words: object, what: str = "") -> None:
        log = self.folder.parent / f"{what or program}.log"
        with log.open("ab") as said:
            process = subprocess.Popen(
                [program, *map(str, words)], stdin=subprocess.DEVNULL, stdout=said, stderr=said, **self._as_account()
            )
        try:
            code = process.wait(PATIENCE_SECONDS)
        except BaseException:
            _kill(process)
            raise
        if code != 0:
            last = "；".join(log.read_text(errors="replace").strip().splitlines()[-3:])
            raise DidNotStart(f"{program} {what} 没有成功，它说：{last}")

    def _as_account(self) -> dict[str, Any]:
        home = self.folder
        environment = {
            "PATH": f"{self.bin}:{os.defpath}", "HOME": str(home), "LC_ALL": "C.UTF-8",
            "XDG_CONFIG_HOME": str(home / "config"), "XDG_DATA_HOME": str(home / "share"),
            "XDG_RUNTIME_DIR": str(home / "run"),
        }  # fmt: skip
        switch = (
            {"user": self.runs_as.uid, "group": self.runs_as.gid, "extra_groups": []} if self.runs_as.switch else {}
        )
        return {"env": environment, "cwd": "/", "start_new_session": True, "umask": 0o077, **switch}

    def _connected(self, name: str, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=str(self.folder / "sockets"), port=self.ports[name], dbname=database, user=self.runs_as.name,
            autocommit=True, connect_timeout=5,
        )  # fmt: skip

    def _until(self, true: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not true():
            if time.monotonic() > end:
                raise DidNotStart(f"{what} {PATIENCE_SECONDS} 秒没有就绪，没有开始。")
            time.sleep(0.2)


_OPEN_TO_NOBODY = ("--auth", "trust", "--no-ssl")
"""Between the three, on loopback alone; the product's logins have to say their password."""


@contextmanager
def two_servers() -> Iterator[Servers]:
    """They run within; gone afterwards."""
    with TemporaryDirectory(prefix="jixiao-ha-") as told:
        folder = Path(told)
        folder.chmod(0o755)  # started by root, the servers run under an account of their own
        servers = Servers(programs(), account(), folder / "servers", _free_ports(MONITOR, FIRST, SECOND))
        try:
            servers.begin()
            yield servers
        finally:
            servers.end()


def _kill(process: subprocess.Popen[bytes]) -> None:
    for each in family_of(process.pid):
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
    process.wait()


def _free_ports(*names: str) -> dict[str, int]:
    held = {name: socket.create_server(("127.0.0.1", 0)) for name in names}
    try:
        return {name: each.getsockname()[1] for name, each in held.items()}
    finally:
        for each in held.values():
            each.close()
