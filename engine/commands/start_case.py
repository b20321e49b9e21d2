"""A project, a department or a policy enters the year."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.audit import GENESIS
from engine.audit.digests import content_of_lines, digest_of
from engine.audit.events.cases import CaseStarted
from engine.cases import ANNUAL, Case, CasePapers, FundLine, search_words
from engine.directory import Actor, Unit, UnitNotFound, is_held
from engine.errors import InvalidInput, WrongState
from engine.moves import updates
from engine.moves.doubting import is_namesake
from engine.moves.facts import OWN_FACTS, QUOTA
from engine.moves.move import Move
from engine.moves.object_facts import FactRefused, quota_in
from engine.moves.permissions import must_be_permitted
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, beginning, begun, done_with
from engine.moves.years import FISCAL_YEARS
from engine.policies import DecisionInputRefused, must_be_readable
from engine.scoring import ImpossibleNumber
from engine.stages import library_in_force
from engine.store.base import HIGHEST_SCORE, table_of
from engine.store.figures import is_amount, is_score
from engine.store.storable import constraint_of
from engine.store.wire import Answer, Order, in_one_trip
from engine.texts import is_blank
from engine.words import CaseKind, CaseState, Role, UnitKind

_ONE_A_YEAR = "uq_cases_of_a_year"
_POLICY_EXPIRY = "policy_expiry"
LONGEST_NAME = 500
LONGEST_CODE = 100


class CaseRefused(InvalidInput):
    """The object cannot be appraised as it was described."""

    code = "case.refused"


class CaseExists(WrongState):
    """The object already has a case in this year, at work or with a result."""

    code = "case.exists"


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

    @property
    def process(self) -> str:
        """Which way it goes: through the year, or to the end of a policy."""
        return _POLICY_EXPIRY if "policy_ends_on" in self.facts else ANNUAL


_units, _cases = table_of(Unit), table_of(Case)
_offices, _agencies = _units.alias("offices"), _units.alias("agencies")


def _of_the_new() -> Any:
    """What is compared of a case that is not there yet."""
    of_its_own = ("jurisdiction", "fiscal_year", "name", "object_kind")
    named = {name: bindparam(name, type_=_cases.c[name].type) for name in of_its_own}
    return SimpleNamespace(**named, unit_id=bindparam("unit"))


_OF_A_YEAR = ("jurisdiction", "fiscal_year", "object_kind", "code", "process")
_former = _cases.alias("former")
_PREDECESSOR = (
    select(func.max(_former.c.id))
    .where(
        *(_former.c[name] == bindparam(name, type_=_cases.c[name].type) for name in _OF_A_YEAR),
        _former.c.without_result,
    )
    .scalar_subquery()
)  # fmt: skip
_GROUND = select(
    func.nextval("cases_id_seq").label("number"),
    _units.c.department_id,
    select(func.min(_offices.c.id)).where(_offices.c.kind == UnitKind.FINANCE).scalar_subquery().label("finance_id"),
    exists().where(_agencies.c.id == bindparam("agency"), _agencies.c.kind == UnitKind.AGENCY).label("agency"),
    exists().where(is_namesake(_of_the_new(), _cases.c)).label("has_namesakes"),
    _PREDECESSOR.label("predecessor_id"),
    _units.c.kind,
    is_held(bindparam("unit")).label("department_held"),
).where(_units.c.id == bindparam("unit"))
"""What a new case stands on: its number, the offices, whether there is an agency of that number, another unit's object
of its name, the newest case of the same object and year that ended without a result, and of which kind the unit is and
whether anybody in it holds the office of a department."""


def start_case(session: Session, new: NewCase, *, by: Actor, at: datetime, key: str | None = None) -> Receipt:
    """Open the object's case for the year and its first tasks; the same `key` again gives the same receipt."""
    asked = Asked("start_case", by, at, key, content=asdict(new))
    must_be_permitted(asked.command, by)
    _refuse_bad(new)
    what = {
        "fiscal_year": new.fiscal_year, "name": new.name, "object_kind": new.object_kind, "code": new.code,
        "process": new.process,
    }  # fmt: skip
    place = {"unit": new.unit_id, "agency": new.agency_id, "jurisdiction": by.jurisdiction}
    *answers, found = in_one_trip(session, *beginning(asked), Order(_GROUND, place | what))
    known = begun(session, asked, answers)
    if known is not None:
        return known
    ground = _ground(new, found)
    case = _row(session, new, ground, by, at)
    move = Move(session, case, by, at, begins=True)
    lines = ((number, line.name, line.amount_wan) for number, line in enumerate(new.lines, start=1))
    kind, code = case.object_kind, case.code
    told = digest_of(content_of_lines(lines))
    before, own = case.predecessor_id, _own_department(ground)
    started = CaseStarted(object_kind=kind, code=code, amount_wan=case.amount_wan, lines=told, predecessor=before)
    move.record(replace(started, own_department=own))
    for number, line in enumerate(new.lines, start=1):
        move.add(FundLine, line_no=number, **asdict(line))
    if ground.has_namesakes:
        updates.doubt_namesakes(move)
    move.start(case.process, _variables(case))
    try:
        return done_with(asked, move, {"case": case.id})
    except IntegrityError as fault:
        if constraint_of(fault) != _ONE_A_YEAR:
            raise
        raise CaseExists(
            f"“{new.name}”在{new.fiscal_year}年度已有案卷，没有重复建立。请到原案卷办理；原案卷取消，或者不予支持、不予入库、"
            "不予安排的，才能另立。",
            code=new.code,
        ) from fault


