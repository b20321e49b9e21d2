"""A bureau that has had a year: what was done in it, and every read that tells of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from engine.directory import Actor, Unit
from engine.queries.assignments import agencies, assignments
from engine.queries.attachments import attachments
from engine.queries.case_list import case_list
from engine.queries.deadline_board import days_to_move, deadline_board, overdue_by_stage, overdue_by_unit
from engine.queries.incidents import incidents
from engine.queries.launches import launches
from engine.queries.letters import letters
from engine.queries.monitoring_board import MonitoringFilters, monitoring_board, monitoring_years
from engine.queries.open_steps import open_steps
from engine.queries.overdue import overdue_tasks
from engine.queries.publication_board import publication_board
from engine.queries.publication_duties import duties_open, publication_duties
from engine.queries.publications import deliberations, disclosures
from engine.queries.rectification_ledger import ledger_counts, ledger_units, rectification_ledger
from engine.queries.result_applications import result_applications
from engine.queries.result_effects import result_effects
from engine.queries.review_queue import review_queue
from engine.queries.selections import samples
from engine.queries.worklist import worklist
from engine.queries.year_counts import gaps, grade_counts, stage_counts
from engine.store import Database
from engine.words import CaseKind, Role, UnitKind
from tests.factories import bureau_in, person_in
from tests.office import FISCAL_YEAR, Office

Read = Callable[[Session, Actor], Any]


@dataclass(frozen=True)
class Year:
    """A bureau, a project that has gone through everything, and one that stands in target filing after a return."""

    office: Office
    done: int
    filed: int
    stranger: Actor

    def ask(self, read: Read, actor: Actor | None = None) -> Any:
        with self.office.transactions() as session:
            return read(session, actor or self.office.bureau.office)

    @property
    def today(self) -> date:
        return self.office.today


def a_year(database: Database) -> Year:
    """The bureau, its people, its two cases and a stranger."""
    with database.transaction("huaxi") as session:
        bureau = bureau_in(session)
        other = Unit(jurisdiction="huaxi", name="示例单位乙", kind=UnitKind.UNIT.value, department_id=None)
        session.add(other)
        session.flush()
        stranger = person_in(session, other, "陈无关", Role.UNIT_CLERK, Role.UNIT_HEAD)
    office = Office(database, bureau)
    done = office.open_case(code="示例-做完", project_nature="new", spending_frequency="one_off", amount_wan="600")
    office.reach(done, "target_filing.review_target")
    office.do(done, "review_target", "returned")
    office.finish(done, sampled=True, selected=True, publication="congress")
    filed = office.open_case(CaseKind.WHOLE_DEPARTMENT, code="示例-在办")
    office.reach(filed, "target_filing.review_target")
    office.do(filed, "review_target", "returned")
    office.reach(filed, "target_filing.review_target")
    return Year(office, done, filed, stranger)


def reads(year: Year) -> dict[str, Read]:
    """Every read that is a list of cases or of what hangs on them, as the first page of it."""
    today, at = year.today, year.office.now
    return {
        "worklist": lambda s, a: worklist(s, a, on=today).items,
        "cases": lambda s, a: case_list(s, a, on=today).lines,
        "reviews": lambda s, a: review_queue(s, a, on=today).lines,
        "deadlines": lambda s, a: deadline_board(s, a, at=at).lines,
        "overdue by unit": lambda s, a: overdue_by_unit(s, a, on=today + timedelta(days=900)),
        "overdue by stage": lambda s, a: overdue_by_stage(s, a, on=today + timedelta(days=900)),
        "days to move": lambda s, a: days_to_move(s, a, on=today),
        "overdue": lambda s, a: overdue_tasks(s, a, on=today + timedelta(days=900)).first,
        "monitoring": lambda s, a: (
            monitoring_board(s, a, on=today, filters=MonitoringFilters(FISCAL_YEAR, in_stage=False)).lines
        ),
        "monitored years": monitoring_years,
        "ledger": lambda s, a: rectification_ledger(s, a, on=today).lines,
        "ledger units": lambda s, a: list(ledger_units(s, a)),
        "ledger counts": lambda s, a: ledger_counts(s, a, on=today).by_state,
        "letters": lambda s, a: letters(s, a).lines,
        "assignments": lambda s, a: assignments(s, a).lines,
        "agencies": lambda s, a: agencies(s, a),
        "samples": lambda s, a: samples(s, a).lines,
        "launches": lambda s, a: launches(s, a).lines,
        "incidents": lambda s, a: incidents(s, a).lines,
        "effects": lambda s, a: result_effects(s, a, FISCAL_YEAR + 2).lines,
        "applications": lambda s, a: result_applications(s, a, FISCAL_YEAR + 2).lines,
        "publication board": lambda s, a: publication_board(s, a, FISCAL_YEAR, on=today).lines,
        "publication duties": lambda s, a: publication_duties(s, a, FISCAL_YEAR, on=today).lines,
        "duties open": lambda s, a: duties_open(s, a, on=date(FISCAL_YEAR, 9, 1)),
        "open steps": lambda s, a: open_steps(s, a, [year.done, year.filed]),
        "deliberations": lambda s, a: deliberations(s, a).lines,
        "disclosures": lambda s, a: disclosures(s, a).lines,
        "attachments": lambda s, a: attachments(s, a, year.done).lines,
        "stage counts": lambda s, a: stage_counts(s, a, FISCAL_YEAR, on=today),
        "grade counts": lambda s, a: grade_counts(s, a, FISCAL_YEAR),
        "gaps": lambda s, a: gaps(s, a, FISCAL_YEAR),
    }
