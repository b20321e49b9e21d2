"""Numbers no row has, years nobody budgets for, days at the edge of the calendar: every command refuses in words."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from engine.commands.adjust_budget import adjust_budget
from engine.commands.cancel import cancel
from engine.commands.claim import claim
from engine.commands.correct_facts import correct_facts
from engine.commands.draw_sample import draw_sample
from engine.commands.engage_agency import engage_agency
from engine.commands.extend_all import extend_all
from engine.commands.extend_deadline import extend_deadline
from engine.commands.extend_rectification import extend_rectification
from engine.commands.launch_stage import launch_stage
from engine.commands.migrate_case import migrate_case
from engine.commands.name_adviser import name_adviser
from engine.commands.name_substitute import name_substitute
from engine.commands.open_rectification import open_rectification
from engine.commands.plan_evaluation import plan_evaluation
from engine.commands.record_deliberation_of_case import record_deliberation_of_case
from engine.commands.record_deliberation_of_year import record_deliberation_of_year
from engine.commands.record_publication import Publication, record_publication
from engine.commands.report_rectification import report_rectification
from engine.commands.resume import resume
from engine.commands.retry_incident import retry_incident
from engine.commands.revoke_substitute import revoke_substitute
from engine.commands.settle_rectification import settle_rectification
from engine.commands.skip_draw import skip_draw
from engine.commands.suspend import suspend
from engine.commands.transfer import transfer
from engine.commands.undo_migration import undo_migration
from engine.errors import EngineError
from engine.moves.engagement import Engagement
from engine.moves.rectifying import Done, Found
from engine.moves.sittings import Sitting
from tests.integration.desk import deadline, project_at, the_task
from tests.integration.refusals import traces
from tests.office import Office

NUMBERS = (-1, 0, 2**31, 2**63 - 1, 2**63, 2**200)
YEARS = (-1, 0, 1999, 2**15, 2**31, 2**70)
DAYS = (date.min, date.max, date(1900, 1, 1))

Attempt = Callable[[Office, Session, Any], object]


def under(office: Office) -> dict[str, Any]:
    return {"by": office.bureau.office, "at": office.now}


FOUND = Found("audit", "资金使用", "示例问题", "示例要求", date(2022, 12, 31), Decimal(1))
DONE = Done("李经办", "示例措施", ("示例佐证",))
WITHHELD = Publication("target_project", withheld="示例")
SITTING = Sitting("party_group", date(2021, 9, 1))

BY_NUMBER: dict[str, Attempt] = {
    "adjust_budget": lambda o, s, n: adjust_budget(s, n, Decimal(1), reason="示例", **under(o)),
    "suspend": lambda o, s, n: suspend(s, n, reason="示例", **under(o)),
    "resume": lambda o, s, n: resume(s, n, reason="示例", **under(o)),
    "cancel": lambda o, s, n: cancel(s, n, reason="示例", **under(o)),
    "migrate_case": lambda o, s, n: migrate_case(s, n, reason="示例", second=o.bureau.second_officer, **under(o)),
    "undo_migration": lambda o, s, n: undo_migration(s, n, reason="示例", **under(o)),
    "engage_agency": lambda o, s, n: engage_agency(s, n, Engagement(n, "示例", declared_independent=True), **under(o)),
    "name_adviser": lambda o, s, n: name_adviser(s, n, n, reason="示例", **under(o)),
    "correct_facts": lambda o, s, n: correct_facts(s, n, {"project_nature": "new"}, reason="示例", **under(o)),
    "open_rectification": lambda o, s, n: open_rectification(s, n, FOUND, **under(o)),
    "report_rectification": lambda o, s, n: report_rectification(s, n, DONE, **under(o)),
    "extend_rectification": lambda o, s, n: extend_rectification(s, n, date(2023, 3, 31), reason="示例", **under(o)),
    "settle_rectification": lambda o, s, n: settle_rectification(s, n, accepted=True, **under(o)),
    "record_deliberation_of_case": lambda o, s, n: record_deliberation_of_case(s, n, SITTING, **under(o)),
    "record_publication": lambda o, s, n: record_publication(s, n, WITHHELD, **under(o)),
    "retry_incident": lambda o, s, n: retry_incident(o.database, o.bureau.jurisdiction, n, **under(o)),
    "revoke_substitute": lambda o, s, n: revoke_substitute(s, n, **under(o)),
    "name_substitute": lambda o, s, n: name_substitute(s, n, n + 1, date(2021, 9, 2), date(2021, 9, 3), **under(o)),
    "plan_evaluation": lambda o, s, n: plan_evaluation(o.transactions, 2021, chosen=[n], reason="示例", **under(o)),
}
BY_YEAR: dict[str, Attempt] = {
    "launch_stage": lambda o, s, y: launch_stage(o.transactions, y, "monitoring", **under(o)),
    "extend_all": lambda o, s, y: extend_all(s, y, "target_filing.fill", date(2021, 12, 1), reason="示例", **under(o)),
    "skip_draw": lambda o, s, y: skip_draw(o.transactions, y, "spot_review", reason="示例", **under(o)),
    "plan_evaluation": lambda o, s, y: plan_evaluation(o.transactions, y, **under(o)),
    "draw_sample": lambda o, s, y: draw_sample(
        o.transactions, y, "spot_review", 1, finance_seed="甲", witness_seed="乙", witness="示例", **under(o)
    ),
    "record_deliberation_of_year": lambda o, s, y: record_deliberation_of_year(
        s, y, "key_evaluation_report", SITTING, **under(o)
    ),
}


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


def must_be_refused(office: Office, attempt: Callable[[Session], object]) -> None:
    before = traces(office.database)
    with pytest.raises(EngineError) as refusal, office.transactions() as session:
        attempt(session)
    assert refusal.value.message.endswith("。")
    assert traces(office.database) == before


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("command", BY_NUMBER)
def test_a_number_no_row_has_is_refused(office: Office, command: str, number: int) -> None:
    must_be_refused(office, lambda session: BY_NUMBER[command](office, session, number))


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("command", BY_YEAR)
def test_a_year_nobody_budgets_for_is_refused(office: Office, command: str, year: int) -> None:
    must_be_refused(office, lambda session: BY_YEAR[command](office, session, year))


@pytest.mark.parametrize("size", [-1, 0, 2**31, 2**70])
def test_a_draw_of_a_size_nobody_can_draw_is_refused(office: Office, size: int) -> None:
    must_be_refused(
        office,
        lambda session: draw_sample(
            office.transactions, 2021, "spot_review", size, finance_seed="甲", witness_seed="乙", witness="示例",
            **under(office),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("day", DAYS)
def test_a_day_at_the_edge_of_the_calendar_is_refused(office: Office, day: date) -> None:
    case = project_at(office, "fill_target")
    due = deadline(office, case, "target_filing.fill")

    must_be_refused(office, lambda s: extend_deadline(s, due.id, day, reason="示例", **under(office)))
    must_be_refused(office, lambda s: extend_all(s, 2021, due.name, day, reason="示例", **under(office)))
    must_be_refused(
        office,
        lambda s: name_substitute(
            s, office.bureau.clerk.person_id, office.bureau.head.person_id, day, day, **under(office)
        ),
    )


@pytest.mark.parametrize("number", NUMBERS)
def test_a_person_nobody_knows_takes_over_nothing(office: Office, number: int) -> None:
    task = the_task(office, project_at(office, "fill_target"), "fill_target")

    must_be_refused(
        office,
        lambda s: transfer(s, task.id, number, reason="示例", by=office.bureau.clerk, at=office.now),
    )
    must_be_refused(office, lambda s: claim(s, UUID(int=abs(number) % 2**128), by=office.bureau.clerk, at=office.now))
    must_be_refused(
        office,
        lambda s: claim(s, task.id, by=office.bureau.clerk, at=office.now, expected=-abs(number) - 1),
    )
