"""One case that is over, looked at before it is packed and after."""

from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from engine.audit.verify import verify
from engine.commands.save_draft import save_draft
from engine.deadlines.model import Deadline
from engine.directory import Actor
from engine.moves import writing
from engine.queries.attachments import attachments
from engine.queries.case_card import CaseCard, case_card
from engine.queries.case_timeline import case_timeline
from engine.queries.deadline_reasons import reason_of
from engine.queries.drafts import draft_of
from engine.queries.grade_reasons import why_this_grade
from engine.queries.versions import compare, versions_of
from engine.queries.year_counts import gaps, grade_counts, stage_counts
from engine.queries.year_results import year_results
from engine.store import Database
from engine.store.archives import ARCHIVE, PACKED
from engine.submissions import Submission
from engine.tasks import Task
from engine.words import CaseKind, Role
from tests.office import FISCAL_YEAR, Office

Rows = dict[str, list[str]]


@dataclass
class Lived:
    """A case with returns, a typed draft and a result, closed; `unpacked` and `read` are of before it was packed."""

    office: Office
    case: int
    ids: dict[str, list[UUID]] = field(default_factory=dict)
    draft: UUID | None = None
    typed_by: Actor | None = None
    unpacked: Rows = field(default_factory=dict)
    read: dict[str, Any] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        return self.office.database

    def pack(self) -> None:
        with self.office.transactions() as session:
            session.execute(ARCHIVE, {"archived": self.case})


def rows_of(session: Session, case: int, prefix: str = "all_") -> Rows:
    """Every row of the case as PostgreSQL writes it, by table; `prefix` '' are those that lie in the tables."""
    found = {}
    for table in PACKED:
        told = session.scalars(
            text(
                "SELECT string_agg(format('%I', column_name), ', ' ORDER BY ordinal_position) "
                "FROM information_schema.columns WHERE table_schema = 'public' AND table_name = :table"
            ),
            {"table": table},
        ).one()
        which = "case_id = :case"
        if table == "drafts":
            which = "task_id IN (SELECT id FROM all_tasks WHERE case_id = :case)"
        rows = session.scalars(text(f"SELECT ROW({told})::text FROM {prefix}{table} WHERE {which}"), {"case": case})
        found[table] = sorted(rows)
    return found


def history_of(lived: Lived) -> dict[str, Any]:
    """Everything anybody can ask about the case, as it is told now."""
    office, case = lived.office, lived.case
    by, today = office.bureau.office, office.today
    asked: dict[str, Any] = {
        "card": lambda s: _in_order(case_card(s, by, case)),
        "timeline": lambda s: case_timeline(s, by, case),
        "attachments": lambda s: attachments(s, by, case),
        "grade": lambda s: why_this_grade(s, by, case),
        "draft": lambda s: draft_of(s, lived.typed_by, lived.draft),
        "versions": lambda s: [versions_of(s, by, id_) for id_ in lived.ids["submissions"]],
        "comparison": lambda s: compare(s, by, *[each.submission_id for each in _twice_filed(s, lived)[:2]]),
        "days": lambda s: [reason_of(s, by, id_) for id_ in lived.ids["deadlines"]],
        "stages": lambda s: stage_counts(s, by, FISCAL_YEAR, on=today),
        "grades": lambda s: grade_counts(s, by, FISCAL_YEAR),
        "gaps": lambda s: gaps(s, by, FISCAL_YEAR),
        "results": lambda s: year_results(s, by, FISCAL_YEAR).as_json(),
        "journal": lambda s: verify(s, "huaxi"),
    }
    found = {}
    for name, read in asked.items():
        with office.transactions() as session:
            found[name] = read(session)
    return found


def _in_order(card: CaseCard) -> CaseCard:
    """The card with days that fall together in an order of their own; the page shows them in any."""
    return replace(card, days=tuple(sorted(card.days, key=attrgetter("deadline_id"))))


def _twice_filed(session: Session, lived: Lived) -> Any:
    told = (versions_of(session, lived.office.bureau.office, id_) for id_ in lived.ids["submissions"])
    return next(versions for versions in told if len(versions) > 1)


def somebody_for(office: Office, task: Task) -> Actor:
    """Somebody of the office a task lies with."""
    everybody = office.bureau.everybody()
    return next(by for by in everybody if by.unit_id == task.unit_id and Role(task.role) in by.roles)


def lived_in(office: Office) -> Lived:
    """A project's whole year with a return in it and a draft nobody handed in; the case is over and not packed.

    The draft was typed into a task that was taken back when the unit withdrew its paper.
    """
    lived = Lived(office, office.open_case(CaseKind.PROJECT))
    office.reach(lived.case, "target_filing.check_target")
    task = office.tasks(lived.case)[0]
    lived.draft, lived.typed_by = task.id, somebody_for(office, task)
    with office.transactions() as session:
        content = {"说明": '示例 "引号" \\ 与\t制表', "数": 1.50, "空": None}
        save_draft(session, task.id, content, by=lived.typed_by, at=office.now)
    office.take_back(lived.case, "F02")
    office.reach(lived.case, "target_filing.check_target")
    office.do(lived.case, "check_target", "returned", reason="示例：“依据”不足\n请补充")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "ARCHIVE", select(bindparam("archived")))
        office.finish(lived.case, sampled=True, selected=True)
    with office.transactions() as session:
        for name, entity in (("tasks", Task), ("deadlines", Deadline), ("submissions", Submission)):
            rows: Any = entity
            lived.ids[name] = list(session.scalars(select(rows.id).where(rows.case_id == lived.case)))
        lived.unpacked = rows_of(session, lived.case, prefix="")
    lived.read = history_of(lived)
    return lived


@pytest.fixture(scope="module")
def archived(shared_office_of_file: Office) -> Lived:
    """The case, packed."""
    lived = lived_in(shared_office_of_file)
    lived.pack()
    return lived


@pytest.fixture(scope="module")
def shared_office_of_file(shared_database: Database) -> Office:
    """One bureau for all tests of a file."""
    return Office.opened(shared_database)
