"""What the word in the column 后果 of the deadline table does to a step that is past its day."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine.commands.adjust_budget import adjust_budget
from engine.commands.resume import resume
from engine.moves.consequences import SupplementWaits
from engine.queries.case_timeline import case_timeline
from engine.results.model import Candidate
from engine.stages import Library
from engine.store import Logins
from tests.conftest import BPMN
from tests.factories import START
from tests.integration.desk import SHORT, events, project_at, sound, steps
from tests.office import Office
from web import wiring
from web.wiring import create_empty, drop, open_database

Opened = Callable[..., Office]
TOLD = (
    "deadline.fired", "task.overdue", "task.escalated", "case.suspended", "candidate.added", "supplement.blocked",
)  # fmt: skip


@pytest.fixture
def opened_with(server: Logins, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Opens a bureau in whose table a late check (of the target, or of that stage) has that consequence.

    Its table was put into service by an earlier release, which took any word.
    """
    monkeypatch.setattr(wiring, "deadlines_must_be_sound", lambda library: None)
    databases = []

    def opened(consequence: str, stage: str = "target_filing") -> Office:
        bpmn = copytree(BPMN, tmp_path / "bpmn")
        table = bpmn / "decisions" / "deadline.dmn"
        said = table.read_text("utf-8")
        cell = f'<outputEntry id="national_deadline_{stage}_check_consequence"><text>"'
        assert f'{cell}mark_overdue"' in said
        table.write_text(said.replace(f'{cell}mark_overdue"', f'{cell}{consequence}"'), "utf-8")
        logins = create_empty(server, "other_consequences")
        databases.append(open_database(logins, bpmn, START, Library.read(bpmn)))
        return Office.opened(databases[0])

    yield opened
    databases[0].close()
    drop(server, "other_consequences")


@pytest.mark.parametrize(
    ("consequence", "told"),
    [
        ("remind", []),
        ("mark_overdue", ["task.overdue"]),
        ("escalate", ["task.escalated"]),
        ("close", ["task.overdue"]),
        ("suspend", ["task.overdue", "case.suspended"]),
        ("candidate", ["task.overdue", "candidate.added"]),
        ("block_supplement", ["task.overdue", "supplement.blocked"]),
    ],
)
def test_the_word_of_the_table_is_told_once_and_the_step_waits_on(
    opened_with: Opened, consequence: str, told: list[str]
) -> None:
    office = opened_with(consequence)
    case = project_at(office, "check_target")

    office.let_pass(case, "target_filing.check")
    office.sweep(case)

    assert events(office, case, *TOLD) == ["deadline.fired", *told]
    assert [each.payload["consequence"] for each in office.journal(case, "deadline.fired")] == [consequence]
    assert steps(office, case) == ["check_target"]
    sound(office)


def test_a_disposal_that_is_late_stops_its_case_until_finance_lets_it_go_on(office: Office) -> None:
    case = project_at(office, "approved")
    office.reach(case, "monitoring.decide_monitoring_disposal", executed_wan="1", **SHORT)
    [waiting] = office.tasks(case)

    office.let_pass(case, "monitoring.dispose")

    assert office.case(case).state == "suspended"
    [told] = office.journal(case, "task.overdue")
    assert told.payload == {"deadline": "monitoring.dispose", "task": waiting.id.hex}
    [fired] = office.journal(case, "deadline.fired")
    assert (fired.payload["deadline"], fired.payload["consequence"]) == ("monitoring.dispose", "suspend")
    [stopped] = office.journal(case, "case.suspended")
    assert stopped.by is None
    assert stopped.payload["reason"].startswith("期限“绩效运行监控·处置”已过，按期限表暂停（依据：")
    with office.transactions() as session:
        resume(session, case, reason="示例：已催办", by=office.bureau.office, at=office.now)
    office.do(case, "decide_monitoring_disposal")
    sound(office)


def test_a_case_that_was_late_is_on_next_years_list(opened_with: Opened) -> None:
    office = opened_with("candidate")
    case = project_at(office, "check_target")

    office.let_pass(case, "target_filing.check")

    [listed] = office.rows(Candidate, case)
    assert (listed.for_year, listed.reason) == (2022, "期限“绩效目标申报·主管部门审核”已过")


def test_nothing_is_added_to_a_budget_as_long_as_the_step_is_late(opened_with: Opened) -> None:
    office = opened_with("block_supplement", "monitoring")
    case = project_at(office, "approved")
    office.reach(case, "monitoring.check_monitoring", **SHORT)
    office.let_pass(case, "monitoring.check")

    with office.transactions() as session, pytest.raises(SupplementWaits, match="绩效运行监控·主管部门审核"):
        adjusted(session, office, case, "supplement")
    office.do(case, "check_monitoring")

    with office.transactions() as session:
        adjusted(session, office, case, "supplement")


def test_what_a_clock_of_the_diagram_does_is_not_said_by_the_table(office: Office) -> None:
    case = project_at(office, "fill_target")

    office.let_pass(case, "target_filing.budget_gate")

    fired = office.journal(case, "deadline.fired")
    assert [entry.payload["consequence"] for entry in fired] == ["", ""]
    with office.transactions() as session:
        told = [line.sentence for line in case_timeline(session, office.bureau.clerk, case)]
    assert "期限“绩效目标申报·填报”（2020-09-28）届满" in told


def adjusted(session: Session, office: Office, case: int, kind: str) -> Any:
    how = {"kind": kind, "reason": "示例：年中调整", "by": office.bureau.division, "at": office.now}
    return adjust_budget(session, case, Decimal(300), **how)
