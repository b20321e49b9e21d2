"""锚点库外留存: a file that only grows, and what it betrays when the database was rewritten."""

import os
import stat
from datetime import date
from pathlib import Path

import pytest

from engine.audit.anchors import anchor_day
from engine.audit.keeping import FileKeeper, KeepingRefused, KeptAnchor
from engine.audit.verify import verify
from engine.clock import shanghai
from engine.store import Database, Logins
from tests.factories import Bureau, case_of
from tests.integration.audit.offline import Tamper
from web.auditing import NoAnchors, verification_of, verify_all
from web.demo import NoDemo
from web.settings import PROJECT, Settings

LATER = shanghai(2021, 9, 10)
FIRST, SECOND = date(2021, 9, 1), date(2021, 9, 2)
ANCHOR = KeptAnchor("huaxi", FIRST, 5, bytes(32))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "anchors.jsonl"


@pytest.fixture
def keeper(file: Path) -> FileKeeper:
    return FileKeeper(file)


@pytest.fixture
def anchored(database: Database, bureau: Bureau, keeper: FileKeeper) -> None:
    """A case, and two days anchored in both places."""
    with database.transaction("huaxi") as session:
        case_of(session, bureau)
        anchor_day(session, "huaxi", FIRST, at=LATER, keeper=keeper)
        anchor_day(session, "huaxi", SECOND, at=LATER, keeper=keeper)


def broken(database: Database, keeper: FileKeeper) -> list[str]:
    with database.transaction("huaxi") as session:
        return [found.message for found in verify(session, "huaxi", keeper).breaks]


def test_both_places_hold_the_same_anchors(database: Database, anchored: None, keeper: FileKeeper) -> None:
    assert broken(database, keeper) == []
    assert [anchor.day for anchor in keeper.kept("huaxi")] == [FIRST, SECOND]
    assert keeper.kept("conghua") == []


def test_an_anchor_removed_from_the_database_is_known_outside(
    database: Database, anchored: None, keeper: FileKeeper, tamper: Tamper
) -> None:
    tamper("DELETE FROM journal_anchors WHERE day = :day", day=FIRST)

    assert broken(database, keeper) == ["2021-09-01的锚点库外有留存，库里没有，库里的锚点被删除过"]


def test_a_history_rewritten_with_its_anchors_is_betrayed_from_outside(
    database: Database, anchored: None, keeper: FileKeeper, tamper: Tamper
) -> None:
    tamper("UPDATE journal_anchors SET hash = decode(repeat('ab', 32), 'hex') WHERE day = :day", day=FIRST)

    assert broken(database, keeper) == ["2021-09-01的锚点库里和库外留存的不一致，库里的锚点被改写过"]


def test_a_day_missing_outside_is_noticed(
    database: Database, bureau: Bureau, anchored: None, keeper: FileKeeper
) -> None:
    with database.transaction("huaxi") as session:
        anchor_day(session, "huaxi", date(2021, 9, 3), at=LATER)

    assert broken(database, keeper) == ["2021-09-03的锚点库外没有留存，留存文件缺这一天"]


def test_anchors_from_before_the_second_place_was_there_are_not_missed(
    database: Database, bureau: Bureau, keeper: FileKeeper
) -> None:
    with database.transaction("huaxi") as session:
        case_of(session, bureau)
        anchor_day(session, "huaxi", FIRST, at=LATER)
        anchor_day(session, "huaxi", SECOND, at=LATER, keeper=keeper)

    assert broken(database, keeper) == []


def test_a_database_emptied_of_everything_is_betrayed_from_outside(database: Database, keeper: FileKeeper) -> None:
    keeper.keep(ANCHOR)

    found = verification_of(database, None, keeper)

    assert [each["message"] for each in found["breaks"]][0].startswith("2021-09-01的锚点库外有留存，库里没有")


def test_where_there_is_no_case_nothing_is_called_whole(database: Database) -> None:
    assert verification_of(database, None)["words"] == "还没有案卷，没有可以校验的记录。"


def test_anchors_that_are_not_where_somebody_said_are_no_proof(tmp_path: Path) -> None:
    settings = Settings(None, None, PROJECT / "bpmn", tmp_path)

    with pytest.raises(NoAnchors, match="没有找到锚点留存文件"):
        verify_all(settings, None, LATER, tmp_path / "anchors.jsonl")


def test_a_demo_nobody_made_cannot_be_verified(server: Logins, tmp_path: Path) -> None:
    with pytest.raises(NoDemo, match="请先运行 jixiao demo"):
        verify_all(Settings(server.application, server.owner, PROJECT / "bpmn", tmp_path), "花溪", LATER, demo=True)


def test_a_place_that_refuses_stops_the_anchor(database: Database, bureau: Bureau, tmp_path: Path) -> None:
    nowhere = FileKeeper(tmp_path / "gone" / "anchors.jsonl")

    with pytest.raises(KeepingRefused, match="文件夹不存在"), database.transaction("huaxi") as session:
        anchor_day(session, "huaxi", FIRST, at=LATER, keeper=nowhere)

    assert broken(database, nowhere) == []


def test_the_file_is_for_its_owner_only(keeper: FileKeeper, file: Path) -> None:
    file.touch(0o644)

    keeper.keep(ANCHOR)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_same_anchor_again_adds_nothing(keeper: FileKeeper, file: Path) -> None:
    keeper.keep(ANCHOR)
    keeper.keep(ANCHOR)

    assert len(file.read_text(encoding="utf-8").splitlines()) == 1


def test_another_anchor_for_a_day_is_refused(keeper: FileKeeper) -> None:
    keeper.keep(ANCHOR)

    with pytest.raises(KeepingRefused, match="已留存了2021-09-01的另一个锚点"):
        keeper.keep(KeptAnchor("huaxi", FIRST, 6, bytes(32)))


def test_a_link_in_its_place_is_not_followed(keeper: FileKeeper, file: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.touch()
    file.symlink_to(target)

    with pytest.raises(KeepingRefused, match="链接"):
        keeper.keep(ANCHOR)
    assert target.read_bytes() == b""


def test_a_pipe_in_its_place_is_refused(keeper: FileKeeper, file: Path) -> None:
    os.mkfifo(file)

    with pytest.raises(KeepingRefused, match="不是普通文件"):
        keeper.keep(ANCHOR)


@pytest.mark.parametrize(
    ("content", "why"), [("{}", "最后一行不完整"), ("{}\n", "第1行读不出"), ("[" * 9000 + "\n", "第1行读不出")]
)
def test_a_damaged_file_is_neither_read_nor_continued(keeper: FileKeeper, file: Path, content: str, why: str) -> None:
    file.write_text(content, encoding="utf-8")

    with pytest.raises(KeepingRefused, match=why):
        keeper.keep(ANCHOR)
    with pytest.raises(KeepingRefused, match=why):
        keeper.kept("huaxi")
    assert file.read_text(encoding="utf-8") == content
