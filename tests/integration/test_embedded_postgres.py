"""The embedded server under several processes, killed ones among them."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from engine.store import embedded
from engine.store.premises import DatabaseNotStarted, premises_for

USER_PROGRAM = """
import sys
from pathlib import Path
from engine.store.embedded import start
print(start(Path(sys.argv[1]), throwaway=sys.argv[2] == "throwaway"), flush=True)
sys.stdin.readline()
"""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account for the server")


class User:
    """A process that uses the database until it is told to leave."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", USER_PROGRAM, folder, kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=embedded.PROJECT_FOLDER,
        )

    def url(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def leaves(self) -> None:
        self.process.communicate("\n", timeout=60)

    def is_killed(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=60)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every account can reach, unlike pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="jixiao-test-"))
    made.chmod(0o755)
    yield made / "pg"
    shutil.rmtree(made)


@pytest.fixture
def user(folder: Path) -> Iterator[Callable[..., User]]:
    users = []

    def make(kind: str = "lasting") -> User:
        users.append(User(folder, kind))
        return users[-1]

    yield make
    for one in users:
        one.process.communicate(timeout=60)


def value_of(url: str, query: str) -> object:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def answers(url: str) -> bool:
    try:
        return value_of(url, "select 1") == 1
    except psycopg.OperationalError:
        return False


def test_the_owner_of_the_database_is_no_superuser_and_may_act_as_the_roles_it_makes(user: Callable[..., User]) -> None:
    url = user().url()

    assert value_of(url, "select rolsuper from pg_roles where rolname = current_user") is False
    assert value_of(url, "show server_encoding") == "UTF8"
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("create role reader")
        connection.execute("set role reader")
        connection.rollback()


def test_the_last_process_out_stops_the_server_and_the_data_stay(user: Callable[..., User]) -> None:
    first, second = user(), user()
    url = first.url()
    assert second.url() == url
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("create table kept as select 7 as number")

    first.leaves()
    assert answers(url)
    second.leaves()
    assert not answers(url)

    assert value_of(user().url(), "select number from kept") == 7


def test_processes_that_start_at_once_share_one_server(user: Callable[..., User]) -> None:
    users = [user() for _ in range(4)]

    urls = {one.url() for one in users}

    assert len(urls) == 1
    assert answers(urls.pop())


def test_a_killed_user_does_not_keep_the_server_running_for_ever(user: Callable[..., User]) -> None:
    killed = user()
    url = killed.url()
    killed.is_killed()
    assert answers(url)

    last = user()
    last.url()
    last.leaves()

    assert not answers(url)


def test_a_killed_server_comes_back_with_what_was_committed(user: Callable[..., User], folder: Path) -> None:
    url = user().url()
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("create table kept as select 7 as number")
    os.kill(int((folder / "data" / "postmaster.pid").read_text().splitlines()[0]), 9)

    assert value_of(user().url(), "select number from kept") == 7


def test_a_note_with_a_number_that_belongs_to_another_process_now_is_no_hindrance(
    user: Callable[..., User], folder: Path
) -> None:
    first = user()
    first.url()
    note = folder / "data" / "postmaster.pid"
    lines = note.read_text().splitlines()
    first.leaves()
    note.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    shutil.chown(note, (folder / "data").stat().st_uid)

    assert answers(user().url())


def test_a_throwaway_database_is_fast_and_leaves_nothing(user: Callable[..., User], folder: Path) -> None:
    one = user("throwaway")
    assert value_of(one.url(), "show fsync") == "off"

    one.leaves()

    assert not folder.exists()


def test_a_throwaway_database_that_ends_while_another_starts_does_not_take_it_along(user: Callable[..., User]) -> None:
    first = user("throwaway")
    first.url()

    second = user("throwaway")
    first.leaves()

    assert answers(second.url())


def test_starting_twice_in_one_process_gives_the_same_url(folder: Path) -> None:
    url = embedded.start(folder, throwaway=True)

    assert embedded.start(folder, throwaway=True) == url
    embedded.leave(folder, throwaway=True)
    assert not answers(url)


def test_a_long_path_moves_the_socket_only(folder: Path) -> None:
    deep = folder / ("很深的文件夹" * 6)

    url = embedded.start(deep, throwaway=True)

    assert answers(url)
    assert (deep / "data").is_dir()
    embedded.leave(deep, throwaway=True)


def test_data_of_another_major_version_are_refused_in_a_sentence(user: Callable[..., User], folder: Path) -> None:
    first = user()
    first.url()
    first.leaves()
    (folder / "data" / "PG_VERSION").write_text("16\n")

    with pytest.raises(DatabaseNotStarted, match="PostgreSQL 16 的数据，程序是 18 版"):
        embedded.start(folder)


@as_root
def test_a_folder_that_is_closed_to_the_account_is_not_opened(folder: Path) -> None:
    folder.mkdir(mode=0o700)

    url = embedded.start(folder / "pg", throwaway=True)

    assert answers(url)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not (folder / "pg").exists()
    embedded.leave(folder / "pg", throwaway=True)
    assert not premises_for(folder / "pg", throwaway=True).home.exists()
