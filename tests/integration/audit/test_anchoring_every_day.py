"""每日锚点: what is over is anchored in every jurisdiction, however long nobody did it, and kept in a second place."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from engine.audit.anchoring import anchor_what_is_over
from engine.audit.keeping import FileKeeper, KeepingRefused, KeptAnchor
from engine.audit.verify import verify
from engine.clock import day_of, shanghai
from engine.commands.suspend import suspend
from engine.store import Database
from tests.factories import START, Bureau, bureau_in, case_of
from tests.integration.audit.offline import Tamper
from web.auditing import anchored_in, verify_all
from web.cli import main
from web.probes_of_machine import OF_MACHINE
from web.settings import PROJECT, Settings

BEGAN_ON = day_of(START)
NEXT_NIGHT = shanghai(BEGAN_ON.year, BEGAN_ON.month, BEGAN_ON.day, 2) + timedelta(days=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "anchors.jsonl"


@pytest.fixture
def keeper(file: Path) -> FileKeeper:
    return FileKeeper(file)


@pytest.fixture
def case_id(database: Database, bureau: Bureau) -> int:
    with database.transaction("huaxi") as session:
        return case_of(session, bureau).id


def anchored(database: Database, at: datetime, keeper: FileKeeper | None = None) -> list[date]:
    with database.transaction("huaxi") as session:
        return [anchor.day for anchor in anchor_what_is_over(session, "huaxi", at=at, keeper=keeper)]


def broken(database: Database, keeper: FileKeeper) -> list[str]:
    with database.transaction("huaxi") as session:
        return [found.message for found in verify(session, "huaxi", keeper).breaks]


def test_the_first_anchor_is_that_of_yesterday_and_stands_for_all_before_it(
    database: Database, case_id: int, keeper: FileKeeper
) -> None:
    a_month_later = NEXT_NIGHT + timedelta(days=30)

    assert anchored(database, a_month_later, keeper) == [day_of(a_month_later) - timedelta(days=1)]
    assert [kept.entries > 0 for kept in keeper.kept("huaxi")] == [True]
    assert broken(database, keeper) == []


def test_days_nobody_anchored_are_anchored_in_their_order_the_next_time(
    database: Database, bureau: Bureau, case_id: int, keeper: FileKeeper
) -> None:
    anchored(database, NEXT_NIGHT, keeper)
    begun = keeper.kept("huaxi")[0].entries
    with database.transaction("huaxi") as session:
        suspend(session, case_id, reason="示例：核对资金", by=bureau.office, at=START + timedelta(days=2))

    found = anchored(database, NEXT_NIGHT + timedelta(days=4), keeper)

    assert found == [BEGAN_ON + timedelta(days=n) for n in (1, 2, 3, 4)]
    assert [kept.day for kept in keeper.kept("huaxi")] == [BEGAN_ON, *found]
    assert [kept.entries for kept in keeper.kept("huaxi")] == [begun, begun, *[begun + 1] * 3]
    assert broken(database, keeper) == []


def test_a_day_is_anchored_once_and_left_alone_for_an_hour_after_midnight(database: Database, case_id: int) -> None:
    assert anchored(database, NEXT_NIGHT) == [BEGAN_ON]
    assert anchored(database, NEXT_NIGHT) == []
    assert anchored(database, NEXT_NIGHT + timedelta(hours=22, minutes=59)) == []
    assert anchored(database, NEXT_NIGHT + timedelta(hours=23)) == [BEGAN_ON + timedelta(days=1)]


def test_a_clock_that_jumped_back_anchors_nothing(database: Database, case_id: int) -> None:
    anchored(database, NEXT_NIGHT)

    assert anchored(database, NEXT_NIGHT - timedelta(days=9)) == []


def test_where_nothing_was_ever_written_there_is_nothing_to_anchor(database: Database, keeper: FileKeeper) -> None:
    assert anchored(database, NEXT_NIGHT, keeper) == []
    assert keeper.jurisdictions() == []


def test_a_journal_emptied_after_its_first_anchor_is_anchored_on_and_betrayed(
    database: Database, case_id: int, keeper: FileKeeper, tamper: Tamper
) -> None:
    anchored(database, NEXT_NIGHT, keeper)
    begun = keeper.kept("huaxi")[0].entries
    tamper("DELETE FROM journal WHERE case_id = :case", case=case_id)

    assert anchored(database, NEXT_NIGHT + timedelta(days=1), keeper) == [BEGAN_ON + timedelta(days=1)]
    assert f"{BEGAN_ON:%Y-%m-%d}的锚点记有{begun}条记录，现有0条，锚定后有记录被删除或补入" in broken(database, keeper)


def test_what_was_rewritten_before_the_next_anchor_is_found_by_the_file_alone(
    database: Database, case_id: int, keeper: FileKeeper, tamper: Tamper
) -> None:
    anchored(database, NEXT_NIGHT, keeper)
    tamper("UPDATE journal_anchors SET hash = decode(repeat('ab', 32), 'hex')")
    anchored(database, NEXT_NIGHT + timedelta(days=1), keeper)

    assert broken(database, keeper) == [f"{BEGAN_ON:%Y-%m-%d}的锚点库里和库外留存的不一致，库里的锚点被改写过"]


def test_a_second_place_that_refuses_leaves_no_anchor_and_the_next_time_makes_up_for_it(
    database: Database, case_id: int, keeper: FileKeeper, tmp_path: Path
) -> None:
    nowhere = FileKeeper(tmp_path / "gone" / "anchors.jsonl")
    anchored(database, NEXT_NIGHT, keeper)

    with pytest.raises(KeepingRefused, match="文件夹不存在"):
        anchored(database, NEXT_NIGHT + timedelta(days=1), nowhere)

    assert len(anchored(database, NEXT_NIGHT + timedelta(days=2), keeper)) == 2
    assert broken(database, keeper) == []


def test_two_machines_that_anchor_at_once_write_each_day_once(
    database: Database, case_id: int, keeper: FileKeeper, file: Path
) -> None:
    found: list[list[date]] = []
    both = [Thread(target=lambda: found.append(anchored(database, NEXT_NIGHT, keeper))) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sorted(found) == [[], [BEGAN_ON]]
    assert len(file.read_text(encoding="utf-8").splitlines()) == 1


def test_every_jurisdiction_with_a_journal_is_anchored_and_told(
    database: Database, case_id: int, keeper: FileKeeper
) -> None:
    with database.transaction("conghua") as session:
        case_of(session, bureau_in(session, "conghua"))

    told = anchored_in(database, keeper, NEXT_NIGHT)

    day = BEGAN_ON.isoformat()
    assert told["anchored"] == {"conghua": [day], "huaxi": [day]}
    assert told["words"] == f"从化区：已锚定 {day}（1 天）。\n花溪区：已锚定 {day}（1 天）。"
    assert keeper.jurisdictions() == ["conghua", "huaxi"]
    assert anchored_in(database, keeper, NEXT_NIGHT)["words"].startswith("没有要锚定的")


@pytest.fixture
def jixiao(database: Database, file: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command line on the database of the test, its file of anchors where it is set."""
    monkeypatch.setenv("DATABASE_URL", database.logins.application)
    monkeypatch.setenv("JIXIAO_ANCHORS", str(file))
    return lambda *words: CliRunner().invoke(main, list(words))


