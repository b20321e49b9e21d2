"""Servers, their users and their makers are killed: what was stored is there, and nothing stays behind."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.embedded.conftest import as_root, linux
from tests.integration.embedded.damage import (
    Client,
    command_of,
    eventually,
    is_kept,
    run,
    server_of,
    servers_in,
    used,
    value_of,
)


def begun(place: Path, word: bytes) -> list[int]:
    """Processes below `place` whose command has the word in it."""
    return [number for number in servers_in(place) if word in command_of(number)]


@linux
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_server_that_is_killed_comes_back_with_what_was_committed(
    client: Callable[..., Client], folder: Path, how: signal.Signals
) -> None:
    url = client(folder).url()
    run(url, "create table more as select 8 as number")
    os.kill(server_of(folder / "data"), how)

    assert value_of(client(folder).url(), "select number from more") == 8


@linux
def test_users_that_are_killed_one_after_the_other_while_others_start_lose_nothing(
    client: Callable[..., Client], folder: Path
) -> None:
    waves = [[client(folder) for _ in range(3)] for _ in range(2)]
    for killed in waves[0]:
        killed.ends(signal.SIGKILL)
    urls = {each.url() for each in waves[1]}

    assert len(urls) == 1
    run(urls.pop(), "create table more as select 8 as number")
    for each in waves[1]:
        assert each.ends() == (0, "")
    assert servers_in(folder) == []
    assert is_kept(folder)


@linux
@pytest.mark.parametrize("program", [b"initdb", b"--single"])
def test_whoever_makes_a_database_is_killed_and_the_next_makes_it_whole(
    client: Callable[..., Client], ground: Path, program: bytes
) -> None:
    first = client(ground / "new")
    eventually(lambda: begun(ground, program))

    first.ends(signal.SIGKILL)

    with used(ground / "new") as url:
        assert value_of(url, "select 1") == 1
    assert not (ground / "new" / "data.new").exists()


@linux
@pytest.mark.parametrize("program", [b"initdb", b"--single"])
def test_a_program_that_is_killed_while_it_makes_a_database_is_told_and_tried_again(
    client: Callable[..., Client], ground: Path, program: bytes
) -> None:
    first = client(ground / "new")
    eventually(lambda: begun(ground, program))
    os.kill(begun(ground, program)[-1], signal.SIGKILL)

    code, message = first.ends()

    assert code == 1
    assert "没有启动" in message
    assert value_of(client(ground / "new").url(), "select 1") == 1


@linux
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_whoever_is_told_to_end_while_a_database_starts_leaves_no_server(
    client: Callable[..., Client], ground: Path, folder: Path, how: signal.Signals
) -> None:
    making, starting = client(ground / "new"), client(folder)
    eventually(lambda: begun(ground / "new", b"initdb"))
    eventually(lambda: begun(folder, b"postgres"))

    making.ends(how)
    starting.ends(how)

    assert servers_in(ground) == []
    assert is_kept(folder)


@linux
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_whoever_is_told_to_end_takes_a_throwaway_database_along(
    client: Callable[..., Client], ground: Path, how: signal.Signals
) -> None:
    one = client(ground / "new", "throwaway")
    one.url()

    code, _ = one.ends(how)

    assert code == 128 + how
    assert not (ground / "new").exists()


@linux
@pytest.mark.parametrize("server", ["killed as well", "still running"])
def test_the_next_start_sweeps_the_throwaway_database_of_a_killed_process(
    client: Callable[..., Client], ground: Path, folder: Path, server: str
) -> None:
    left = ground / "jixiao-abcd_123" / "pg"
    one = client(left, "throwaway", TMPDIR=str(ground))
    held = client(ground / "jixiao-in_use_1" / "pg", "throwaway", TMPDIR=str(ground))
    url = held.url()
    one.url()
    one.ends(signal.SIGKILL)
    os.kill(server_of(left / "data"), {"killed as well": signal.SIGKILL, "still running": signal.SIGCONT}[server])

    client(folder, TMPDIR=str(ground)).url()

    assert servers_in(left) == []
    assert not left.parent.exists()
    assert value_of(url, "select 1") == 1


def test_a_sweep_goes_past_lasting_databases_and_what_others_made(
    client: Callable[..., Client], ground: Path, folder: Path
) -> None:
    lasting = folder.rename(ground / "jixiao-lasting1")
    (ground / "jixiao-strange1" / "pg").mkdir(parents=True)
    (ground / "jixiao-strange1" / "pg" / "paper").touch()
    (ground / "jixiao-linked_1").symlink_to(lasting)

    client(ground / "other", TMPDIR=str(ground)).url()

    assert (ground / "jixiao-strange1" / "pg" / "paper").exists()
    assert is_kept(lasting)


@linux
@as_root
def test_a_sweep_takes_the_shared_memory_of_servers_that_were_killed(
    client: Callable[..., Client], ground: Path, folder: Path
) -> None:
    one = client(ground / "jixiao-abcd_123" / "pg", "throwaway", TMPDIR=str(ground))
    one.url()
    one.ends(signal.SIGKILL)
    note = (ground / "jixiao-abcd_123" / "pg" / "data" / "postmaster.pid").read_text()
    segment = note.splitlines()[6].split()[1]
    os.kill(int(note.splitlines()[0]), signal.SIGKILL)
    eventually(lambda: users_of(segment) == ["0"])  # the last of its processes is gone too

    client(folder, TMPDIR=str(ground)).url()

    assert users_of(segment) == []


def users_of(segment: str) -> list[str]:
    """How many processes use a segment of shared memory; nothing when it is gone."""
    lines = Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
    return [line.split()[6] for line in lines if line.split()[1] == segment]
