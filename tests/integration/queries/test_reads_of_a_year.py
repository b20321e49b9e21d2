"""What every page asks of a bureau that has had a year: who sees what, in how many statements, and what it says."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from engine.cases import CaseNotFound
from engine.clock import day_of
from engine.directory import Actor
from engine.errors import EngineError
from engine.queries.assignments import agencies, assignments
from engine.queries.case_card import case_card
from engine.queries.case_list import BEYOND_THE_SCALE, CaseFilters, case_list
from engine.queries.deadline_board import overdue_by_stage, overdue_by_unit
from engine.queries.grade_reasons import Node, why_this_grade
from engine.queries.grade_scales import grades_given
from engine.queries.launches import launch_progress, launches
from engine.queries.letters import LetterFilters, letters
from engine.queries.publication_duties import duties_open
from engine.queries.rectification_ledger import LedgerFilters, ledger_counts, rectification_ledger
from engine.queries.review_queue import review_queue
from engine.queries.selections import recount, samples
from engine.queries.versions import versions_of
from engine.queries.year_counts import gaps, grade_counts, stage_counts
from engine.scores import Score
from engine.store import Database
from engine.words import ROW_STATUSES, Role, Selection
from tests.integration.queries.a_year import Year, a_year, reads
from tests.integration.queries.plans import asked_by
from tests.office import FISCAL_YEAR


@pytest.fixture(scope="module")
def year(shared_database: Database) -> Year:
    return a_year(shared_database)


EMPTY_HERE = {"duties open", "incidents", "attachments", "monitoring"}
"""Nothing failed, nobody attached a file, no case is being monitored in this year, and finance is told no number of
what units have to make public; these have tests of their own."""


def test_finance_finds_something_in_every_list(year: Year) -> None:
    found = {name: year.ask(read) for name, read in reads(year).items() if name not in EMPTY_HERE}

    assert [name for name, lines in found.items() if not lines] == []


def test_a_person_of_another_unit_finds_nothing_in_any_list(year: Year) -> None:
    found = {name: year.ask(read, year.stranger) for name, read in reads(year).items()}

    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.POLICY_OWNER])
def test_offices_without_business_see_no_business(year: Year, role: Role) -> None:
    admin = Actor(year.stranger.person_id, "示例", "huaxi", year.office.bureau.finance_id, frozenset({role}))

    found = {name: year.ask(read, admin) for name, read in reads(year).items()}

    assert {name: lines for name, lines in found.items() if lines} == {}


def test_a_person_of_another_jurisdiction_finds_nothing_in_any_list(year: Year) -> None:
    theirs = Actor(1, "示例", "conghua", year.office.bureau.finance_id, frozenset({Role.PERFORMANCE_OFFICE}))

    with year.office.database.transaction("conghua") as session:
        found = {name: read(session, theirs) for name, read in reads(year).items()}

    assert {name: lines for name, lines in found.items() if lines} == {}


def test_no_list_asks_more_than_four_times(year: Year) -> None:
    everybody = year.office.bureau
    asked = {
        name: len(asked_by(year.office.database, lambda session, read=read: read(session, everybody.office)))
        for name, read in reads(year).items()
    }

    assert {name: many for name, many in asked.items() if many > 4} == {}


def test_who_may_see_which_case(year: Year) -> None:
    bureau = year.office.bureau
    observer = Actor(1, "示例人大", "huaxi", bureau.finance_id, frozenset({Role.OBSERVER}))

    def codes(actor: Actor) -> list[str]:
        return [line.code for line in year.ask(lambda s, a: case_list(s, a, on=year.today), actor).lines]

    both = ["示例-在办", "示例-做完"]
    assert codes(bureau.office) == codes(bureau.division) == codes(bureau.clerk) == codes(bureau.head) == both
    assert codes(bureau.department) == codes(bureau.agency) == both
    assert codes(observer) == ["示例-做完"]
    for actor in (year.stranger, observer):
        with pytest.raises(CaseNotFound, match="无权查看"):
            year.ask(lambda s, a: case_card(s, a, year.filed), actor)


def test_cases_are_found_by_what_they_are(year: Year) -> None:
    def codes(**filters: Any) -> list[str]:
        return [
            line.code
            for line in year.ask(lambda s, a: case_list(s, a, on=year.today, filters=CaseFilters(**filters))).lines
        ]

    assert codes(fiscal_year=FISCAL_YEAR + 1) == []
    assert codes(object_kind="project") == ["示例-做完"]
    assert codes(stage="target_filing") == ["示例-在办"]
    assert codes(state="closed", unit_id=year.office.bureau.unit_id) == ["示例-做完"]
    assert codes(text="做完") == codes(text="SQYLFWZ") == ["示例-做完"]
    grade = year.ask(lambda s, a: case_list(s, a, on=year.today)).lines[1].grade
    assert codes(grade=grade) == ["示例-做完"]
    assert codes(grade="不是等级") == codes(grade=BEYOND_THE_SCALE) == []
    later = year.today + timedelta(days=900)
    late = year.ask(lambda s, a: case_list(s, a, on=later, filters=CaseFilters(overdue=True))).lines
    assert [(line.code, line.overdue) for line in late] == [("示例-在办", True)]


@pytest.mark.parametrize("grade", [None, "差"])
def test_a_case_whose_score_got_no_grade_of_the_scale_is_found_as_such(year: Year, grade: str | None) -> None:
    with year.office.transactions() as session:
        session.execute(update(Score).values(grade=grade))

        given = grades_given(session, year.office.bureau.office)
        found = [
            case_list(session, year.office.bureau.office, on=year.today, filters=CaseFilters(grade=each)).lines
            for each in (BEYOND_THE_SCALE, *given)
        ]
        session.rollback()

    assert given == ("优", "良")
    assert [[line.code for line in lines] for lines in found] == [["示例-做完"], [], []]


@pytest.mark.parametrize(("total", "is_near"), [("90.50", True), ("79.50", True), ("90.51", False), ("85", False)])
def test_a_score_close_to_a_border_between_two_grades_is_found_and_marked(
    year: Year, total: str, is_near: bool
) -> None:
    with year.office.transactions() as session:
        session.execute(update(Score).values(total=Decimal(total)))

        (line,) = case_list(session, year.office.bureau.office, on=year.today, filters=CaseFilters(text="做完")).lines
        near = case_list(session, year.office.bureau.office, on=year.today, filters=CaseFilters(near_border=True)).lines
        session.rollback()

    assert line.near_border is is_near
    assert [each.code for each in near] == ["示例-做完"] * is_near


def test_pages_of_cases_put_together_are_all_of_them_once(year: Year) -> None:
    first = year.ask(lambda s, a: case_list(s, a, on=year.today, limit=1))
    second = year.ask(lambda s, a: case_list(s, a, on=year.today, limit=1, after=first.next))

    assert [line.code for line in (*first.lines, *second.lines)] == ["示例-在办", "示例-做完"]
    assert second.next is None


def test_a_finished_case_tells_its_whole_way(year: Year) -> None:
    card = year.ask(lambda s, a: case_card(s, a, year.done))

    assert {part.stage: part.state for part in card.strip} == dict.fromkeys([part.stage for part in card.strip], "done")
    assert (card.state, card.tasks, card.messages, card.positions) == ("closed", (), (), ())
    targets = [paper for paper in card.papers if paper.form == "F02"]
    assert [(paper.version, paper.state, paper.in_force) for paper in targets] == [
        (1, "returned", False),
        (2, "approved", True),
    ]
    assert "returned" in [judgement.outcome for judgement in targets[0].judgements]
    assert set(card.scores) == {"self", "spot_review", "third_party"}
    assert card.fund_lines == (("财政拨款", Decimal("600.000000")),)
    assert [effect.budget_year for effect in card.effects[:2]] == [FISCAL_YEAR + 1, FISCAL_YEAR + 2]


def test_a_case_under_way_tells_whose_turn_it_is_and_why_a_stage_did_not_apply(year: Year) -> None:
    card = year.ask(lambda s, a: case_card(s, a, year.filed))

    states = {part.stage: part.state for part in card.strip}
    assert (states["ex_ante_assessment"], states["target_filing"], states["monitoring"]) == (
        "skipped", "current", "ahead",
    )  # fmt: skip
    assert card.strip[0].reason is not None
    assert card.strip[0].reason.words == "部门整体不做这个阶段"
    (task,) = card.tasks
    assert (task.office, task.holder) == ("财政绩效股", None)
    assert task.due_on is not None
    assert [(position.name, position.lane) for position in card.positions] == [(task.step, task.office)]
    assert [day.state for day in card.days if day.task_id == task.task_id] == ["pending"]


def test_one_case_asks_four_times_whatever_it_has_been_through(year: Year) -> None:
    bureau = year.office.bureau

    for case in (year.done, year.filed):
        asked = asked_by(year.office.database, lambda s, case=case: case_card(s, bureau.office, case))
        assert len(asked) == 4


def test_the_queue_tells_the_round_and_how_much_is_new_since_the_office_looked(year: Year) -> None:
    (line,) = year.ask(lambda s, a: review_queue(s, a, on=year.today)).lines

    assert (line.form, line.version, line.last_seen) == ("F04", 2, 1)
    assert line.changes is not None
    assert line.waiting_days == (year.today - day_of(line.item.opened_at)).days


def kinds(node: Node) -> dict[str, Node]:
    """The first node of every kind in the tree."""
    found: dict[str, Node] = {}
    for part in node.parts:
        for kind, inner in kinds(part).items():
            found.setdefault(kind, inner)
    return {node.kind: node, **found}


def test_why_this_grade_goes_back_to_the_row_of_the_table_and_to_the_people(year: Year) -> None:
    tree = year.ask(lambda s, a: why_this_grade(s, a, year.done))
    own = year.ask(lambda s, a: why_this_grade(s, a, year.done, "self"))

    found = kinds(tree)
    assert found["grade"].value is not None
    assert found["table_row"].facts["source"]
    assert found["table_row"].facts["status"] in ROW_STATUSES
    assert found["score"].value is not None
    assert found["paper"].facts["filled_by"] == "孙主评"
    assert found["judgement"].label in ("王绩效", "周绩效")
    assert "subtotal" in kinds(own)
    assert len(asked_by(year.office.database, lambda s: why_this_grade(s, year.office.bureau.office, year.done))) == 3


def test_a_case_nobody_scored_has_no_reason_for_a_grade(year: Year) -> None:
    with pytest.raises(EngineError, match="还没有得分"):
        year.ask(lambda s, a: why_this_grade(s, a, year.filed))


def test_the_ledger_counts_what_was_put_right(year: Year) -> None:
    lines = year.ask(lambda s, a: rectification_ledger(s, a, on=year.today)).lines
    counts = year.ask(lambda s, a: ledger_counts(s, a, on=year.today))
    closed = year.ask(
        lambda s, a: rectification_ledger(s, a, on=year.today, filters=LedgerFilters(state="closed", overdue=True))
    )

    assert counts.by_state == {"closed": len(lines)}
    assert all(line.verified_by and not line.overdue for line in lines)
    assert closed.lines == ()


def test_a_letter_tells_whether_it_was_signed_for(year: Year) -> None:
    (letter,) = year.ask(lambda s, a: letters(s, a)).lines
    unsigned = year.ask(lambda s, a: letters(s, a, filters=LetterFilters(signed=False))).lines

    assert letter.signed_by in ("李经办", "张负责")
    assert (letter.replaced, unsigned) == (False, ())
    assert letter.problems > 0


def test_an_agency_sees_its_own_engagements_in_figures(year: Year) -> None:
    bureau = year.office.bureau

    (line,) = year.ask(agencies, bureau.agency)
    given = year.ask(assignments, bureau.agency).lines

    assert (line.agency_id, line.assignments, line.running, line.returns) == (bureau.agency_id, 2, 0, 0)
    assert [(one.case_id, one.lead_evaluator) for one in given] == [(year.done, "孙主评")] * 2
    assert [one.stage_name for one in given] == ["重点评价", "自评复核"]
    assert year.ask(agencies, bureau.clerk) == ()


def test_a_draw_done_again_comes_out_the_same(year: Year) -> None:
    (plan, sample) = year.ask(lambda s, a: samples(s, a, fiscal_year=FISCAL_YEAR)).lines

    again = year.ask(lambda s, a: recount(s, a, sample.id))

    assert (sample.way, plan.way) == (Selection.DRAWN, Selection.PLANNED)
    assert again.holds
    assert (again.agreeing, again.chosen) == (1, (year.done,))
    with pytest.raises(EngineError, match="没有这次选取"):
        year.ask(lambda s, a: recount(s, a, sample.id), year.office.bureau.clerk)


def test_a_launch_tells_where_its_cases_are(year: Year) -> None:
    lines = year.ask(lambda s, a: launches(s, a)).lines
    monitoring = next(line for line in lines if line.stage == "monitoring")

    progress = year.ask(lambda s, a: launch_progress(s, a, monitoring.id))

    assert (progress.total, progress.passed, progress.ahead) == (2, 1, 1)
    assert progress.waiting == progress.failed == progress.stopped == 0


def test_the_dashboard_counts_cases_money_grades_and_gaps(year: Year) -> None:
    stages = year.ask(lambda s, a: stage_counts(s, a, FISCAL_YEAR, on=year.today))
    grades = year.ask(lambda s, a: grade_counts(s, a, FISCAL_YEAR))
    (gap,) = year.ask(lambda s, a: gaps(s, a, FISCAL_YEAR))

    assert {(line.status, line.cases, line.fund_lines) for line in stages} == {("closed", 1, 1), ("running", 1, 1)}
    assert [(line.score_kind, line.cases) for line in grades] == [("third_party", 1)]
    assert gap.difference == gap.self_score - gap.third_party_score


def test_versions_tell_what_was_said_of_each(year: Year) -> None:
    papers = year.office.versions(year.filed, "F04")

    first, second = year.ask(lambda s, a: versions_of(s, a, papers[0].id))

    assert (first.version, first.state, second.state) == (1, "returned", "approved")
    assert [said.outcome for said in first.said][-1] == "returned"
    with pytest.raises(EngineError, match="无权查看"):
        year.ask(lambda s, a: versions_of(s, a, papers[0].id), year.stranger)


def test_what_is_overdue_is_counted_by_unit_and_by_stage(year: Year) -> None:
    later = year.today + timedelta(days=900)

    (unit,) = year.ask(lambda s, a: overdue_by_unit(s, a, on=later))
    (stage,) = year.ask(lambda s, a: overdue_by_stage(s, a, on=later))

    assert (unit.name, unit.tasks) == ("示例财政局", 1)
    assert (stage.name, stage.tasks) == ("绩效目标申报", 1)
    assert year.ask(lambda s, a: overdue_by_unit(s, a, on=stage.oldest)) == ()


def test_a_unit_is_told_how_much_it_has_to_make_public_and_the_office_has_its_list(year: Year) -> None:
    bureau, in_the_year = year.office.bureau, date(FISCAL_YEAR, 9, 1)

    told = [year.ask(lambda s, a: duties_open(s, a, on=in_the_year), each) for each in (bureau.clerk, bureau.office)]

    assert told[0].get(FISCAL_YEAR, 0) > 0
    assert told[1] == {}
