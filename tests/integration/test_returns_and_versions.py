"""Taking back, sending back, and which version of a target is in force."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.cases import Case
from engine.commands.adjust_budget import AdjustmentOpen, adjust_budget
from engine.commands.correct_state import correct_state
from engine.moves.asking import moves_open_to
from engine.moves.finishing import TargetSuperseded
from engine.moves.papers_before import context_of
from engine.moves.versions import NothingOpen
from engine.results.model import Candidate
from engine.scores import final_score, final_scores
from engine.stages import library_of
from tests.integration.desk import (
    SHORT,
    events,
    latest,
    project_at,
    steps,
    the_task,
    versions,
)
from tests.office import Office


@pytest.fixture
def case(office: Office) -> int:
    """A project whose target is to be filled."""
    return project_at(office, "fill_target")


def adjust(office: Office, case: int, amount: str, **how: Any) -> None:
    with office.transactions() as session:
        adjust_budget(
            session, case, Decimal(amount), reason="示例：年中调整", by=office.bureau.division, at=office.now, **how
        )


def test_a_unit_takes_its_target_back_before_the_department_has_decided(office: Office, case: int) -> None:
    office.reach(case, "target_filing.check_target")

    office.take_back(case, "F02")

    assert versions(office, case, "F02") == [(1, "withdrawn")]
    assert steps(office, case) == ["revise_target"]
    assert events(office, case)[-1] == "submission.withdrawn"


def test_what_the_clerk_fills_in_the_head_hands_in_and_what_others_file_is_handed_in_at_once(
    office: Office, case: int
) -> None:
    office.do(case, "fill_target")
    (filled,) = office.versions(case, "F02")

    office.reach(case, "target_filing.approve_budget")

    (target,), (opinion,) = office.versions(case, "F02"), office.versions(case, "F03")
    assert (filled.submitted_by, filled.submitted_at) == (None, None)
    assert (target.submitted_by, target.submitted_at is None) == (office.bureau.head.person_id, False)
    assert (opinion.submitted_by, opinion.submitted_at) == (opinion.filled_by, opinion.filled_at)


def test_what_the_department_has_passed_on_cannot_be_taken_back(office: Office, case: int) -> None:
    office.reach(case, "target_filing.review_target")

    with pytest.raises(NothingOpen, match="下一个部门已经办理"):
        office.take_back(case, "F02")

    assert steps(office, case) == ["review_target"]
    assert versions(office, case, "F02") == [(1, "approved")]


def test_a_version_taken_back_cannot_be_taken_back_again(office: Office, case: int) -> None:
    office.reach(case, "target_filing.check_target")
    office.take_back(case, "F02")

    with pytest.raises(NothingOpen):
        office.take_back(case, "F02")


def test_a_return_loop_keeps_every_version_as_it_was_and_the_state_small(office: Office, case: int) -> None:
    office.reach(case, "target_filing.check_target")
    sizes, contents = [], []

    for rounds in range(1, 7):
        contents.append(latest(office, case).content)
        office.do(case, "check_target", "returned")
        assert the_task(office, case, "revise_target").round == rounds + 1
        office.reach(case, "target_filing.check_target")
        sizes.append(len(office.case(case).process_state))

    assert versions(office, case, "F02") == [*((n, "returned") for n in range(1, 7)), (7, "submitted")]
    assert [version.content for version in office.versions(case, "F02")[:6]] == contents
    assert max(sizes) - min(sizes) < 40


def test_who_looks_at_a_version_is_in_the_round_of_that_version(office: Office, case: int) -> None:
    office.reach(case, "target_filing.check_target")
    first = the_task(office, case, "check_target").round

    office.do(case, "check_target", "returned")
    office.reach(case, "target_filing.check_target")

    assert (first, the_task(office, case, "check_target").round) == (1, 2)


def test_a_head_who_hands_back_leads_to_the_task_the_version_came_from(office: Office, case: int) -> None:
    office.reach(case, "target_filing.check_target")
    office.do(case, "check_target", "returned")
    office.do(case, "revise_target")

    office.do(case, "confirm_revised_target", "revise")

    assert steps(office, case) == ["revise_target"]
    assert versions(office, case, "F02") == [(1, "returned"), (2, "returned")]


def test_versions_of_another_case_never_count(office: Office, case: int) -> None:
    other = project_at(office, "check_target")

    office.do(case, "fill_target")

    assert versions(office, case, "F02") == [(1, "filled")]
    assert versions(office, other, "F02") == [(1, "submitted")]


def test_the_score_of_a_paper_taken_back_or_sent_back_does_not_count(office: Office, case: int) -> None:
    office.reach(case, "self_evaluation.check_self_evaluation", **SHORT)
    assert _score(office, case) == Decimal("92.66")

    office.take_back(case, "F06")

    assert versions(office, case, "F06") == [(1, "withdrawn")]
    assert _score(office, case) is None
    office.reach(case, "self_evaluation.check_self_evaluation", **SHORT)
    assert _score(office, case) == Decimal("92.66")
    office.do(case, "check_self_evaluation", "returned")
    assert _score(office, case) is None


def _score(office: Office, case_id: int) -> Decimal | None:
    """What counts for the case, asked for one case and for many."""
    with office.transactions() as session:
        one, many = final_score(session, case_id), final_scores(session, [case_id])
    assert ({} if one is None else {case_id: one}) == many
    return None if one is None else one.total


# ── the version in force ─────────────────────────────────────────────────────────────────────────────────────────────


def test_an_approved_target_is_frozen_with_the_version_that_was_approved(office: Office, case: int) -> None:
    office.reach(case, "target_filing.check_target")
    office.do(case, "check_target", "returned")

    office.reach(case, "monitoring")

    assert office.case(case).forms.target.version == 2
    assert [version.frozen_at is not None for version in office.versions(case, "F02")] == [False, True]
    (entry,) = office.journal(case, "target.frozen")
    assert entry.payload["submission"] == office.versions(case, "F02")[-1].id.hex


def test_an_adjusted_budget_opens_a_new_target_and_later_stages_work_from_it_once_it_is_approved(
    office: Office, case: int
) -> None:
    office.reach(case, "monitoring.fill_monitoring")

    adjust(office, case, "200")

    assert steps(office, case) == ["fill_adjusted_target", "fill_monitoring"]
    assert _target_in_force(office, case) == (1, "180")
    for step in ("fill_adjusted_target", "confirm_adjusted_target", "review_adjusted_target"):
        office.do(case, step)
    assert _target_in_force(office, case) == (2, "200")
    assert office.case(case).amount_wan == Decimal(200)
    assert steps(office, case) == ["fill_monitoring"]


def _target_in_force(office: Office, case_id: int) -> tuple[int | None, str]:
    with office.transactions() as session:
        case = session.get_one(Case, case_id)
        policy = library_of(session).policy_version(session, case.policy_id)
        context = context_of(session, case, policy, "F05", None, "monitoring", office.now)
    assert context.target is not None
    return context.target_version, context.target["funds"]["annual"]["total_wan"]


def test_a_budget_can_be_adjusted_twice_one_after_the_other(office: Office, case: int) -> None:
    office.reach(case, "monitoring")
    adjust(office, case, "200")
    with pytest.raises(AdjustmentOpen, match="已有一次预算调整在办"):
        adjust(office, case, "190")
    for step in ("fill_adjusted_target", "confirm_adjusted_target", "review_adjusted_target"):
        office.do(case, step)

    adjust(office, case, "190")
    for step in ("fill_adjusted_target", "confirm_adjusted_target", "review_adjusted_target"):
        office.do(case, step)

    assert office.case(case).amount_wan == Decimal(190)
    assert [version for version, _ in versions(office, case, "F02")] == [1, 2, 3]


def test_a_supplement_that_is_refused_leaves_the_amount_and_the_way_free_for_another(office: Office, case: int) -> None:
    office.reach(case, "monitoring")
    adjust(office, case, "300", kind="supplement")

    office.do(case, "decide_supplement", supplement="refused")

    assert (office.case(case).amount_wan, steps(office, case)) == (Decimal(180), [])
    adjust(office, case, "170", kind="cut")
    assert steps(office, case) == ["fill_adjusted_target"]


def test_an_amount_being_adjusted_counts_only_once_its_own_target_is_approved(office: Office, case: int) -> None:
    office.reach(case, "monitoring")
    adjust(office, case, "300")
    _move_back(office, case, "call_target_filing")

    for step in ("fill_target", "confirm_target", "check_target", "review_target", "approve_budget"):
        office.do(case, step)

    assert (office.case(case).amount_wan, steps(office, case)) == (Decimal(180), ["fill_adjusted_target"])
    for step in ("fill_adjusted_target", "confirm_adjusted_target", "review_adjusted_target"):
        office.do(case, step)
    assert office.case(case).amount_wan == Decimal(300)


def _move_back(office: Office, case: int, step: str) -> None:
    both = {"second": office.bureau.second_officer, "by": office.bureau.office}
    with office.transactions() as session:
        correct_state(session, case, "case", step, reason="处置有误", at=office.now, **both)


def test_a_case_that_is_moved_back_by_hand_is_put_on_next_years_list_only_once(office: Office, case: int) -> None:
    _list_as_candidate(office, case)
    _move_back(office, case, "call_monitoring")

    _list_as_candidate(office, case)

    with office.transactions() as session:
        assert session.scalar(select(func.count()).select_from(Candidate)) == 1


def _list_as_candidate(office: Office, case: int) -> None:
    office.reach(case, "monitoring.fill_monitoring")
    office.do(case, "fill_monitoring", executed_wan="1")
    office.reach(case, "monitoring.decide_monitoring_disposal")
    office.do(case, "decide_monitoring_disposal", monitoring_disposal="candidate")


def test_a_self_evaluation_of_a_target_that_was_adjusted_meanwhile_goes_back_and_not_on(
    office: Office, case: int
) -> None:
    office.reach(case, "self_evaluation.check_self_evaluation")
    adjust(office, case, "200")
    for step in ("fill_adjusted_target", "confirm_adjusted_target", "review_adjusted_target"):
        office.do(case, step)

    with pytest.raises(TargetSuperseded, match="对照的是第 1 版目标，目标已调整，现行的是第 2 版"):
        office.do(case, "check_self_evaluation")
    with office.transactions() as session:
        task = office.task_named(session, case, "check_self_evaluation")
        moves = moves_open_to(session, task.id, office.bureau.department, at=office.now)
    assert {move.word: move.refusal and move.refusal.code for move in moves} == {
        "approved": "submission.target_superseded",
        "returned": None,
    }

    office.do(case, "check_self_evaluation", "returned")
    for step in ("revise_self_evaluation", "confirm_revised_self_evaluation", "check_self_evaluation"):
        office.do(case, step)
    assert [version for version, _ in versions(office, case, "F06")] == [1, 2]


def test_the_unit_does_not_hand_in_what_answers_to_an_adjusted_target(office: Office, case: int) -> None:
    office.reach(case, "self_evaluation.confirm_self_evaluation")
    adjust(office, case, "200")
    for step in ("fill_adjusted_target", "confirm_adjusted_target", "review_adjusted_target"):
        office.do(case, step)

    with pytest.raises(TargetSuperseded):
        office.do(case, "confirm_self_evaluation")
    office.do(case, "confirm_self_evaluation", "revise")
    office.do(case, "fill_self_evaluation")
    office.do(case, "confirm_self_evaluation")
