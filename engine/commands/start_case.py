"""A project, a department or a policy enters the year."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.audit import GENESIS
from engine.audit.digests import content_of_lines, digest_of
from engine.audit.events.cases import CaseStarted
from engine.cases import Case, CaseKind, CaseState, FundLine, search_words
from engine.directory import Actor, Unit, UnitKind
from engine.errors import InvalidInput, NotFound, WrongState
from engine.moves.move import Move
from engine.moves.permissions import must_be_permitted
from engine.moves.receipts import Receipt, written_in
from engine.moves.repeating import Asked, begin, done
from engine.stages import library_of

YEARS = range(2000, 2101)
MOST_WAN = Decimal("1e12")
"""More than any budget line holds, less than a column does."""


class CaseRefused(InvalidInput):
    """The object cannot be appraised as it was described."""

    code = "case.refused"


class CaseExists(WrongState):
    """The object already has a case in this year."""

    code = "case.exists"


class UnitNotFound(NotFound):
    """No such unit in this jurisdiction."""

    code = "directory.no_unit"


@dataclass(frozen=True, slots=True)
class Line:
    """One fund line: its name, amount in 万元 and, once known, its self score."""

    name: str
    amount_wan: Decimal
    self_score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is known of an object when its year begins.

    `facts` are what the tables ask: project_nature, spending_frequency, project_category, marks … A policy that is
    running out has `policy_ends_on` (ISO date) and goes through its re-evaluation instead of a year (HC-19).
    """

    object_kind: CaseKind
    code: str
    name: str
    unit_id: int
    fiscal_year: int
    lines: Sequence[Line] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    agency_id: int | None = None

    @property
    def amount_wan(self) -> Decimal:
        """All lines together."""
        return sum((line.amount_wan for line in self.lines), Decimal(0))


def start_case(session: Session, new: NewCase, *, by: Actor, at: datetime, key: str | None = None) -> Receipt:
    """Open the object's case for the year and its first tasks; the same `key` again gives the same receipt."""
    asked = Asked("start_case", by, at, key, content=asdict(new))
    must_be_permitted(asked.command, by)
    known = begin(session, asked)
    if known is not None:
        return known
    case = _row(session, new, by, at)
    move = Move(session, case, by, at, begins=True)
    lines = ((number, line.name, line.amount_wan) for number, line in enumerate(new.lines, start=1))
    kind, code = case.object_kind, case.code
    move.record(
        CaseStarted(object_kind=kind, code=code, amount_wan=case.amount_wan, lines=digest_of(content_of_lines(lines)))
    )
    move.start(case.process, _variables(case))
    since = len(written_in(session))
    try:
        move.write()
    except IntegrityError as twin:
        raise _exists(new) from twin
    session.add_all(
        FundLine(
            case_id=case.id, line_no=number, jurisdiction=case.jurisdiction, name=line.name,
            amount_wan=line.amount_wan, self_score=line.self_score,
        )
        for number, line in enumerate(new.lines, start=1)
    )  # fmt: skip
    session.flush()
    return done(session, asked, since, case, {"case": case.id})


def _row(session: Session, new: NewCase, by: Actor, at: datetime) -> Case:
    unit = session.get(Unit, new.unit_id)
    if unit is None:
        raise UnitNotFound("没有这个单位，案卷没有建立。请先在组织目录中登记单位。", unit_id=new.unit_id)
    finance_id = session.scalar(select(Unit.id).where(Unit.kind == UnitKind.FINANCE.value).order_by(Unit.id).limit(1))
    if finance_id is None:
        raise UnitNotFound("本地区还没有登记财政部门，案卷没有建立。请先在组织目录中登记财政部门。")
    _refuse_bad(session, new, by)
    library = library_of(session)
    return Case(
        id=session.scalar(select(func.nextval("cases_id_seq"))),
        jurisdiction=by.jurisdiction,
        object_kind=new.object_kind.value,
        code=new.code,
        name=new.name,
        search=search_words(new.code, new.name),
        unit_id=unit.id,
        department_id=unit.department_id,
        finance_id=finance_id,
        agency_id=new.agency_id,
        fiscal_year=new.fiscal_year,
        amount_wan=new.amount_wan,
        facts=dict(new.facts),
        forms={},
        waits={},
        state=CaseState.ACTIVE.value,
        stage=None,
        diagrams_id=library.diagrams_id,
        policy_id=library.policy_ids[by.jurisdiction],
        process="policy_expiry" if "policy_ends_on" in new.facts else "case",
        process_state=b"",
        version=1,
        journal_seq=0,
        journal_head=GENESIS,
        opened_at=at,
        closed_at=None,
    )


def _refuse_bad(session: Session, new: NewCase, by: Actor) -> None:
    if not new.name.strip() or not new.code.strip() or len(new.name) > 500 or len(new.code) > 100:
        raise CaseRefused("名称和编码都要填写（名称不超过500字，编码不超过100字），案卷没有建立。请补全后再试。")
    if new.fiscal_year not in YEARS:
        raise CaseRefused(f"{new.fiscal_year}不是可用的资金年度，案卷没有建立。请核对。", code=new.code)
    if not all(line.amount_wan.is_finite() and 0 <= line.amount_wan < MOST_WAN for line in new.lines):
        raise CaseRefused("资金金额应是不小于0的万元数，案卷没有建立。请核对各笔资金。", code=new.code)
    agency = session.get(Unit, new.agency_id) if new.agency_id is not None else None
    if new.agency_id is not None and (agency is None or agency.kind != UnitKind.AGENCY):
        raise UnitNotFound("所选第三方机构没有在本地区登记，案卷没有建立。请先登记机构。", agency_id=new.agency_id)
    _refuse_bad_end(new)
    twin = session.scalar(
        select(Case.id).where(
            Case.fiscal_year == new.fiscal_year, Case.object_kind == new.object_kind.value, Case.code == new.code
        )
    )
    if twin is not None:
        raise _exists(new)


def _exists(new: NewCase) -> CaseExists:
    return CaseExists(f"“{new.name}”在{new.fiscal_year}年度已有案卷，没有重复建立。请到原案卷办理。", code=new.code)


def _refuse_bad_end(new: NewCase) -> None:
    ends_on = new.facts.get("policy_ends_on")
    if ends_on is None:
        return
    try:
        date.fromisoformat(ends_on)
    except (TypeError, ValueError) as reason:
        raise CaseRefused("政策到期日应写成 2020-07-21 的样子，案卷没有建立。请核对。", code=new.code) from reason
    if new.object_kind is CaseKind.WHOLE_DEPARTMENT:
        raise CaseRefused("部门整体没有到期日，案卷没有建立。到期再评估只用于政策和专项资金。", code=new.code)


def _variables(case: Case) -> dict[str, Any]:
    return {
        "jurisdiction": case.jurisdiction,
        "object_kind": case.object_kind,
        "fiscal_year": case.fiscal_year,
        "has_department": case.department_id is not None,
        "project_nature": str(case.facts.get("project_nature", "continuing")),
        "spending_frequency": str(case.facts.get("spending_frequency", "recurrent")),
    }
