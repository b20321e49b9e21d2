"""A diagram that fails never leaves a case silently stuck: an incident is raised, counted, retried, resolved."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from engine import process
from engine.cases import Incident
from engine.commands.complete_guarded import complete_guarded
from engine.commands.fire_guarded import fire_guarded
from engine.commands.launch_stage import launch_stage
from engine.commands.retry_incident import IncidentNotFound, IncidentNotOpen, NotRepeatable, retry_incident
from engine.commands.save_draft import save_draft
from engine.deadlines.model import Deadline
from engine.directory import NotYourOffice, Unit
from engine.moves.incidents import CaseStuck
from engine.moves.outcome import Outcome
from engine.process import ProcessIncident
from engine.store import Database
from engine.submissions import Submission
from engine.tasks import Draft
from engine.words import Role
from tests.factories import Bureau, person_in
from tests.factories_forms import YEAR, valid_content
from tests.journeys import LETTER_DAY, Journey, begin

Break = Callable[..., None]


@pytest.fixture
def break_down(monkeypatch: pytest.MonkeyPatch) -> Break:
    """Let a kind of step fail as a faulty diagram does; `mend` with None."""
    sound = {word: getattr(process, word) for word in ("complete", "deliver", "fire")}

    def do(word: str, *, only: Callable[[bytes], bool] = lambda state: True, element: str = "gateway") -> None:
        def failing(diagrams: Any, state: bytes, *rest: Any) -> Any:
            if only(state):
                raise ProcessIncident(f"流程在“{element}”处不能继续。", process_id="target_filing", element_id=element)
            return sound[word](diagrams, state, *rest)

        monkeypatch.setattr(process, word, failing)

    return do


@pytest.fixture
def mend(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    return monkeypatch.undo


@pytest.fixture
def journey(database: Database, bureau: Bureau) -> Journey:
    """A project whose target is to be filled in."""
    journey = begin(database, bureau)
    journey.stand_at("target_filing")
    journey.move_to("target_filing", "fill_target")
    return journey


TARGET = Outcome("submitted", content=valid_content("F02"))


def fill(journey: Journey, outcome: Outcome = TARGET, **how: Any) -> None:
    task = journey.task("fill_target")
    given = {"by": journey.bureau.clerk, "at": journey.next_minute()} | how
    complete_guarded(journey.database, "huaxi", task.id, outcome, **given)


def incidents(journey: Journey) -> list[Incident]:
    with journey.database.transaction("huaxi") as session:
        rows = session.scalars(select(Incident).where(Incident.case_id == journey.case_id).order_by(Incident.id))
        return list(rows)


def retry(journey: Journey, incident_id: int, **how: Any) -> None:
    given = {"by": journey.bureau.office, "at": journey.next_minute()} | how
    retry_incident(journey.database, "huaxi", incident_id, **given)


def test_a_step_behind_which_the_diagram_fails_is_refused_with_the_number_to_quote(
    journey: Journey, break_down: Break
) -> None:
    break_down("complete")

    with pytest.raises(CaseStuck, match=r"不能自动继续.*案卷保持原状.*已存为草稿.*异常编号") as refusal:
        fill(journey)

    (incident,) = incidents(journey)
    assert refusal.value.facts["incident"] == incident.id
    assert (incident.command, incident.element, incident.state) == ("complete_task", "target_filing.gateway", "open")
    assert journey.waiting() == ["fill_target"]
    assert [entry.payload["incident"] for entry in journey.journal("incident.raised")] == [incident.id]


def test_what_the_person_typed_is_their_draft_afterwards(journey: Journey, break_down: Break) -> None:
    break_down("complete")

    with pytest.raises(CaseStuck):
        fill(journey)

    with journey.database.transaction("huaxi") as session:
        draft = session.scalars(select(Draft)).one()
        assert session.scalars(select(Submission)).all() == []
    assert draft.content == valid_content("F02")
    assert draft.saved_by == journey.bureau.clerk.person_id


def test_what_the_person_types_the_next_time_takes_the_place_of_that_draft(journey: Journey, break_down: Break) -> None:
    break_down("complete")
    again = Outcome("submitted", content=valid_content("F02", annual_goal="示例：改过的目标"))

    with pytest.raises(CaseStuck):
        fill(journey)
    with pytest.raises(CaseStuck):
        fill(journey, again)

    with journey.database.transaction("huaxi") as session:
        draft = session.scalars(select(Draft)).one()
    assert (draft.version, draft.content, draft.saved_at) == (2, again.content, journey.at)


def test_a_colleagues_draft_is_not_overwritten_and_the_incident_keeps_both(
    journey: Journey, break_down: Break, bureau: Bureau
) -> None:
    with journey.database.transaction("huaxi") as session:
        unit = session.get_one(Unit, bureau.unit_id)
        colleague = person_in(session, unit, "示例同事", Role.UNIT_CLERK)
        save_draft(session, journey.task("fill_target").id, {"project_name": "同事的"}, by=colleague, at=LETTER_DAY)
    break_down("complete")

    with pytest.raises(CaseStuck):
        fill(journey)

    with journey.database.transaction("huaxi") as session:
        assert session.scalars(select(Draft)).one().content == {"project_name": "同事的"}
    assert incidents(journey)[0].arguments["outcome"]["content"] == valid_content("F02")


def test_the_same_failure_again_counts_on_the_same_incident(journey: Journey, break_down: Break) -> None:
    break_down("complete")

    for _ in range(3):
        with pytest.raises(CaseStuck):
            fill(journey)

    assert [incident.attempts for incident in incidents(journey)] == [3]
    assert len(journey.journal("incident.raised")) == 1


def test_a_failure_at_another_place_is_another_incident(journey: Journey, break_down: Break) -> None:
    for element in ("gateway", "rule"):
        break_down("complete", element=element)
        with pytest.raises(CaseStuck):
            fill(journey)

    assert [incident.element for incident in incidents(journey)] == ["target_filing.gateway", "target_filing.rule"]


def test_a_retry_takes_the_step_as_the_person_asked_for_it(
    journey: Journey, break_down: Break, mend: Callable[[], None]
) -> None:
    break_down("complete")
    with pytest.raises(CaseStuck):
        fill(journey, key="k-7")
    mend()

    retry(journey, incidents(journey)[0].id)

    assert journey.waiting() == ["confirm_target"]
    with journey.database.transaction("huaxi") as session:
        assert session.scalars(select(Submission.filled_by)).all() == [journey.bureau.clerk.person_id]
    (incident,) = incidents(journey)
    assert (incident.state, incident.resolved_at) == ("resolved", journey.at)
    (entry,) = journey.journal("incident.resolved")
    assert (entry.by, entry.payload["how"]) == (journey.bureau.office.person_id, "重试")


def test_a_retry_that_fails_again_is_refused_and_counted(journey: Journey, break_down: Break) -> None:
    break_down("complete")
    with pytest.raises(CaseStuck):
        fill(journey)

    with pytest.raises(CaseStuck):
        retry(journey, incidents(journey)[0].id)

    (incident,) = incidents(journey)
    assert (incident.attempts, incident.state) == (2, "open")


def test_a_step_done_meanwhile_is_not_done_twice(journey: Journey, break_down: Break, mend: Callable[[], None]) -> None:
    break_down("complete")
    with pytest.raises(CaseStuck):
        fill(journey)
    mend()
    fill(journey)

    retry(journey, incidents(journey)[0].id)

    assert incidents(journey)[0].state == "resolved"
    assert journey.waiting() == ["confirm_target"]


def test_an_incident_is_resolved_once(journey: Journey, break_down: Break, mend: Callable[[], None]) -> None:
    break_down("complete")
    with pytest.raises(CaseStuck):
        fill(journey)
    mend()
    retry(journey, incidents(journey)[0].id)

    with pytest.raises(IncidentNotOpen, match="已经处理好了"):
        retry(journey, incidents(journey)[0].id)


def test_incidents_are_retried_by_operators_and_only_where_they_are(
    journey: Journey, break_down: Break, bureau: Bureau
) -> None:
    break_down("complete")
    with pytest.raises(CaseStuck):
        fill(journey)
    number = incidents(journey)[0].id

    with pytest.raises(NotYourOffice):
        retry(journey, number, by=bureau.clerk)
    with pytest.raises(IncidentNotFound):
        retry_incident(
            journey.database, "conghua", number, by=replace(bureau.office, jurisdiction="conghua"), at=journey.at
        )


def test_a_step_with_a_command_of_its_own_is_left_to_the_person(journey: Journey) -> None:
    with journey.database.transaction("huaxi") as session:
        incident = Incident(
            jurisdiction="huaxi", case_id=journey.case_id, command="issue_feedback", arguments={}, message="示例",
            raised_at=LETTER_DAY,
        )  # fmt: skip
        session.add(incident)

    with pytest.raises(NotRepeatable, match="由经办人重新办理"):
        retry(journey, incident.id)


def test_a_deadline_whose_timer_fails_stays_pending_with_an_incident_and_fires_on_retry(
    journey: Journey, break_down: Break, mend: Callable[[], None]
) -> None:
    deadline_id = _due_timer(journey)
    break_down("fire")

    with pytest.raises(CaseStuck):
        fire_guarded(journey.database, "huaxi", deadline_id, at=journey.at)
    (incident,) = incidents(journey)
    mend()
    retry(journey, incident.id)

    assert incident.command == "fire_deadline"
    with journey.database.transaction("huaxi") as session:
        assert session.get_one(Deadline, deadline_id).state == "fired"
    assert incidents(journey)[0].state == "resolved"


def _due_timer(journey: Journey) -> UUID:
    """A deadline of the filling step with a timer in the diagram, made due."""
    with journey.database.transaction("huaxi") as session:
        pending = select(Deadline).where(Deadline.state == "pending", Deadline.timer.is_not(None))
        deadline = session.scalars(pending.order_by(Deadline.due_at).limit(1)).one()
        deadline.due_at = journey.at
        return deadline.id


def test_one_faulty_case_does_not_keep_a_launch_from_the_others(
    database: Database, bureau: Bureau, break_down: Break, mend: Callable[[], None]
) -> None:
    journeys = [begin(database, bureau, f"示例-{number}") for number in range(1, 8)]
    for journey in journeys:
        journey.stand_at("monitoring")
    faulty = journeys[3]
    state = faulty.case().process_state
    break_down("deliver", only=lambda given: given == state)

    moved = launch_stage(
        lambda: database.transaction("huaxi"), YEAR, "monitoring", by=bureau.office, at=journeys[0].next_minute()
    )

    assert moved.gave["moved"] == 6
    assert [journey.waiting() for journey in journeys] == [["fill_monitoring"]] * 3 + [[]] + [["fill_monitoring"]] * 3
    (incident,) = incidents(faulty)
    mend()
    retry(faulty, incident.id)
    assert faulty.waiting() == ["fill_monitoring"]


def test_a_faulty_place_of_a_real_diagram_is_named(database: Database, bureau: Bureau) -> None:
    """Moved past the table, the gateway behind the decision lacks the answer it reads."""
    journey = begin(database, bureau)
    journey.stand_at("result_use")
    journey.move_to("result_use", "decide_publication")
    decision = Outcome("decided", answers={"publication": "direct"}, reason="示例：直接公开")

    task = journey.task("decide_publication")
    with pytest.raises(CaseStuck):
        complete_guarded(database, "huaxi", task.id, decision, by=bureau.office, at=journey.next_minute())

    (incident,) = incidents(journey)
    assert incident.element == "result_use.publication_route"
    assert "变量“publication_gate”尚未设定" in incident.message
    assert journey.waiting() == ["decide_publication"]


def test_moving_the_case_elsewhere_puts_its_incidents_right(journey: Journey, break_down: Break) -> None:
    break_down("complete")
    with pytest.raises(CaseStuck):
        fill(journey)

    journey.move_to("target_filing", "fill_target")

    assert [incident.state for incident in incidents(journey)] == ["resolved"]
    assert journey.journal("incident.resolved")[0].payload["how"] == "移动到“填报绩效目标”"
