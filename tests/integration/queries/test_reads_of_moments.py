"""What pages show at certain moments: while a case waits, stands still, is stuck or late, or two people write."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from engine.cases import Case, Incident, cases_waiting_for
from engine.commands.attach import attach
from engine.commands.claim import claim
from engine.commands.extend_all import extend_all
from engine.commands.extend_deadline import extend_deadline
from engine.commands.return_submission import return_submission
from engine.commands.save_draft import save_draft
from engine.commands.suspend import suspend
from engine.deadlines.model import Deadline
from engine.directory import Substitution, Unit
from engine.errors import EngineError
from engine.moves.move import wait_for
from engine.queries.attachments import attachment_file, attachments
from engine.queries.case_card import CaseCard, case_card
from engine.queries.deadline_board import DeadlineFilters, deadline_board
from engine.queries.drafts import draft_conflict, draft_of
from engine.queries.due_everywhere import due_until
from engine.queries.incidents import incidents
from engine.queries.launches import LaunchProgress, launch_progress, launches
from engine.queries.office_holders import Holder, Substitute, office_holders
from engine.queries.versions import NotComparable, compare, versions_of
from engine.reviews.remarks import Remark
from engine.store import Database
from engine.submissions.file_store import FileStore
from engine.words import CaseKind, RemarkState, Role
from tests.factories import person_in
from tests.integration.desk import prepared
from tests.integration.queries.plans import asked_by
from tests.office import Office

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
FAR = date(2030, 1, 1)


def card(office: Office, case: int) -> CaseCard:
    with office.transactions() as session:
        return case_card(session, office.bureau.office, case)


def task_of(office: Office, case: int) -> UUID:
    return office.tasks(case)[0].id


def fault_in(office: Office, case: int, command: str = "complete_task") -> None:
    with office.transactions() as session:
        session.add(
            Incident(
                jurisdiction="huaxi", case_id=case, command=command, arguments={}, element="target_filing.fill_target",
                message="流程图出错", raised_at=office.now,
            )
        )  # fmt: skip


def progress_of(office: Office, stage: str) -> LaunchProgress:
    with office.transactions() as session:
        line = next(line for line in launches(session, office.bureau.office).lines if line.stage == stage)
        return launch_progress(session, office.bureau.office, line.id)


def test_the_version_a_page_shows_is_the_one_the_next_command_expects(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    seen, step = card(office, case).version, prepared(office, case, "fill_target")

    with office.transactions() as session:
        receipt = step.done(session, office, expected=seen)

    assert receipt.version == card(office, case).version
    assert office.open_steps(case) == ["target_filing.confirm_target"]


def test_a_case_that_waits_for_a_launch_says_so_in_words(office: Office) -> None:
    case = office.open_case(CaseKind.WHOLE_DEPARTMENT)
    office.reach(case, "monitoring")

    told = card(office, case)

    assert (told.tasks, told.messages) == ((), ("等待部署绩效运行监控",))
    assert [(position.process, position.kind) for position in told.positions] == [("monitoring", "message")]
    assert told.positions[0].number == 2  # behind the beginning


def test_every_message_a_year_waits_for_finds_exactly_the_cases_that_wait(office: Office) -> None:
    case = office.open_case()
    asked: dict[str, bool] = {}

    for _ in range(60):
        with office.transactions() as session:
            standing = session.get_one(Case, case)
            for message, host in standing.waits.values():
                if host is None:
                    found = session.scalars(cases_waiting_for("huaxi", standing.fiscal_year, message)).all()
                    asked[message] = [one.id for one in found] == [case]
            assert wait_for(standing.waits, "nobody.asks") is None
            others = session.scalars(cases_waiting_for("conghua", standing.fiscal_year, "monitoring.launched")).all()
            assert others == []
        if standing.state != "active":
            break
        office.go_on(case, sampled=True, selected=True)

    assert asked == dict.fromkeys(
        [
            "monitoring.launched",
            "self_evaluation.launched",
            "spot_review.drawn",
            "key_evaluation.planned",
            "result_use.launched",
        ],
        True,
    )


def test_what_a_table_ruled_about_a_stage_is_told_with_its_row_and_source(database: Database) -> None:
    office = Office.opened(database, "jianghan")
    case = office.open_case(amount_wan="30")

    with office.transactions() as session:
        part = case_card(session, office.bureau.office, case).strip[0]

    assert (part.stage, part.state) == ("ex_ante_assessment", "current")  # the entry review is a part of it
    assert part.reason is not None
    assert part.reason.words.partition("：")[2] == "否（金额（万元） < 200）"
    assert part.reason.row == "jianghan_ex_ante_required_below_200"
    assert part.reason.source
    assert part.reason.status == "inferred"


def test_a_case_that_was_not_drawn_skipped_the_spot_review(office: Office) -> None:
    case = office.open_case()
    office.finish(case, sampled=False, selected=False)

    skipped = {
        part.stage: part.reason.words for part in card(office, case).strip if part.state == "skipped" and part.reason
    }

    assert (skipped["spot_review"], skipped["key_evaluation"]) == ("本年不抽", "本年不选")


def test_a_deadline_tells_how_it_was_moved_by_whom_and_why(office: Office) -> None:
    case = office.open_case(CaseKind.WHOLE_DEPARTMENT)
    office.reach(case, "target_filing.fill_target")
    with office.transactions() as session:
        found = session.scalars(select(Deadline).where(Deadline.case_id == case)).first()
        assert found is not None
        until = found.due_on + timedelta(days=10)
        extend_deadline(session, found.id, until, reason="示例：系统维护", by=office.bureau.office, at=office.now)

    (day,) = [day for day in card(office, case).days if day.deadline_id == found.id]

    assert day.due_on == until
    assert [(move.before, move.after, move.reason, move.by) for move in day.moves] == [
        (until - timedelta(days=10), until, "示例：系统维护", "王绩效")
    ]


def test_the_board_lists_the_nearest_first_and_marks_what_stands_still(office: Office) -> None:
    first = office.open_case(CaseKind.WHOLE_DEPARTMENT, code="示例-1")
    second = office.open_case(CaseKind.WHOLE_DEPARTMENT, code="示例-2")
    with office.transactions() as session:
        suspend(session, second, reason="示例：待定", by=office.bureau.office, at=office.now)

    with office.transactions() as session:
        board = deadline_board(session, office.bureau.office, at=office.now + timedelta(days=3000))
        stage = deadline_board(
            session, office.bureau.office, at=office.now, filters=DeadlineFilters(stage="monitoring", until=FAR)
        )

    assert [line.due_at for line in board.lines] == sorted(line.due_at for line in board.lines)
    assert {(line.case_id, line.suspended, line.late) for line in board.lines} == {
        (first, False, True),
        (second, True, False),
    }
    assert stage.lines == ()


def test_a_day_moved_for_everybody_is_told_among_the_moves_of_the_deadline(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    (due,) = office.deadlines(case, "target_filing.fill")
    days = [due.due_on + timedelta(days=days) for days in (7, 14, 10, 21)]
    for moved in (
        lambda s, **how: extend_all(s, 2021, due.name, days[0], reason="示例：汛期", **how),
        lambda s, **how: extend_deadline(s, due.id, days[1], reason="示例：灾情", **how),
        lambda s, **how: extend_all(s, 2021, due.name, days[2], reason="示例：不再适用", **how),
        lambda s, **how: extend_all(s, 2021, due.name, days[3], reason="示例：停电", **how),
        lambda s, **how: extend_all(s, 2022, due.name, days[3] + timedelta(days=7), reason="示例：别的年度", **how),
        lambda s, **how: extend_all(s, 2021, "target_filing.check", days[3], reason="示例：别的期限", **how),
    ):
        office.clock.move_to(office.now + timedelta(minutes=1))
        with office.transactions() as session:
            moved(session, by=office.bureau.office, at=office.now)

    day = next(day for day in card(office, case).days if day.deadline_id == due.id)

    assert [(move.before, move.after, move.reason, move.by, move.for_all) for move in day.moves] == [
        (due.due_on, days[0], "示例：汛期", "王绩效", True),
        (days[0], days[1], "示例：灾情", "王绩效", False),
        (days[1], days[3], "示例：停电", "王绩效", True),
    ]
    assert day.due_on == days[3]


def test_a_day_that_was_over_or_not_begun_is_not_moved_with_the_others(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    (due,) = office.deadlines(case, "target_filing.fill")
    office.do(case, "fill_target")
    office.do(case, "confirm_target")
    office.clock.move_to(office.now + timedelta(hours=1))
    with office.transactions() as session:
        extend_all(
            session, 2021, due.name, due.due_on + timedelta(days=7), reason="示例", by=office.bureau.office,
            at=office.now,
        )  # fmt: skip

    days = [day for day in card(office, case).days if day.name == due.name]

    assert [(day.due_on, day.moves) for day in days] == [(due.due_on, ())]


def test_the_clock_is_told_what_is_due_but_not_of_still_or_stuck_cases(office: Office) -> None:
    cases = [office.open_case(CaseKind.WHOLE_DEPARTMENT, code=f"示例-{number}") for number in range(3)]
    later = office.now + timedelta(days=3000)
    with office.transactions() as session:
        suspend(session, cases[1], reason="示例：待定", by=office.bureau.office, at=office.now)
    fault_in(office, cases[2])

    with office.database.lookout() as session:
        due = due_until(session, later)
        early = due_until(session, office.now)
        one = due_until(session, later, most=1)
    with office.database.transaction("conghua") as session:
        elsewhere = due_until(session, later)

    assert {(line.jurisdiction, line.case_id) for line in due} == {("huaxi", cases[0])}
    assert [line.due_at for line in due] == sorted(line.due_at for line in due)
    assert (early, len(one), elsewhere) == ([], 1, [])


def test_an_open_fault_is_shown_on_the_case_and_to_the_operator(office: Office) -> None:
    case = office.open_case()
    fault_in(office, case)
    with office.transactions() as session:
        unit = session.get_one(Unit, office.bureau.finance_id)
        operator = person_in(session, unit, "吴运维", Role.OPERATOR)

    with office.transactions() as session:
        (line,) = incidents(session, operator).lines
    (shown,) = card(office, case).incidents

    assert (line.case_id, line.message, line.attempts) == (case, "流程图出错", 1)
    assert (shown.id, shown.attempts, shown.raised_at) == (line.id, 1, line.raised_at)


def test_a_launch_tells_who_waits_who_failed_and_who_has_it_on_the_desk(office: Office) -> None:
    cases = [office.open_case(CaseKind.WHOLE_DEPARTMENT, code=f"示例-{number}") for number in range(4)]
    for case in cases[:3]:
        office.reach(case, "monitoring")
    with office.transactions() as session:
        suspend(session, cases[2], reason="示例：待定", by=office.bureau.office, at=office.now)
    office.launch("monitoring")
    fault_in(office, cases[1], "deliver_message")

    begun = progress_of(office, "monitoring")
    with office.transactions() as session:
        claim(session, task_of(office, cases[0]), by=office.bureau.clerk, at=office.now)
    claimed = progress_of(office, "monitoring")

    assert (begun.total, begun.unclaimed, begun.failed, begun.stopped, begun.ahead) == (4, 1, 1, 1, 1)
    assert (claimed.unclaimed, claimed.filling, claimed.waiting) == (0, 1, 0)


def test_who_holds_an_office_is_told_with_who_stands_in(office: Office) -> None:
    bureau, today = office.bureau, date(2022, 10, 12)
    with office.transactions() as session:
        for days, revoked in ((0, False), (-30, False), (0, True)):
            begins = today + timedelta(days=days)
            session.add(
                Substitution(
                    jurisdiction="huaxi", absent_id=bureau.office.person_id, revoked=revoked,
                    substitute_id=bureau.division.person_id, from_on=begins, until_on=begins + timedelta(days=8),
                )
            )  # fmt: skip
    desk, empty = (bureau.finance_id, Role.PERFORMANCE_OFFICE), (bureau.unit_id, Role.AGENCY)

    with office.transactions() as session:
        held = office_holders(session, [desk, empty], today)
    asked = asked_by(office.database, lambda session: office_holders(session, [desk, empty], today))

    assert held == {
        desk: (
            Holder(
                bureau.office.person_id,
                "王绩效",
                (Substitute(bureau.division.person_id, "钱业务", today + timedelta(days=8)),),
            ),
            Holder(bureau.second_officer.person_id, "周绩效", ()),
        ),
        empty: (),
    }
    assert len(asked) == 1


def test_a_remark_is_changed_or_explained_when_a_later_version_does_so(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.review_target")
    (paper,) = office.versions(case, "F02")
    names = [row["id"] for row in paper.content["indicators"][:3]]
    changed, explained, left = (f"indicators[{name}].name" for name in names)
    remarks = [Remark(path, "请核对", 1).to_json() for path in (changed, explained, left)]
    with office.transactions() as session:
        return_submission(
            session, paper.id, reason="示例：请修改", remarks=remarks, by=office.bureau.office, at=office.now
        )
    again: dict[str, Any] = {**paper.content, "explanations": {explained: "示例：名称与批复一致"}}
    again["indicators"] = [dict(row) for row in again["indicators"]]
    again["indicators"][0]["name"] = "示例：改过的指标"
    office.do(case, "revise_target", content=again)

    with office.transactions() as session:
        first, second = versions_of(session, office.bureau.clerk, paper.id)
        compared = compare(session, office.bureau.clerk, paper.id, second.submission_id)

    states = {remark.path: remark.state for remark in first.said[-1].remarks}
    assert states == {
        changed: RemarkState.CHANGED, explained: RemarkState.EXPLAINED, left: RemarkState.UNCHANGED,
    }  # fmt: skip
    assert {remark.path: remark.state for remark in compared.remarks} == states
    assert changed in [change.field for change in compared.changes]
    for reads in (
        lambda session: versions_of(session, office.bureau.clerk, paper.id),
        lambda session: compare(session, office.bureau.clerk, paper.id, second.submission_id),
    ):
        assert len(asked_by(office.database, reads)) == 2


def test_papers_of_different_kinds_are_not_compared(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.review_target")
    (paper,) = office.versions(case, "F02")

    with pytest.raises(NotComparable, match="不能对照"), office.transactions() as session:
        compare(session, office.bureau.clerk, paper.id, uuid4())


@pytest.mark.parametrize(
    ("field", "labels"), [("project_name", ["项目名称"]), ("project_nature", ["项目属性"]), ("not_a_field", [])]
)
def test_two_drafts_of_one_task_are_laid_side_by_side_as_far_as_the_form_has_a_place_for_them(
    office: Office, field: str, labels: list[str]
) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    task, bureau = task_of(office, case), office.bureau
    with office.transactions() as session:
        save_draft(session, task, {field: "李"}, by=bureau.clerk, at=office.now)

    with office.transactions() as session:
        kept = draft_of(session, bureau.clerk, task)
        conflict = draft_conflict(session, bureau.clerk, task, {field: "张"})

    assert (kept.form, kept.version, kept.saved_by) == ("F02", 1, "李经办")
    assert [(change.label, change.before, change.after) for change in conflict.changes] == [
        (label, "李", "张") for label in labels
    ]
    with pytest.raises(EngineError, match="不由您的岗位办理"), office.transactions() as session:
        draft_of(session, bureau.office, task)


def test_files_of_a_case_are_listed_with_their_round(office: Office, tmp_path: Path) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    store, task = FileStore(tmp_path / "files"), task_of(office, case)
    with office.transactions() as session:
        for name in ("一.pdf", "二.pdf"):
            attach(session, store, task, "佐证材料", name, BytesIO(PDF), by=office.bureau.clerk, at=office.now)

    with office.transactions() as session:
        first = attachments(session, office.bureau.clerk, case, limit=1)
        second = attachments(session, office.bureau.clerk, case, limit=1, after=first.next)
        nothing = attachments(session, office.bureau.clerk, case, slot="合同")
        handed_out = attachment_file(session, office.bureau.clerk, first.lines[0].id)

    assert [line.name for line in (*first.lines, *second.lines)] == ["二.pdf", "一.pdf"]
    assert (first.lines[0].step, handed_out.name) == ("填报绩效目标", "二.pdf")
    assert (first.lines[0].round, first.lines[0].added_by, second.next, nothing.lines) == (1, "李经办", None, ())
    assert card(office, case).attachments == 2
