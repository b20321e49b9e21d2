"""May I, and what would happen: what asking says is what doing meets, and asking leaves no trace."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from engine.cases import Case, CasePapers
from engine.commands import (
    adjust_budget,
    cancel,
    claim,
    complete_task,
    correct_facts,
    correct_request,
    extend_deadline,
    save_draft,
    suspend,
)
from engine.directory import Actor, Unit
from engine.errors import EngineError
from engine.moves.asking import OpenMove, moves_open_to, preview
from engine.moves.receipts import Receipt
from engine.process import QuestionKind
from engine.queries.drafts import draft_of
from engine.submissions.forms import FORMS
from engine.tasks import Draft, Task
from engine.words import QUESTIONS, CaseState, OutcomeWord, Role
from tests.factories import person_in
from tests.integration.desk import deadline, opened, prepared, project_at, the_task
from tests.integration.refusals import must_be_a_sentence, refused, traces
from tests.office import Desk, Office


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


def ask(office: Office, task: Task, actor: Actor) -> tuple[OpenMove, ...]:
    with office.transactions() as session:
        return moves_open_to(session, task.id, actor, at=office.now)


def refusals(office: Office, task: Task, actor: Actor) -> set[str | None]:
    """The codes of the refusals of all moves."""
    return {move.refusal.code if move.refusal else None for move in ask(office, task, actor)}


def code_met(office: Office, task: Task, by: Actor, word: str = "") -> str:
    """The code of the refusal doing it meets."""
    with pytest.raises(EngineError) as caught, office.transactions() as session:
        Desk(session, office.bureau, session.get_one(Task, task.id), office.now, by, word).finish()
    return caught.value.code


def drafts(office: Office) -> list[dict[str, Any]]:
    """What lies typed and not handed in."""
    with office.transactions() as session:
        return list(session.scalars(select(Draft.content)))


# ── a whole year, asked at every step ────────────────────────────────────────────────────────────────────────────────


def _must_tell_the_diagram(office: Office, task: Task, moves: tuple[OpenMove, ...]) -> None:
    step = office.element(task).step
    assert tuple(move.word for move in moves) == step.outcomes
    assert {move.command for move in moves} == {step.command or "complete_task"}
    for move in moves:
        assert move.label == OutcomeWord(move.word).label
        assert move.form is None or move.form_title == FORMS[move.form].title
        back = move.word in ("returned", "revise")
        asked = [each for each in step.asks if not back or each.kind is QuestionKind.AMOUNT]
        assert [question.variable for question in move.questions] == [question.variable for question in asked]
        for question, of_diagram in zip(move.questions, asked, strict=True):
            known = QUESTIONS[question.variable]
            assert question.label == known.label
            assert question.options == {word: known.options[word] for word in of_diagram.choices}


@pytest.mark.parametrize(
    "way", [{}, {"sampled": True, "selected": True, "self_evaluation_filing": "yes"}], ids=["plain", "drawn and chosen"]
)
def test_at_every_step_of_a_year_asking_says_what_doing_meets(office: Office, way: dict[str, Any]) -> None:
    case, seen = opened(office), set[str]()

    while office.case(case).state == CaseState.ACTIVE:
        for task in office.tasks(case)[:1]:
            with office.transactions() as session:
                right = Desk(session, office.bureau, session.get_one(Task, task.id), office.now, wishes=way).by
            moves = ask(office, task, right)
            _must_tell_the_diagram(office, task, moves)
            assert [move.refusal for move in moves] == [None] * len(moves)
            wrong = next(actor for actor in office.bureau.everybody() if actor.roles != right.roles)
            assert refusals(office, task, wrong) == {code_met(office, task, wrong)}
            seen.add(task.step)
        office.go_on(case, **way)

    assert len(seen) > 20


# ── refusals foretold ────────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_filed_a_paper_is_told_before_reviewing_it(office: Office) -> None:
    task = the_task(office, project_at(office, "check_target"), "check_target")
    filer = replace(office.bureau.department, person_id=office.bureau.clerk.person_id)

    assert refusals(office, task, filer) == {"review.own_submission"} == {code_met(office, task, filer)}


def test_a_colleague_is_told_that_a_task_is_held(office: Office) -> None:
    task = the_task(office, project_at(office, "fill_target"), "fill_target")
    with office.transactions() as session:
        colleague = person_in(session, session.get_one(Unit, office.bureau.unit_id), "陈经办", Role.UNIT_CLERK)
        claim(session, task.id, by=office.bureau.clerk, at=office.now)

    assert refusals(office, task, office.bureau.clerk) == {None}
    assert refusals(office, task, colleague) == {"task.held_by_another"} == {code_met(office, task, colleague)}


def test_everybody_is_told_that_a_case_stands_still(office: Office) -> None:
    case = project_at(office, "check_target")
    task = the_task(office, case, "check_target")
    with office.transactions() as session:
        suspend(session, case, reason="示例：等待审计", by=office.bureau.office, at=office.now)

    for actor in (office.bureau.department, office.bureau.clerk):
        assert refusals(office, task, actor) == {code_met(office, task, actor)}
    for move in ask(office, task, office.bureau.department):
        assert move.refusal is not None
        assert not move.possible
        must_be_a_sentence(move.refusal.message)


def test_a_task_done_is_no_longer_open_to_anybody(office: Office) -> None:
    case = project_at(office, "check_target")
    task = the_task(office, case, "check_target")
    office.do(case, "check_target")

    assert refusals(office, task, office.bureau.department) == {"task.not_open"}


def test_a_step_whose_gate_has_fallen_is_refused_when_asked_as_when_done(office: Office) -> None:
    task = the_task(office, project_at(office, "fill_target"), "fill_target")
    before = traces(office.database)
    office.clock.move_to(max(each.due_at for each in office.deadlines(task.case_id)) + timedelta(days=1))

    assert refusals(office, task, office.bureau.clerk) == {"task.not_open"}
    assert code_met(office, task, office.bureau.clerk) == "task.not_open"
    assert traces(office.database) == before


def test_who_is_asked_to_judge_a_paper_that_never_came_is_told_so_and_not_refused_the_page(office: Office) -> None:
    case = project_at(office, "check_target")
    task = the_task(office, case, "check_target")
    with office.transactions() as session:
        session.get_one(Case, case).forms = CasePapers()

    assert refusals(office, task, office.bureau.department) == {"submission.nothing_to_judge"}
    assert code_met(office, task, office.bureau.department) == "submission.nothing_to_judge"


def test_asking_leaves_no_trace(office: Office) -> None:
    task = the_task(office, project_at(office, "check_target"), "check_target")
    before = traces(office.database)

    for actor in office.bureau.everybody():
        ask(office, task, actor)

    assert traces(office.database) == before


# ── drafts of what cannot be done any more ───────────────────────────────────────────────────────────────────────────


def test_no_draft_is_saved_on_a_case_that_stands_still(office: Office) -> None:
    case = project_at(office, "fill_target")
    task = the_task(office, case, "fill_target")
    with office.transactions() as session:
        suspend(session, case, reason="示例：等待审计", by=office.bureau.office, at=office.now)

    with refused(office.database, "case.not_active"), office.transactions() as session:
        save_draft(session, task.id, {}, by=office.bureau.clerk, at=office.now)


def test_no_draft_is_saved_on_a_task_that_is_done(office: Office) -> None:
    case = project_at(office, "fill_target")
    task = the_task(office, case, "fill_target")
    office.do(case, "fill_target")

    with refused(office.database, "task.not_open"), office.transactions() as session:
        save_draft(session, task.id, {}, by=office.bureau.clerk, at=office.now)


def test_the_draft_of_a_task_goes_when_the_task_is_done(office: Office) -> None:
    case = project_at(office, "fill_target")
    task = the_task(office, case, "fill_target")
    with office.transactions() as session:
        save_draft(session, task.id, {"目标": "示例"}, by=office.bureau.clerk, at=office.now)

    office.do(case, "fill_target")

    assert drafts(office) == []


def test_what_was_typed_into_a_task_that_was_taken_back_stays(office: Office) -> None:
    case = project_at(office, "fill_target")
    task = the_task(office, case, "fill_target")
    with office.transactions() as session:
        save_draft(session, task.id, {"目标": "示例"}, by=office.bureau.clerk, at=office.now)

    with office.transactions() as session:
        cancel(session, case, reason="示例：项目取消", by=office.bureau.office, at=office.now)

    with office.transactions() as session:
        assert draft_of(session, office.bureau.clerk, task.id).content == {"目标": "示例"}


# ── a dry run ────────────────────────────────────────────────────────────────────────────────────────────────────────

Command = tuple[Callable[..., Receipt], tuple[Any, ...], dict[str, Any]]


def _completing(office: Office) -> Command:
    done = prepared(office, project_at(office, "fill_target"), "fill_target")
    return complete_task, (done.task_id, done.outcome), {"by": done.by}


def _adjusting(office: Office) -> Command:
    case = project_at(office, "approved")
    return adjust_budget, (case, Decimal(150)), {"reason": "示例：压减", "kind": "cut", "by": office.bureau.division}


def _correcting(office: Office) -> Command:
    case = project_at(office, "check_target")
    return correct_request, (case, Decimal(150)), {"reason": "示例：金额写错", "by": office.bureau.clerk}


def _correcting_facts(office: Office) -> Command:
    return correct_facts, (project_at(office, "check_target"), {"project_nature": "new"}), {"reason": "示例：登记错"}


def _extending(office: Office) -> Command:
    due = deadline(office, project_at(office, "check_target"), "target_filing.check")
    return extend_deadline, (due.id, due.due_on + timedelta(days=7)), {"reason": "示例：汛期"}


def _cancelling(office: Office) -> Command:
    return cancel, (project_at(office, "check_target"),), {"reason": "示例：项目撤销"}


PREVIEWED = {
    "complete_task": _completing,
    "adjust_budget": _adjusting,
    "correct_request": _correcting,
    "correct_facts": _correcting_facts,
    "extend_deadline": _extending,
    "cancel": _cancelling,
}


def _told(receipt: Receipt) -> tuple[Any, ...]:
    """What a preview can know: everything but the numbers of what does not exist yet."""
    opened = [replace(each, task_id=None) for each in receipt.opened]
    return receipt.command, receipt.case_id, receipt.version, [event.name for event in receipt.events], opened


@pytest.mark.parametrize("of", PREVIEWED)
def test_a_preview_says_what_the_command_then_does_and_leaves_no_trace(office: Office, of: str) -> None:
    command, given, how = PREVIEWED[of](office)
    how = {"by": office.bureau.office, "at": office.now, **how}
    before = traces(office.database)

    with office.transactions() as session:
        foretold = preview(session, command, *given, **how)
    after = traces(office.database)
    with office.transactions() as session:
        receipt = command(session, *given, **how)

    assert after == before
    assert foretold.refusal is None
    assert foretold.receipt is not None
    assert _told(foretold.receipt) == _told(receipt)
    assert receipt.events


def test_a_preview_in_the_transaction_of_the_command_does_not_disturb_it(office: Office) -> None:
    command, given, how = _completing(office)

    with office.transactions() as session:
        foretold = preview(session, command, *given, **how, at=office.now)
        receipt = command(session, *given, **how, at=office.now)

    assert foretold.receipt is not None
    assert _told(foretold.receipt) == _told(receipt)


def test_a_preview_takes_no_key(office: Office) -> None:
    command, given, how = _cancelling(office)
    how = {"by": office.bureau.office, "at": office.now, "key": "撤销-1", **how}
    with office.transactions() as session:
        preview(session, command, *given, **how)

    with office.transactions() as session:
        receipt = command(session, *given, **how)

    assert not receipt.repeated


def test_a_preview_of_a_form_with_findings_names_them_and_leaves_no_trace(office: Office) -> None:
    case = project_at(office, "fill_target")
    done = prepared(office, case, "fill_target")
    before = traces(office.database)

    with office.transactions() as session:
        foretold = preview(
            session, complete_task, done.task_id, replace(done.outcome, content={}), by=done.by, at=office.now
        )

    assert traces(office.database) == before
    assert foretold.receipt is None
    assert foretold.refusal is not None
    assert foretold.refusal.code == "submission.incomplete"
    assert all(set(finding) == {"severity", "field", "message"} for finding in foretold.findings)
    assert len(foretold.findings) > 1
