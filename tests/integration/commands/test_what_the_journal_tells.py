"""What a move leaves in the journal beside its own event: what waits for whom from now on, and what was taken back."""

from datetime import date

from sqlalchemy import select

from engine.audit import Entry
from engine.audit.digests import content_of_paper, digest_of
from engine.deadlines.model import Deadline
from engine.moves.due import calendar_of
from engine.store import Database
from engine.tasks import Task
from tests.factories import Bureau
from tests.journeys import Journey, begin


def decided(journey: Journey) -> Journey:
    """The case waits for the unit to fill in its ex-ante report."""
    journey.do("decide_ex_ante_required", reason="示例：须评估", ex_ante_verdict="needed")
    return journey


def test_the_first_task_of_a_case_is_told_with_its_office(database: Database, bureau: Bureau) -> None:
    journey = begin(database, bureau)

    (opened,) = journey.journal("task.opened")

    task = journey.task("decide_ex_ante_required")
    assert opened.payload == {
        "task": task.id.hex,
        "step": "ex_ante_assessment.decide_ex_ante_required",
        "role": "performance_office",
        "unit": bureau.finance_id,
        "due_on": str(task.due_on),
    }
    assert (opened.version, opened.stage) == (1, "ex_ante_assessment")


def test_what_the_tables_of_the_jurisdiction_leave_open_is_told_as_nothing(database: Database, bureau: Bureau) -> None:
    journey = begin(database, bureau)

    (made,) = journey.journal("decision.made")

    assert made.payload == {"answers": {"ex_ante_required": None}}


def test_a_filing_is_told_with_its_form_its_version_and_what_it_holds(database: Database, bureau: Bureau) -> None:
    journey = decided(begin(database, bureau))
    task = journey.task("fill_ex_ante")

    journey.do("fill_ex_ante")

    (paper,), (filled,) = journey.office.versions(journey.case_id, "F01"), journey.journal("submission.filled")
    assert filled.payload == {
        "task": task.id.hex,
        "step": "ex_ante_assessment.fill_ex_ante",
        "form": "F01",
        "version": 1,
        "submission": paper.id.hex,
        "digest": digest_of(content_of_paper(vars(paper))),
    }


def test_a_task_with_a_day_is_told_with_the_day_and_where_it_comes_from(database: Database, bureau: Bureau) -> None:
    journey = decided(begin(database, bureau))
    task = journey.task("fill_ex_ante")

    opened, day = journey.journal("task.opened")[-1], journey.journal("deadline.set")[-1]

    with database.transaction("huaxi") as session:
        deadline = session.scalars(select(Deadline).where(Deadline.task_id == task.id)).one()
        calendar = calendar_of(session).version
    assert date.fromisoformat(opened.payload["due_on"]) == task.due_on
    assert day.payload == {
        "id": deadline.id.hex,
        "deadline": "ex_ante_assessment.fill",
        "due_on": deadline.due_on.isoformat(),
        "task": task.id.hex,
        "row": "national",
        "calendar": calendar,
    }


def test_an_event_stands_in_the_stage_the_case_was_in_and_what_follows_in_the_next(
    database: Database, bureau: Bureau
) -> None:
    journey = begin(database, bureau)
    journey.stand_at("monitoring")

    with database.transaction("huaxi") as session:
        entries = session.scalars(select(Entry).where(Entry.case_id == journey.case_id).order_by(Entry.seq)).all()

    stages = {(entry.type, entry.stage) for entry in entries}
    assert ("case.started", None) in stages
    assert ("case.corrected", "ex_ante_assessment") in stages
    assert ("stage.entered", "monitoring") in stages
    assert [entry.stage for entry in entries if entry.type == "task.closed"] == ["monitoring"]


def test_a_task_the_flow_took_back_is_told(database: Database, bureau: Bureau) -> None:
    journey = decided(begin(database, bureau))
    journey.do("fill_ex_ante")
    waiting = journey.task("confirm_ex_ante")

    journey.stand_at("monitoring")

    assert waiting.id.hex in [entry.payload["task"] for entry in journey.journal("task.closed")]
    assert set(opened_by(journey)) >= {task.id.hex for task in journey.tasks()}


def test_every_task_is_opened_once_and_ends_once(database: Database, bureau: Bureau) -> None:
    journey = decided(begin(database, bureau))
    journey.do("fill_ex_ante")
    journey.stand_at("monitoring")

    with database.transaction("huaxi") as session:
        tasks = session.scalars(select(Task).where(Task.case_id == journey.case_id)).all()

    assert sorted(opened_by(journey)) == sorted(task.id.hex for task in tasks)


def opened_by(journey: Journey) -> list[str]:
    return [entry.payload["task"] for entry in journey.journal("task.opened")]
