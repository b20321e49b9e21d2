"""申请补报: what a deadline took away comes back when finance says so, and not otherwise."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.cases import Case
from engine.commands import answer_extension, answer_late_filing, request_late_filing, save_draft
from engine.commands.cancel import cancel
from engine.commands.suspend import suspend
from engine.directory import Actor
from engine.errors import EngineError
from engine.policies import Policies
from engine.queries.drafts import draft_of
from engine.queries.extensions import extensions
from engine.queries.versions import versions_of
from engine.stages import library_of
from engine.store.archives import all_of
from engine.tasks import Task
from engine.words import DeadlineState, TaskState
from tests.factories import bureau_in
from tests.integration.desk import deadline, events, opened, project_at, steps, the_task
from tests.integration.refusals import refused
from tests.office import Office

WHY = "示例：经办人住院"
GATE = "target_filing.budget_gate"


def taken(office: Office, case: int, element: str) -> Task:
    """The last task of that step that was taken back."""
    with office.transactions() as session:
        task = all_of(Task)
        found = select(task).where(task.case_id == case, task.element == element, task.state == TaskState.CLOSED)
        return session.scalars(found.order_by(task.opened_at.desc()).limit(1)).one()


@pytest.fixture
def case(office: Office) -> int:
    """A project whose target nobody filed before the budget was closed."""
    case = project_at(office, "fill_target")
    office.let_pass(case, GATE)
    return case


@pytest.fixture
def task(office: Office, case: int) -> UUID:
    return taken(office, case, "fill_target").id


def ask(office: Office, task: UUID, by: Actor | None = None, **more: Any) -> int:
    how: dict[str, Any] = {"reason": WHY, "by": by or office.bureau.clerk, "at": office.now}
    wanted = more.pop("wanted", office.today + timedelta(days=7))
    with office.transactions() as session:
        return int(request_late_filing(session, task, wanted, **how | more).gave["request"])


def answer(
    office: Office, request: int, until: date | None, by: Actor | None = None, reason: str = "示例：情况属实"
) -> None:
    with office.transactions() as session:
        answer_late_filing(session, request, until, reason=reason, by=by or office.bureau.office, at=office.now)


def test_a_granted_request_opens_the_step_again_until_the_day_given(office: Office, case: int, task: UUID) -> None:
    until = office.today + timedelta(days=10)

    request = ask(office, task)
    waiting = steps(office, case)
    answer(office, request, until)

    assert waiting == ["decide_unapproved_target"]
    assert steps(office, case) == ["refile_target"]
    assert the_task(office, case, "refile_target").due_on == until
    assert deadline(office, case, "target_filing.refile").due_on == until
    assert events(office, case)[-2:] == ["late_filing.requested", "late_filing.granted"]


def test_what_is_handed_in_then_is_told_as_late_and_judged_as_ever(office: Office, case: int, task: UUID) -> None:
    answer(office, ask(office, task), office.today + timedelta(days=10))
    again = the_task(office, case, "refile_target").id

    office.do(case, "refile_target")
    office.do(case, "confirm_refiled_target")
    office.do(case, "check_target", "returned")
    office.do(case, "refile_target")
    office.reach(case, "monitoring")

    (told,) = office.journal(case, "submission.filed_late")
    first = office.versions(case, "F02")[0]
    assert (told.payload["reason"], told.payload["due_on"]) == (WHY, "2020-12-15")
    assert told.payload["submission"] == first.id.hex
    with office.transactions() as session:
        assert versions_of(session, office.bureau.office, first.id)[0].late_reason == WHY
        assert session.get_one(Case, case).forms.late(again) is None


def test_the_draft_comes_along_and_stays_where_it_was(office: Office) -> None:
    case = project_at(office, "fill_target")
    task, clerk = the_task(office, case, "fill_target").id, office.bureau.clerk
    with office.transactions() as session:
        save_draft(session, task, {"project_name": "写了一半"}, by=clerk, at=office.now)
    office.let_pass(case, GATE)

    answer(office, ask(office, task), office.today)

    again = the_task(office, case, "refile_target").id
    with office.transactions() as session:
        kept = [draft_of(session, clerk, each).content for each in (task, again)]
    assert kept == [{"project_name": "写了一半"}] * 2


def test_a_declined_request_leaves_everything_and_says_why(office: Office, case: int, task: UUID) -> None:
    answer(office, ask(office, task), None, reason="示例：预算编审不能再等")

    assert steps(office, case) == ["decide_unapproved_target"]
    assert events(office, case)[-1] == "late_filing.declined"
    with office.transactions() as session:
        (line,) = extensions(session, office.bureau.clerk, case_id=case).lines
    assert (line.kind, line.said, line.answer) == ("late_filing", "不予补报", "示例：预算编审不能再等")
    ask(office, task)


def test_missing_the_day_given_ends_it_and_one_may_ask_again(office: Office, case: int, task: UUID) -> None:
    answer(office, ask(office, task), office.today + timedelta(days=3))
    office.let_pass(case, "target_filing.refile")
    missed = steps(office, case)

    answer(office, ask(office, taken(office, case, "refile_target").id), office.today + timedelta(days=3))

    assert missed == ["decide_unapproved_target"]
    assert steps(office, case) == ["refile_target"]


def test_what_lay_with_the_head_when_the_gate_closed_comes_back_to_the_clerk(office: Office) -> None:
    case = project_at(office, "confirm_target")
    office.let_pass(case, GATE)
    (missed,) = steps(office, case)

    answer(office, ask(office, taken(office, case, "confirm_target").id, by=office.bureau.head), office.today)
    office.do(case, "refile_target")
    office.do(case, "confirm_refiled_target")

    assert missed == "decide_unapproved_target"
    (told,) = office.journal(case, "submission.filed_late")
    assert (told.payload["reason"], told.payload["step"]) == (WHY, "target_filing.refile_target")
    assert deadline(office, case, "target_filing.refile").state == DeadlineState.MET


def test_a_revision_that_missed_the_gate_comes_back_too(office: Office) -> None:
    case = project_at(office, "check_target")
    office.do(case, "check_target", "returned")
    office.let_pass(case, GATE)

    answer(office, ask(office, taken(office, case, "revise_target").id), office.today)

    assert steps(office, case) == ["refile_target"]
    assert the_task(office, case, "refile_target").round == 2


@pytest.mark.parametrize(
    ("place", "name", "element"),
    [
        ("spot_review.comment_on_spot_review", "spot_review.comment", "comment_on_spot_review"),
        ("key_evaluation.comment_on_evaluation", "key_evaluation.comment", "comment_on_evaluation"),
    ],
)
def test_a_unit_that_fell_silent_may_still_comment_before_it_is_settled(
    office: Office, place: str, name: str, element: str
) -> None:
    case = opened(office)
    office.reach(case, place, sampled=True)
    office.let_pass(case, name)
    silent = taken(office, case, element).id

    answer(office, ask(office, silent), office.today + timedelta(days=5))
    again = steps(office, case)
    office.do(case, element, reason="示例：补充说明")

    assert again == [element]
    assert office.journal(case, "submission.filed_late")[-1].payload.get("submission") is None
    assert steps(office, case) in (["accept_spot_review"], ["finish_evaluation"])


def test_what_the_table_does_not_name_is_refused_as_not_laid_down(office: Office) -> None:
    case = opened(office)
    office.reach(case, "feedback.answer_feedback")
    office.let_pass(case, "feedback.objection")
    silent = taken(office, case, "answer_feedback").id

    with refused(office.database, "late_filing.not_laid_down") as caught:
        ask(office, silent)

    assert "本区未规定" in caught.value.message


def test_what_the_table_forbids_is_refused_with_its_source(
    office: Office, case: int, task: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    with office.transactions() as session:
        policy = library_of(session).policy_version(session, session.get_one(Case, case).policy_id)
        table = "decisions/late_filing.dmn"
        allowed, files = b'budget_gate_allowed"><text>true', policy.to_files()
        stricter = files[table].replace(allowed, allowed.replace(b"true", b"false"))
        forbidding = Policies.from_files(files | {table: stricter}).of("huaxi")
        versions = library_of(session)
    monkeypatch.setattr(type(versions), "policy_version", lambda *given: forbidding)

    with refused(office.database, "late_filing.not_allowed") as caught:
        ask(office, task)

    assert "截止后能否补报（全国）第 1 行" in caught.value.message
    assert "GZ-03" in caught.value.message


def test_only_the_unit_asks_and_only_the_performance_office_answers(office: Office, task: UUID) -> None:
    for stranger in (office.bureau.department, office.bureau.agency):
        with refused(office.database, "task.not_yours"):
            ask(office, task, stranger)
    with refused(office.database, "task.not_yours"):
        ask(office, task, office.bureau.office)
    request = ask(office, task, office.bureau.head)

    for nobody in (office.bureau.division, office.bureau.clerk):
        with refused(office.database, "directory.wrong_office"):
            answer(office, request, office.today, nobody)


def test_another_tenant_finds_neither_the_task_nor_the_request(office: Office, task: UUID) -> None:
    request = ask(office, task)
    with office.database.transaction("conghua") as session:
        others = bureau_in(session, "conghua")
    there = Office(office.database, others)

    with refused(office.database, "task.not_found"):
        ask(there, task)
    with refused(office.database, "extension.not_found"):
        answer(there, request, office.today)


def test_the_same_request_under_the_same_key_is_made_once(office: Office, task: UUID) -> None:
    first = ask(office, task, key="示例", wanted=date(2021, 1, 4))

    assert ask(office, task, key="示例", wanted=date(2021, 1, 4)) == first
    with refused(office.database, "extension.already_asked"):
        ask(office, task)


def test_a_request_is_answered_once(office: Office, task: UUID) -> None:
    request = ask(office, task)
    answer(office, request, None)

    with refused(office.database, "extension.already_answered") as caught:
        answer(office, request, office.today)

    assert "不予补报" in caught.value.message


def test_days_and_reasons_are_looked_at_on_both_sides(office: Office, task: UUID) -> None:
    for wanted in (office.today - timedelta(days=1), office.today + timedelta(days=366), date(9999, 1, 1)):
        with refused(office.database, "deadline.date_refused"):
            ask(office, task, wanted=wanted)
    with refused(office.database, "review.reason_missing"):
        ask(office, task, reason=" ")
    request = ask(office, task)

    with refused(office.database, "deadline.date_refused"):
        answer(office, request, office.today - timedelta(days=1))
    with refused(office.database, "review.reason_missing"):
        answer(office, request, office.today, reason="")
    with refused(office.database, "extension.not_found"):
        answer(office, 404, office.today)


def test_a_request_for_one_kind_is_not_answered_as_the_other(office: Office, task: UUID) -> None:
    request = ask(office, task)

    with refused(office.database, "extension.not_found"), office.transactions() as session:
        answer_extension(session, request, None, reason="示例", by=office.bureau.office, at=office.now)


def test_what_is_open_or_done_needs_no_late_filing(office: Office) -> None:
    case = project_at(office, "fill_target")
    open_task = the_task(office, case, "fill_target").id
    with refused(office.database, "late_filing.not_taken_away"):
        ask(office, open_task)
    office.do(case, "fill_target")

    with refused(office.database, "late_filing.not_taken_away"):
        ask(office, open_task)


def test_after_finance_decided_there_is_no_way_back(office: Office, case: int, task: UUID) -> None:
    request = ask(office, task)
    office.do(case, "decide_unapproved_target", target_result="pending", reason="示例：重点项目")

    with refused(office.database, "late_filing.no_way_back"):
        answer(office, request, office.today)
    answer(office, request, None, reason="示例：已认定准予补报")

    assert steps(office, case) == ["refile_target"]


def test_a_case_that_is_over_or_stands_still_takes_none_but_can_be_told_no(
    office: Office, case: int, task: UUID
) -> None:
    request, bureau = ask(office, task), office.bureau
    with office.transactions() as session:
        suspend(session, case, reason="示例", by=bureau.office, at=office.now)
    with refused(office.database, "case.not_active"):
        answer(office, request, office.today)
    with office.transactions() as session:
        cancel(session, case, reason="示例：撤项", by=bureau.office, at=office.now)

    with refused(office.database, "case.not_active"):
        answer(office, request, office.today)
    with refused(office.database, "case.not_active"):
        ask(office, task)
    answer(office, request, None)

    assert events(office, case)[-1] == "late_filing.declined"


def test_of_two_who_ask_at_once_one_is_told(office: Office, task: UUID) -> None:
    told = at_once(lambda: ask(office, task), lambda: ask(office, task, office.bureau.head))

    assert told[0] == "done"
    assert told[1] in ("extension.already_asked", "case.changed_meanwhile")


def test_of_two_who_answer_at_once_one_is_told(office: Office, case: int, task: UUID) -> None:
    request, other = ask(office, task), office.bureau.second_officer

    told = at_once(lambda: answer(office, request, office.today), lambda: answer(office, request, office.today, other))

    assert told[0] == "done"
    assert told[1] in ("extension.already_answered", "case.changed_meanwhile")
    assert steps(office, case) == ["refile_target"]


def at_once(*attempts: Callable[[], object]) -> list[str]:
    """What each is told who does it at the same moment; what was done comes first."""
    barrier = Barrier(len(attempts))

    def told(attempt: Callable[[], object]) -> str:
        barrier.wait()
        try:
            attempt()
        except EngineError as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(len(attempts)) as pool:
        return sorted(pool.map(told, attempts), key=lambda code: (code != "done", code))
