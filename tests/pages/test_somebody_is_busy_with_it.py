"""Who meets somebody else's change waits a while, is then told so, and loses nothing they wrote."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.store import Database
from engine.store import database as store
from tests.integration.desk import project_at
from tests.office import Office
from tests.pages.conftest import SitsDown, seats_at

TOLD = "这件案卷正在更新，已为您等待 5 秒，仍未完成，没有写入。填写的内容还在，请稍后再办。"


@pytest.fixture
def served(database: Database) -> Iterator[Database]:
    """The same database, as pages that are served wait for it."""
    own = Database(database.logins, database.parts)
    own.be_waited_for_by_people()
    yield own
    own.close()


@pytest.fixture
def hands_of(office: Office, served: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SitsDown:
    """People who wait less long, for the sake of the test."""
    monkeypatch.setattr(store, "_PATIENCE", "-c lock_timeout=300ms")
    served.be_waited_for_by_people()
    return seats_at(served, office, tmp_path / "files")


@contextmanager
def somebody_changes(database: Database, case: int) -> Iterator[None]:
    """The case is held by somebody who does not come to an end."""
    with database.owner.connect() as other, other.begin():
        other.execute(text("SELECT 1 FROM cases WHERE id = :case FOR UPDATE"), {"case": case})
        yield


def test_who_decides_meanwhile_is_told_and_keeps_the_opinion(office: Office, hands_of: SitsDown) -> None:
    case = project_at(office, "check_target")
    judge = hands_of(office.bureau.department).open(f"/tasks/{office.tasks(case)[0].id}")
    judge.type("reason", "示例：请写明数量")

    with somebody_changes(office.database, case):
        judge.press(name="word", value="returned")
    busy = judge.status, TOLD in judge.text(), judge.value("reason")

    assert busy == (409, True, ["示例：请写明数量"])


def test_a_page_about_no_task_says_so_as_well(office: Office, hands_of: SitsDown) -> None:
    case = project_at(office, "check_target")
    officer = hands_of(office.bureau.office).open(f"/cases/{case}/suspension")
    officer.type("reason", "示例：等待批复")

    with somebody_changes(office.database, case):
        officer.press("确认暂停案卷")

    assert (officer.status, TOLD in officer.text()) == (409, True)
    assert office.case(case).state == "active"


def test_pages_that_are_served_do_not_wait_for_ever(served: Database) -> None:
    with served.transaction("huaxi") as session:
        assert session.scalar(text("SHOW lock_timeout")) == "5s"
    with served.transaction("conghua") as session:
        assert session.scalar(text("SHOW lock_timeout")) == "5s"
    with served.upkeep() as session:
        assert session.scalar(text("SHOW lock_timeout")) == "0"


def test_a_draft_is_saved_meanwhile(office: Office, hands_of: SitsDown) -> None:
    case = project_at(office, "fill_target")
    clerk = hands_of(office.bureau.clerk).open(f"/tasks/{office.tasks(case)[0].id}")
    clerk.type("annual_goal", "示例：刚写的目标")

    with somebody_changes(office.database, case):
        clerk.press("存草稿")

    assert clerk.value("annual_goal") == ["示例：刚写的目标"]
    assert (clerk.status, TOLD in clerk.text()) == (200, False)
