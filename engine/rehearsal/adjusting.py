"""年中预算调整: some departments get more or less money, some projects move it within the same sum (HX-06)."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from engine.cases import case_by_id
from engine.commands.adjust_budget import adjust_budget
from engine.moves.adjusting import MESSAGE
from engine.moves.fund_lines import in_proportion, lines_of
from engine.moves.move import wait_for
from engine.rehearsal.desk import Memory
from engine.rehearsal.ground import Ground
from engine.rehearsal.plan import habits
from engine.rehearsal.subjects import Subject
from engine.words import CaseState

FACTORS = {"supplement": Decimal("1.08"), "cut": Decimal("0.95"), "transfer": Decimal(1)}
SIX_PLACES = Decimal("0.000001")


def adjust_some(session: Session, ground: Ground, case_id: int, subject: Subject, memory: Memory, at: datetime) -> None:
    """Adjust the budget of a case, if it is its turn and it is not being adjusted after monitoring already."""
    chance = ground.dice(subject.fiscal_year, subject.code, "adjust")
    if chance.random() >= habits().adjust_budget:
        return
    case = case_by_id(session, case_id)
    if case.state != CaseState.ACTIVE or wait_for(case.waits, MESSAGE) is None:
        return
    if case.forms.target is None or case.forms.adjustment is not None:
        return
    kind = chance.choice(("supplement", "cut")) if subject.is_whole_department else "transfer"
    amount = (case.amount_wan * FACTORS[kind]).quantize(SIX_PLACES)
    lines = in_proportion(lines_of(session, case_id), amount)
    by = ground.town.division
    adjust_budget(session, case_id, amount, reason="示例：年中预算调整", by=by, at=at, kind=kind, lines=lines)
