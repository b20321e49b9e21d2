"""逾期报送: what a unit hands in after its day says why; whoever judges it reads that."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine import process
from engine.cases import Incident
from engine.commands.complete_guarded import complete_guarded
from engine.commands.complete_task import complete_task
from engine.commands.retry_incident import retry_incident
from engine.moves.asking import OpenMove, moves_open_to, preview
from engine.moves.attempts import FAILED_BEFORE
from engine.moves.incidents import CaseStuck
from engine.moves.outcome import Outcome
from engine.process import ProcessIncident
from engine.queries.case_timeline import case_timeline
from engine.queries.versions import Version, versions_of
from tests.integration.desk import prepared, project_at, the_task
from tests.integration.refusals import refused
from tests.office import Office

WHY = "示例：经办人住院，交接用了几天"


@pytest.fixture
def case(office: Office) -> int:
    return project_at(office, "fill_target")


def open_moves(office: Office, case: int, step: str = "fill_target") -> tuple[OpenMove, ...]:
    with office.transactions() as session:
        return moves_open_to(session, the_task(office, case, step).id, office.bureau.clerk, at=office.now)


def last_version(office: Office, case: int) -> Version:
    with office.transactions() as session:
        return versions_of(session, office.bureau.office, office.versions(case, "F02")[-1].id)[-1]


def test_the_last_day_is_on_time(office: Office, case: int) -> None:
    (day,) = office.deadlines(case, "target_filing.fill")
    office.clock.move_to(day.due_at - timedelta(minutes=1))

    (move,) = open_moves(office, case)
    office.do(case, "fill_target")

    assert (move.late, move.needs_reason) == (False, False)
    assert office.journal(case, "submission.filed_late") == []
    assert last_version(office, case).late_reason is None


def test_after_the_day_a_reason_is_asked_for_before_it_is_done(office: Office, case: int) -> None:
    office.let_pass(case, "target_filing.fill")

    (move,) = open_moves(office, case)

    assert move.possible
    assert (move.late, move.needs_reason) == (True, True)


@pytest.mark.parametrize("reason", [None, "", " 　"])
def test_without_a_reason_it_is_refused_in_asking_and_in_doing(office: Office, case: int, reason: str | None) -> None:
    office.let_pass(case, "target_filing.fill")
    step = prepared(office, case, "fill_target")
    outcome = Outcome("submitted", content=step.outcome.content, reason=reason)
    how = {"by": office.bureau.clerk, "at": office.now}

    with office.transactions() as session:
        would = preview(session, complete_task, step.task_id, outcome, **how)
    with refused(office.database, "review.reason_missing"), office.transactions() as session:
        complete_task(session, step.task_id, outcome, **how)

    assert would.refusal is not None
    assert "截止" in would.refusal.message
    assert would.refusal.facts["field"] == "reason"


def test_the_reason_is_kept_and_read_by_whoever_judges(office: Office, case: int) -> None:
    office.let_pass(case, "target_filing.fill")
    due_on = the_task(office, case, "fill_target").due_on

    office.do(case, "fill_target", reason=f" {WHY} ")
    office.do(case, "confirm_target")

    (told,) = office.journal(case, "submission.filed_late")
    assert told.payload["reason"] == WHY
    assert told.payload["due_on"] == str(due_on)
    assert told.payload["submission"] == office.versions(case, "F02")[-1].id.hex
    assert last_version(office, case).late_reason == WHY
    with office.transactions() as session:
        lines = case_timeline(session, office.bureau.office, case)
    assert f"逾期报送“填报绩效目标”（{due_on}截止）：{WHY}" in [line.sentence for line in lines]


def test_finance_gives_no_reason_for_its_own_late_work(office: Office, case: int) -> None:
    office.reach(case, "target_filing.review_target")
    office.let_pass(case, "target_filing.review")

    office.do(case, "review_target")

    assert office.journal(case, "submission.filed_late") == []


def test_a_case_that_is_over_still_tells_why_something_was_late(office: Office, case: int) -> None:
    office.let_pass(case, "target_filing.fill")
    office.do(case, "fill_target", reason=WHY)
    office.finish(case, selected=False)

    assert last_version(office, case).late_reason == WHY


def test_what_is_late_only_because_it_failed_says_so_by_itself(
    office: Office, case: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*given: Any) -> Any:
        raise ProcessIncident("流程不能继续。", process_id="target_filing", element_id="gateway")

    step = prepared(office, case, "fill_target")
    in_time = replace(step.outcome, reason=None)
    with monkeypatch.context() as broken:
        broken.setattr(process, "complete", failing)
        with pytest.raises(CaseStuck):
            complete_guarded(office.database, "huaxi", step.task_id, in_time, by=step.by, at=office.now)
    (incident,) = office.rows(Incident, case)

    office.let_pass(case, "target_filing.fill")
    retry_incident(office.database, "huaxi", incident.id, by=office.bureau.office, at=office.now)

    assert [entry.payload["reason"] for entry in office.journal(case, "submission.filed_late")] == [FAILED_BEFORE]
