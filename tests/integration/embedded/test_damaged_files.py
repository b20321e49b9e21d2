"""Whatever lies where the server's files should be: a sentence or a right recovery, and the data stay as they are."""

import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from engine.store.premises import premises_for
from tests.integration.embedded.conftest import as_root
from tests.integration.embedded.damage import NOBODY, Client, copied, is_kept, refused, used, value_of

NOTES = {
    "empty": "",
    "a huge number": f"{10**40}\n",
    "a stranger's number": f"{os.getppid()}\n",
    "the first process": "1\n",
    "everybody": "-1\n",
    "another format": '{"pid": 7}\n',
    "no text": "\0\0\udcff\udcfe",
}


THINGS: dict[str, Callable[[Path], object]] = {
    "file": Path.touch,
    "folder": lambda place: (place / "inside").mkdir(parents=True),
    "link": lambda place: place.symlink_to(place.parent / "away"),
    "pipe": os.mkfifo,
}


def put(kind: str, place: Path) -> None:
    """Something else where a file or folder of the server should be."""
    with suppress(FileNotFoundError):
        damaged(place.parent, place.name)
    THINGS[kind](place)


def damaged(data: Path, name: str) -> None:
    """Take away what a damaged disk or a careless hand takes away."""
    place = data / name
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink()


def emptied(data: Path) -> None:
    for each in data.iterdir():
        damaged(data, each.name)


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "emptied": (emptied, "它是空的"),
    "no version": (lambda data: damaged(data, "PG_VERSION"), "PG_VERSION"),
    "empty version": (lambda data: (data / "PG_VERSION").write_text(""), "PG_VERSION"),
    "odd version": (lambda data: (data / "PG_VERSION").write_bytes(b"\xff\xfe"), "PG_VERSION"),
    "no base": (lambda data: damaged(data, "base"), "base"),
    "no control file": (lambda data: damaged(data / "global", "pg_control"), "pg_control"),
    "no log of changes": (lambda data: damaged(data, "pg_wal"), "pg_wal"),
    "a file": (lambda data: put("file", data), "不是文件夹"),
    "a link to nowhere": (lambda data: put("link", data), "那块磁盘是否挂上"),
    "open to others": (lambda data: data.chmod(0o777), "chmod 700"),
}


@pytest.mark.parametrize("note", NOTES)
def test_an_odd_note_of_a_server_that_is_gone_is_no_hindrance(folder: Path, note: str) -> None:
    place = folder / "data" / "postmaster.pid"
    place.write_text(NOTES[note], errors="surrogateescape")
    shutil.chown(place, (folder / "data").stat().st_uid)

    assert is_kept(folder)


def test_an_odd_note_of_a_server_that_runs_begins_no_second_server(client: Callable[..., Client], folder: Path) -> None:
    first = client(folder)
    url = first.url()
    (folder / "data" / "postmaster.pid").write_text("")

    assert value_of(url, "select number from kept") == 7
    assert is_kept(folder)
    assert first.ends() == (0, "")
    assert is_kept(folder)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_data_are_said_to_be_so_and_left_alone(folder: Path, damage: str) -> None:
    do, word = DAMAGES[damage]
    do(folder / "data")
    before = sorted(folder.rglob("*"))

    message = refused(folder)

    assert word in message
    assert not [made for made in set(folder.rglob("*")) - set(before) if made.name != "run"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [(lock, kind) for lock in ("users.lock", "gate.lock") for kind in ("folder", "link", "pipe")]
    + [("run", kind) for kind in ("file", "link", "pipe")],
)
def test_something_else_in_the_place_of_a_lock_or_folder_is_named(folder: Path, name: str, kind: str) -> None:
    put(kind, folder / name)

    message = refused(folder)

    assert str(folder / name) in message
    assert not (folder / "away").exists()


def test_a_folder_in_the_place_of_the_note_is_named(folder: Path) -> None:
    (folder / "data" / "postmaster.pid").mkdir()

    assert str(folder / "data" / "postmaster.pid") in refused(folder)


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_a_link_or_pipe_in_the_place_of_the_note_is_no_hindrance(folder: Path, kind: str) -> None:
    put(kind, folder / "data" / "postmaster.pid")

    assert is_kept(folder)
    assert not (folder / "data" / "away").exists()


@as_root
def test_a_socket_folder_of_somebody_else_is_not_entered(ground: Path, ready: Path) -> None:
    deep = ground / ("deep" * 25)
    copied(ready, deep)
    taken = premises_for(deep, throwaway=False).socket_folder
    taken.mkdir()
    os.chown(taken, NOBODY, NOBODY)

    message = refused(deep)

    assert f"{taken} 属于账号 nobody" in message
    taken.rmdir()


def test_a_disk_that_cannot_be_written_to_is_named(small_disk: Path, ready: Path) -> None:
    copied(ready, small_disk / "pg")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)

    assert "文件系统是只读的" in refused(small_disk / "pg")
    assert "文件系统是只读的" in refused(small_disk / "new")


def test_the_reason_told_is_the_one_of_this_start(folder: Path) -> None:
    with (folder / "data" / "server.log").open("a") as log:
        log.write("2020-01-01 00:00:00.000 UTC [7] FATAL:  an old story\n")
    with (folder / "data" / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")

    message = refused(folder)

    assert "no_such_setting" in message
    assert "an old story" not in message


def test_a_half_made_cluster_is_made_anew(ground: Path, folder: Path) -> None:
    folder.rename(ground / "whole")
    folder.mkdir()
    (ground / "whole" / "data").rename(folder / "data.new")
    damaged(folder / "data.new", "PG_VERSION")

    with used(folder) as url:
        assert value_of(url, "select 1") == 1

    assert not (folder / "data.new").exists()
