"""Servers of a test's own, made with the programs of the server the tests run on, and the superuser of either."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, create_engine, make_url, text

from engine.store import Logins
from engine.store.installation import account
from engine.store.server import Programs

PASSWORD = "示例-right"
WHO_COMES_IN = """\
local all         postgres  trust
local replication postgres  trust
local all         jixiao_barred reject
local all         all       scram-sha-256
"""
SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "dynamic_shared_memory_type=mmap",  # gone with the data, even after a kill
    "max_connections=20",
)


class Administrator:
    """The superuser of a server: does and asks what is told, in the database named."""

    def __init__(self, url: URL) -> None:
        self.url = url

    @classmethod
    def of(cls, server: Logins) -> "Administrator":
        """The superuser of the server the tests run on."""
        told = os.environ.get("JIXIAO_TEST_ADMINISTRATOR")
        return cls(
            make_url(told) if told else make_url(server.as_owner()).set(username="postgres", database="postgres")
        )

    def does(self, *statements: str, database: str | None = None) -> None:
        url = self.url if database is None else self.url.set(database=database)
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    def asks(self, question: str) -> str:
        """The one value that answers the question."""
        engine = create_engine(self.url)
        with engine.connect() as connection:
            answer = str(connection.execute(text(question)).scalar_one())
        engine.dispose()
        return answer


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server; all but its superuser `postgres` have to say a password."""

    programs: Programs

    @property
    def data(self) -> Path:
        return self.programs.home / "data"

    @property
    def socket(self) -> Path:
        return self.programs.home / "socket"

    @property
    def administrator(self) -> Administrator:
        return Administrator(make_url(self.url("postgres", "postgres")))

    def url(self, login: str, database: str = "jixiao", password: str = PASSWORD) -> str:
        """How this login comes in."""
        where = {"host": str(self.socket)}
        url = URL.create("postgresql+psycopg", login, password, database=database, query=where)
        return url.render_as_string(hide_password=False)

    def runs(self, program: str, *arguments: object) -> None:
        """Run one of the server's programs, which must succeed."""
        code, said = self.programs.answer(program, *arguments)
        assert code == 0, said

    def starts(self, *settings: str) -> None:
        """Start the server; `settings` come on top of those every cluster has."""
        options = " ".join([f'-k "{self.socket}"', *(f"-c {setting}" for setting in (*SETTINGS, *settings))])
        self.runs("pg_ctl", "-D", self.data, "-l", self.programs.home / "log", "-w", "-o", options, "start")

    def ends(self) -> None:
        """Stop the server if it runs."""
        self.programs.answer("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")


def programs_of(server: Logins) -> Path:
    """The folder of the programs that server runs from."""
    return Path(Administrator.of(server).asks("SELECT setting FROM pg_config() WHERE name = 'BINDIR'"))


@contextmanager
def new_cluster(programs: Path) -> Iterator[Cluster]:
    """A server without anything of ours on it; gone afterwards."""
    with _place(programs) as cluster:
        cluster.runs(
            "initdb", "-D", cluster.data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"
        )
        (cluster.data / "pg_hba.conf").write_text(WHO_COMES_IN)
        cluster.starts()
        yield cluster


@contextmanager
def standby_of(primary: Cluster, *settings: str) -> Iterator[Cluster]:
    """A standby server that follows `primary`; gone afterwards."""
    with _place(primary.programs.folder) as cluster:
        cluster.runs(
            *("pg_basebackup", "-h", primary.socket, "-U", "postgres", "-D", cluster.data, "-R"),
            *("-X", "fetch", "--checkpoint=fast", "--no-sync"),
        )
        cluster.starts(*settings)
        yield cluster


@contextmanager
def _place(programs: Path) -> Iterator[Cluster]:
    with TemporaryDirectory(prefix="jixiao-test-") as place:
        home, runs_as = Path(place), account()
        home.chmod(0o755)  # started by root, the server runs under an account of its own
        runs_as.own(home / "work")
        cluster = Cluster(Programs(programs, runs_as, home / "work"))
        runs_as.own(cluster.socket)
        try:
            yield cluster
        finally:
            cluster.ends()