def test_who_runs_the_system_anchors_at_the_terminal_without_the_owner(
    jixiao: Callable[..., Result], case_id: int, file: Path
) -> None:
    told = json.loads(jixiao("audit", "anchor", "--json").stdout)

    assert list(told["anchored"]) == ["huaxi"]
    assert told["file"] == str(file)
    assert [kept.day.isoformat() for kept in FileKeeper(file).kept("huaxi")] == told["anchored"]["huaxi"]


def test_a_check_asks_the_file_of_this_installation_without_being_told_to(
    database: Database, case_id: int, file: Path, tmp_path: Path
) -> None:
    logins = database.logins
    settings = replace(Settings(logins.application, logins.owner, PROJECT / "bpmn", tmp_path), anchors=file)
    FileKeeper(file).keep(KeptAnchor("huaxi", BEGAN_ON, 7, bytes(32)))

    found = verify_all(settings, "花溪", NEXT_NIGHT)

    assert "库外有留存，库里没有" in found["words"]


def verdict(file: Path, at: datetime) -> tuple[str, str]:
    found = OF_MACHINE["anchors"][1](replace(Settings(None, None, PROJECT / "bpmn", file.parent), anchors=file), at)
    return found.verdict, found.words + found.remedy


def test_the_doctor_says_how_far_the_journal_is_anchored(file: Path, keeper: FileKeeper) -> None:
    keeper.keep(KeptAnchor("huaxi", BEGAN_ON, 1, bytes(32)))

    assert verdict(file, NEXT_NIGHT) == ("fine", f"办理记录锚定到 {BEGAN_ON}，留存在 {file}")


def test_the_doctor_warns_of_a_journal_nobody_anchors(file: Path, keeper: FileKeeper) -> None:
    assert verdict(file, NEXT_NIGHT)[0] == "warning"
    assert "jixiao audit anchor" in verdict(file, NEXT_NIGHT)[1]

    keeper.keep(KeptAnchor("huaxi", BEGAN_ON, 1, bytes(32)))

    assert verdict(file, NEXT_NIGHT + timedelta(days=2))[0] == "warning"
