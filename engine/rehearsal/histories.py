"""Every case told from its journal: one document a case, its history in sentences."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events import WAITING
from engine.cases import Case, case_by_id
from engine.clock import day_of
from engine.directory import Unit
from engine.queries.case_timeline import Happening, timeline_of
from engine.scores import final_scores
from engine.scoring import plain

LONGEST_HISTORY = 100_000
NOT_REAL = "经过由演练人员办理，人员、意见、日期、退回、逾期、整改均为示例，不是真实情况"


def histories(session: Session, jurisdiction: str, fiscal_year: int) -> Iterator[dict[str, Any]]:
    """The cases of a year in the order in which they began."""
    rows = session.execute(
        select(Case.id, Case.code, Case.name, Case.object_kind, Case.amount_wan, Case.state, Unit.name.label("unit"))
        .join(Unit, Unit.id == Case.unit_id)
        .where(Case.jurisdiction == jurisdiction, Case.fiscal_year == fiscal_year)
        .order_by(Case.id)
    ).all()
    scores = final_scores(session, [row.id for row in rows])
    for row in rows:
        score = scores.get(row.id)
        yield {
            "code": row.code,
            "name": row.name,
            "kind": row.object_kind.label,
            "unit": row.unit,
            "fiscal_year": fiscal_year,
            "amount_wan": plain(row.amount_wan),
            "score": str(score.total) if score else None,
            "grade": score.grade if score else None,
            "state": row.state.label,
            "note": NOT_REAL,
            "history": [
                sentence(line)
                for line in timeline_of(session, case_by_id(session, row.id), limit=LONGEST_HISTORY)
                if line.type not in WAITING
            ],
        }


def sentence(line: Happening) -> str:
    """One entry of the journal: 2022-10-12 示例经办人：报送…。意见：…"""
    opinion = f"意见：{line.opinion}。" if line.opinion and line.opinion not in line.sentence else ""
    return f"{day_of(line.at):%Y-%m-%d} {line.by}：{line.sentence}。{opinion}"
