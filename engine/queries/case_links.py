"""同一对象的案卷: what the same object has or had in the same year, before and beside a case."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor
from engine.queries.scope import visible_case, visible_to
from engine.store.base import table_of
from engine.words import CaseState

_cases = table_of(Case).c


class Link(StrEnum):
    """How another case of the same object and year stands to the one looked at."""

    BEFORE = "before"
    AFTER = "after"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """Another case of the same object and year: where it stands, and the process it goes through (年度, 到期再评估)."""

    case_id: int
    link: Link
    process: str
    state: CaseState
    without_result: bool


def case_links(session: Session, actor: Actor, case_id: int) -> tuple[LinkedCase, ...]:
    """The other cases of the object of a case the actor may see, oldest first, as far as they may see them."""
    case = visible_case(session, actor, case_id)
    same = (
        _cases.jurisdiction == case.jurisdiction, _cases.fiscal_year == case.fiscal_year,
        _cases.object_kind == case.object_kind, _cases.code == case.code, _cases.id != case.id, visible_to(actor),
    )  # fmt: skip
    wanted = select(_cases.id, _cases.process, _cases.state, _cases.without_result)
    both = union_all(wanted.where(*same, ~_cases.without_result), wanted.where(*same, _cases.without_result))
    rows = session.execute(both.order_by("id")).all()
    return tuple(
        LinkedCase(row.id, _link(case, row.id, row.process), row.process, CaseState(row.state), row.without_result)
        for row in rows
    )


def _link(case: Case, other: int, process: str) -> Link:
    if process != case.process:
        return Link.BESIDE
    return Link.BEFORE if other < case.id else Link.AFTER