def _row(session: Session, new: NewCase, ground: Any, by: Actor, at: datetime) -> Case:
    library = library_in_force(session)
    return Case(
        id=ground.number,
        jurisdiction=by.jurisdiction,
        object_kind=new.object_kind,
        code=new.code,
        name=new.name,
        search=search_words(new.code, new.name),
        unit_id=new.unit_id,
        department_id=ground.department_id,
        finance_id=ground.finance_id,
        agency_id=new.agency_id,
        fiscal_year=new.fiscal_year,
        amount_wan=new.amount_wan,
        asked_wan=new.amount_wan,
        settled_wan=None,
        facts=dict(new.facts),
        forms=CasePapers(),
        waits={},
        state=CaseState.ACTIVE,
        stage=None,
        diagrams_id=library.diagrams_id,
        policy_id=library.policy_ids[by.jurisdiction],
        process=new.process,
        process_state=b"",
        version=1,
        journal_seq=0,
        journal_head=GENESIS,
        opened_at=at,
        closed_at=None,
        without_result=False,
        predecessor_id=ground.predecessor_id,
    )


def _refuse_bad(new: NewCase) -> None:
    if not _is_name(new.name, LONGEST_NAME) or not _is_name(new.code, LONGEST_CODE):
        raise CaseRefused(
            f"名称和编码都要填写（名称不超过{LONGEST_NAME}字，编码不超过{LONGEST_CODE}字），案卷没有建立。"
            "请补全后再试；看上去已经填了的，请检查是不是只有看不见的字符。"
        )
    if new.fiscal_year not in FISCAL_YEARS:
        raise CaseRefused(f"{new.fiscal_year}不是可用的资金年度，案卷没有建立。请核对。", code=new.code)
    _refuse_bad_money(new)
    _refuse_bad_facts(new)
    _refuse_bad_end(new)


def _is_name(text: str, longest: int) -> bool:
    return not is_blank(text) and len(text) <= longest


def _refuse_bad_money(new: NewCase) -> None:
    for number, line in enumerate(new.lines, start=1):
        if not _is_name(line.name, LONGEST_NAME):
            raise CaseRefused(f"第{number}笔资金没有写清名称，案卷没有建立。请补全。", code=new.code, line=number)
        if not is_amount(line.amount_wan):
            raise CaseRefused(
                f"第{number}笔资金的金额应是不小于0的万元数，最多六位小数，案卷没有建立。请核对。",
                code=new.code, line=number,
            )  # fmt: skip
        if line.self_score is not None and not is_score(line.self_score):
            raise CaseRefused(
                f"第{number}笔资金的自评得分应在0至{HIGHEST_SCORE}分之间，最多两位小数，案卷没有建立。请核对。",
                code=new.code, line=number,
            )  # fmt: skip
    if not is_amount(new.amount_wan):
        raise CaseRefused("各笔资金合计超出可以登记的金额，案卷没有建立。请核对单位（万元）。", code=new.code)


def _own_department(ground: Any) -> str | None:
    """The office of the unit that does what a department has to do; None where there is one, or the unit is one."""
    if ground.department_id is not None or (ground.kind == UnitKind.DEPARTMENT and ground.department_held):
        return None
    return (Role.DEPARTMENT if ground.department_held else Role.UNIT_HEAD).value


def _ground(new: NewCase, found: Answer) -> Any:
    """The one row of `_GROUND`; refuses when something the case would stand on is not there."""
    if not found.rows:
        raise UnitNotFound("没有这个单位，案卷没有建立。请先在组织目录中登记单位。", unit_id=new.unit_id)
    (ground,) = found.rows
    if ground.finance_id is None:
        raise UnitNotFound("本地区还没有登记财政部门，案卷没有建立。请先在组织目录中登记财政部门。")
    if new.agency_id is not None and not ground.agency:
        raise UnitNotFound("所选第三方机构没有在本地区登记，案卷没有建立。请先登记机构。", agency_id=new.agency_id)
    return ground


def _refuse_bad_facts(new: NewCase) -> None:
    """What no table could read is refused here, not where a table first asks for it."""
    own = OWN_FACTS & new.facts.keys()
    if own:
        raise CaseRefused(
            f"对象的{'、'.join(sorted(own))}由案卷自己的内容得出，不能另外填写，案卷没有建立。请去掉后再试。",
            code=new.code,
        )
    try:
        must_be_readable(new.facts)
        if new.facts.get(QUOTA) is not None:
            quota_in(new.facts[QUOTA])
    except (DecisionInputRefused, FactRefused, ImpossibleNumber) as refusal:
        told = refusal.message.rstrip("。").removesuffix("，没有办理。请核对")
        raise CaseRefused(f"{told}，案卷没有建立。请改正后再试。", code=new.code) from refusal


def _refuse_bad_end(new: NewCase) -> None:
    ends_on = new.facts.get("policy_ends_on")
    if ends_on is None:
        return
    try:
        possible = date.fromisoformat(ends_on).year in FISCAL_YEARS
    except (TypeError, ValueError):
        possible = False
    if not possible:
        raise CaseRefused("政策到期日应写成 2020-07-21 的样子，案卷没有建立。请核对。", code=new.code)
    if new.object_kind is CaseKind.WHOLE_DEPARTMENT:
        raise CaseRefused("部门整体没有到期日，案卷没有建立。到期再评估只用于政策和专项资金。", code=new.code)


def _variables(case: Case) -> dict[str, Any]:
    return {
        "jurisdiction": case.jurisdiction,
        "object_kind": case.object_kind,
        "fiscal_year": case.fiscal_year,
        "has_department": case.department_id is not None,
    }
