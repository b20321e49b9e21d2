"""There is never a second database beside an existing one, whatever happens to folders, rights and accounts."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.store.premises import premises_for
from tests.integration.embedded.conftest import as_root
from tests.integration.embedded.damage import (
    NOBODY,
    Client,
    copied,
    given_to,
    is_kept,
    refused,
    run,
    used,
    value_of,
)


@as_root
@pytest.mark.parametrize("closed", ["", "pg"])
def test_a_folder_that_was_closed_is_named_with_the_command_that_opens_it(
    ground: Path, ready: Path, elsewhere: Path, closed: str
) -> None:
    copied(ready, ground / "closed" / "pg")
    (ground / "closed" / closed).chmod(0o750)

    message = refused(ground / "closed" / "pg")

    assert f"chmod o+x {ground / 'closed' / closed}" in message
    assert not elsewhere.exists()
    (ground / "closed" / closed).chmod(0o755)
    assert is_kept(ground / "closed" / "pg")


@as_root
def test_a_database_elsewhere_is_used_again_and_named_once_its_folder_is_open(ground: Path, elsewhere: Path) -> None:
    wanted = ground / "closed" / "pg"
    wanted.parent.mkdir(mode=0o700)
    with used(wanted) as url:
        run(url, "create table kept as select 7 as number")
    assert is_kept(wanted)

    wanted.parent.chmod(0o755)
    message = refused(wanted)

    assert str(elsewhere) in message
    assert not (wanted / "data").exists()
    follow(message)
    assert is_kept(wanted)
    assert not (elsewhere / "data").exists()


@as_root
def test_of_two_databases_none_is_chosen(ground: Path, ready: Path, elsewhere: Path) -> None:
    copied(ready, ground / "closed" / "pg")
    copied(ready, elsewhere)

    message = refused(ground / "closed" / "pg")

    assert str(elsewhere) in message
    assert str(ground / "closed" / "pg") in message


@as_root
def test_a_moved_folder_knows_where_its_database_is(ground: Path, elsewhere: Path) -> None:
    (ground / "closed").mkdir(mode=0o700)
    with used(ground / "closed" / "pg") as url:
        run(url, "create table kept as select 7 as number")
    (ground / "closed").rename(ground / "moved")
    now_elsewhere = premises_for(ground / "moved" / "pg", throwaway=False).elsewhere

    message = refused(ground / "moved" / "pg")

    assert str(elsewhere) in message
    assert not now_elsewhere.exists()
    follow(message)
    assert is_kept(ground / "moved" / "pg")
    shutil.rmtree(now_elsewhere)
    assert "现在不见了" in refused(ground / "moved" / "pg")


@as_root
def test_an_ordinary_user_is_told_that_the_database_is_roots(
    client: Callable[..., Client], ground: Path, folder: Path, elsewhere: Path, ready: Path
) -> None:
    copied(ready, elsewhere)
    (ground / "closed").mkdir(mode=0o755)
    os.chown(ground / "closed", NOBODY, NOBODY)

    in_the_folder = client(folder, account=NOBODY).ends()
    in_another = client(ground / "closed" / "pg", account=NOBODY).ends()

    assert in_the_folder[0] == in_another[0] == 1
    assert "请用账号 root 运行" in in_the_folder[1]
    assert "请用 root 运行" in in_another[1]
    assert not (ground / "closed" / "pg").exists()


@as_root
def test_root_is_told_that_the_database_is_an_ordinary_users(folder: Path) -> None:
    given_to(folder, NOBODY)

    message = refused(folder)

    assert "请用账号 nobody 运行" in message


@as_root
def test_an_ordinary_user_who_cannot_go_to_the_folder_is_told_so(client: Callable[..., Client], folder: Path) -> None:
    folder.parent.chmod(0o700)

    code, message = client(folder, account=NOBODY).ends()

    assert code == 1
    assert "权限不够" in message
    assert "删" not in message


def test_a_link_to_a_disk_that_is_not_there_is_not_followed(ground: Path) -> None:
    (ground / "var").symlink_to(ground / "disk")

    message = refused(ground / "var" / "pg")

    assert "那块磁盘是否挂上" in message
    assert not (ground / "disk").exists()


def test_a_copied_folder_has_a_database_of_its_own(client: Callable[..., Client], ground: Path, folder: Path) -> None:
    url = client(folder).url()
    copy = ground / "copy"
    copied(folder, copy)

    with used(copy) as of_the_copy:
        run(of_the_copy, "update kept set number = 8")

    assert value_of(url, "select number from kept") == 7


def test_a_folder_moved_under_a_running_server_has_one_server_still(
    client: Callable[..., Client], ground: Path, folder: Path
) -> None:
    url = client(folder).url()
    moved = folder.rename(ground / "moved")

    with used(moved) as of_the_moved:
        number = value_of(of_the_moved, "select pg_backend_pid() - pg_backend_pid() + number from kept")

    assert number == 7
    assert of_the_moved != url


def test_a_throwaway_never_takes_the_place_of_a_lasting_database(folder: Path) -> None:
    message = refused(folder, throwaway=True)

    assert "长期保存" in message
    assert is_kept(folder)


def follow(message: str) -> None:
    """Do what the sentence says."""
    command = message.partition("再执行 ")[2].partition("；")[0]
    assert os.system(command) == 0
