"""▲ 存疑: what a reviewer should look at twice though 自动审核 lets it pass; whoever fills in is not shown it.

No number of a rule is needed here: whether two objects have one name, whether every row has its full marks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select, true
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Unit
from engine.queries.scope import visible_to
from engine.store.base import table_of
from engine.submissions.forms.self_evaluation_rows import all_in_full
from engine.words import CaseState

NEW_OBJECTS = frozenset({"F01", "F02"})
"""Forms that say what an object is for, so that it can still be put together with another."""
SELF_EVALUATIONS = frozenset({"F06", "F07"})
MOST_NAMESAKES = 3
_cases = table_of(Case).c


@dataclass(frozen=True, slots=True)
class Doubt:
    """One sentence, and where it leads: to a place of the paper (`path`), or to another case."""

    sentence: str
    path: str | None = None
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class InQuestion:
    """A paper somebody is about to judge."""

    case_id: int
    form: str | None
    content: Mapping[str, Any]


def doubts_of(session: Session, actor: Actor, papers: Sequence[InQuestion]) -> list[tuple[Doubt, ...]]:
    """What is doubtful about each of the papers, in their order; other cases only where the actor may see them."""
    alike = _namesakes(session, actor, [paper.case_id for paper in papers if paper.form in NEW_OBJECTS])
    return [(*_of_name(paper, alike), *_of_marks(paper)) for paper in papers]


def _of_name(paper: InQuestion, alike: Mapping[int, Sequence[Any]]) -> list[Doubt]:
    if paper.form not in NEW_OBJECTS:
        return []
    return [
        Doubt(f"{other.unit}本年度也有同名的“{other.name}”（{other.code}），请核对是否重复申报。", case_id=other.id)
        for other in alike.get(paper.case_id, ())
    ]


def _of_marks(paper: InQuestion) -> list[Doubt]:
    if paper.form not in SELF_EVALUATIONS or not all_in_full(paper.content):
        return []
    return [Doubt("自评的各项指标都得满分，请核对佐证材料。", path="indicators")]


def _namesakes(session: Session, actor: Actor, case_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Case → the first cases of other units with its name, of its kind and year; cancelled ones do not count."""
    found: dict[int, list[Any]] = {}
    if case_ids:
        for row in session.execute(_statement(actor), {"cases": sorted(set(case_ids))}):
            found.setdefault(row.of_case, []).append(row)
    return found


def _statement(actor: Actor) -> Any:
    mine = table_of(Case).alias("mine")
    wanted = func.any(bindparam("cases", type_=ARRAY(BigInteger())))
    other = (
        select(_cases.id, _cases.code, _cases.name, _cases.unit_id)
        .where(
            visible_to(actor), _cases.fiscal_year == mine.c.fiscal_year, _cases.name == mine.c.name,
            _cases.object_kind == mine.c.object_kind, _cases.unit_id != mine.c.unit_id,
            _cases.state != CaseState.CANCELLED,
        )
        .order_by(_cases.id)
        .limit(MOST_NAMESAKES)
        .correlate(mine)
        .lateral("other")
    )  # fmt: skip
    return (
        select(mine.c.id.label("of_case"), other.c.id, other.c.code, other.c.name, Unit.name.label("unit"))
        .select_from(mine.join(other, true()))
        .join(Unit, Unit.id == other.c.unit_id)
        .where(mine.c.id == wanted)
        .order_by(mine.c.id, other.c.id)
    )
