"""A disk that is full, for a while: nothing that was stored is lost, and everybody is told what is the matter."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.integration.embedded.conftest import linux
from tests.integration.embedded.damage import (
    Client,
    command_of,
    copied,
    fill,
    is_kept,
    refused,
    run,
    server_of,
    servers_in,
    value_of,
)


def freeze_checkpointer(data: Path) -> None:
    """Without it the server cannot end normally, as on a disk that does not answer."""
    server = server_of(data)
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    (checkpointer,) = (each for each in map(int, children) if b"checkpointer" in command_of(each))
    os.kill(checkpointer, signal.SIGSTOP)


@linux
def test_a_server_on_a_full_disk_ends_and_has_everything_when_there_is_room_again(
    client: Callable[..., Client], small_disk: Path, ready: Path
) -> None:
    copied(ready, small_disk / "pg")
    one = client(small_disk / "pg")
    url = one.url()
    filler = fill(small_disk)
    with pytest.raises(psycopg.Error):
        run(url, "create table much as select repeat(n::text, 99) as word from generate_series(1, 300000) as n")

    code, _ = one.ends()
    assert (code, servers_in(small_disk)) == (0, [])
    assert f"磁盘已满：{small_disk / 'pg' / 'data'}" in refused(small_disk / "pg")

    filler.unlink()
    assert is_kept(small_disk / "pg")


def test_nothing_is_made_on_a_disk_that_is_full(small_disk: Path) -> None:
    fill(small_disk)

    message = refused(small_disk / "pg")

    assert message.startswith(f"磁盘已满：{small_disk / 'pg'}")
    assert not (small_disk / "pg" / "data.new").exists()


@linux
def test_a_database_that_does_not_come_to_its_end_is_stopped_at_once_after_a_while(
    client: Callable[..., Client], folder: Path
) -> None:
    one = client(folder)
    url = one.url()
    run(url, "create table more as select 8 as number")
    freeze_checkpointer(folder / "data")

    code, _ = one.ends()

    assert (code, servers_in(folder)) == (0, [])
    assert value_of(client(folder).url(), "select number from more") == 8
    assert is_kept(folder)


@linux
def test_a_database_left_on_its_way_down_is_taken_up_again(client: Callable[..., Client], folder: Path) -> None:
    one = client(folder)
    one.url()
    freeze_checkpointer(folder / "data")
    one.ends(signal.SIGKILL)
    os.kill(server_of(folder / "data"), signal.SIGINT)

    assert value_of(client(folder).url(), "select number from kept") == 7
