"""`jixiao backup` and `jixiao restore`: into a new database of the same server, and what is told about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from engine.backups import BackupUnreadable
from engine.store import Logins
from tests.factories import START
from tests.integration.backups.conftest import Installation
from web.backing_up import NameTaken, backup_words, make_backup, restore_backup, restored_words
from web.settings import PROJECT, Settings
from web.wiring import drop

INTO = "restored_at_the_terminal"


@dataclass
class Terminal:
    settings: Settings
    server: Logins
    file: Path


@pytest.fixture
def terminal(here: Installation, server: Logins, tmp_path: Path) -> Iterator[Terminal]:
    """An operator of the bureau, who has just made a backup."""
    logins = here.database.logins
    settings = Settings(logins.application, logins.owner, PROJECT / "bpmn", here.store.folder)
    yield Terminal(settings, server, tmp_path / "备份.tar")
    drop(server, INTO)


def databases_of(server: Logins) -> set[str]:
    engine = create_engine(server.as_owner())
    with engine.connect() as connection:
        names = set(connection.scalars(text("SELECT datname FROM pg_database")))
    engine.dispose()
    return names


def test_a_backup_tells_where_it_lies_and_what_is_in_it(terminal: Terminal) -> None:
    told = make_backup(terminal.settings, terminal.file, START)

    assert (told["ok"], told["cases"], told["files"]) == (True, {"huaxi": 1}, 1)
    assert "案卷 1 份（1 个地区），附件 1 个" in backup_words(told)
    assert "动态口令的密钥（JIXIAO_SECRET_KEYS 或 var/secret_keys）不在备份里" in backup_words(told)


def test_a_backup_goes_into_a_new_database_beside_the_one_at_work(terminal: Terminal) -> None:
    make_backup(terminal.settings, terminal.file, START)

    told = restore_backup(terminal.settings, terminal.file, START, INTO)

    assert (told["ok"], told["database"], told["cases"]) == (True, INTO, {"huaxi": 1})
    assert "连续，没有改动" in told["verification"]["words"]
    assert f"末尾的库名改成 {INTO}" in restored_words(told, INTO)


def test_a_name_that_is_taken_is_refused(terminal: Terminal) -> None:
    make_backup(terminal.settings, terminal.file, START)
    restore_backup(terminal.settings, terminal.file, START, INTO)

    with pytest.raises(NameTaken, match="可能已有同名的库"):
        restore_backup(terminal.settings, terminal.file, START, INTO)


@pytest.mark.parametrize("name", ["", "x;drop", "1st", "库", "a" * 61, 'a"b'])
def test_a_name_no_database_can_have_is_refused(terminal: Terminal, name: str) -> None:
    make_backup(terminal.settings, terminal.file, START)

    with pytest.raises(NameTaken, match="只能用英文字母、数字和下划线"):
        restore_backup(terminal.settings, terminal.file, START, name)


def test_a_database_made_for_a_backup_that_cannot_be_read_is_gone_again(terminal: Terminal) -> None:
    terminal.file.write_bytes(b"not a backup")

    with pytest.raises(BackupUnreadable):
        restore_backup(terminal.settings, terminal.file, START, INTO)

    assert INTO not in databases_of(terminal.server)
