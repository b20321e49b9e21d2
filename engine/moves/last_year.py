"""上年执行: what the same object and its department spent the year before, for whoever finds an amount right.

HC-20 and HC-21 cut by it, without saying how far: the text gives examples only. So it is shown, and a person decides.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from sqlalchemy import or_, select, true
from sqlalchemy.orm import Session

from engine.cases import ANNUAL, Case
from engine.moves.spending import Spent, department_progress, latest_sheet, newest_figure, spent_of
from engine.store.base import table_of
from engine.words import CaseKind, CaseState

_cases = table_of(Case).c


@dataclass(frozen=True, slots=True)
class SpentLastYear:
    """What was spent of the money of that year; `department_rate` (0–1) is what its department spent of all it had.

    `more_wan` is by how much the amount asked for now is above what was spent then, 0 where it is not.
    """

    fiscal_year: int
    spent: Spent
    more_wan: Decimal
    department_rate: Decimal | None


def spent_last_year(session: Session, case: Case, on: date) -> SpentLastYear | None:
    """The newest figure of the same object (unit, kind, code or name) the year before; None where nobody told any."""
    figure, sheet = newest_figure(), latest_sheet()
    row: Any = session.execute(
        select(
            _cases.fiscal_year, _cases.amount_wan, figure.c.as_of, figure.c.executed_wan, figure.c.planned_wan,
            sheet.c.content,
        )
        .select_from(table_of(Case).outerjoin(figure, true()).outerjoin(sheet, true()))
        .where(
            _cases.jurisdiction == case.jurisdiction, _cases.unit_id == case.unit_id,
            _cases.fiscal_year == case.fiscal_year - 1, _cases.object_kind == case.object_kind,
            _cases.state != CaseState.CANCELLED, or_(_cases.code == case.code, _cases.name == case.name),
        )
        .order_by((_cases.code == case.code).desc(), _cases.without_result, _cases.process != ANNUAL, _cases.id.desc())
        .limit(1)
    ).one_or_none()  # fmt: skip
    spent = spent_of(row, None) if row is not None else None
    if spent is None:
        return None
    more = max(case.amount_wan - spent.executed_wan, Decimal(0))
    return SpentLastYear(row.fiscal_year, spent, more, _department_rate(session, case, on))


def _department_rate(session: Session, case: Case, on: date) -> Decimal | None:
    """What the department spent of all its money that year; None for a case about the department itself."""
    if case.object_kind == CaseKind.WHOLE_DEPARTMENT:
        return None
    of_then: Any = SimpleNamespace(
        jurisdiction=case.jurisdiction,
        fiscal_year=case.fiscal_year - 1,
        department_id=case.department_id,
        unit_id=case.unit_id,
    )
    return department_progress(session, of_then, on, also=(CaseState.CLOSED,)).execution_rate
