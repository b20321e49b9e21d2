"""▲ 存疑: what a reviewer should look at twice though 自动审核 lets it pass; whoever fills in is not shown it.

No number of a rule is needed here: whether two objects have one name, whether two units wrote the same long text,
whether every row has its full marks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Text, Uuid, bindparam, func, null, select, true, union_all
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Unit
from engine.moves.doubting import NEW_OBJECTS, SELF_EVALUATIONS, is_namesake, is_repeated
from engine.queries.scope import visible_to
from engine.store.base import table_of
from engine.submissions import PaperText
from engine.submissions.forms import FORMS
from engine.submissions.forms.layout import layout
from engine.submissions.forms.self_evaluation_rows import all_in_full

MOST_NAMESAKES = 3
_cases, _texts = table_of(Case).c, table_of(PaperText)
_Namesakes = Mapping[int, Sequence[Any]]
_Repeated = Mapping[UUID, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One sentence, and where it leads: to a place of the paper (`path`), to another case, or to both."""

    sentence: str
    path: str | None = None
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class InQuestion:
    """A paper somebody is about to judge."""

    case_id: int
    form: str | None
    content: Mapping[str, Any]
    submission_id: UUID | None


def doubts_of(session: Session, actor: Actor, papers: Sequence[InQuestion]) -> list[tuple[Doubt, ...]]:
    """What is doubtful about each of the papers, in their order; other cases only where the actor may see them."""
    alike, repeated = _others(session, actor, papers)
    return [(*_of_name(paper, alike), *_of_texts(paper, repeated), *_of_marks(paper)) for paper in papers]


def _of_name(paper: InQuestion, alike: _Namesakes) -> list[Doubt]:
    if paper.form not in NEW_OBJECTS:
        return []
    return [
        Doubt(f"{other.unit}本年度也有同名的“{other.name}”（{other.code}），请核对是否重复申报。", case_id=other.id)
        for other in alike.get(paper.case_id, ())
    ]


def _of_texts(paper: InQuestion, repeated: _Repeated) -> Iterator[Doubt]:
    """One for every other case that has the same words; it leads to the first of them, and to that case."""
    rows = repeated.get(paper.submission_id, ()) if paper.submission_id is not None else ()
    for case_id, texts in groupby(rows, key=lambda row: row.id):
        first, *more = texts
        here, there = _called(first.said_in, first.said_at), _called(first.form, first.path)
        several = f"等 {len(more) + 1} 处" if more else ""
        place = "" if (first.said_in, here) == (first.form, there) else f"{FORMS[first.form].title}的{there}"
        yield Doubt(
            f"{here}{several}与{first.unit}“{first.name}”（{first.code}）{place}文字相同，请核对是否照抄。",
            path=first.said_at,
            case_id=case_id,
        )


def _called(form: str, path: str) -> str:
    return layout(FORMS[form].schema).said(path)


def _of_marks(paper: InQuestion) -> list[Doubt]:
    if paper.form not in SELF_EVALUATIONS or not all_in_full(paper.content):
        return []
    return [Doubt("自评的各项指标都得满分，请核对佐证材料。", path="indicators")]


def _others(session: Session, actor: Actor, papers: Sequence[InQuestion]) -> tuple[_Namesakes, _Repeated]:
    """Case → the first cases of other units with its name; paper → its long texts that another unit wrote too, each
    with the first case in which it stands. Both in one question."""
    cases = sorted({paper.case_id for paper in papers if paper.form in NEW_OBJECTS})
    ids = [paper.submission_id for paper in papers if paper.submission_id is not None]
    names: dict[int, list[Any]] = {}
    texts: dict[UUID, list[Any]] = {}
    if cases or ids:
        for row in session.execute(_alike(actor), {"cases": cases, "papers": ids}):
            if row.submission_id is None:
                names.setdefault(row.of_case, []).append(row)
            else:
                texts.setdefault(row.submission_id, []).append(row)
    return names, texts


def _alike(actor: Actor) -> Any:
    found = union_all(_of_one_name(actor), _of_one_text(actor)).subquery("found")
    return select(found).order_by(found.c.of_case, found.c.submission_id, found.c.id, found.c.said_at)


def _of_one_name(actor: Actor) -> Any:
    mine = table_of(Case).alias("mine")
    other = (
        select(_cases.id, _cases.code, _cases.name, _cases.unit_id)
        .where(visible_to(actor), is_namesake(mine.c, _cases))
        .order_by(_cases.id)
        .limit(MOST_NAMESAKES)
        .correlate(mine)
        .lateral("other")
    )
    nothing = [null().cast(Text()).label(name) for name in ("said_in", "said_at", "form", "path")]
    return (
        select(
            mine.c.id.label("of_case"), null().cast(Uuid()).label("submission_id"), other.c.id, other.c.code,
            other.c.name, Unit.name.label("unit"), *nothing,
        )
        .select_from(mine.join(other, true()))
        .join(Unit, Unit.id == other.c.unit_id)
        .where(mine.c.id == func.any(bindparam("cases", type_=ARRAY(BigInteger()))))
    )  # fmt: skip


def _of_one_text(actor: Actor) -> Any:
    said, mine, same = _texts.alias("said"), table_of(Case).alias("mine"), _texts.alias("same")
    other = (
        select(_cases.id, _cases.code, _cases.name, _cases.unit_id, same.c.form, same.c.path)
        .join(Case, _cases.id == same.c.case_id)
        .where(visible_to(actor), is_repeated(mine.c, said.c, _cases, same.c))
        .order_by(same.c.case_id, same.c.path)
        .limit(1)
        .correlate(said, mine)
        .lateral("other")
    )
    return (
        select(
            said.c.case_id, said.c.submission_id, other.c.id, other.c.code, other.c.name, Unit.name, said.c.form,
            said.c.path, other.c.form, other.c.path,
        )
        .select_from(said.join(mine, mine.c.id == said.c.case_id).join(other, true()))
        .join(Unit, Unit.id == other.c.unit_id)
        .where(said.c.submission_id == func.any(bindparam("papers", type_=ARRAY(Uuid()))))
    )  # fmt: skip
