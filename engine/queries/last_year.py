"""上年: what the same object promised for the year before, and what it reached."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor
from engine.queries.scope import visible_case, visible_to
from engine.store.archives import all_of
from engine.store.base import table_of
from engine.submissions import Submission
from engine.submissions.forms.from_library import rows_again

_cases = table_of(Case).c


def rows_of_last_year(session: Session, actor: Actor, case_id: int) -> list[dict[str, Any]]:
    """The indicators of last year's target of the same object, as they may be promised again; none without one.

    The same object is one of the same unit and kind with the same code, else with the same name. Refuses a case the
    actor may not see.
    """
    case = visible_case(session, actor, case_id)
    former = session.scalars(
        select(Case)
        .where(
            visible_to(actor), _cases.unit_id == case.unit_id, _cases.fiscal_year == case.fiscal_year - 1,
            _cases.object_kind == case.object_kind, or_(_cases.code == case.code, _cases.name == case.name),
        )
        .order_by((_cases.code == case.code).desc(), _cases.id.desc())
        .limit(1)
    ).one_or_none()  # fmt: skip
    if former is None or former.forms.target is None:
        return []
    done = former.forms.of("F06") or former.forms.of("F07")
    wanted = [former.forms.target.id, *([done.id] if done is not None else [])]
    paper = all_of(Submission)
    rows = session.execute(select(paper.id, paper.content).where(paper.case_id == former.id, paper.id.in_(wanted)))
    contents: Mapping[Any, Mapping[str, Any]] = {row.id: row.content for row in rows}
    target = contents.get(former.forms.target.id, {})
    return rows_again(target, contents.get(done.id, {}) if done is not None else {})
