"""The operator's moves: a case put elsewhere by two persons, and cases taken over by newer diagrams."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from engine.audit import Entry
from engine.cases import Incident
from engine.commands.correct_state import correct_state
from engine.commands.migrate_case import migrate_case
from engine.commands.migrate_cases import migrate_cases
from engine.commands.suspend import suspend
from engine.commands.undo_migration import undo_migration
from engine.directory import NotYourOffice
from engine.moves.asking import preview
from engine.moves.firing import Fault, note_faults
from engine.moves.migrating import MigrationRefused, NothingToUndo, preview_migration
from engine.moves.repeating import KeyTaken
from engine.moves.second_person import SecondPersonNeeded
from engine.policies import Policies
from engine.process import JumpRefused, ProcessIncident, UnknownElement
from engine.reviews import ReasonMissing
from engine.stages import Library
from engine.store import Database
from engine.words import IncidentState
from tests.factories import Bureau
from tests.integration.refusals import traces
from tests.journeys import LETTER_DAY, Journey, begin

Deploy = Callable[..., Library]


@pytest.fixture
def journey(database: Database, bureau: Bureau) -> Journey:
    """A project whose target is to be filled in."""
    journey = begin(database, bureau)
    journey.stand_at("target_filing")
    journey.move_to("target_filing", "fill_target")
    return journey


def correct(journey: Journey, process: str = "target_filing", element: str = "review_target", **how: Any) -> None:
    bureau = journey.bureau
    given = {"reason": "示例：误办", "second": bureau.second_officer, "by": bureau.office, "at": journey.next_minute()}
    with journey.database.transaction("huaxi") as session:
        correct_state(session, journey.case_id, process, element, **given | how)


def test_a_correction_moves_the_case_and_names_both_persons_and_the_reason(journey: Journey) -> None:
    correct(journey)

    assert journey.waiting() == ["review_target"]
    entry: Entry = journey.journal("case.corrected")[-1]
    assert entry.by == journey.bureau.office.person_id
    assert entry.payload == {
        "stage": "target_filing",
        "step": "target_filing.review_target",
        "name": "审核绩效目标",
        "reason": "示例：误办",
        "agreed_by": journey.bureau.second_officer.person_id,
    }


def test_a_correction_without_a_reason_is_refused(journey: Journey) -> None:
    with pytest.raises(ReasonMissing):
        correct(journey, reason=" ")


def test_nobody_agrees_with_themselves_not_through_a_substitute_either(journey: Journey) -> None:
    office, second = journey.bureau.office, journey.bureau.second_officer

    for by, agreeing in (
        (office, office),
        (office, replace(second, acting_for=office.person_id)),
        (replace(office, acting_for=second.person_id), second),
        (replace(office, acting_for=99), replace(second, acting_for=99)),
    ):
        with pytest.raises(SecondPersonNeeded, match="不能自己同意自己"):
            correct(journey, by=by, second=agreeing)

    assert journey.waiting() == ["fill_target"]


def test_the_second_person_must_be_entitled_and_of_the_same_jurisdiction(journey: Journey) -> None:
    with pytest.raises(NotYourOffice):
        correct(journey, second=journey.bureau.division)
    with pytest.raises(SecondPersonNeeded, match="不属于本地区"):
        correct(journey, second=replace(journey.bureau.second_officer, jurisdiction="conghua"))


def test_an_ordinary_officer_corrects_nothing(journey: Journey) -> None:
    with pytest.raises(NotYourOffice):
        correct(journey, by=journey.bureau.division)


def test_a_case_is_not_moved_to_where_it_cannot_go_on(journey: Journey) -> None:
    with pytest.raises(UnknownElement):
        correct(journey, element="nowhere")
    with pytest.raises(JumpRefused):
        correct(journey, "monitoring", "fill_monitoring")

    assert journey.waiting() == ["fill_target"]


def test_a_correction_under_one_key_happens_once(journey: Journey) -> None:
    correct(journey, key="k")
    correct(journey, key="k")

    with pytest.raises(KeyTaken):
        correct(journey, key="k", element="fill_target")
    assert journey.waiting() == ["review_target"]


@pytest.fixture
def deploy(database: Database, library: Library) -> Deploy:
    """New diagrams in service: `deploy(("old text", "new text"), …)`; cases begun before stay on theirs."""

    def do(*changes: tuple[str, str]) -> Library:
        files = {name: content.decode() for name, content in library.diagrams.files.items()}
        for old, new in changes:
            assert any(old in content for content in files.values())
            files = {name: content.replace(old, new) for name, content in files.items()}
        plain = {name: content.encode() for name, content in files.items()}
        newer = Library.of(plain, library.policies)
        with database.upkeep() as session:
            newer.keep(session, LETTER_DAY)
        return newer

    return do


RENAMED = ('name="填报绩效目标"', 'name="填写绩效目标"')
GONE = ("fill_target", "write_target")


def migrate(journey: Journey, **how: Any) -> None:
    bureau = journey.bureau
    given = {"reason": "示例：流程修订", "second": bureau.second_officer, "by": bureau.office} | how
    given = {"at": journey.next_minute()} | given
    with journey.database.transaction("huaxi") as session:
        migrate_case(session, journey.case_id, **given)


def test_a_running_case_stays_on_its_diagrams_until_it_is_moved(journey: Journey, deploy: Deploy) -> None:
    newer = deploy(RENAMED)
    before = journey.case().diagrams_id

    journey.do("fill_target")

    assert journey.case().diagrams_id == before != newer.diagrams_id


def test_a_migrated_case_keeps_its_task_and_goes_on_with_the_new_diagram(journey: Journey, deploy: Deploy) -> None:
    task, before = journey.task("fill_target"), journey.case().diagrams_id
    newer = deploy(RENAMED)

    migrate(journey)

    assert journey.case().diagrams_id == newer.diagrams_id
    assert journey.task("fill_target").id == task.id
    journey.do("fill_target")
    assert journey.waiting() == ["confirm_target"]
    (entry,) = journey.journal("case.migrated")
    assert (entry.payload["before"]["diagrams"], entry.payload["after"]["diagrams"]) == (before, newer.diagrams_id)


def undo(journey: Journey, **how: Any) -> None:
    given = {"reason": "示例：迁移有误", "by": journey.bureau.office, "at": journey.next_minute()} | how
    with journey.database.transaction("huaxi") as session:
        undo_migration(session, journey.case_id, **given)


def test_the_second_person_of_a_migration_is_on_record_and_nobody_agrees_with_themselves(
    journey: Journey, deploy: Deploy
) -> None:
    deploy(RENAMED)

    with pytest.raises(SecondPersonNeeded, match="换用新版流程要由另一人同意"):
        migrate(journey, second=journey.bureau.office)
    migrate(journey)

    (entry,) = journey.journal("case.migrated")
    assert entry.payload["agreed_by"] == journey.bureau.second_officer.person_id


def test_a_migration_is_taken_back_until_the_next_step_is_taken(journey: Journey, deploy: Deploy) -> None:
    task, before = journey.task("fill_target"), journey.case().diagrams_id
    newer = deploy(RENAMED)
    migrate(journey)

    undo(journey)
    undone, kept = journey.case().diagrams_id, journey.task("fill_target").id
    with pytest.raises(NothingToUndo, match="最近一次办理不是换用新版流程"):
        undo(journey)
    migrate(journey)
    journey.do("fill_target")
    with pytest.raises(NothingToUndo):
        undo(journey)

    assert (undone, kept) == (before, task.id)
    assert journey.case().diagrams_id == newer.diagrams_id
    assert journey.waiting() == ["confirm_target"]
    (entry,) = journey.journal("case.migration_undone")
    assert (entry.payload["before"]["diagrams"], entry.payload["after"]["diagrams"]) == (newer.diagrams_id, before)


def test_a_case_taken_back_goes_on_where_it_stood_in_the_lane_of_its_own_diagram(
    journey: Journey, deploy: Deploy
) -> None:
    correct(journey)
    ref = "<bpmn:flowNodeRef>review_target</bpmn:flowNodeRef>"
    jointly = "<bpmn:flowNodeRef>approve_budget</bpmn:flowNodeRef>"
    deploy((ref, ""), (jointly, jointly + ref))
    before = journey.task("review_target").role
    migrate(journey)

    undo(journey)

    assert journey.task("review_target").role == before != "finance_division"


def test_a_migrated_case_is_decided_by_the_new_tables(journey: Journey, database: Database, library: Library) -> None:
    before = journey.case().policy_id
    files = {name: content + b"\n" for name, content in library.policies.of("huaxi").to_files().items()}
    newer = Library(library.diagrams, Policies.from_files(files))
    with database.upkeep() as session:
        newer.keep(session, LETTER_DAY)

    migrate(journey)

    assert journey.case().policy_id == newer.policy_ids["huaxi"] != before
    (entry,) = journey.journal("case.migrated")
    assert (entry.payload["before"]["policy"], entry.payload["after"]["policy"]) == (before, journey.case().policy_id)


def test_a_day_that_could_not_take_effect_is_tried_again_after_the_migration_which_can_still_be_taken_back(
    journey: Journey, deploy: Deploy
) -> None:
    fault = Fault(None, journey.case_id, ProcessIncident("示例：走不通。"))
    with journey.database.transaction("huaxi") as session:
        note_faults(session, [fault], journey.next_minute())
    deploy(RENAMED)

    migrate(journey)

    with journey.database.transaction("huaxi") as session:
        assert session.scalars(select(Incident.state)).one() == IncidentState.RESOLVED
    assert journey.journal("incident.resolved")[-1].payload["how"] == "换用新版流程"
    undo(journey)
    assert len(journey.journal("case.migration_undone")) == 1


def test_a_preview_of_a_migration_says_what_follows_and_leaves_no_trace(journey: Journey, deploy: Deploy) -> None:
    deploy(RENAMED)
    second = journey.bureau.second_officer
    how = {"reason": "示例：流程修订", "second": second, "by": journey.bureau.office, "at": journey.next_minute()}
    before = traces(journey.database)

    with journey.database.transaction("huaxi") as session:
        foretold = preview(session, migrate_case, journey.case_id, **how).receipt
    after = traces(journey.database)
    with journey.database.transaction("huaxi") as session:
        receipt = migrate_case(session, journey.case_id, **how)

    assert after == before
    assert foretold == receipt
    assert [event.name for event in receipt.events] == ["case.migrated"]


def test_a_step_drawn_in_another_lane_goes_to_that_office(journey: Journey, deploy: Deploy) -> None:
    correct(journey)
    ref = "<bpmn:flowNodeRef>review_target</bpmn:flowNodeRef>"
    jointly = "<bpmn:flowNodeRef>approve_budget</bpmn:flowNodeRef>"
    deploy((ref, ""), (jointly, jointly + ref))

    migrate(journey)

    assert journey.task("review_target").role == "finance_division"


def test_a_case_that_stands_where_the_new_diagram_has_nothing_is_refused_with_the_reason(
    journey: Journey, deploy: Deploy
) -> None:
    before = journey.case().diagrams_id
    deploy(GONE)

    with pytest.raises(MigrationRefused, match="不能换用新版流程.*新版没有步骤“填报绩效目标”"):
        migrate(journey)

    assert journey.case().diagrams_id == before


def test_a_preview_says_who_can_go_and_changes_nothing(
    journey: Journey, database: Database, bureau: Bureau, deploy: Deploy
) -> None:
    other = begin(database, bureau, "示例-2")
    other.stand_at("spot_review")
    deploy(GONE)

    with database.transaction("huaxi") as session:
        stuck, free = preview_migration(session, [journey.case_id, other.case_id])

    assert (stuck.possible, stuck.steps, stuck.current) == (False, ("填报绩效目标",), False)
    assert "新版没有步骤“填报绩效目标”，而案件正停在此处。" in stuck.problems
    assert (free.possible, free.problems) == (True, ())
    assert journey.journal("case.migrated") == other.journal("case.migrated") == []


def test_of_several_cases_each_goes_or_stays_by_itself(
    journey: Journey, database: Database, bureau: Bureau, deploy: Deploy
) -> None:
    free, paused = begin(database, bureau, "示例-2"), begin(database, bureau, "示例-3")
    free.stand_at("spot_review")
    with database.transaction("huaxi") as session:
        suspend(session, paused.case_id, reason="示例", by=bureau.office, at=LETTER_DAY)
    newer = deploy(GONE)

    results = migrate_cases(
        lambda: database.transaction("huaxi"),
        [journey.case_id, free.case_id, paused.case_id, 999_999],
        reason="示例：流程修订",
        second=bureau.second_officer,
        by=bureau.office,
        at=LETTER_DAY,
    )

    assert [result.case_id for result in results if result.refusal is None] == [free.case_id]
    refusals = [result.refusal for result in results if result.refusal is not None]
    assert [text[:10] for text in refusals] == ["“示例：社区养老服务", "案卷已暂停，恢复后才", "没有这份案卷，或者它"]
    assert free.case().diagrams_id == newer.diagrams_id


def test_a_case_already_on_the_newest_version_is_left_alone(journey: Journey) -> None:
    migrate(journey)

    assert journey.journal("case.migrated") == []


def test_a_migration_needs_a_reason_and_an_operator(journey: Journey, deploy: Deploy) -> None:
    deploy(RENAMED)

    with pytest.raises(ReasonMissing):
        migrate(journey, reason="")
    with pytest.raises(NotYourOffice):
        migrate(journey, by=journey.bureau.division)


def test_a_step_that_failed_is_done_again_after_the_diagram_was_mended(journey: Journey, deploy: Deploy) -> None:
    from engine.commands.complete_guarded import complete_guarded
    from engine.commands.retry_incident import retry_incident
    from engine.moves.incidents import CaseStuck
    from engine.moves.outcome import Outcome

    journey.stand_at("result_use")
    journey.move_to("result_use", "decide_publication")
    task = journey.task("decide_publication")
    direct = Outcome("decided", answers={"publication": "direct"}, reason="示例：直接公开")
    office, database = journey.bureau.office, journey.database
    with pytest.raises(CaseStuck) as refusal:
        complete_guarded(database, "huaxi", task.id, direct, by=office, at=journey.next_minute())

    deploy(("publication_gate.undefined", "(not defined('publication_gate') or publication_gate.undefined)"))
    migrate(journey)
    retry_incident(database, "huaxi", refusal.value.facts["incident"], by=office, at=journey.next_minute())

    assert journey.waiting() == ["publish_result"]
