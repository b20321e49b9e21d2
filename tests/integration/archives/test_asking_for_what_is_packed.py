"""Whoever names a task, a day or a version of a packed case hears what they would have heard before."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from engine.cases import CaseNotActive
from engine.commands.approve_submission import approve_submission
from engine.commands.claim import claim
from engine.commands.complete_task import complete_task
from engine.commands.extend_deadline import DeadlineNotFound, DeadlineNotPending, extend_deadline
from engine.commands.fire_deadline import fire_deadline
from engine.commands.open_rectification import open_rectification
from engine.commands.record_deliberation_of_case import record_deliberation_of_case
from engine.commands.report_rectification import report_rectification
from engine.commands.settle_rectification import settle_rectification
from engine.commands.suspend import suspend
from engine.commands.withdraw import withdraw
from engine.errors import EngineError
from engine.moves.outcome import Outcome
from engine.moves.rectifying import Done, Found
from engine.moves.sittings import Sitting
from engine.moves.versions import SubmissionNotFound
from engine.queries.case_timeline import case_timeline
from engine.queries.deadline_reasons import DeadlineUnknown, reason_of
from engine.queries.versions import VersionNotFound, versions_of
from engine.store.archives import all_of, archived_case
from engine.tasks import Task, TaskNotFound, TaskNotOpen
from engine.words import CaseKind, RectificationOrigin
from tests.integration.archives.conftest import Lived, somebody_for
from tests.office import Office

Command = Callable[[Any, Lived, Any], Any]


def doer_of(lived: Lived, session: Any, task: Any) -> Any:
    rows = all_of(Task)
    found = session.scalars(select(rows).where(rows.case_id == lived.case, rows.id == task)).one()
    return somebody_for(lived.office, found)


def a_packed(lived: Lived, table: str) -> Any:
    with lived.office.transactions() as session:
        told = session.execute(text(f"SELECT packed.id, packed::text FROM case_archives, unnest({table}) packed"))
        return min(row.id for row in told if table != "submissions" or ",F02," in row.packed)


COMMANDS: dict[str, tuple[str, Command, type[EngineError]]] = {
    "complete": (
        "tasks",
        lambda s, lived, id_: complete_task(
            s, id_, Outcome("approved"), by=doer_of(lived, s, id_), at=lived.office.now
        ),
        TaskNotOpen,
    ),
    "claim": (
        "tasks",
        lambda s, lived, id_: claim(s, id_, by=doer_of(lived, s, id_), at=lived.office.now),
        TaskNotOpen,
    ),
    "extend": (
        "deadlines",
        lambda s, lived, id_: extend_deadline(
            s, id_, date(2030, 1, 4), reason="示例", by=lived.office.bureau.office, at=lived.office.now
        ),
        DeadlineNotPending,
    ),
    "approve": (
        "submissions",
        lambda s, lived, id_: approve_submission(s, id_, by=lived.office.bureau.office, at=lived.office.now),
        EngineError,
    ),
    "withdraw": (
        "submissions",
        lambda s, lived, id_: withdraw(s, id_, by=lived.office.bureau.clerk, at=lived.office.now),
        CaseNotActive,
    ),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_on_it_is_refused_as_on_anything_that_is_over(archived: Lived, name: str) -> None:
    table, command, refusal = COMMANDS[name]
    id_ = a_packed(archived, table)

    with pytest.raises(refusal) as refused, archived.office.transactions() as session:
        command(session, archived, id_)

    assert not refused.value.code.endswith("not_found")
    assert "不属于本地区" not in refused.value.message


def test_what_nobody_ever_had_is_still_not_there(archived: Lived) -> None:
    office = archived.office
    how = {"by": office.bureau.office, "at": office.now}
    for refusal, ask in (
        (TaskNotFound, lambda s: claim(s, uuid4(), **how)),
        (DeadlineNotFound, lambda s: extend_deadline(s, uuid4(), date(2030, 1, 4), reason="示例", **how)),
        (SubmissionNotFound, lambda s: approve_submission(s, uuid4(), **how)),
        (VersionNotFound, lambda s: versions_of(s, office.bureau.office, uuid4())),
        (DeadlineUnknown, lambda s: reason_of(s, office.bureau.office, uuid4())),
    ):
        with pytest.raises(refusal), office.transactions() as session:
            ask(session)


def test_another_jurisdiction_does_not_learn_whose_it_is(archived: Lived) -> None:
    ids = [a_packed(archived, table) for table in ("tasks", "deadlines", "submissions")]

    with archived.database.transaction("conghua") as session:
        assert [archived_case(session, id_) for id_ in ids] == [None, None, None]


def test_a_deadline_that_is_packed_does_not_fire(archived: Lived) -> None:
    with archived.office.transactions() as session:
        assert fire_deadline(session, a_packed(archived, "deadlines"), at=archived.office.now) is False


def test_a_request_made_before_is_told_again_after_the_case_was_packed(office: Office) -> None:
    case = office.open_case(CaseKind.PROJECT)
    how = {"by": office.bureau.office, "at": office.now, "key": "示例"}
    with office.transactions() as session:
        first = suspend(session, case, reason="示例：等待审计", **how)
    with office.database.upkeep() as session:
        session.execute(text("UPDATE cases SET state = 'cancelled'"))
        session.execute(text("UPDATE tasks SET state = 'closed'"))
        session.execute(text("UPDATE deadlines SET state = 'dropped'"))
    with office.transactions() as session:
        session.execute(text("SELECT archive_case(id) FROM cases"))

    with office.transactions() as session:
        again = suspend(session, case, reason="示例：等待审计", **how)

    assert again.repeated
    assert again.events == first.events


def test_what_happens_to_the_case_later_follows_what_is_packed(office: Office) -> None:
    case = office.open_case(CaseKind.PROJECT)
    office.finish(case, sampled=True, selected=True)
    by, at = office.bureau, office.now
    packed = len(office.journal(case))

    with office.transactions() as session:
        sitting = Sitting("congress", office.today, passed=True, opinion=None)
        record_deliberation_of_case(session, case, sitting, by=by.office, at=at)
    with office.transactions() as session:
        found = Found(RectificationOrigin.AUDIT, "asset", "示例：账实不符", "示例：核对", date(2030, 1, 4))
        row = open_rectification(session, case, found, by=by.office, at=at).gave["rectification"]
    with office.transactions() as session:
        report_rectification(session, row, Done("示例", "示例：已核对", ("示例.pdf",)), by=by.head, at=at)
    with office.transactions() as session:
        settle_rectification(session, row, by=by.office, at=at)

    with office.transactions() as session:
        told = case_timeline(session, by.office, case)
        in_rows = session.scalar(text("SELECT count(*) FROM journal WHERE case_id = :case"), {"case": case})
    assert [line.seq for line in told] == list(range(1, packed + 7))
    assert [line.type for line in told][-6:] == [
        "deliberation.recorded", "rectification.opened", "deadline.set", "rectification.reported", "deadline.set",
        "rectification.closed",
    ]  # fmt: skip
    assert in_rows == 6
