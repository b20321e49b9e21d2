"""汇总整改报告: what the unit said of each problem is not asked of it twice."""

from engine.moves.papers_before import context_of
from engine.queries.task_card import PaperToFill, task_card
from engine.stages import library_of
from tests.office import Office
from tests.trips import trips_to

SUMMARY = "compile_rectification_report"


def paper_of(office: Office, case: int, step: str, item: str | None = None) -> PaperToFill:
    """The form of a step as the unit's clerk finds it."""
    with office.transactions() as session:
        task = office.task_named(session, case, step, item)
        paper = task_card(session, office.bureau.clerk, task.id, at=office.now).to_fill
    assert paper is not None
    return paper


def test_it_begins_with_the_latest_report_on_each_problem(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "rectification_item.carry_out_rectification")
    items = [str(task.item) for task in office.tasks(case)]
    for item in items:
        office.reach(case, "rectification_item.carry_out_rectification")
        office.do(case, "carry_out_rectification", item=item, changes={f"items[{item}].done": f"示例：{item}已办"})

    office.reach(case, f"rectification.{SUMMARY}")
    paper = paper_of(office, case, SUMMARY)

    rows = paper.content["items"]
    assert [(row["id"], row["done"], row["completed"]) for row in rows] == [
        (item, f"示例：{item}已办", True) for item in items
    ]
    assert {finding.field for finding in paper.findings if finding.stops} == {"overview", "sealed"}


def test_all_reports_come_in_the_trip_that_brings_the_letter(office: Office) -> None:
    case = office.open_case()
    office.reach(case, f"rectification.{SUMMARY}")

    with office.transactions() as session:
        task = office.task_named(session, case, SUMMARY)
        standing = office.case(case)
        policy = library_of(session).policy_version(session, standing.policy_id)
        with trips_to(office.database) as trips:
            context = context_of(session, standing, policy, "F11", None, task.process, office.now)

    assert context.letter is not None
    assert list(context.own_reports) == [row["id"] for row in context.letter["problems"]]
    assert sum("submissions.content" in statement for trip in trips for statement in trip) == 1
