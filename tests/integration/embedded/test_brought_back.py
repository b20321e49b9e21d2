"""A server that is killed under those who use it: the next of them to ask has it back, and never another one."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from engine.store import embedded
from engine.store.storable import DatabaseAway
from tests.integration.embedded.conftest import linux
from tests.integration.embedded.damage import Client, eventually, is_kept, server_of, servers_in, used

pytestmark = linux


@pytest.fixture
def engine(folder: Path) -> Iterator[Engine]:
    """Connections of a process that uses the database, none of them kept."""
    with used(folder) as url:
        made = create_engine(url, pool_size=1)
        yield made
        made.dispose()


def number_kept(engine: Engine) -> object:
    with engine.connect() as connection:
        return connection.scalar(text("select number from kept"))


def killed(folder: Path) -> None:
    os.kill(server_of(folder / "data"), signal.SIGKILL)
    eventually(lambda: not servers_in(folder))


def test_who_asks_a_killed_server_has_it_back_with_what_was_stored_and_the_log_says_so(
    engine: Engine, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with engine.begin() as connection:
        connection.execute(text("create table more as select 8 as number"))
    engine.dispose()
    killed(folder)

    with engine.connect() as connection:
        found = connection.scalar(text("select number from more"))

    assert found == 8
    (said,) = caplog.messages
    assert "意外停止" in said
    assert "重新启动" in said


def test_many_who_ask_at_once_have_one_server_back(
    engine: Engine, folder: Path, client: Callable[..., Client], caplog: pytest.LogCaptureFixture
) -> None:
    other = client(folder)
    other.url()
    killed(folder)

    with ThreadPoolExecutor(6) as people:
        found = list(people.map(lambda _: number_kept(engine), range(6)))

    assert found == [7] * 6
    assert len(caplog.messages) == 1
    assert other.ends() == (0, "")
    assert number_kept(engine) == 7


def test_a_server_brought_back_is_stopped_by_the_last_one_out(folder: Path) -> None:
    with used(folder) as url:
        engine = create_engine(url)
        killed(folder)
        assert number_kept(engine) == 7
        engine.dispose()

    assert servers_in(folder) == []
    assert is_kept(folder)


def test_data_that_went_away_with_their_server_are_not_replaced_by_empty_ones(
    engine: Engine, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    killed(folder)
    (folder / "data").rename(folder / "saved")

    with pytest.raises(DatabaseAway, match="请系统管理员查看程序的日志"):
        number_kept(engine)

    assert not (folder / "data").exists()
    assert "没有重新启动起来" in caplog.messages[0]
    (folder / "saved").rename(folder / "data")
    assert number_kept(engine) == 7


def test_a_throwaway_database_is_gone_with_its_server(ground: Path) -> None:
    url = embedded.start(ground / "pg", throwaway=True)
    killed(ground / "pg")

    with pytest.raises(Exception, match="connection"):
        create_engine(url).connect()

    assert servers_in(ground) == []
    embedded.leave(ground / "pg", throwaway=True)
